"""Prices, quotes and payments of the test company."""

from typing import Any

from core.billing import items, payments, prices, quotes
from core.billing import view as bills
from core.billing.inputs import AddLine, AddOwnLine, SignQuote, TakeMoney
from core.billing.prices import EditPrice
from core.billing.view import Bill
from core.kernel.inputs import parse
from db.tables import Quote
from tests.company_cast import Company

OLD = {"purchased_on": "2020-01-01"}
LABOUR = {"price_kind": "labour", "price_name": "上门维修", "unit": "次", "price_cents": 120_00}
TRAVEL = {"price_kind": "travel", "price_name": "市区上门", "unit": "次", "price_cents": 30_00}
STROKES = [[[10, 10], [200, 150], [400, 40]]]


def price(company: Company, **facts: Any) -> int:
    usual = LABOUR | {"valid_from": "2026-01-01"}
    return company.do("manager", prices.add, parse(EditPrice, usual | facts))


def quoted(company: Company, case_id: int, who: str = "technician", **more: Any) -> int:
    """A line of the usual labour, which is put on the list where it is not yet."""
    listed = company.see("manager", prices.listed)
    key = f"{items.OF_LIST}·{listed[0].id if listed else price(company)}"
    return line(company, case_id, key, who, **more)


def line(
    company: Company,
    case_id: int,
    key: str,
    who: str = "technician",
    quantity: int = 1,
    **more: Any,
) -> int:
    command = AddLine(item=key, quantity=quantity)
    return company.do(who, quotes.add_line, command, case_id=case_id, **more)


def own_line(company: Company, case_id: int, who: str = "technician", **facts: Any) -> int:
    usual = {"line_kind": "labour", "line_name": "清理管道", "unit_cents": 50_00}
    command = parse(AddOwnLine, usual | facts)
    return company.do(who, quotes.add_own_line, command, case_id=case_id)


def sign(company: Company, quote_id: int, who: str = "technician", **more: Any) -> None:
    company.act(who, Quote, quote_id, SignQuote(signer="王小明", strokes=STROKES), **more)


def agreed(company: Company, case_id: int, who: str = "technician") -> int:
    """A quote of 120 that the customer has signed; needs a folder for files."""
    quote_id = quoted(company, case_id, who)
    sign(company, quote_id, who)
    return quote_id


def pay(company: Company, case_id: int, cents: int, who: str = "technician", **facts: Any) -> int:
    when = {"now": facts.pop("now")} if "now" in facts else {}
    usual = {"case_id": case_id, "means": "cash", "paid_cents": cents}
    return company.do(who, payments.take, parse(TakeMoney, usual | facts), **when)


def bill(company: Company, case_id: int, who: str = "technician") -> Bill:
    return company.see(who, bills.bill, case_id=case_id)
