"""Whoever is sent or handed a case is told at once, and whoever loses it; nobody of the own act."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.complaints import inputs as complaints
from core.improvements import actions as improvements
from core.jobs import actions as jobs
from core.kernel.unit_of_work import transaction
from core.notices import notices
from core.process import workflow
from core.requests import inputs
from core.suggestions import actions as suggestions
from db.codes import Language, NoticeKind
from db.tables import Complaint, Improvement, Job, Notice, Person, ServiceRequest, Suggestion
from pages.ui.notices.lines import line
from tests.company_cast import NOW, Company, meet
from tests.complaint_steps import DUE, measure, take

GIVEN, TAKEN = NoticeKind.ASSIGNED, NoticeKind.WITHDRAWN


def told(company: Company) -> list[tuple[str, NoticeKind, str]]:
    """Who was told, how, and of which fact; in the order in which it happened."""
    names = {actor.id: name for name, actor in company.people.items()}
    kinds = [row for row in company.rows(Notice) if row.kind in (GIVEN, TAKEN)]
    return [(names[row.person_id], row.kind, row.data.get("fact", "")) for row in kinds]


def number(company: Company, case_id: int) -> str:
    return str(company.get(ServiceRequest, case_id).number)


def change(company: Company, who: str, **facts: Any) -> Company:
    """The company after somebody was moved elsewhere."""
    with transaction(company.engine, write=True) as session:
        session.execute(update(Person).where(Person.username == who).values(**facts))
    return meet(company.engine)


def test_who_is_sent_is_told_and_who_sent_is_not(company: Company) -> None:
    case_id, job_id = company.dispatched()
    assert told(company) == [("technician", GIVEN, "job.assigned")]
    (notice,) = company.see("technician", notices.inbox).rows
    assert (notice.case_id, notice.number) == (case_id, number(company, case_id))
    assert notice.data == {"fact": "job.assigned", "job": job_id}
    assert company.see("technician", notices.newest_unread).unread == 1
    assert company.see("dispatcher", notices.newest_unread).unread == 0


def test_somebody_else_is_sent_and_both_are_told(company: Company) -> None:
    case_id, job_id = company.dispatched()
    stranger = company["technician.stranger"].id or 0
    company.act("dispatcher", Job, job_id, jobs.Reassign(technician_id=stranger))
    assert set(told(company)[1:]) == {
        ("technician.stranger", GIVEN, "job.reassigned"),
        ("technician", TAKEN, "job.reassigned"),
    }
    # Lent from another station, and it goes back: what it was about is named even so.
    back = company["technician"].id or 0
    company.act("dispatcher", Job, job_id, jobs.Reassign(technician_id=back))
    newest = company.see("technician.stranger", notices.inbox).rows[0]
    assert (newest.kind, newest.case_id) == (TAKEN, None)
    assert newest.number == number(company, case_id)


@pytest.mark.parametrize("fact", ["job.withdrawn", "job.cancelled"])
def test_who_need_not_go_is_told(company: Company, fact: str) -> None:
    case_id, job_id = company.dispatched()
    if fact == "job.withdrawn":
        company.act("dispatcher", Job, job_id, jobs.WithdrawJob(note="客户暂缓"))
    else:
        company.act("agent", ServiceRequest, case_id, inputs.Cancel(note="不修了"))
    assert told(company)[1:] == [("technician", TAKEN, fact)]


def test_a_visit_that_a_manager_agrees_is_told_to_who_has_to_keep_it(company: Company) -> None:
    _, own = company.dispatched()
    _, entered = company.dispatched("technician.colleague", phone="13900001111")
    before = len(told(company))
    window = {"agreed_from": NOW, "agreed_to": NOW + timedelta(hours=2)}
    company.act("technician", Job, own, jobs.AgreeVisit(**window))
    assert len(told(company)) == before
    company.act("manager", Job, entered, jobs.AgreeVisit(**window))
    later = {name: moment + timedelta(hours=1) for name, moment in window.items()}
    company.act("manager", Job, entered, jobs.MoveVisit(**later, note="客户改期"))
    assert told(company)[before:] == [
        ("technician.colleague", GIVEN, "job.visit_agreed"),
        ("technician.colleague", GIVEN, "job.visit_moved"),
    ]


def hand_over(company: Company, who: str, case_id: int, to: str) -> None:
    command = inputs.HandOver(owner_id=company[to].id or 0)
    company.act(who, ServiceRequest, case_id, command)


def test_the_new_owner_is_told_and_the_former_one_where_somebody_else_did_it(
    company: Company,
) -> None:
    case_id = company.register()
    hand_over(company, "agent", case_id, "support")
    assert told(company) == [("support", GIVEN, "request.handed_over")]
    hand_over(company, "manager", case_id, "agent.colleague")
    assert set(told(company)[1:]) == {
        ("agent.colleague", GIVEN, "request.handed_over"),
        ("support", TAKEN, "request.handed_over"),
    }
    # Taken on by one's own hand.
    hand_over(company, "agent", case_id, "agent")
    assert told(company)[3:] == [("agent.colleague", TAKEN, "request.handed_over")]


def test_the_station_that_a_case_goes_to_is_told(company: Company) -> None:
    case_id = company.register()
    south = inputs.MoveStation(station_id=company.SOUTH)
    company.act("agent", ServiceRequest, case_id, south)
    assert told(company) == [("dispatcher.stranger", GIVEN, "request.station_moved")]
    (notice,) = company.see("dispatcher.stranger", notices.inbox).rows
    assert notice.case_id == case_id


def test_at_a_station_without_a_dispatcher_the_agents_are_told_else_the_manager(
    company: Company,
) -> None:
    company = change(company, "dispatcher.stranger", active=False)
    south = inputs.MoveStation(station_id=company.SOUTH)
    company.act("agent", ServiceRequest, company.register(), south)
    assert told(company) == [("agent.stranger", GIVEN, "request.station_moved")]
    company = change(company, "agent.stranger", active=False)
    case_id = company.register(phone="13900001111")
    company.act("agent", ServiceRequest, case_id, south)
    assert told(company)[1:] == [("manager", GIVEN, "request.station_moved")]


def assign(company: Company, id: int, handler: str | None, **facts: Any) -> None:
    handler_id = company[handler].id if handler else None
    command = complaints.Assign(department="quality_control", handler_id=handler_id, **facts)
    company.act("manager", Complaint, id, command)


def test_a_complaint_goes_to_a_department_and_from_one_person_to_another(
    company: Company,
) -> None:
    id = company.complaint()
    take(company, id, "judged")
    # Nobody heads quality control: everybody there is told.
    assign(company, id, None)
    assert told(company) == [("quality", GIVEN, "")]
    assign(company, id, "handler", reason="熟悉情况")
    assign(company, id, "leader", reason="请领导处理")
    assert sorted(told(company)[1:]) == [
        ("handler", GIVEN, ""),
        ("handler", TAKEN, "complaint.assigned"),
        ("leader", GIVEN, ""),
    ]


def test_nobody_is_handed_a_complaint_about_themselves(company: Company) -> None:
    id = company.complaint(about_id=company["quality"].id)
    company.act("handler", Complaint, id, complaints.Judge(nature="product_quality"))
    assign(company, id, None)
    assert told(company) == []


@pytest.mark.parametrize("ending", ["merged", "withdrawn"])
def test_who_has_a_complaint_is_told_that_it_is_over(company: Company, ending: str) -> None:
    first = company.complaint()
    request = company.get(ServiceRequest, company.get(Complaint, first).request_id)
    id = company.complaint(customer_id=request.customer_id)
    take(company, id, "judged")
    assign(company, id, "handler", reason="熟悉情况")
    if ending == "merged":
        merge = complaints.Merge(number=request.number)
        company.act("quality", Complaint, id, merge)
    else:
        case_id = company.get(Complaint, id).request_id
        company.act("agent", ServiceRequest, case_id, inputs.Cancel(note="顾客撤诉"))
    assert told(company)[-1] == ("handler", TAKEN, f"complaint.{ending}")


def test_who_owes_the_customer_the_answer_is_told_what_was_decided(company: Company) -> None:
    id = company.complaint()
    take(company, id, "approved")
    assert told(company)[-1] == ("agent", GIVEN, "complaint.approved")
    (planner,) = company.rows(Notice, kind=NoticeKind.PLAN_DECIDED)
    assert planner.person_id == company["quality"].id


def test_a_complaint_that_comes_back_is_told_to_who_had_it(company: Company) -> None:
    id = company.complaint()
    to_leader = complaints.Assign(department="quality_control", handler_id=company["leader"].id)
    take(company, id, "notified", assigned=("manager", to_leader))
    company.act("agent", Complaint, id, complaints.Reopen(note="又响了"))
    names = {actor.id: name for name, actor in company.people.items()}
    rows = company.rows(Notice, kind=NoticeKind.REOPENED)
    assert sorted(names[row.person_id] for row in rows) == ["leader", "manager"]


def test_a_suggestion_that_went_to_the_wrong_place_is_taken_back(company: Company) -> None:
    case_id = company.register(kind="suggestion", symptom="晚上也能上门")
    (row,) = company.rows(Suggestion, request_id=case_id)
    for handler in ("handler", "leader"):
        command = suggestions.PassOn(handler_id=company[handler].id)
        version = company.get(Suggestion, row.id).version
        given = {"id": row.id, "command": command, "seen_version": version}
        company.do("agent", workflow.act, suggestions.PROCESS, **given)
    assert sorted(told(company)) == [
        ("handler", GIVEN, ""),
        ("handler", TAKEN, "suggestion.passed_on"),
        ("leader", GIVEN, ""),
    ]


def test_a_measure_that_goes_to_another_owner_is_told_to_both(company: Company) -> None:
    id = company.complaint()
    take(company, id, "penalties_settled")
    company.act("manager", Complaint, id, measure(company))
    (row,) = company.rows(Improvement)
    owner = company["dispatcher"].id or 0
    move = improvements.MoveImprovement(owner_id=owner, due_on=DUE, note="调岗")
    company.act("manager", Improvement, row.id, move)
    names = {actor.id: name for name, actor in company.people.items()}
    due = [names[n.person_id] for n in company.rows(Notice, kind=NoticeKind.IMPROVEMENT)]
    assert due == ["support", "dispatcher"]
    assert told(company)[-1] == ("support", TAKEN, "improvement.moved")


SAID = [
    (GIVEN, "job.assigned", "派给您的工单，请与客户预约"),
    (GIVEN, "job.reassigned", "派给您的工单，请与客户预约"),
    (GIVEN, "job.visit_agreed", "已为您约好上门时间"),
    (GIVEN, "job.visit_moved", "您的上门时间已改"),
    (GIVEN, "request.handed_over", "转交给您"),
    (GIVEN, "request.station_moved", "转到您的网点"),
    (GIVEN, "complaint.approved", "已有决定，请告知客户"),
    (GIVEN, "complaint.refused", "已有决定，请告知客户"),
    (TAKEN, "job.reassigned", "已改派他人"),
    (TAKEN, "job.withdrawn", "派工已撤回，不必上门"),
    (TAKEN, "job.cancelled", "服务单已取消，不必上门"),
    (TAKEN, "request.handed_over", "已转交他人"),
    (TAKEN, "complaint.assigned", "已不由您负责"),
    (TAKEN, "improvement.moved", "已不由您负责"),
]


@pytest.mark.parametrize(("kind", "fact", "said"), SAID)
def test_what_is_said_of_it(kind: NoticeKind, fact: str, said: str) -> None:
    assert line(kind, {"fact": fact}, Language.ZH) == said
    assert line(kind, {"fact": fact}, Language.EN).isascii()
