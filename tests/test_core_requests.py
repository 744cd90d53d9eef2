"""What each action does to a request, what follows from it, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from core.followups import opinions
from core.jobs import actions as jobs
from core.jobs import view as job_view
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongStatus
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import transaction
from core.process import workflow
from core.requests import actions, inputs
from core.requests import view as case
from db.codes import Charge, ChargeReason, RequestKind, RequestStatus, WaitReason
from db.tables import FollowUp, History, Job, ServiceRequest, Visit
from tests.company_cast import NOW, REPORT, Company

COMPLAINT = {"kind": "complaint", "symptom": "师傅态度差"}
CONSULTATION = {"kind": "consultation", "symptom": "怎么清洗滤网"}


def act(company: Company, who: str, request_id: int, command: Action, **more: Any) -> Any:
    return company.act(who, ServiceRequest, request_id, command, **more)


def status(company: Company, request_id: int) -> RequestStatus:
    return company.get(ServiceRequest, request_id).status


def problems(refusal: pytest.ExceptionInfo[InvalidInput]) -> set[tuple[str, str]]:
    return {(problem.field, problem.code) for problem in refusal.value.problems}


def test_dispatch_writes_the_dispatch_record(company: Company) -> None:
    request_id = company.register()
    sent = inputs.Dispatch(technician_id=company["technician"].id, instructions="带皮带")
    act(company, "dispatcher", request_id, sent)
    (job,) = company.rows(Job, request_id=request_id)
    assert (job.technician_id, job.instructions) == (company["technician"].id, "带皮带")
    assert job.assigned_at == NOW
    assert status(company, request_id) is RequestStatus.IN_PROGRESS
    assert company.history("job", job.id) == [("assigned", "assigned", "assigned")]


def test_a_technician_of_another_station_can_be_lent(company: Company) -> None:
    request_id = company.register()
    act(company, "dispatcher", request_id, company.dispatch("technician.stranger"))
    seen = company.see("technician.stranger", job_view.of_case, case_id=request_id)
    assert [job.technician for job in seen] == ["technician.stranger"]


@pytest.mark.parametrize("who", ["agent", "manager"])
def test_only_technicians_are_sent(company: Company, who: str) -> None:
    request_id = company.register()
    with pytest.raises(InvalidInput) as refusal:
        act(company, "dispatcher", request_id, company.dispatch(who))
    assert problems(refusal) == {("technician_id", "not_an_option")}
    assert company.rows(Job) == []
    assert status(company, request_id) is RequestStatus.REGISTERED


def test_an_answer_plans_the_follow_up_call(company: Company) -> None:
    request_id = company.register()
    act(company, "agent", request_id, inputs.Answer(answer="断电重启"))
    request = company.get(ServiceRequest, request_id)
    assert (request.status, request.answer) == (RequestStatus.RESOLVED, "断电重启")
    assert (request.resolved_at, request.closed_at) == (NOW, None)
    assert len(company.rows(FollowUp, request_id=request_id)) == 1


def test_an_answered_consultation_is_closed_at_once(company: Company) -> None:
    request_id = company.register(**CONSULTATION)
    act(company, "agent", request_id, inputs.Answer(answer="每月一次"))
    request = company.get(ServiceRequest, request_id)
    assert (request.status, request.closed_at) == (RequestStatus.CLOSED, NOW)
    assert company.rows(FollowUp) == []
    facts = ["registered", "answered", "closed"]
    assert [fact for fact, _, _ in company.history("request", request_id)] == facts


def test_a_remark_on_a_resolved_request_changes_nothing_else(company: Company) -> None:
    request_id, call_id = company.finished()
    act(company, "agent", request_id, inputs.Remark(note="客户来电道谢"))
    assert status(company, request_id) is RequestStatus.RESOLVED
    assert [call.id for call in company.rows(FollowUp)] == [call_id]


def test_a_job_of_a_complaint_does_not_settle_it(company: Company) -> None:
    # Jobs of complaints stem from before complaints had steps of their own.
    request_id, job_id = company.dispatched()
    with transaction(company.engine, write=True) as session:
        session.get_one(ServiceRequest, request_id).kind = RequestKind.COMPLAINT
    window = {"agreed_from": NOW, "agreed_to": NOW + timedelta(hours=2)}
    for step in (jobs.AgreeVisit(**window), jobs.Arrive(), parse(jobs.FinishJob, REPORT)):
        company.act("technician", Job, job_id, step)
    assert company.get(Job, job_id).status == "done"
    assert status(company, request_id) is RequestStatus.IN_PROGRESS


def test_cancelling_withdraws_the_open_job(company: Company) -> None:
    request_id, job_id = company.dispatched()
    act(company, "agent", request_id, inputs.Cancel(note="客户不修了"))
    request = company.get(ServiceRequest, request_id)
    assert (request.status, request.closed_at) == (RequestStatus.CANCELLED, NOW)
    assert company.get(Job, job_id).status == "cancelled"
    assert company.rows(Visit) == []
    assert company.history("job", job_id)[-1] == ("cancelled", "assigned", "cancelled")


def test_waiting_and_resuming(company: Company) -> None:
    request_id = company.register()
    act(company, "agent", request_id, inputs.Wait(reason=WaitReason.PART, note="等皮带"))
    assert company.get(ServiceRequest, request_id).wait_reason is WaitReason.PART
    act(company, "agent", request_id, inputs.Resume(note="到货"))
    assert company.get(ServiceRequest, request_id).wait_reason is None
    (waiting,) = company.rows(History, action="waiting")
    assert (waiting.note, waiting.data) == ("等皮带", {"reason": "part"})


def test_what_ends_a_case_ends_its_waiting(company: Company) -> None:
    for command in (inputs.Answer(answer="好了"), inputs.Cancel(note="重复登记")):
        request_id = company.register()
        act(company, "agent", request_id, inputs.Wait(reason=WaitReason.CUSTOMER, note="等回电"))
        act(company, "agent", request_id, command)
        assert company.get(ServiceRequest, request_id).wait_reason is None


def test_handing_over_by_name(company: Company) -> None:
    request_id = company.register()
    heir = company["agent.colleague"]
    act(company, "agent", request_id, inputs.HandOver(owner_id=heir.id, note="下班"))
    assert company.get(ServiceRequest, request_id).owner_id == heir.id
    (row,) = company.rows(History, action="handed_over")
    assert row.data == {"from": company["agent"].id, "to": heir.id, "to_name": heir.name}


@pytest.mark.parametrize(("heir", "code"), [("agent", "same_owner"), ("auditor", "not_an_option")])
def test_handing_over_to_the_wrong_person(company: Company, heir: str, code: str) -> None:
    request_id = company.register()
    with pytest.raises(InvalidInput) as refusal:
        act(company, "agent", request_id, inputs.HandOver(owner_id=company[heir].id))
    assert problems(refusal) == {("owner_id", code)}
    assert company.rows(History, action="handed_over") == []


def test_the_owner_sees_the_case_at_another_station(company: Company) -> None:
    request_id = company.register()
    stranger = company["agent.stranger"]
    with pytest.raises(NotFound):
        company.see("agent.stranger", case.view, id=request_id)
    act(company, "agent", request_id, inputs.HandOver(owner_id=stranger.id))
    assert company.see("agent.stranger", case.view, id=request_id).owner == stranger.name


def test_moving_to_another_station(company: Company) -> None:
    request_id = company.register()
    act(company, "agent", request_id, inputs.MoveStation(station_id=company.SOUTH))
    assert company.get(ServiceRequest, request_id).station_id == company.SOUTH
    assert company.see("agent.stranger", case.view, id=request_id).station == "South"
    with pytest.raises(NotFound):
        company.see("agent.colleague", case.view, id=request_id)


def test_moving_to_a_station_that_is_not_there(company: Company) -> None:
    request_id = company.register()
    with pytest.raises(InvalidInput) as refusal:
        act(company, "agent", request_id, inputs.MoveStation(station_id=77))
    assert problems(refusal) == {("station_id", "not_an_option")}


def test_free_or_paid_is_decided_with_its_reason(company: Company) -> None:
    request_id = company.register()
    found = {"charge": Charge.PAID, "charge_reason": ChargeReason.NOT_MAKERS_FAULT}
    act(company, "technician", request_id, inputs.SetCharge(**found, note="进水"))
    request = company.get(ServiceRequest, request_id)
    assert {"charge": request.charge, "charge_reason": request.charge_reason} == found
    (row,) = company.rows(History, action="charge_set")
    assert row.data == {
        "charge": ["free", "paid"],
        "before": "in_warranty",
        "reason": "not_makers_fault",
    }


def test_a_correction_keeps_what_was_written_before(company: Company) -> None:
    request_id = company.register()
    correction = {"contact": "王太太", "phone": "０２５-8888 6666", "address": "中山路1号"}
    act(company, "agent", request_id, inputs.Correct(**correction, symptom="漏水"))
    request = company.get(ServiceRequest, request_id)
    assert (request.contact, request.phone_key) == ("王太太", "862588886666")
    (row,) = company.rows(History, action="corrected")
    assert row.data["symptom"] == ["洗衣机不转了", "漏水"]
    assert row.data["fault_area"] == ["function", None]


def test_a_complaint_is_acknowledged(company: Company) -> None:
    request_id = company.register(**COMPLAINT)
    told = inputs.Acknowledge(channel="hotline", note="已联系客户")
    act(company, "handler", request_id, told)
    assert status(company, request_id) is RequestStatus.IN_PROGRESS
    (row,) = company.rows(History, action="acknowledged")
    assert (row.note, row.data) == ("已联系客户", {"channel": "hotline"})
    assert company.get(ServiceRequest, request_id).acknowledged_at == NOW


STALE: list[Action] = [
    inputs.Answer(answer="好了"),
    inputs.Cancel(note="重复"),
    inputs.Correct(symptom="不排水"),
    inputs.Remark(note="催"),
    inputs.SetCharge(charge="paid", charge_reason="not_makers_fault"),
    inputs.Wait(reason="part", note="等"),
]


@pytest.mark.parametrize("command", STALE, ids=lambda command: command.name)
def test_somebody_was_faster(company: Company, command: Action) -> None:
    request_id = company.register()
    act(company, "agent.colleague", request_id, inputs.Remark(note="先到"))
    with pytest.raises(Stale) as refusal:
        act(company, "agent", request_id, command, seen_version=1)
    assert refusal.value.details["version"] == 2
    assert [fact for fact, _, _ in company.history("request", request_id)] == [
        "registered",
        "remarked",
    ]


def test_the_same_dispatch_twice(company: Company) -> None:
    request_id, _ = company.dispatched()
    with pytest.raises(Stale):
        act(company, "dispatcher", request_id, company.dispatch(), seen_version=1)
    with pytest.raises(WrongStatus):
        act(company, "dispatcher", request_id, company.dispatch())
    assert len(company.rows(Job)) == 1


@pytest.mark.parametrize("request_id", [424242, 0, -1, 2**31, 2**63, 10**30])
def test_a_case_that_is_not_there(company: Company, request_id: int) -> None:
    with pytest.raises(NotFound):
        company.do(
            "manager",
            workflow.act,
            actions.PROCESS,
            id=request_id,
            command=inputs.Remark(note="?"),
            seen_version=1,
        )
    with pytest.raises(NotFound):
        company.see("manager", case.view, id=request_id)


def test_too_low_a_role_learns_nothing_from_the_version(company: Company) -> None:
    request_id = company.register()
    with pytest.raises(NotAllowed):
        act(company, "warehouse", request_id, company.dispatch(), seen_version=99)


def test_the_case_page_shows_what_happened(company: Company) -> None:
    request_id, _ = company.finished()
    shown = company.see("agent", case.view, id=request_id)
    assert shown.status is RequestStatus.RESOLVED
    assert [event.action for event in shown.timeline] == [
        *("registered", "dispatched", "assigned", "visit_agreed", "arrived", "finished"),
        *("job_finished", "planned"),
    ]
    assert [
        job.work_done for job in company.see("agent", job_view.of_case, case_id=request_id)
    ] == ["更换皮带"]
    calls = company.see("agent", opinions.of_case, case_id=request_id)
    assert [call.attempts for call in calls] == [0]
    assert [rule.fact for rule in shown.actions] == ["remarked", "paper_given"]
    assert shown.customer.name == "王小明"
    assert shown.asset is not None
    assert shown.asset.in_warranty is True
