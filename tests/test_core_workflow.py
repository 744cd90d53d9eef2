"""Requests, jobs and calls: every action in every status by everybody, as the cells below say."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from core.followups import actions as followups
from core.house import HOUSE
from core.jobs import actions as jobs
from core.jobs.calls import CallOutcome, NoteCall
from core.jobs.report import FinishAnyway
from core.jobs.signing import AcceptReport, SignReport
from core.jobs.ticks import Tick
from core.jobs.unfinished import EndVisit
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from core.process.rules import Process
from core.requests import actions as requests
from core.requests import inputs
from db.codes import (
    Channel,
    Charge,
    ChargeReason,
    ComplaintStatus,
    FollowUpStatus,
    JobStatus,
    RequestKind,
    RequestStatus,
    WaitReason,
)
from db.tables import Customer
from tests import stored_rows
from tests.company_cast import NOW, REPORT, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

DESK = "agent dispatcher support handler manager"
STAFF = f"{DESK} technician quality warehouse finance leader"
OPEN = "registered registered+waiting in_progress in_progress+waiting"
WRITTEN = f"{OPEN} resolved closed"
# A customer besides the one whose case it is.
OTHER = 900
FRESH, GOING = "registered registered+waiting", "in_progress in_progress+waiting"


REVIEWERS = "agent quality handler manager leader"
WAITERS = f"{DESK} technician quality"
GENEROUS = "agent handler manager leader"
# Nobody who is named in a complaint handles its case; a remark is free to all.
NAMED = {"not_for": "named"}
REQUEST_CELLS = (
    Cells("dispatch", "dispatched", FRESH, "in_progress", "dispatcher manager", "repair"),
    Cells("dispatch_anyway", "dispatched", FRESH, "in_progress", "manager", "repair"),
    Cells("acknowledge", "acknowledged", FRESH, "in_progress", REVIEWERS, "complaint", **NAMED),
    Cells("acknowledge", "acknowledged", GOING, None, REVIEWERS, "complaint", **NAMED),
    Cells("acknowledge", "acknowledged", OPEN, None, f"{DESK} quality", "repair"),
    Cells("guide", "guided", FRESH, None, f"{DESK} quality", "repair"),
    Cells("set_way", "way_set", OPEN, None, STAFF, "repair"),
    Cells("answer", "answered", FRESH, "resolved", f"{DESK} quality", "repair"),
    Cells("wait", "waiting", "registered in_progress", None, WAITERS, **NAMED),
    Cells("put_off", "waiting", "registered in_progress", None, WAITERS, **NAMED),
    Cells("resume", "resumed", "registered+waiting in_progress+waiting", None, WAITERS, **NAMED),
    Cells("hand_over", "handed_over", OPEN, None, DESK, **NAMED),
    Cells("move_station", "station_moved", FRESH, None, DESK, **NAMED),
    Cells("set_charge", "charge_set", OPEN, None, STAFF, "repair"),
    Cells("waive_charge", "charge_set", OPEN, None, GENEROUS, "repair"),
    Cells("correct", "corrected", OPEN, None, STAFF, **NAMED),
    Cells("promise", "promised", OPEN, None, STAFF, **NAMED),
    Cells("reclassify", "reclassified", OPEN, None, STAFF, **NAMED),
    Cells("change_customer", "customer_changed", WRITTEN, None, STAFF, **NAMED),
    Cells("change_piece", "piece_changed", WRITTEN, None, STAFF, **NAMED),
    Cells("change_kind", "kind_changed", FRESH, None, STAFF, **NAMED),
    Cells("change_kind", "kind_changed", GOING, None, STAFF, "repair"),
    Cells("change_kind", "kind_changed", GOING, "registered", STAFF, "complaint", **NAMED),
    Cells("remark", "remarked", f"{OPEN} resolved", None, STAFF),
    Cells("give_paper", "paper_given", f"{OPEN} resolved closed", None, STAFF),
    Cells("urge", "urged", OPEN, None, DESK),
    Cells("cancel", "cancelled", OPEN, "cancelled", DESK, **NAMED),
)
TO_AGREE = "assigned unfinished assigned+planned unfinished+planned"
AGREED = "agreed agreed+planned"
PLANNED = "assigned+planned agreed+planned unfinished+planned"
OFF_SITE = f"assigned agreed unfinished {PLANNED}"
JOB_CELLS = (
    Cells("agree_visit", "visit_agreed", TO_AGREE, "agreed", "manager", own="technician"),
    Cells("arrive", "arrived", AGREED, "on_site", "manager", own="technician"),
    Cells("take_in", "arrived", OFF_SITE, "on_site", "manager", "station", own="technician"),
    Cells("finish_job", "finished", "on_site", "done", "manager", own="technician"),
    Cells("finish_anyway", "finished", "on_site", "done", "manager"),
    Cells("tick", "ticked", "on_site", None, "manager", own="technician"),
    Cells("sign_report", "signed", "done done+filed", None, "manager", own="technician"),
    # What customers do by links nobody of the company does.
    Cells("accept_report", "accepted", "done done+filed", None, ""),
    Cells("end_visit", "visit_ended", "on_site", "unfinished", "manager", own="technician"),
    Cells("move_visit", "visit_moved", AGREED, "agreed", "manager", own="technician"),
    Cells("note_call", "call_noted", OFF_SITE, None, "manager", own="technician"),
    Cells("plan_job", "planned", OFF_SITE, None, "dispatcher manager"),
    Cells("replan_job", "replanned", AGREED, "assigned", "dispatcher manager"),
    Cells("confirm_plan", "confirmed", PLANNED, None, "", own="technician"),
    Cells("reassign", "reassigned", OFF_SITE, "assigned", "dispatcher manager"),
    Cells("reassign_anyway", "reassigned", OFF_SITE, "assigned", "manager"),
    Cells("file_form", "form_filed", "done", "done", "agent dispatcher manager"),
    Cells("review_form", "form_reviewed", "done+filed", None, "agent dispatcher manager"),
    Cells("send_back_form", "form_sent_back", "done+filed", None, "agent dispatcher manager"),
    Cells("withdraw_job", "withdrawn", OFF_SITE, "cancelled", "dispatcher manager"),
)
CALL_CELLS = (
    Cells("record_answers", "answered", "due due+1 due+2", "answered", "agent manager"),
    Cells("not_reached", "not_reached", "due due+1", None, "agent manager"),
    Cells("not_reached", "given_up", "due+2", "unreachable", "agent manager"),
)


def put_off(now: datetime) -> dict[str, datetime]:
    """Told now, over in a day, and a new time after it."""
    ends = now + timedelta(days=1)
    told = {"told_at": now, "wait_until": ends}
    return told | {"agreed_from": ends, "agreed_to": ends + timedelta(hours=2)}


def request_samples(company: Company) -> tuple[Action, ...]:
    return (
        inputs.Acknowledge(channel=Channel.HOTLINE),
        inputs.Answer(answer="断电后重启"),
        inputs.Cancel(note="客户不修了"),
        inputs.ChangeCustomer(customer_id=OTHER, note="登记错了"),
        inputs.ChangeKind(kind=RequestKind.INSTALLATION, note="登记错了"),
        inputs.ChangePiece(note="登记错了"),
        inputs.Correct(symptom="不排水"),
        company.dispatch(),
        inputs.DispatchAnyway(
            technician_id=company["technician"].id, exception_reason="证书在换发"
        ),
        inputs.Guide(by="phone", tried="断电重启", result="not_solved"),
        inputs.SetWay(way="station", note="客户自己送来"),
        inputs.HandOver(owner_id=company["agent.colleague"].id),
        inputs.MoveStation(station_id=company.SOUTH),
        inputs.Promise(promised_at=NOW + timedelta(days=3), customer_told=True),
        inputs.PutOff(**put_off(NOW), note="暴雨"),
        inputs.Reclassify(priority="urgent"),
        inputs.Remark(note="客户来电催"),
        inputs.Resume(),
        inputs.SetCharge(charge="paid", charge_reason="not_makers_fault"),
        inputs.GivePaper(given="service_report", by="hand"),
        inputs.Urge(note="客户来电催"),
        inputs.Wait(reason=WaitReason.PART, note="等配件"),
        inputs.WaiveCharge(charge_reason="goodwill", given_up_cents=200_00, note="老客户"),
    )


def job_samples(company: Company) -> tuple[Action, ...]:
    window = {"agreed_from": NOW, "agreed_to": NOW + timedelta(hours=2)}
    # Within the window that stored visits have.
    half = timedelta(minutes=30)
    plan = {"planned_from": NOW - half, "planned_to": NOW + half}
    return (
        jobs.FileForm(),
        jobs.ReviewForm(),
        jobs.SendBackForm(note="缺签字"),
        jobs.ConfirmPlan(),
        jobs.PlanJob(**plan, note="客户等着"),
        jobs.ReplanJob(**plan, note="配件未到"),
        NoteCall(outcome=CallOutcome.NOT_REACHED),
        jobs.AgreeVisit(**window),
        jobs.Arrive(),
        jobs.TakeIn(),
        EndVisit(outcome="no_access", note="家中无人"),
        parse(jobs.FinishJob, REPORT),
        parse(FinishAnyway, REPORT | {"exception_reason": "客户急用"}),
        SignReport(signer="王小明", strokes=[[[10, 10], [300, 200]]]),
        AcceptReport(seen="", signer="王小明"),
        Tick(check_list="conduct", items=["greeting"]),
        jobs.MoveVisit(**window, note="客户改期"),
        jobs.Reassign(technician_id=company["technician.colleague"].id),
        jobs.ReassignAnyway(
            technician_id=company["technician.colleague"].id, exception_reason="证书在换发"
        ),
        jobs.WithdrawJob(note="客户暂缓"),
    )


def call_samples(company: Company) -> tuple[Action, ...]:
    return (
        followups.RecordAnswers(scores={"attitude": 9}),
        followups.AnswerSurvey(scores={"attitude": 9}),
        followups.NotReached(),
    )


def check(
    company: Company, names: list[str], samples: tuple[Action, ...], put: Any, states: Any
) -> None:
    """All cells of some states."""
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        for state in states:
            stand = put(uow, company, *state)
            check_stand(uow, stand, [company[name] for name in names], samples)


def put_request(uow: UnitOfWork, company: Company, kind: str, state: str) -> Stand:
    status, _, waiting = state.partition("+")
    if uow.session.get(Customer, OTHER) is None:
        stored_rows.customer(uow.session, id=OTHER, name="韩梅梅")
    owner = stored_rows.customer(uow.session)
    case = stored_rows.request(
        uow.session,
        company,
        RequestStatus(status),
        customer_id=owner.id,
        asset_id=stored_rows.asset(uow.session, owner).id,
        kind=RequestKind(kind),
        wait_reason=WaitReason.CUSTOMER if waiting else None,
    )
    named = [company["handler"].id, company["technician"].id] if kind == "complaint" else []
    if named:
        stored_rows.complaint(uow.session, case, ComplaintStatus.RECORDED, named=named)
    relations = {"named": named}
    process = requests.PROCESS
    return Stand(process, case, state, kind, case.owner_id, REQUEST_CELLS, relations)


def put_job(uow: UnitOfWork, company: Company, state: str) -> Stand:
    free = {"charge": Charge.FREE, "charge_reason": ChargeReason.IN_WARRANTY}
    case = stored_rows.request(uow.session, company, RequestStatus.IN_PROGRESS, **free)
    technician = company["technician"].id or 0
    status, _, more = state.partition("+")
    plan = {"planned_from": NOW, "planned_to": NOW + timedelta(hours=1)}
    facts = {"planned": plan, "filed": {"filed_at": NOW}}.get(more, {})
    job = stored_rows.job(uow.session, case, technician, JobStatus(status), **facts)
    return Stand(jobs.PROCESS, job, state, "repair", technician, JOB_CELLS)


def put_call(uow: UnitOfWork, company: Company, state: str) -> Stand:
    status, _, attempts = state.partition("+")
    case = stored_rows.request(uow.session, company, RequestStatus.RESOLVED)
    facts = {"attempts": int(attempts or 0)}
    call = stored_rows.call(uow.session, case, FollowUpStatus(status), **facts)
    return Stand(followups.PROCESS, call, state, "repair", None, CALL_CELLS)


REQUEST_STATES = (*OPEN.split(), "resolved", "closed", "cancelled")
CALL_STATES = ("due", "due+1", "due+2", "answered", "unreachable")


@pytest.mark.parametrize("kind", ["repair", "complaint"])
@pytest.mark.parametrize("state", REQUEST_STATES)
def test_requests_move_as_the_table_says(sqlite_company: Company, kind: str, state: str) -> None:
    company = sqlite_company
    # A request knows no owner's rights: a colleague may do what the owner may.
    names = [name for name in company.people if not name.endswith(".colleague")]
    check(company, names, request_samples(company), put_request, [(kind, state)])


@pytest.mark.parametrize("state", [*map(str, JobStatus), *PLANNED.split(), "done+filed"])
def test_jobs_move_as_the_table_says(sqlite_company: Company, state: str) -> None:
    company = sqlite_company
    check(company, [*company.people], job_samples(company), put_job, [(state,)])


@pytest.mark.parametrize("state", CALL_STATES)
def test_calls_move_as_the_table_says(sqlite_company: Company, state: str) -> None:
    company = sqlite_company
    check(company, [*company.people], call_samples(company), put_call, [(state,)])


def test_a_sample_of_the_matrix_on_both_databases(company: Company) -> None:
    some = ["agent", "manager", "technician", "technician.colleague", "dispatcher.stranger"]
    kinds = [("complaint", state) for state in ("registered", "in_progress+waiting", "resolved")]
    check(company, some, request_samples(company), put_request, kinds)
    check(company, some, job_samples(company), put_job, [("agreed+planned",), ("on_site",)])
    check(company, some, call_samples(company), put_call, [("due",), ("due+2",)])


PROCESSES = [
    pytest.param(requests.PROCESS, request_samples, REQUEST_CELLS, id="requests"),
    pytest.param(jobs.PROCESS, job_samples, JOB_CELLS, id="jobs"),
    pytest.param(followups.PROCESS, call_samples, CALL_CELLS, id="follow-ups"),
]


@pytest.mark.parametrize(("process", "samples", "cells"), PROCESSES)
def test_no_rule_is_left_out_of_the_matrix(
    process: Process, samples: Any, cells: tuple[Cells, ...], sqlite_company: Company
) -> None:
    check_no_rule_is_left_out(process, samples(sqlite_company), cells)
