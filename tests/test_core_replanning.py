"""Changed facts re-plan the open limits; a promise is a limit; every due time can be explained."""

from datetime import timedelta
from typing import Any

import pytest

from core.kernel.errors import InvalidInput, NotFound
from core.norms import revisions, working_time
from core.norms.model import Norm
from core.process import limits
from core.process.limits import LimitView
from core.requests import inputs
from db.tables import Limit, ServiceRequest
from tests.company_cast import NOW, Company, local

BASE = {"clause": "E1", "starts": "request.registered", "unit": "clock_minutes"}
SLOW = BASE | {"name": "slow", "measure": "response", "amount": 1440, "priorities": ["normal"]}
FAST = BASE | {"name": "fast", "measure": "response", "amount": 240, "priorities": ["urgent"]}
FREE = BASE | {"name": "free", "measure": "resolution", "amount": 720, "in_warranty": True}
PAID = BASE | {"name": "paid", "measure": "resolution", "amount": 2880, "in_warranty": False}
PROMISE = {
    "clause": "E1",
    "name": "promise",
    "measure": "resolution",
    "unit": "moment",
    "moment": "promised_at",
    "starts": "request.promised",
    "met": ["request.answered"],
}
SHIPPED = {"slow": SLOW, "fast": FAST, "free": FREE, "paid": PAID, "promise": PROMISE}


def adopt(company: Company, *names: str, **more: Any) -> None:
    rules = [{"met": ["request.dispatched"]} | SHIPPED[name] for name in names]
    shipped = revisions.shipped("appliance").dump()
    norm = Norm.model_validate(shipped | {"limits": rules} | more)
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="测试")


def act(company: Company, case_id: int, command: Any, at: str) -> None:
    company.act("agent", ServiceRequest, case_id, command, now=local(at))


def of(company: Company, case_id: int, at: str = "2026-03-02 10:00") -> dict[str, LimitView]:
    found = company.see("manager", limits.of_case, request_id=case_id, now=local(at))
    return {limit.name: limit for limit in found}


def test_a_new_priority_drops_one_limit_and_starts_the_other_from_the_contact(
    company: Company,
) -> None:
    adopt(company, "slow", "fast")
    case_id = company.register()
    act(company, case_id, inputs.Reclassify(priority="urgent"), "2026-03-02 12:00")
    found = of(company, case_id)
    assert found["slow"].dropped
    assert not found["fast"].dropped
    assert found["fast"].started_at == NOW
    assert found["fast"].due_at == NOW + timedelta(hours=4)


def test_a_limit_that_comes_late_is_met_by_what_was_done_before(company: Company) -> None:
    adopt(company, "slow", "fast")
    case_id = company.register()
    company.act(
        "dispatcher", ServiceRequest, case_id, company.dispatch(), now=local("2026-03-02 11:00")
    )
    act(company, case_id, inputs.Reclassify(priority="urgent"), "2026-03-02 12:00")
    found = of(company, case_id)
    assert found["slow"].met_at == found["fast"].met_at == local("2026-03-02 11:00")


def test_a_pause_before_the_change_counts_for_the_new_limit_too(company: Company) -> None:
    adopt(company, "slow", "fast")
    case_id = company.register()
    act(company, case_id, inputs.Wait(reason="customer", note="等回电"), "2026-03-02 10:30")
    act(company, case_id, inputs.Resume(), "2026-03-02 11:30")
    act(company, case_id, inputs.Reclassify(priority="urgent"), "2026-03-02 12:00")
    assert of(company, case_id)["fast"].due_at == NOW + timedelta(hours=5)


def test_free_or_paid_decides_the_limit(company: Company) -> None:
    adopt(company, "free", "paid")
    case_id = company.register()
    assert of(company, case_id).keys() == {"free"}
    change = inputs.SetCharge(charge="paid", charge_reason="not_makers_fault")
    act(company, case_id, change, "2026-03-02 11:00")
    found = of(company, case_id)
    assert found["free"].dropped
    assert found["paid"].due_at == NOW + timedelta(hours=48)
    back = inputs.SetCharge(charge="free", charge_reason="in_warranty")
    act(company, case_id, back, "2026-03-02 12:00")
    rows = company.rows(Limit, request_id=case_id)
    assert [(row.name, row.dropped_at is None) for row in rows] == [
        ("free", False),
        ("paid", False),
        ("free", True),
    ]


def promise(company: Company, case_id: int, to: str, at: str, **more: Any) -> None:
    told = {"customer_told": True} | more
    act(company, case_id, inputs.Promise(promised_at=local(to), **told), at)


def test_a_promise_is_a_limit_and_moving_it_needs_reason_and_word(company: Company) -> None:
    adopt(company, "promise")
    case_id = company.register()
    assert not of(company, case_id)
    promise(company, case_id, "2026-03-04 12:00", "2026-03-02 11:00")
    assert of(company, case_id)["promise"].due_at == local("2026-03-04 12:00")
    with pytest.raises(InvalidInput) as refused:
        promise(company, case_id, "2026-03-05 12:00", "2026-03-03 11:00", customer_told=False)
    assert {bad.field for bad in refused.value.problems} == {"reason", "customer_told"}
    told = {"reason": "配件未到", "customer_told": True}
    promise(company, case_id, "2026-03-05 12:00", "2026-03-03 11:00", **told)
    (row,) = company.rows(Limit, request_id=case_id)
    assert row.due_at == local("2026-03-05 12:00")


def test_what_nobody_told_the_customer_is_no_promise(company: Company) -> None:
    adopt(company, "promise")
    case_id = company.register()
    with pytest.raises(InvalidInput) as refused:
        promise(company, case_id, "2026-03-04 12:00", "2026-03-02 11:00", customer_told=False)
    assert [(bad.field, bad.code) for bad in refused.value.problems] == [
        ("customer_told", "tell_first")
    ]
    assert company.get(ServiceRequest, case_id).promised_at is None
    assert not of(company, case_id)


def test_a_promise_moved_after_it_was_broken_stays_missed(company: Company) -> None:
    adopt(company, "promise")
    case_id = company.register()
    promise(company, case_id, "2026-03-03 12:00", "2026-03-02 11:00")
    told = {"reason": "配件未到", "customer_told": True}
    promise(company, case_id, "2026-03-05 12:00", "2026-03-03 12:01", **told)
    first, second = company.rows(Limit, request_id=case_id)
    assert first.met_at == local("2026-03-03 12:01") > first.due_at
    assert (second.due_at, second.met_at) == (local("2026-03-05 12:00"), None)


def test_a_promise_in_the_past_is_refused(company: Company) -> None:
    adopt(company, "promise")
    case_id = company.register()
    with pytest.raises(InvalidInput):
        promise(company, case_id, "2026-03-02 09:00", "2026-03-02 11:00")


def test_a_station_keeps_its_own_hours(company: Company) -> None:
    nine = {"weekly": {"mon": [["09:00", "10:30"]], "tue": [["09:00", "17:00"]]}}
    rule = SHIPPED["slow"] | {"unit": "working_minutes", "amount": 60}
    shipped = revisions.shipped("appliance").dump()
    norm = Norm.model_validate(
        shipped
        | {"limits": [rule | {"met": ["request.answered"]}], "station_hours": {"South": nine}}
    )
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="测试")
    north = company.register()
    south = company.register("agent.stranger", phone="13911112222", customer_name="南")
    assert of(company, north)["slow"].due_at == local("2026-03-02 11:00")
    assert of(company, south)["slow"].due_at == local("2026-03-03 09:30")
    act(company, north, inputs.MoveStation(station_id=company.SOUTH), "2026-03-02 10:05")
    assert of(company, north)["slow"].due_at == local("2026-03-03 09:30")


def test_a_due_time_is_explained_minute_by_minute(company: Company) -> None:
    case_id = company.register(kind="complaint")
    act(company, case_id, inputs.Wait(reason="customer", note="等回电"), "2026-03-02 14:00")
    act(company, case_id, inputs.Resume(), "2026-03-02 15:00")
    solved = of(company, case_id)["complaint_solved"]
    why = company.see("agent", limits.explain, limit_id=solved.id, now=local("2026-03-03 09:00"))
    assert (why.limit.clause, why.revision) == (solved.clause, 1)
    counted = sum(entry.minutes for entry in why.ledger if entry.reason.is_counted)
    paused = [e for e in why.ledger if e.reason is working_time.Reason.PAUSED]
    assert counted > 0
    assert [entry.minutes for entry in paused] == [60]
    with pytest.raises(NotFound):
        company.see("agent.stranger", limits.explain, limit_id=solved.id)
