"""A clock that is set back: a case's own time stands still, and nothing breaks on either database."""

from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core import kpi, sweep
from core.complaints.inputs import Assign
from core.emergencies import actions as emergencies
from core.followups import actions as followups
from core.jobs import actions as jobs
from core.jobs.unfinished import EndVisit
from core.kernel.errors import InvalidInput, Refused
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import UnitOfWork
from core.process import history, limits
from core.process.history import MOST_BACK
from core.requests import inputs
from db.codes import (
    Charge,
    ChargeReason,
    Priority,
    RequestStatus,
    VisitOutcome,
    WaitReason,
)
from db.tables import Complaint, FollowUp, History, Job, Limit, Notice, ServiceRequest
from tests.company_cast import NOW, REPORT, Company
from tests.complaint_steps import steps, take

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BACK = [timedelta(seconds=1), HOUR, DAY, MOST_BACK]
FAR_BACK = [timedelta(days=3), timedelta(days=365)]


def check_in_order(company: Company, case_id: int) -> None:
    """No limit is met before it began, no pause ends before it begins, all can be explained."""
    for limit in company.rows(Limit, request_id=case_id):
        ended = limit.met_at or limit.dropped_at
        assert ended is None or ended >= limit.started_at
        marks = [mark for pause in limit.pauses for mark in pause if mark]
        assert marks == sorted(marks)
        explained = company.see("manager", limits.explain, limit_id=limit.id)
        spans = [(entry.start, entry.end) for entry in explained.ledger]
        assert spans == sorted(spans)
    request = company.get(ServiceRequest, case_id)
    assert request.resolved_at is None or request.resolved_at >= request.received_at
    assert company.see("auditor", history.verify) == ()


def check_history(company: Company, case_id: int) -> None:
    """What was written later did not happen before."""
    instants = [row.at for row in company.rows(History, case_id=case_id)]
    assert instants == sorted(instants)
    assert len(company.see("manager", history.timeline, case_id=case_id)) == len(instants)


@pytest.mark.parametrize("back", BACK + FAR_BACK)
def test_an_answer_is_taken(company: Company, back: timedelta) -> None:
    case_id = company.register(kind="consultation")
    company.act("agent", ServiceRequest, case_id, inputs.Answer(answer="按住三秒"), now=NOW - back)
    request = company.get(ServiceRequest, case_id)
    assert request.status is RequestStatus.CLOSED
    assert request.resolved_at == NOW
    check_in_order(company, case_id)


@pytest.mark.parametrize("back", BACK + FAR_BACK)
def test_a_job_is_reported(company: Company, back: timedelta) -> None:
    request_id, job_id = company.dispatched()
    then = NOW - back
    window = {"agreed_from": then + HOUR, "agreed_to": then + 2 * HOUR}
    for step in (jobs.AgreeVisit(**window), jobs.Arrive(), parse(jobs.FinishJob, REPORT)):
        company.act("technician", Job, job_id, step, now=then)
    assert company.get(ServiceRequest, request_id).status is RequestStatus.RESOLVED
    check_in_order(company, request_id)


@pytest.mark.parametrize("back", BACK + FAR_BACK)
def test_a_case_that_waits_is_resumed(company: Company, back: timedelta) -> None:
    case_id = company.register()
    wait = inputs.Wait(reason=WaitReason.CUSTOMER, note="外出")
    company.act("agent", ServiceRequest, case_id, wait, now=NOW + HOUR)
    company.act("agent", ServiceRequest, case_id, inputs.Resume(), now=NOW + HOUR - back)
    begin = (NOW + HOUR).isoformat()
    paused = [limit.pauses for limit in company.rows(Limit, request_id=case_id) if limit.pauses]
    assert paused
    assert all(pauses == [[begin, begin]] for pauses in paused)
    check_in_order(company, case_id)


@pytest.mark.parametrize("back", BACK)
def test_all_that_one_command_writes_happens_at_one_instant(
    company: Company, back: timedelta
) -> None:
    _, call_id = company.finished(now=NOW)
    request_id = company.get(FollowUp, call_id).request_id
    answers = followups.RecordAnswers(scores={"attitude": 10})
    company.act("agent", FollowUp, call_id, answers, now=NOW - back)
    assert company.get(FollowUp, call_id).ended_at == NOW
    assert company.get(ServiceRequest, request_id).closed_at == NOW
    check_history(company, request_id)


def test_a_little_more_than_two_days_is_a_clock_that_was_wrong(company: Company) -> None:
    case_id = company.register()
    then = NOW - MOST_BACK - timedelta(seconds=1)
    company.act("agent", ServiceRequest, case_id, inputs.Remark(note="催"), now=then)
    assert [row.at for row in company.rows(History, case_id=case_id)][-1] == then


def test_a_clock_that_was_a_year_ahead_does_not_hold_a_case_for_a_year(company: Company) -> None:
    """The sweep has escalated everything; then the clock is put right and work goes on."""
    case_id, job_id = company.dispatched()
    sweep.run(company.engine, now=NOW + timedelta(days=365))
    assert max(row.at for row in company.rows(History, case_id=case_id)) > NOW + 300 * DAY
    then = NOW + HOUR
    window = {"agreed_from": then, "agreed_to": then + HOUR}
    company.act("technician", Job, job_id, jobs.AgreeVisit(**window), now=then)
    company.act("technician", Job, job_id, jobs.Arrive(), now=then + HOUR)
    report = parse(jobs.FinishJob, REPORT)
    company.act("technician", Job, job_id, report, now=then + 2 * HOUR)
    # A little back is still put in order, whatever lies a year ahead.
    company.act("agent", ServiceRequest, case_id, inputs.Remark(note="催"), now=then)
    assert company.get(ServiceRequest, case_id).resolved_at == then + 2 * HOUR
    assert company.rows(History, case_id=case_id)[-1].at == then + 2 * HOUR
    (call,) = company.rows(FollowUp, request_id=case_id)
    assert call.due_on == (NOW + DAY).date()
    check_in_order(company, case_id)


def test_what_people_agree_is_compared_with_the_clock_on_the_wall(company: Company) -> None:
    request_id, job_id = company.dispatched()
    then = NOW - DAY
    window = {"agreed_from": then + HOUR, "agreed_to": then + 2 * HOUR}
    company.act("technician", Job, job_id, jobs.AgreeVisit(**window), now=then)
    promise = inputs.Promise(promised_at=then + HOUR, customer_told=True)
    company.act("agent", ServiceRequest, request_id, promise, now=then)
    with pytest.raises(InvalidInput) as refusal:
        company.act("agent", ServiceRequest, request_id, promise, now=then + 2 * HOUR)
    assert ("promised_at", "in_the_past") in [(p.field, p.code) for p in refusal.value.problems]
    check_history(company, request_id)
    check_in_order(company, request_id)


def test_a_notice_stands_in_the_inbox_at_the_time_of_the_clock(company: Company) -> None:
    complaint_id = company.complaint()
    assign = Assign(department="quality_control", handler_id=company["handler"].id, reason="熟")
    take(company, complaint_id, "assigned", now=NOW - HOUR, assigned=("manager", assign))
    assert {notice.at for notice in company.rows(Notice, kind="assigned")} == {NOW - HOUR}


def test_taking_up_a_case_costs_one_look_into_an_index(sqlite_company: Company) -> None:
    case_id = sqlite_company.register()

    def plan(uow: UnitOfWork) -> str:
        rows = uow.session.connection().exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT max(at) FROM history WHERE case_id = ? AND at <= ?",
            (case_id, "2026"),
        )
        return " ".join(row[3] for row in rows)

    assert "COVERING INDEX ix_history_case (case_id=? AND at<?)" in sqlite_company.see(
        "agent", plan
    )


FREE = {"charge": Charge.FREE, "charge_reason": ChargeReason.GOODWILL}
Step = tuple[str, type, Action]


def service_steps(company: Company, case_id: int, now: datetime) -> list[Step]:
    """What may be tried on a service case, its job and its call, and by whom."""
    window = {"agreed_from": now + HOUR, "agreed_to": now + 2 * HOUR}
    staff: list[Step] = [
        ("dispatcher", ServiceRequest, company.dispatch()),
        ("agent", ServiceRequest, inputs.Wait(reason=WaitReason.CUSTOMER, note="外出")),
        ("agent", ServiceRequest, inputs.Resume()),
        ("agent", ServiceRequest, inputs.Answer(answer="按住三秒")),
        ("agent", ServiceRequest, inputs.Remark(note="催")),
        ("agent", ServiceRequest, inputs.Promise(promised_at=now + DAY)),
        ("agent", ServiceRequest, inputs.Reclassify(priority=Priority.URGENT)),
        ("agent", ServiceRequest, inputs.SetCharge(**FREE)),
    ]
    work: list[Action] = [
        jobs.AgreeVisit(**window),
        jobs.MoveVisit(**window, note="改期"),
        jobs.Arrive(),
        EndVisit(outcome=VisitOutcome.NO_ACCESS, note="无人"),
        parse(jobs.FinishJob, REPORT),
    ]
    calls = [followups.RecordAnswers(scores={"attitude": 2}), followups.NotReached()]
    return (
        staff
        + [("technician", Job, command) for command in work]
        + [("dispatcher", Job, jobs.WithdrawJob(note="撤回"))]
        + [("agent", FollowUp, command) for command in calls]
    )


def carry_out(company: Company, case_id: int, step: Step, now: datetime) -> None:
    who, table, command = step
    record_id = case_id
    if table is not ServiceRequest:
        rows = company.rows(table, request_id=case_id)
        if not rows:
            return
        record_id = rows[-1].id
    try:
        company.act(who, table, record_id, command, now=now)
    except Refused:
        return


MOVES = st.lists(
    st.tuples(st.integers(0, 15), st.integers(-24 * 60, 24 * 60)), min_size=4, max_size=14
)
# Sent, agreed, there, reported, called, each a little before the step that went before.
BACKWARDS = [(0, 0), (8, -60), (10, -120), (1, -130), (12, -180), (14, -600)]


@settings(max_examples=12)
@given(moves=MOVES)
@example(moves=BACKWARDS)
def test_a_case_withstands_any_clock(company: Company, moves: list[tuple[int, int]]) -> None:
    case_id = company.register()
    for number, (chosen, minutes) in enumerate(moves):
        now = NOW + number * timedelta(minutes=5) + timedelta(minutes=minutes)
        carry_out(company, case_id, service_steps(company, case_id, now)[chosen], now)
        if number % 3 == 0:
            sweep.run(company.engine, now=now)
    check_history(company, case_id)
    check_in_order(company, case_id)


@settings(max_examples=6)
@given(minutes=st.lists(st.integers(-24 * 60, 24 * 60), min_size=12, max_size=12))
@example(minutes=[-60 * number for number in range(12)])
def test_a_complaint_withstands_any_clock(company: Company, minutes: list[int]) -> None:
    complaint_id = company.complaint()
    case_id = company.get(Complaint, complaint_id).request_id
    clocks = iter(NOW + timedelta(minutes=each) for each in minutes)
    for who, command in steps(company).values():
        company.act(who, Complaint, complaint_id, command, now=next(clocks))
    for row in company.rows(FollowUp, request_id=case_id):
        answers = followups.RecordAnswers(scores={"attitude": 0}, opinion="没修好")
        company.act("agent", FollowUp, row.id, answers, now=next(clocks))
    declared = emergencies.DeclareEmergency(
        number=company.get(ServiceRequest, company.register()).number, level=1, happened="漏水"
    )
    company.do("manager", emergencies.declare, declared, now=next(clocks))
    check_history(company, case_id)
    check_in_order(company, case_id)
    company.see("manager", kpi.board, asked=kpi.Asked(NOW.date() - DAY, NOW.date() + DAY), now=NOW)
