"""Jobs on site: the agreed window, the visits, the report, the money, and other hands."""

from datetime import timedelta
from typing import Any

import pytest

from core.jobs import actions as jobs
from core.jobs import worksheet
from core.jobs.unfinished import EndVisit
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongStatus
from core.kernel.inputs import Action, parse
from core.process import workflow
from core.requests import inputs
from db.codes import JobResult, JobStatus, OrderStatus, RequestStatus, VisitOutcome
from db.tables import FollowUp, History, Job, PartOrder, PartOrderLine, ServiceRequest, Visit
from tests import stocked
from tests.company_cast import NOW, REPORT, Company

HOUR = timedelta(hours=1)
OUT_OF_WARRANTY = {"purchased_on": "2020-01-01"}


def act(company: Company, who: str, job_id: int, command: Action, **more: Any) -> Any:
    return company.act(who, Job, job_id, command, **more)


def agree(start: timedelta = HOUR, length: timedelta = HOUR) -> jobs.AgreeVisit:
    return jobs.AgreeVisit(agreed_from=NOW + start, agreed_to=NOW + start + length)


def move(start: timedelta) -> jobs.MoveVisit:
    window = {"agreed_from": NOW + start, "agreed_to": NOW + start + HOUR}
    return jobs.MoveVisit(**window, note="客户改期")


def on_site(company: Company, **facts: Any) -> tuple[int, int]:
    request_id, job_id = company.dispatched(**facts)
    act(company, "technician", job_id, agree())
    act(company, "technician", job_id, jobs.Arrive())
    return request_id, job_id


def report(**facts: Any) -> jobs.FinishJob:
    return parse(jobs.FinishJob, REPORT | facts)


def codes(refusal: pytest.ExceptionInfo[InvalidInput]) -> set[tuple[str, str]]:
    return {(problem.field, problem.code) for problem in refusal.value.problems}


def test_a_visit_is_agreed_and_made(company: Company) -> None:
    _, job_id = company.dispatched()
    act(company, "technician", job_id, agree())
    (visit,) = company.rows(Visit, job_id=job_id)
    assert (visit.agreed_from, visit.agreed_to) == (NOW + HOUR, NOW + 2 * HOUR)
    assert (visit.sequence, visit.technician_id) == (1, company["technician"].id)
    arrival = NOW + HOUR
    act(company, "technician", job_id, jobs.Arrive(), now=arrival)
    (visit,) = company.rows(Visit, job_id=job_id)
    assert (visit.arrived_at, visit.ended_at) == (arrival, None)


def test_the_report_resolves_the_request(company: Company) -> None:
    request_id, job_id = on_site(company, **OUT_OF_WARRANTY)
    end = NOW + 2 * HOUR
    company.priced(request_id, 12_000)
    act(company, "technician", job_id, report(parts="皮带 1"), now=end)
    job = company.get(Job, job_id)
    assert (job.status, job.result, job.finished_at) == (JobStatus.DONE, JobResult.FIXED, end)
    assert (job.labour_cents, job.parts_cents, job.parts) == (12_000, 0, "皮带 1")
    assert (job.cause, job.work_done, job.confirmed_by) == ("皮带断裂", "更换皮带", "王小明")
    (visit,) = company.rows(Visit, job_id=job_id)
    assert (visit.outcome, visit.ended_at) == (VisitOutcome.DONE, end)
    request = company.get(ServiceRequest, request_id)
    assert (request.status, request.resolved_at) == (RequestStatus.RESOLVED, end)
    assert len(company.rows(FollowUp, request_id=request_id)) == 1
    (row,) = company.rows(History, subject="job", action="finished")
    assert (row.data["result"], row.data["cents"]) == ("fixed", 12_000)


@pytest.mark.parametrize("cents", [2_147_483_648, 100_000_000_00])
def test_large_sums_fit(company: Company, cents: int) -> None:
    case_id, job_id = on_site(company, **OUT_OF_WARRANTY)
    company.priced(case_id, cents)
    act(company, "technician", job_id, report())
    assert company.get(Job, job_id).labour_cents == cents


def test_a_second_visit_after_an_unfinished_one(company: Company) -> None:
    _, job_id = on_site(company)
    left = EndVisit(outcome=VisitOutcome.UNFINISHED, note="缺配件")
    act(company, "technician", job_id, left)
    assert company.get(Job, job_id).status is JobStatus.UNFINISHED
    act(company, "technician", job_id, agree(24 * HOUR))
    first, second = company.rows(Visit, job_id=job_id)
    assert (first.outcome, first.note) == (VisitOutcome.UNFINISHED, "缺配件")
    assert (second.sequence, second.outcome) == (2, None)


def test_the_next_visit_and_its_parts_follow_in_one_step(company: Company) -> None:
    belt = stocked.part(company)
    stocked.deliver(company, belt, 3)
    case_id, job_id = on_site(company)
    form = {"process": jobs.PROCESS, "record_id": job_id, "action": EndVisit}
    offered = company.see("technician", workflow.form, **form).options
    assert offered["parts"] == {belt: "皮带 WM-B10 · 3件"}
    lines = [{"part_id": belt, "quantity": 2}]
    facts = {"outcome": "unfinished", "note": "皮带断了", "order_lines": lines}
    facts |= {"tools_wanted": "张紧器"}
    next_day = {"agreed_from": NOW + 24 * HOUR, "agreed_to": NOW + 26 * HOUR}
    act(company, "technician", job_id, parse(EndVisit, facts | next_day))
    steps = company.history("job", job_id)[-2:]
    assert steps == [
        ("visit_ended", "on_site", "unfinished"),
        ("visit_agreed", "unfinished", "agreed"),
    ]
    before, following = company.rows(Visit, job_id=job_id)
    assert (before.note, before.tools_wanted) == ("皮带断了", "张紧器")
    assert (following.agreed_from, following.outcome) == (NOW + 24 * HOUR, None)
    (order,) = company.rows(PartOrder, job_id=job_id)
    assert (order.status, order.technician_id) == (OrderStatus.ASKED, company["technician"].id)
    assert (order.station_id, order.case_id, order.note) == (Company.NORTH, case_id, "皮带断了")
    assert [(r.part_id, r.quantity) for r in company.rows(PartOrderLine)] == [(belt, 2)]
    sheet = company.see("technician", worksheet.sheet, id=job_id)
    assert (sheet.left_open, sheet.tools_wanted) == ("皮带断了", "张紧器")


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"agreed_from": NOW + HOUR}, ("agreed_to", "missing")),
        ({"agreed_to": NOW + HOUR}, ("agreed_from", "missing")),
        ({"agreed_from": NOW + HOUR, "agreed_to": NOW + HOUR}, ("agreed_to", "window")),
        ({"agreed_from": NOW - 2 * HOUR, "agreed_to": NOW - HOUR}, ("agreed_to", "in_the_past")),
        ({"order_lines": [{"part_id": 99}]}, ("order_lines.0.part_id", "not_an_option")),
    ],
)
def test_what_follows_is_checked_before_anything_is_written(
    sqlite_company: Company, facts: dict[str, Any], problem: tuple[str, str]
) -> None:
    _, job_id = on_site(sqlite_company)
    with pytest.raises(InvalidInput) as refusal:
        left = parse(EndVisit, {"outcome": "unfinished", "note": "缺件"} | facts)
        act(sqlite_company, "technician", job_id, left)
    assert codes(refusal) == {problem}
    assert sqlite_company.get(Job, job_id).status is JobStatus.ON_SITE
    assert not sqlite_company.rows(PartOrder)


@pytest.mark.parametrize("outcome", [VisitOutcome.DONE, VisitOutcome.MOVED])
def test_a_visit_cannot_end_in_other_ways(company: Company, outcome: VisitOutcome) -> None:
    _, job_id = on_site(company)
    with pytest.raises(InvalidInput) as refusal:
        act(company, "technician", job_id, EndVisit(outcome=outcome, note="?"))
    assert codes(refusal) == {("outcome", "not_an_option")}


def test_moving_a_visit_keeps_the_first_window(company: Company) -> None:
    _, job_id = company.dispatched()
    act(company, "technician", job_id, agree())
    act(company, "technician", job_id, move(5 * HOUR))
    first, second = company.rows(Visit, job_id=job_id)
    assert (first.agreed_from, first.outcome) == (NOW + HOUR, VisitOutcome.MOVED)
    assert (second.agreed_from, second.outcome) == (NOW + 5 * HOUR, None)
    assert company.history("job", job_id)[-1] == ("visit_moved", "agreed", "agreed")


@pytest.mark.parametrize(
    ("window", "problem"),
    [
        ({"agreed_from": NOW, "agreed_to": NOW}, ("form", "window")),
        ({"agreed_from": NOW, "agreed_to": NOW + 48 * HOUR}, ("form", "window_long")),
        ({"agreed_from": NOW}, ("agreed_to", "missing")),
        ({"agreed_from": "1900-01-01T00:00Z", "agreed_to": NOW}, ("agreed_from", "year")),
        ({"agreed_from": "2026-03-02T10:00", "agreed_to": NOW}, ("agreed_from", "timezone_aware")),
    ],
)
def test_windows_that_are_none(window: dict[str, Any], problem: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse(jobs.AgreeVisit, window)
    assert codes(refusal) == {problem}


def test_a_window_in_the_past_is_refused(company: Company) -> None:
    _, job_id = company.dispatched()
    with pytest.raises(InvalidInput) as refusal:
        act(company, "technician", job_id, agree(-3 * HOUR))
    assert codes(refusal) == {("agreed_to", "in_the_past")}
    assert company.rows(Visit) == []


def test_somebody_else_is_sent_and_agrees_anew(company: Company) -> None:
    _, job_id = company.dispatched()
    act(company, "technician", job_id, agree())
    other = company["technician.colleague"].id
    act(company, "dispatcher", job_id, jobs.Reassign(technician_id=other, note="病假"))
    job = company.get(Job, job_id)
    assert (job.status, job.technician_id) == (JobStatus.ASSIGNED, other)
    (visit,) = company.rows(Visit, job_id=job_id)
    assert visit.outcome is VisitOutcome.CANCELLED
    with pytest.raises(NotAllowed):
        act(company, "technician", job_id, agree())
    act(company, "technician.colleague", job_id, agree())
    assert [v.sequence for v in company.rows(Visit, job_id=job_id)] == [1, 2]


@pytest.mark.parametrize(("name", "code"), [("technician", "same_technician"), ("agent", None)])
def test_reassigning_to_the_wrong_person(company: Company, name: str, code: str | None) -> None:
    _, job_id = company.dispatched()
    with pytest.raises(InvalidInput) as refusal:
        act(company, "dispatcher", job_id, jobs.Reassign(technician_id=company[name].id))
    assert codes(refusal) == {("technician_id", code or "not_an_option")}


def test_a_withdrawn_job_puts_its_request_back(company: Company) -> None:
    request_id, job_id = company.dispatched()
    act(company, "dispatcher", job_id, jobs.WithdrawJob(note="派错了"))
    assert company.get(Job, job_id).status is JobStatus.CANCELLED
    assert company.get(ServiceRequest, request_id).status is RequestStatus.REGISTERED
    company.act("dispatcher", ServiceRequest, request_id, company.dispatch("technician.colleague"))
    assert [job.status for job in company.rows(Job)] == [JobStatus.CANCELLED, JobStatus.ASSIGNED]


def test_a_colleague_may_not_work_on_it_and_a_stranger_does_not_see_it(company: Company) -> None:
    _, job_id = company.dispatched()
    with pytest.raises(NotAllowed):
        act(company, "technician.colleague", job_id, agree())
    with pytest.raises(NotFound):
        act(company, "technician.stranger", job_id, agree())
    assert company.get(Job, job_id).status is JobStatus.ASSIGNED


def test_a_lent_technician_works_at_the_other_station(company: Company) -> None:
    request_id, job_id = company.dispatched("technician.stranger")
    for command in (agree(), jobs.Arrive(), report()):
        act(company, "technician.stranger", job_id, command)
    assert company.get(ServiceRequest, request_id).status is RequestStatus.RESOLVED


def test_a_manager_enters_the_report_for_a_technician(company: Company) -> None:
    _, job_id = on_site(company)
    act(company, "manager", job_id, report())
    (row,) = company.rows(History, subject="job", action="finished")
    assert row.actor_id == company["manager"].id


def test_the_report_twice(company: Company) -> None:
    _, job_id = on_site(company)
    version = company.get(Job, job_id).version
    act(company, "technician", job_id, report(), seen_version=version)
    with pytest.raises(Stale):
        act(company, "technician", job_id, report(), seen_version=version)
    with pytest.raises(WrongStatus):
        act(company, "technician", job_id, report())
    assert len(company.rows(History, subject="job", action="finished")) == 1


def test_all_gaps_of_a_report_are_named_at_once() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse(jobs.FinishJob, {"result": "eaten", "labour_cents": 1})
    assert codes(refusal) == {
        ("result", "enum"),
        ("cause", "missing"),
        ("work_done", "missing"),
        ("confirmed_by", "missing"),
        ("labour_cents", "extra_forbidden"),
    }


def test_nobody_has_confirmed_a_report_before_it_is_said(company: Company) -> None:
    _, job_id = on_site(company)
    ask = {"process": jobs.PROCESS, "record_id": job_id, "action": jobs.FinishJob}
    shown = company.see("technician", workflow.form, **ask)
    assert not shown.values["confirmed_by"]


def test_finishing_while_the_request_is_cancelled(company: Company) -> None:
    request_id, job_id = on_site(company)
    company.act("agent", ServiceRequest, request_id, inputs.Cancel(note="客户不修了"))
    with pytest.raises(WrongStatus):
        act(company, "technician", job_id, report())
    assert company.get(ServiceRequest, request_id).status is RequestStatus.CANCELLED
