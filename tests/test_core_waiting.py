"""The company waits: until a time, and for the end of force majeure, with another time agreed."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core import sweep
from core.jobs.actions import AgreeVisit, PlanJob
from core.kernel.errors import InvalidInput
from core.kernel.inputs import parse
from core.norms import revisions
from core.process import limits
from core.requests.inputs import Promise, PutOff, Resume, Wait
from db.codes import JobStatus, NoticeKind, VisitOutcome, WaitReason
from db.tables import History, Job, Notice, ServiceRequest, Visit
from tests.company_cast import NOW, Company, local

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENDS = local("2026-03-04 08:00")
FROM, TO = local("2026-03-04 09:00"), local("2026-03-04 11:00")
STORM = {
    "note": "台风停运",
    "wait_until": ENDS,
    "told_at": NOW,
    "agreed_from": FROM,
    "agreed_to": TO,
}


def put_off(company: Company, case_id: int, who: str = "agent", **facts: Any) -> None:
    command = parse(PutOff, STORM | facts)
    company.act(who, ServiceRequest, case_id, command, now=facts.get("now", NOW))


def running(company: Company, case_id: int, now: datetime) -> dict[str, Any]:
    found = company.see("manager", limits.of_case, request_id=case_id, now=now)
    return {each.name: each for each in found if not each.met_at and not each.dropped}


def test_force_majeure_pauses_tells_moves_the_visit_and_ends_by_itself(company: Company) -> None:
    case_id, job_id = company.dispatched()
    window = {"agreed_from": NOW + HOUR, "agreed_to": NOW + 3 * HOUR}
    company.act("technician", Job, job_id, AgreeVisit(**window))
    promised = Promise(promised_at=NOW + 6 * HOUR, customer_told=True)
    company.act("agent", ServiceRequest, case_id, promised)
    before = running(company, case_id, NOW)
    put_off(company, case_id)
    row = company.get(ServiceRequest, case_id)
    assert (row.wait_reason, row.wait_until) == (WaitReason.FORCE_MAJEURE, ENDS)
    assert (row.wanted_from, row.wanted_to, row.promised_at) == (FROM, TO, TO)
    first, second = company.rows(Visit, job_id=job_id)
    assert (first.outcome, first.note) == (VisitOutcome.MOVED, "台风停运")
    assert (second.agreed_from, second.agreed_to, second.outcome) == (FROM, TO, None)
    assert company.get(Job, job_id).status is JobStatus.AGREED
    (said,) = company.rows(History, subject="request", action="waiting")
    assert (said.data["told_at"], said.data["until"]) == (NOW.isoformat(), ENDS.isoformat())
    # Nothing is late meanwhile, and a minute before its end it still waits.
    assert not any(each.late for each in running(company, case_id, ENDS).values())
    sweep.run(company.engine, now=ENDS - timedelta(minutes=1))
    assert company.get(ServiceRequest, case_id).wait_until == ENDS
    sweep.run(company.engine, now=ENDS)
    sweep.run(company.engine, now=ENDS)
    row = company.get(ServiceRequest, case_id)
    assert (row.wait_reason, row.wait_until) == (None, None)
    (over,) = company.rows(History, subject="request", action="resumed")
    assert (over.actor_id, over.at) == (None, ENDS)
    after = running(company, case_id, ENDS)
    assert after["finish_promised"].due_at == TO
    waited = {name for name in before.keys() & after.keys() if name != "finish_promised"}
    assert all(after[name].due_at > before[name].due_at for name in waited)
    told = company.rows(Notice, kind=NoticeKind.YOUR_TURN, case_id=case_id)
    assert {each.person_id for each in told} == {company["agent"].id, company["technician"].id}


def test_the_window_of_the_customer_is_the_new_one_after_the_waiting(
    sqlite_company: Company,
) -> None:
    company = sqlite_company
    norm = revisions.shipped("engineering")
    adopted = {"norm": norm, "on": date(2026, 3, 1), "signed_by": "admin"}
    company.do("admin", revisions.adopt, **adopted, now=local("2026-03-01 09:00"))
    wish = {"wanted_from": NOW + HOUR, "wanted_to": NOW + 3 * HOUR}
    for told, due in ((NOW, TO), (NOW + 4 * HOUR, wish["wanted_to"])):
        case_id = company.register(**wish, symptom=f"灯箱不亮 {told}", extra={"site": "工地"})
        command = parse(PutOff, STORM | {"told_at": told})
        company.act("agent", ServiceRequest, case_id, command, now=told)
        company.act("agent", ServiceRequest, case_id, Resume(), now=ENDS)
        # What was missed before it began stays missed.
        assert running(company, case_id, ENDS)["arrival_in_window"].due_at == due


def test_a_plan_before_the_new_time_is_dropped(sqlite_company: Company) -> None:
    case_id, job_id = sqlite_company.dispatched()
    plan = {"planned_from": NOW + HOUR, "planned_to": NOW + 2 * HOUR}
    sqlite_company.act("dispatcher", Job, job_id, PlanJob(**plan))
    put_off(sqlite_company, case_id)
    job = sqlite_company.get(Job, job_id)
    assert (job.planned_from, job.status) == (None, JobStatus.ASSIGNED)


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"told_at": None}, ("told_at", "missing")),
        ({"wait_until": None}, ("wait_until", "missing")),
        ({"agreed_from": None, "agreed_to": None}, ("agreed_from", "missing")),
        ({"agreed_from": ENDS - HOUR}, ("agreed_from", "before_it_ends")),
        ({"agreed_to": FROM}, ("agreed_to", "window")),
        ({"told_at": NOW + HOUR}, ("told_at", "in_the_future")),
        ({"wait_until": NOW}, ("wait_until", "in_the_past")),
    ],
)
def test_without_word_end_and_new_time_it_is_no_force_majeure(
    sqlite_company: Company, facts: dict[str, Any], problem: tuple[str, str]
) -> None:
    case_id = sqlite_company.register()
    with pytest.raises(InvalidInput) as refusal:
        put_off(sqlite_company, case_id, **facts)
    assert problem in {(bad.field, bad.code) for bad in refusal.value.problems}
    assert sqlite_company.get(ServiceRequest, case_id).wait_reason is None


def test_any_waiting_may_have_an_end_and_force_majeure_needs_more(company: Company) -> None:
    case_id = company.register()
    for facts, code in (
        ({"reason": "force_majeure"}, "not_an_option"),
        ({"reason": "customer", "wait_until": NOW}, "in_the_past"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            wait = parse(Wait, {"note": "出差"} | facts)
            company.act("agent", ServiceRequest, case_id, wait)
        assert [bad.code for bad in refusal.value.problems] == [code]
    wait = Wait(reason=WaitReason.CUSTOMER, note="出差", wait_until=NOW + DAY)
    company.act("agent", ServiceRequest, case_id, wait)
    # Who comes back earlier is served earlier; then nothing is left to end.
    company.act("agent", ServiceRequest, case_id, Resume(), now=NOW + HOUR)
    sweep.run(company.engine, now=NOW + DAY)
    assert [fact for fact, *_ in company.history("request", case_id)].count("resumed") == 1
