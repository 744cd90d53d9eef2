"""What is still owed after a case was closed stays due: the form, measures, an emergency (E2)."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import sweep
from core.complaints import inputs
from core.emergencies import actions as emergencies
from core.followups import actions as followups
from core.house import HOUSE
from core.improvements.actions import FinishImprovement
from core.jobs import actions as jobs
from core.kernel.inputs import parse
from core.kernel.unit_of_work import unit_of_work
from core.kpi.behind import cases_behind
from core.kpi.figures import FigureName, Side
from core.norms import revisions
from core.norms.model import Norm
from core.process import limits, workflow
from core.requests import inputs as request_inputs
from core.requests import lists
from core.requests import view as case
from core.rulebook import replay
from db.codes import RequestStatus
from db.tables import (
    Complaint,
    Emergency,
    FollowUp,
    Improvement,
    Job,
    Limit,
    Notice,
    ServiceRequest,
)
from tests.company_cast import NOW, Company
from tests.complaint_steps import steps, take
from tests.measured_company import about

DAY = timedelta(days=1)
CONTENT = {"scores": {"result": 9}}
FORM = {"name": "form_filed", "clause": "E2", "measure": "follow_up", "unit": "working_minutes"}
FORM |= {"amount": 480, "starts": "job.finished", "met": ["job.form_filed"], "ladder": "form"}


def adopt(company: Company, *rules: dict[str, Any], **more: Any) -> None:
    """The shipped book of appliances with some limits more."""
    shipped = revisions.shipped("appliance").dump()
    form = {"name": "form", "text": {"zh_CN": "报告单", "en": "Forms"}}
    form |= {"steps": [{"after_minutes": 60, "to": "manager"}]}
    book = {
        "limits": [*shipped["limits"], *rules],
        "ladders": [*shipped["ladders"], form],
    }
    norm = Norm.model_validate(shipped | book | more)
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="测试")


def closed_by_call(company: Company, at: Any = NOW + DAY) -> tuple[int, int]:
    """A repair that was done and closed by its call; its form is not handed in: case and job."""
    case_id, call_id = company.finished()
    said = parse(followups.RecordAnswers, CONTENT)
    company.act("agent", FollowUp, call_id, said, now=at)
    assert company.get(ServiceRequest, case_id).status is RequestStatus.CLOSED
    (job,) = company.rows(Job, request_id=case_id)
    return case_id, job.id


def clocks(company: Company, case_id: int, name: str) -> list[tuple[bool, bool]]:
    """The limits of a name: whether met, whether dropped."""
    rows = company.rows(Limit, request_id=case_id, name=name)
    return [(row.met_at is not None, row.dropped_at is not None) for row in rows]


def same_again(company: Company, case_id: int, now: Any) -> None:
    """What the same rule book would have done is what it did."""
    with unit_of_work(company.engine, company["manager"], HOUSE, write=False, now=now) as uow:
        request = uow.session.get_one(ServiceRequest, case_id)
        draft = limits.norm_for(uow, request)
        outcome = replay.replay(uow, draft=draft, since=NOW.date(), until=now.date())
        assert outcome.change_count == 0
        for rate in outcome.by_clause:
            assert (rate.due_before, rate.on_time_before) == (rate.due_after, rate.on_time_after)
        old, new = replay.ledgers(uow, draft=draft, case_id=case_id)
        assert sorted((v.name, v.due_at, v.late) for v in old) == sorted(
            (v.name, v.due_at, v.late) for v in new
        )


def test_a_form_that_is_never_handed_in_stays_late(company: Company) -> None:
    adopt(company, FORM)
    case_id, job_id = closed_by_call(company)
    later = NOW + 3 * DAY
    view = company.see("agent", case.view, id=case_id, now=later)
    (form,) = [limit for limit in view.limits if limit.name == "form_filed"]
    assert (form.late, form.dropped, form.met_at) == (True, False, None)
    (row,) = company.see("dispatcher", lists.queue, name=lists.Queue.FORMS, now=later).rows
    assert (row.id, row.late, row.technician) == (case_id, True, "technician")
    assert company.see("dispatcher.stranger", lists.count, name=lists.Queue.FORMS) == 0
    sweep.run(company.engine, now=later)
    told = company.rows(Notice, person_id=company["manager"].id)
    assert [row.data["limit"] for row in told] == ["form_filed"]
    asked = {"figure": FigureName.FOLLOW_UP_RATE, "side": Side.REST}
    period = {"since": date(2026, 3, 1), "until": date(2026, 3, 31)}
    behind = company.see("manager", cases_behind, **about(asked | period), now=later)
    assert [row.id for row in behind.rows] == [case_id]
    same_again(company, case_id, later)
    company.act("dispatcher", Job, job_id, jobs.FileForm(), now=later)
    assert clocks(company, case_id, "form_filed") == [(True, False)]
    assert company.see("dispatcher", lists.count, name=lists.Queue.FORMS) == 0
    same_again(company, case_id, later + DAY)


def test_a_book_that_asks_for_no_form_has_none_to_wait_for(company: Company) -> None:
    closed_by_call(company)
    assert company.see("dispatcher", lists.count, name=lists.Queue.FORMS) == 0


def test_a_visit_that_never_came_is_owed_by_nobody_after_the_closing(company: Company) -> None:
    visit = FORM | {"name": "visit", "starts": "request.registered", "met": ["job.arrived"]}
    adopt(company, visit)
    case_id = company.register()
    company.act("agent", ServiceRequest, case_id, request_inputs.Answer(answer="电话指导后正常"))
    (call,) = company.rows(FollowUp, request_id=case_id)
    assert clocks(company, case_id, "visit") == [(False, False)]
    said = parse(followups.RecordAnswers, CONTENT)
    company.act("agent", FollowUp, call.id, said, now=NOW + DAY)
    assert clocks(company, case_id, "visit") == [(False, True)]
    same_again(company, case_id, NOW + 2 * DAY)


def test_cancelling_drops_what_can_no_longer_come(company: Company) -> None:
    sent = FORM | {"name": "visit", "starts": "job.assigned", "met": ["job.arrived"]}
    over = {"starts": "emergency.declared", "met": ["emergency.closed"], "name": "over"}
    adopt(company, FORM, sent, FORM | over)
    case_id, _job = company.dispatched()
    number = company.get(ServiceRequest, case_id).number
    declared = emergencies.DeclareEmergency(number=number, level=1, happened="漏电")
    company.do("dispatcher", emergencies.declare, declared)
    company.act("agent", ServiceRequest, case_id, request_inputs.Cancel(note="不修了"))
    assert clocks(company, case_id, "visit") == [(False, True)]
    assert clocks(company, case_id, "service_done") == [(False, True)]
    # The danger is not over because the order is.
    assert clocks(company, case_id, "over") == [(False, False)]
    same_again(company, case_id, NOW + 2 * DAY)


@pytest.fixture
def complaint(company: Company) -> int:
    """A complaint that was told and called about: its case is closed, its last steps are not."""
    later = {"measure": "step", "unit": "clock_minutes", "clause": "E14", "amount": 60}
    adopt(
        company,
        FORM | {"name": "filed", "starts": "request.registered", "met": ["complaint.closed"]},
        later | {"name": "paid", "starts": "complaint.notified", "met": ["penalty.imposed"]},
        later | {"name": "approved", "starts": "complaint.judged", "met": ["complaint.refused"]},
        later | {"name": "planned", "starts": "complaint.notified", "met": ["improvement.planned"]},
        later | {"name": "done", "starts": "improvement.planned", "met": ["improvement.done"]},
        follow_up_kinds=["complaint"],
    )
    id = company.complaint()
    take(company, id, "notified")
    case_id = company.get(Complaint, id).request_id
    (call,) = company.rows(FollowUp, request_id=case_id)
    said = parse(followups.RecordAnswers, CONTENT)
    company.act("agent", FollowUp, call.id, said, now=NOW + DAY)
    assert company.get(ServiceRequest, case_id).status is RequestStatus.CLOSED
    return id


def test_the_last_steps_of_a_complaint_stay_due(company: Company, complaint: int) -> None:
    case_id = company.get(Complaint, complaint).request_id
    runs, met, dropped = [(False, False)], [(True, False)], [(False, True)]
    names = ("filed", "paid", "planned", "approved")
    assert [clocks(company, case_id, name) for name in names] == [runs, runs, runs, dropped]
    for fact in ("penalties_settled", "improved", "closed"):
        who, command = steps(company)[fact]
        company.act(who, Complaint, complaint, command, now=NOW + 2 * DAY)
    names = ("filed", "planned", "done")
    assert [clocks(company, case_id, name) for name in names] == [met, met, runs]
    # Nobody can be held to it any more: what was late is over without it.
    assert clocks(company, case_id, "paid") == dropped
    same_again(company, case_id, NOW + 3 * DAY)
    (row,) = company.rows(Improvement)
    finish = parse(FinishImprovement, {"note": "已做"})
    company.act("support", Improvement, row.id, finish, now=NOW + 3 * DAY)
    assert clocks(company, case_id, "done") == met


def test_opening_it_again_starts_no_second_clock(company: Company, complaint: int) -> None:
    case_id = company.get(Complaint, complaint).request_id
    company.act("agent", Complaint, complaint, inputs.Reopen(note="又响了"), now=NOW + 2 * DAY)
    assert clocks(company, case_id, "filed") == [(False, False)]
    assert clocks(company, case_id, "planned") == [(False, False)]
    same_again(company, case_id, NOW + 3 * DAY)


def test_another_level_of_an_emergency_wakes_nothing_of_a_closed_case(company: Company) -> None:
    adopt(company, FORM)
    case_id, call_id = company.finished()
    number = company.get(ServiceRequest, case_id).number
    declared = emergencies.DeclareEmergency(number=number, level=1, happened="漏电")
    row = company.do("dispatcher", emergencies.declare, declared)
    said = parse(followups.RecordAnswers, CONTENT)
    company.act("agent", FollowUp, call_id, said, now=NOW + DAY)
    before = {limit.id for limit in company.rows(Limit, request_id=case_id)}
    change = emergencies.ChangeLevel(level=2, note="没有那么重")
    version = company.get(Emergency, row.id).version
    about = {"id": row.id, "command": change, "seen_version": version}
    company.do("dispatcher", workflow.act, emergencies.PROCESS, **about, now=NOW + DAY)
    added = [limit for limit in company.rows(Limit, request_id=case_id) if limit.id not in before]
    assert {limit.name for limit in added} <= {"emergency_response_lower"}
    assert clocks(company, case_id, "form_filed") == [(False, False)]
