"""Intake: a contact becomes a case with a number, an owner, a price and time limits."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.customers import warranty
from core.kernel.errors import InvalidInput, NotAllowed, NotFound
from core.kernel.inputs import parse
from core.process import limits
from core.requests import intake, lists
from db.codes import Charge, ChargeReason, FaultArea, RequestKind, RequestStatus, Role
from db.tables import Asset, Customer, FollowUp, History, Product, ServiceRequest, Station
from tests.company_cast import NOW, REPAIR, Company, local

DAY = timedelta(days=1)
CONSULTATION = {"kind": "consultation", "symptom": "怎么清洗滤网"}


def prospect(company: Company, **facts: Any) -> intake.Prospect:
    asked = {"kind": RequestKind.REPAIR, "asset_id": None, "fault_area": None} | facts
    return company.see("agent", intake.prospect, **asked)


def test_a_new_customer_with_a_new_product(company: Company) -> None:
    command = parse(intake.Register, REPAIR | {"serial": " sn 0 1 ", "address": "中山路1号"})
    told = company.do("agent", intake.register, command)
    request = company.get(ServiceRequest, told.id)
    assert (told.number, told.owner, told.status) == (request.number, "agent", request.status)
    assert request.number == "SR260302-0001"
    assert (request.status, request.kind) == (RequestStatus.REGISTERED, RequestKind.REPAIR)
    assert (request.owner_id, request.station_id) == (company["agent"].id, company.NORTH)
    assert (request.received_at, request.registered_at) == (NOW, NOW)
    assert (request.contact, request.phone_key) == ("王小明", "8613800138000")
    (customer,) = company.rows(Customer)
    assert (customer.name, customer.station_id) == ("王小明", company.NORTH)
    (asset,) = company.rows(Asset)
    assert (asset.serial, asset.customer_id, asset.id) == ("SN01", customer.id, request.asset_id)
    assert asset.warranty_until == date(2026, 5, 31)
    (product,) = company.rows(Product)
    assert (product.brand, product.model) == ("海尔", "XQG100")
    (row,) = company.rows(History, subject="request")
    assert (row.action, row.old, row.new) == ("registered", None, "registered")
    assert row.data == {"channel": "hotline", "charge": "free", "reason": "in_warranty"}


def test_the_caller_is_told_what_is_due_when(company: Company) -> None:
    told = company.do("agent", intake.register, parse(intake.Register, REPAIR))
    due = {limit.name: limit.due_at for limit in told.limits}
    assert due == {
        "repair_response": NOW + DAY,
        "appointment": NOW + DAY,
        "service_done": NOW + 2 * DAY,
    }


def test_a_known_customer_with_a_known_product(company: Company) -> None:
    company.register(serial="SN1")
    known = {"customer_id": 1, "asset_id": 1, "customer_name": "", "phone": "", "brand": ""}
    known |= {"model": "", "purchased_on": None, "contact": "王太太"}
    request = company.get(ServiceRequest, company.register(**known))
    assert (request.customer_id, request.asset_id) == (1, 1)
    assert (request.contact, request.phone) == ("王太太", "138 0013 8000")
    assert len(company.rows(Customer)) == len(company.rows(Asset)) == 1


def test_a_request_without_a_product(company: Company) -> None:
    nothing = {"brand": "", "model": "", "purchased_on": None}
    request = company.get(ServiceRequest, company.register(**nothing))
    assert request.asset_id is None
    assert request.charge_reason is ChargeReason.NO_WARRANTY_DATA


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"customer_id": 77}, NotFound),
        ({"asset_id": 77}, NotFound),
        ({"asset_id": 1, "customer_name": "李雷"}, InvalidInput),
    ],
)
def test_customers_and_products_that_do_not_fit(
    company: Company, facts: Any, error: type[Exception]
) -> None:
    company.register(serial="SN1")
    with pytest.raises(error):
        company.register(**facts)  # a new customer does not own the first one's piece
    assert len(company.rows(ServiceRequest)) == len(company.rows(Customer)) == 1


def test_the_same_serial_number_twice(company: Company) -> None:
    first = company.register(serial="SN 1")
    with pytest.raises(InvalidInput) as refusal:
        company.register(serial="ｓｎ-1", customer_name="李雷")
    (asked,) = refusal.value.problems
    assert (asked.field, asked.code) == ("another_customer", "piece_known")
    assert asked.details == {"who": ("王小明 · 138 0013 8000 · 中山路 8 号",)}
    with pytest.raises(InvalidInput) as refusal:
        company.register(serial="ｓｎ-1", customer_name="李雷", another_customer=True)
    assert [(p.field, p.code) for p in refusal.value.problems] == [("serial", "piece_with")]
    again = company.register(serial="ｓｎ-1")  # the owner means the piece that is on file
    pieces = {company.get(ServiceRequest, id).asset_id for id in (first, again)}
    assert len(pieces) == len(company.rows(Asset)) == 1
    company.register(serial="SN 1", model="Other")
    company.register(serial="")
    company.register(serial="")
    assert len(company.rows(Asset)) == 4


@pytest.mark.parametrize(
    ("facts", "charge", "reason"),
    [
        ({"purchased_on": "2025-03-03"}, Charge.FREE, ChargeReason.IN_WARRANTY),  # the last day
        ({"purchased_on": "2025-03-02"}, Charge.PAID, ChargeReason.OUT_OF_WARRANTY),
        ({"purchased_on": None}, Charge.PAID, ChargeReason.NO_WARRANTY_DATA),
        ({"warranty_months": 0}, Charge.PAID, ChargeReason.OUT_OF_WARRANTY),
        (
            {"purchased_on": "2020-01-01", "warranty_months": 120},
            Charge.FREE,
            ChargeReason.IN_WARRANTY,
        ),
        (CONSULTATION | {"purchased_on": None}, Charge.FREE, ChargeReason.NO_CHARGE_KIND),
        ({"kind": "complaint"}, Charge.FREE, ChargeReason.NO_CHARGE_KIND),
    ],
)
def test_free_or_paid(company: Company, facts: Any, charge: Charge, reason: ChargeReason) -> None:
    before = prospect(
        company,
        kind=RequestKind((REPAIR | facts)["kind"]),
        purchased_on=date.fromisoformat(day) if (day := (REPAIR | facts)["purchased_on"]) else None,
        warranty_months=facts.get("warranty_months"),
        brand="海尔",
    )
    request = company.get(ServiceRequest, company.register(**facts))
    assert (request.charge, request.charge_reason) == (charge, reason)
    assert (before.charge, before.charge_reason) == (charge, reason)


def test_an_answer_on_the_spot_closes_a_consultation(company: Company) -> None:
    request = company.get(ServiceRequest, company.register(**CONSULTATION, answer="每月用清水冲洗"))
    assert (request.status, request.answer) == (RequestStatus.CLOSED, "每月用清水冲洗")
    assert request.resolved_at == request.closed_at == NOW
    assert company.rows(FollowUp) == []
    shown = company.see("agent", limits.of_case, request_id=request.id)
    assert {limit.name: limit.met_at for limit in shown} == {
        "consultation_answer": NOW,
        "consultation_solved": NOW,
    }


def test_a_clock_that_is_ahead_does_not_resolve_before_receiving(company: Company) -> None:
    ahead = {"received_at": NOW + timedelta(minutes=4), "answer": "好的"}
    request = company.get(ServiceRequest, company.register(**CONSULTATION, **ahead))
    assert request.received_at == request.resolved_at == NOW


def test_a_letter_counts_from_the_day_it_came_in(company: Company) -> None:
    came = local("2026-02-27 09:00")
    request_id = company.register(kind="complaint", channel="letter", received_at=came)
    assert company.get(ServiceRequest, request_id).received_at == came
    shown = company.see("agent", limits.of_case, request_id=request_id)
    # Saturday 28 February 2026 makes up for a day of the Spring Festival.
    assert [(limit.started_at, limit.due_at) for limit in shown] == [
        (came, local("2026-02-28 17:30")),
        (came, local("2026-03-03 17:30")),
    ]
    assert [limit.late for limit in shown] == [True, False]


def test_the_number_counts_by_local_day(company: Company) -> None:
    days = ["2026-03-02 23:59", "2026-03-03 00:01", "2026-03-03 07:59", "2026-03-03 08:01"]
    for day in days:
        company.register(now=local(day))
    numbers = [request.number for request in company.rows(ServiceRequest)]
    assert numbers == ["SR260302-0001", "SR260303-0001", "SR260303-0002", "SR260303-0003"]


def close(company: Company, *names: str) -> None:
    def run(uow: Any) -> None:
        for station in uow.session.query(Station).filter(Station.name.in_(names)):
            station.active = False

    company.do("admin", run)


def station_of(company: Company, who: str, **facts: Any) -> int | None:
    return company.get(ServiceRequest, company.register(who, **facts)).station_id


def test_a_case_belongs_to_the_station_asked_for_else_the_customers_else_ones_own(
    company: Company,
) -> None:
    assert station_of(company, "agent", station_id=company.SOUTH) == company.SOUTH
    known = {"customer_id": 1, "customer_name": "", "phone": ""}
    assert station_of(company, "agent", **known) == company.SOUTH
    assert station_of(company, "agent", customer_name="李雷") == company.NORTH
    assert station_of(company, "manager", customer_name="韩梅") is None


def test_a_closed_station_takes_no_new_work(company: Company) -> None:
    company.register("agent.stranger")
    close(company, "South")
    known = {"customer_id": 1, "customer_name": "", "phone": ""}
    assert station_of(company, "agent", **known) == company.NORTH
    assert station_of(company, "manager") == company.NORTH  # the only one left
    with pytest.raises(InvalidInput) as refusal:
        company.register(station_id=company.SOUTH)
    assert [(p.field, p.code) for p in refusal.value.problems] == [("station_id", "not_an_option")]


def test_the_same_fault_again_is_flagged(company: Company) -> None:
    first = company.register(serial="SN1", now=NOW - 91 * DAY)
    second = company.register(customer_id=1, asset_id=1, fault_area="function", now=NOW - 89 * DAY)
    third = company.register(customer_id=1, asset_id=1, fault_area="noise")
    found = prospect(company, asset_id=1, fault_area=FaultArea.FUNCTION)
    assert [case.id for case in found.earlier] == [third, second, first]
    assert [case.id for case in found.repeats] == [second]
    assert found.open_cases == 3
    assert found.asset is not None
    assert found.asset.serial == "SN1"
    assert prospect(company, asset_id=1).repeats == ()
    with pytest.raises(NotFound):
        prospect(company, asset_id=77)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_some_roles_do_not_register(company: Company, role: Role) -> None:
    with pytest.raises(NotAllowed):
        company.register(role.value)
    with pytest.raises(NotAllowed):
        company.see(role.value, intake.prospect, kind="repair", asset_id=None, fault_area=None)
    assert company.rows(ServiceRequest) == company.rows(Customer) == []


def test_a_registered_case_stands_in_the_queue_of_its_kind(company: Company) -> None:
    kinds = {"dispatch": "repair", "desk": "consultation"}
    ids = {queue: company.register(kind=kind) for queue, kind in kinds.items()}
    for queue, case_id in ids.items():
        rows = company.see("manager", lists.queue, name=lists.Queue(queue)).rows
        assert [row.id for row in rows] == [case_id]
    mine = company.see("agent", lists.queue, name=lists.Queue.MINE)
    assert {row.id for row in mine.rows} == set(ids.values())
    assert company.see("agent.stranger", lists.count, name=lists.Queue.DISPATCH) == 0


def test_the_warranty_ends_the_day_before_the_anniversary() -> None:
    ends = {
        ("2025-06-01", 12): "2026-05-31",
        ("2024-03-01", 12): "2025-02-28",
        ("2024-02-28", 12): "2025-02-27",
        # The month of the end lacks that day: its last one.
        ("2024-08-31", 3): "2024-11-30",
        ("2024-02-29", 12): "2025-02-28",
        ("2025-01-31", 1): "2025-02-28",
        ("2024-02-29", 48): "2028-02-28",
    }
    for (bought, months), end in ends.items():
        until = warranty.warranty_end(date.fromisoformat(bought), months)
        assert until == date.fromisoformat(end)
    assert warranty.warranty_end(None, 12) is None


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)), st.integers(1, 600))
def test_a_warranty_runs_whole_months_and_never_ends_before_its_month(
    bought: date, months: int
) -> None:
    until = warranty.warranty_end(bought, months)
    assert until is not None
    years, month = divmod(bought.month - 1 + months, 12)
    days = monthrange(bought.year + years, month + 1)[1]
    last = date(bought.year + years, month + 1, days)
    same = last.replace(day=min(bought.day, days))
    assert until == (last if bought.day > days else same - timedelta(days=1))
    # Who buys a day later is covered no shorter.
    later = warranty.warranty_end(bought + timedelta(days=1), months)
    assert later is not None and until <= later
