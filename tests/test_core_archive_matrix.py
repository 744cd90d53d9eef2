"""Purchases, hand-overs and readings: every action in every state by everybody, told by hand."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from core.customers import handovers, invoices, readings
from core.customers.bought import CorrectPurchase, WithdrawPurchase
from core.customers.handovers import AcceptHandover, RefuseHandover, WithdrawHandover
from core.customers.readings import EndReading, GrantReading, LookUp, RefuseReading
from core.house import HOUSE
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from db.codes import HandoverStatus, PurchaseStatus, ReadingStatus
from db.tables import Customer, Handover, Reading
from tests import return_steps as take
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

NOTE = {"note": "写错了"}
TODAY = NOW.date()
purchase = partial(Cells, roles="agent manager", kinds="whole part", not_for="not_its_station")
PURCHASE_CELLS = (
    purchase("correct_purchase", "edited", "on_file", None),
    purchase("withdraw_purchase", "withdrawn", "on_file", "withdrawn", kinds="whole"),
)
PURCHASE_SAMPLES = (
    CorrectPurchase(invoice_no="FP-NEW", purchased_on=TODAY, **NOTE),
    WithdrawPurchase(**NOTE),
)
SERVICE = "agent dispatcher technician support quality manager leader"
STAFF = f"{SERVICE} warehouse finance handler"
proposal = partial(Cells, roles=STAFF, states="waiting", kinds="offered asked_for")
HANDOVER_CELLS = (
    proposal("accept_handover", "accepted", target="accepted", not_for="other_station_answers"),
    proposal("refuse_handover", "refused", target="refused", not_for="other_station_answers"),
    proposal("withdraw_handover", "withdrawn", target="withdrawn", not_for="other_station_asked"),
)
HANDOVER_SAMPLES = (AcceptHandover(), RefuseHandover(**NOTE), WithdrawHandover())
reading = partial(Cells, kinds="reading")
heads = partial(reading, roles="manager leader", not_for="own_reading")
reader = partial(reading, roles=f"{STAFF} admin", not_for="other_reader")
READING_CELLS = (
    heads("grant_reading", "granted", "asked", "granted"),
    heads("refuse_reading", "refused", "asked", "refused"),
    reader("look_up", "looked", "granted", None),
    reader("end_reading", "ended", "asked granted", "ended"),
    reading("end_reading", "ended", "granted", "ended", "manager leader"),
)


def everybody(company: Company) -> list[str]:
    return [each for each in company.people if not each.endswith(".colleague")]


def of_station(company: Company, station_id: int) -> list[int | None]:
    return [company[each].id for each in company.people if company[each].station_id == station_id]


def check(uow: UnitOfWork, company: Company, stand: Stand, samples: Any) -> None:
    check_stand(uow, stand, [company[each] for each in everybody(company)], samples)


@pytest.mark.parametrize("kind", ["whole", "part"])
@pytest.mark.parametrize("status", PurchaseStatus)
def test_a_purchase_moves_as_the_table_says(
    sqlite_company: Company, status: PurchaseStatus, kind: str
) -> None:
    company = sqlite_company
    take.buy(company)
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        row = uow.session.scalars(invoices.select_purchases(uow.actor)).one()
        row.status, row.lines[0].under_way = status, int(kind == "part")
        uow.session.flush()
        far = of_station(company, company.SOUTH)
        relations = {"not_its_station": far}
        stand = Stand(
            invoices.PROCESS, row, status.value, kind, None, PURCHASE_CELLS, relations, far
        )
        check(uow, company, stand, PURCHASE_SAMPLES)


@pytest.mark.parametrize("is_offer", [True, False], ids=["offered", "asked_for"])
@pytest.mark.parametrize("status", HandoverStatus)
def test_a_handover_moves_as_the_table_says(
    sqlite_company: Company, status: HandoverStatus, is_offer: bool
) -> None:
    company = sqlite_company
    here, far = of_station(company, company.NORTH), of_station(company, company.SOUTH)
    others = [company[each].id for each in ("warehouse", "finance", "handler")]
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        customer = uow.session.get_one(Customer, take.customer(company))
        row = Handover(
            customer=customer,
            from_station_id=company.NORTH,
            to_station_id=company.SOUTH,
            is_offer=is_offer,
            status=status,
            reason="搬家",
            asked_by_id=company["agent"].id,
            asked_at=NOW,
        )
        stored_rows.add(uow.session, row)
        asks, answers = (here, far) if is_offer else (far, here)
        relations = {
            "other_station_answers": [*asks, *others],
            "other_station_asked": [*answers, *others],
        }
        kind = "offered" if is_offer else "asked_for"
        stand = Stand(
            handovers.PROCESS, row, status.value, kind, None, HANDOVER_CELLS, relations, far
        )
        check(uow, company, stand, HANDOVER_SAMPLES)


@pytest.mark.parametrize("status", ReadingStatus)
def test_a_reading_moves_as_the_table_says(sqlite_company: Company, status: ReadingStatus) -> None:
    company = sqlite_company
    mine = company["finance"].id
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        row = Reading(
            customer=uow.session.get_one(Customer, take.customer(company)),
            person_id=mine,
            status=status,
            reason="核对退款",
            from_on=TODAY,
            until_on=TODAY + timedelta(days=3),
            asked_at=NOW,
        )
        stored_rows.add(uow.session, row)
        seen = [mine, *(company[each].id for each in ("manager", "leader", "auditor"))]
        others = [each.id for each in company.people.values() if each.id != mine]
        hidden = [each for each in others if each not in seen]
        stand = Stand(
            readings.PROCESS, row, status.value, "reading", None, READING_CELLS,
            {"own_reading": [mine], "other_reader": others}, hidden_from=hidden,
        )  # fmt: skip
        until = TODAY + timedelta(days=2)
        samples = (
            GrantReading(until_on=until, companion_id=company["agent"].id or 0),
            RefuseReading(**NOTE),
            LookUp(),
            EndReading(),
        )
        check_no_rule_is_left_out(readings.PROCESS, samples, READING_CELLS)
        check(uow, company, stand, samples)


def test_no_rule_is_left_out() -> None:
    check_no_rule_is_left_out(invoices.PROCESS, PURCHASE_SAMPLES, PURCHASE_CELLS)
    check_no_rule_is_left_out(handovers.PROCESS, HANDOVER_SAMPLES, HANDOVER_CELLS)
