"""Purchases, and returns taken as far as a test needs them, through the commands of the screens."""

import itertools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.customers import purchases
from core.kernel.inputs import Action, parse
from core.process import workflow
from core.returns import actions, inputs
from db.tables import Customer, GoodsReturn, Purchase, PurchaseLine, ReturnLine, ServiceRequest
from tests.company_cast import NOW, Company

BOUGHT = {
    "invoice_no": "FP-1",
    "purchased_on": "2026-02-25",
    "received_on": "2026-02-27",
    "at_a_distance": True,
}
_invoices = itertools.count(1)
DRUM = {"brand": "海尔", "model": "XQG100", "quantity": 3, "unit_cents": 500_00, "batch": "B2602"}
FAULT = {"reason": "quality", "wish": "return", "goods": "used"}
OWN = {"reason": "own", "wish": "return", "goods": "unused"}
SWAP = FAULT | {"wish": "exchange"}
REPAIR = FAULT | {"wish": "repair"}
TOLD = {"channel": "hotline", "answer": "已办结", "reaction": "accepted"}
# Far beyond every condition: only a quality defect still counts, and own choice with fit goods.
LONG_AGO = {"purchased_on": "2024-01-05", "received_on": "2024-01-06", "at_a_distance": False}


def customer(company: Company) -> int:
    """A customer of station North."""
    row = Customer(name="李雷", phone="13900139000", created_at=NOW, station_id=company.NORTH)

    def add(uow: Any) -> int:
        uow.session.add(row)
        uow.session.flush()
        return row.id

    return company.do("agent", add)


def buy(company: Company, *lines: Mapping[str, Any], **facts: Any) -> list[int]:
    """A purchase; gives the ids of its lines. Three washing machines at 500.00 unless said."""
    facts.setdefault("customer_id", None)
    facts["customer_id"] = facts["customer_id"] or customer(company)
    facts.setdefault("invoice_no", f"FP-{next(_invoices)}")
    values = BOUGHT | facts | {"lines": [DRUM | line for line in lines or ({},)]}
    command = parse(purchases.AddPurchase, values)
    return [line.id for line in company.do("agent", purchases.add, command).lines]


def application(company: Company, *lines: Mapping[str, Any], **facts: Any) -> inputs.Apply:
    """What an agent sends in; each line names its purchase."""
    bought = company.get(PurchaseLine, lines[0]["purchase_line_id"])
    owner = company.see("agent", _customer_of, bought.purchase_id)
    values = {"customer_id": owner, "channel": "hotline", "symptom": "不制冷，要求退货"}
    return parse(inputs.Apply, values | facts | {"lines": list(lines)})


def _customer_of(uow: Any, purchase_id: int) -> int:
    return uow.session.get_one(Purchase, purchase_id).customer_id


def applied(
    company: Company,
    *lines: Mapping[str, Any],
    who: str = "agent",
    now: datetime = NOW,
    **facts: Any,
) -> int:
    """A return of two of three machines with a fault, unless said otherwise; gives its id."""
    if not lines:
        (bought,) = buy(company)
        lines = (FAULT | {"purchase_line_id": bought, "quantity": 2},)
    command = application(company, *lines, **facts)
    return company.do(who, actions.apply, command, now=now).id


def do(company: Company, who: str, id: int, command: Action, **more: Any) -> GoodsReturn:
    """One step, by somebody who has just looked."""
    version = more.pop("seen_version", None) or company.get(GoodsReturn, id).version
    return company.do(
        who, workflow.act, actions.PROCESS, id=id, command=command, seen_version=version, **more
    )


def lines_of(company: Company, id: int) -> list[ReturnLine]:
    return company.rows(ReturnLine, return_id=id)


def case_of(company: Company, id: int) -> ServiceRequest:
    return company.get(ServiceRequest, company.get(GoodsReturn, id).request_id)


def found(company: Company, id: int, *, defect: bool = True, goods: str = "used") -> Action:
    """What quality control says of every line."""
    rows = [
        {"line_id": line.id, "defect": defect, "goods_found": goods, "finding": "压缩机故障"}
        for line in lines_of(company, id)
    ]
    return parse(inputs.Inspect, {"lines": rows})


def granted(company: Company, id: int, count: int | None = None, **more: Any) -> Action:
    rows = [
        {"line_id": line.id, "approved": line.quantity if count is None else count}
        for line in lines_of(company, id)
    ]
    return parse(inputs.ApproveReturn, {"lines": rows} | more)


def way(**more: Any) -> Action:
    values = {
        "way_back": "sent_in",
        "carrier": "顺丰",
        "paid_by": "company",
        "freight_cents": 12_00,
    }
    return parse(inputs.AgreeWayBack, values | more)


def came(company: Company, id: int, count: int | None = None) -> Action:
    rows = [
        {
            "line_id": line.id,
            "received": line.approved if count is None else count,
            "appearance": "used",
        }
        for line in lines_of(company, id)
    ]
    return parse(inputs.Receive, {"lines": rows})


def retested(company: Company, id: int, count: int | None = None, **more: Any) -> Action:
    rows = [
        {
            "line_id": line.id,
            "accepted": min(line.approved, line.received) if count is None else count,
            "cause_kind": "material",
        }
        | more
        for line in lines_of(company, id)
    ]
    return parse(inputs.Retest, {"lines": rows})


def stored(company: Company, id: int, destination: str = "quarantine", value: int = 0) -> Action:
    rows = [
        {
            "line_id": line.id,
            "quantity": line.accepted,
            "destination": destination,
            "value_cents": value,
        }
        for line in lines_of(company, id)
        if line.accepted
    ]
    return parse(inputs.PutAway, {"lines": rows})


def settle(**more: Any) -> Action:
    return parse(inputs.Settle, {"refund_method": "original"} | more)


def confirm(**more: Any) -> Action:
    return parse(inputs.ConfirmRefund, {"refund_ref": "TK-1"} | more)


def screened(company: Company, *lines: Mapping[str, Any], **facts: Any) -> int:
    id = applied(company, *lines, **facts)
    do(company, "agent", id, inputs.Screen())
    return id


def inspected(company: Company, *lines: Mapping[str, Any], **facts: Any) -> int:
    id = screened(company, *lines, **facts)
    do(company, "quality", id, found(company, id))
    return id


def approved(company: Company, *lines: Mapping[str, Any], **facts: Any) -> int:
    id = inspected(company, *lines, **facts)
    do(company, "manager", id, granted(company, id))
    return id


def awaited(company: Company, *lines: Mapping[str, Any], **facts: Any) -> int:
    id = approved(company, *lines, **facts)
    do(company, "agent", id, way())
    return id


def received(company: Company, *lines: Mapping[str, Any], **facts: Any) -> int:
    id = awaited(company, *lines, **facts)
    do(company, "warehouse", id, came(company, id))
    return id


def in_stock(company: Company, *lines: Mapping[str, Any], **facts: Any) -> int:
    id = received(company, *lines, **facts)
    do(company, "quality", id, retested(company, id))
    do(company, "warehouse", id, stored(company, id))
    return id


def settled(company: Company, *lines: Mapping[str, Any], **facts: Any) -> int:
    id = in_stock(company, *lines, **facts)
    do(company, "agent", id, settle())
    return id


def refunded(company: Company, *lines: Mapping[str, Any], **facts: Any) -> int:
    id = settled(company, *lines, **facts)
    do(company, "finance", id, confirm())
    return id
