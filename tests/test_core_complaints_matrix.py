"""Complaints, penalties, measures: every action in every status, by everybody in every relation."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from core.complaints import actions, inputs, penalties
from core.house import HOUSE
from core.improvements import actions as improvements
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import Actor, UnitOfWork, unit_of_work
from core.process.rules import Process
from db.codes import (
    ComplaintStatus,
    ImprovementKind,
    ImprovementStatus,
    PenaltyBase,
    PenaltyGround,
    PenaltyStatus,
    RequestKind,
    RequestStatus,
)
from db.tables import Improvement, Penalty, Responsible
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.complaint_steps import CAUSE, DUE, PLAN, measure
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

CALLERS = "agent quality handler manager leader"
REVIEWERS = "quality handler manager leader"
DECIDERS = "manager leader"
UNTOLD = "recorded judged assigned investigated proposed proposed+leader approved refused"
OPEN = f"{UNTOLD} notified penalised"
PROPOSED = "proposed proposed+leader"


def cell(action: str, fact: str, states: str, target: str | None, roles: str, **more: str) -> Cells:
    not_for = f"named {more.pop('not_for', '')}"
    return Cells(action, fact, states, target, roles, kinds="complaint", not_for=not_for, **more)


def decided(action: str, fact: str, target: str) -> tuple[Cells, Cells]:
    # The plan of three hundred yuan: the manager or a leader. A dearer one: a leader only.
    return (
        cell(action, fact, PROPOSED, target, "manager", not_for="own_plan dearer"),
        cell(action, fact, PROPOSED, target, "leader", not_for="own_plan"),
    )


COMPLAINT_CELLS = (
    cell("judge", "judged", "recorded", "judged", REVIEWERS),
    cell("dismiss", "dismissed", "recorded", "closed", REVIEWERS),
    cell("assign", "assigned", "judged", "assigned", "handler manager leader"),
    cell("assign", "assigned", "assigned", None, "handler manager leader"),
    cell("investigate", "investigated", "assigned", "investigated", REVIEWERS,
         not_for="other_department"),
    cell("propose", "proposed", "investigated", "proposed", REVIEWERS,
         not_for="other_department"),
    *decided("approve", "approved", "approved"),
    *decided("send_back", "sent_back", "investigated"),
    *decided("refuse", "refused", "refused"),
    cell("notify", "notified", "approved refused", "notified", CALLERS),
    cell("penalise", "penalised", "notified", None, DECIDERS),
    cell("settle_penalties", "penalties_settled", "notified", "penalised", DECIDERS),
    cell("plan_improvement", "improved", "penalised", None, REVIEWERS),
    cell("close_complaint", "closed", "penalised", "closed", REVIEWERS),
    cell("reopen", "reopened", "notified penalised closed", "assigned", CALLERS),
    cell("reopen", "reopened", "closed+dismissed", "recorded", CALLERS),
    cell("name_person", "about_named", UNTOLD, None, CALLERS),
    cell("link", "linked", OPEN, None, REVIEWERS),
    cell("merge", "merged", "recorded judged assigned", "merged", REVIEWERS),
)  # fmt: skip
PENALTY_CELLS = (
    Cells("appeal", "appealed", "imposed", "appealed", "", own=("agent dispatcher technician "
          "support quality warehouse finance handler manager leader"), kinds="complaint"),
    *(
        Cells(action, fact, "appealed", fact, DECIDERS, kinds="complaint",
              not_for="named decided")
        for action, fact in (("uphold", "upheld"), ("reduce", "reduced"), ("lift", "lifted"))
    ),
)  # fmt: skip
EVERYBODY = "agent dispatcher technician support quality warehouse finance handler manager leader"
MEASURE_CELLS = (
    Cells("finish_improvement", "done", "planned", "done", "", own=EVERYBODY, kinds="complaint"),
    Cells("confirm_effect", "effective", "done", "effective", REVIEWERS, kinds="complaint",
          not_for="owner"),
    Cells("find_no_effect", "ineffective", "done", "ineffective", REVIEWERS, kinds="complaint",
          not_for="owner"),
    Cells("plan_again", "planned_again", "ineffective", "planned", REVIEWERS, kinds="complaint"),
    Cells("move_improvement", "moved", "planned", None, REVIEWERS, kinds="complaint"),
)  # fmt: skip


def samples(company: Company, other: str = "SR0") -> tuple[Action, ...]:
    told = {"channel": "hotline", "answer": "已退款", "reaction": "accepted"}
    cause = CAUSE | {"cause_scope": "customer"}
    penalty = {"ground": "person", "person_id": company["warehouse"].id, "percent": 20}
    return (
        inputs.Judge(nature="service"),
        inputs.Dismiss(nature="service", answer="属正常现象", channel="hotline"),
        inputs.NamePerson(about_id=company["technician"].id),
        inputs.Assign(department="after_sales", reason="同城"),
        parse(inputs.Investigate, cause),
        parse(inputs.Propose, PLAN),
        inputs.Approve(),
        inputs.SendBack(note="补充依据"),
        inputs.Refuse(note="超出质保"),
        parse(inputs.Notify, told),
        parse(inputs.Penalise, penalty | {"reason": "漏检"}),
        inputs.SettlePenalties(note="无人失职"),
        measure(company, "agent.colleague"),
        inputs.CloseComplaint(lesson="早点回电", no_measure="个案"),
        inputs.Reopen(note="客户不满意"),
        inputs.Merge(number=other),
        inputs.Link(batch="B2603"),
    )


def review(company: Company) -> tuple[Action, ...]:
    return (
        penalties.Appeal(appeal="不是我装的"),
        penalties.Uphold(review="事实清楚"),
        penalties.Reduce(percent=5, review="初犯"),
        penalties.Lift(review="查无实据"),
    )


def measures(company: Company) -> tuple[Action, ...]:
    owner = company["agent.colleague"].id
    return (
        improvements.FinishImprovement(note="已加测"),
        improvements.ConfirmEffect(finding="未再发生"),
        improvements.FindNoEffect(finding="仍有发生"),
        improvements.PlanAgain(measure="换供应商", due_on=DUE),
        improvements.MoveImprovement(owner_id=owner, due_on=DUE, note="等样件"),
    )


def put_complaint(
    uow: UnitOfWork, company: Company, state: str, **relations: list[int | None]
) -> Stand:
    """A complaint of quality control in a state, with people in some relations to it."""
    status, _, special = state.partition("+")
    over = status in ("notified", "penalised", "closed")
    case = stored_rows.request(
        uow.session,
        company,
        RequestStatus.RESOLVED if over else RequestStatus.IN_PROGRESS,
        kind=RequestKind.COMPLAINT,
    )
    planner = relations.get("own_plan", [None])[0]
    approvers = ["leader"] if special == "leader" else ["manager", "leader"]
    answers = Responsible(
        department="freight", person_id=company["warehouse"].id, share_percent=100
    )
    row = (
        stored_rows.complaint(
            uow.session,
            case,
            ComplaintStatus(status),
            named=relations.get("named", []),
            department="" if special == "dismissed" else "quality_control",
            proposed_by_id=planner,
            approvers=approvers if status == "proposed" else [],
            loss_cents=200_000,
            responsibles=[answers],
        )
        if status != "merged"
        else _merged(uow, company, case)
    )
    if special == "leader":
        relations["dearer"] = [company["manager"].id]
    # The cast's handler belongs to freight.
    relations["other_department"] = [company["handler"].id]
    return Stand(actions.PROCESS, row, state, "complaint", None, COMPLAINT_CELLS, relations)


def _merged(uow: UnitOfWork, company: Company, case: Any) -> Any:
    kind = RequestKind.COMPLAINT
    other = stored_rows.request(uow.session, company, RequestStatus.REGISTERED, kind=kind)
    into = stored_rows.complaint(uow.session, other, ComplaintStatus.RECORDED)
    return stored_rows.complaint(uow.session, case, ComplaintStatus.MERGED, into=into.id)


def cast_of(company: Company) -> list[Actor]:
    return [actor for name, actor in company.people.items() if not name.endswith(".colleague")]


def run(engine: Engine, company: Company, put: Any, actors: list[Actor], commands: Any) -> None:
    with unit_of_work(engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        check_stand(uow, put(uow), actors, commands(uow))


STATES = tuple(status.value for status in ComplaintStatus) + ("proposed+leader", "closed+dismissed")


def check_complaint(company: Company, state: str, actors: list[Actor], **relations: Any) -> None:
    def commands(uow: UnitOfWork) -> tuple[Action, ...]:
        kind = RequestKind.COMPLAINT
        other = stored_rows.request(uow.session, company, RequestStatus.REGISTERED, kind=kind)
        stored_rows.complaint(uow.session, other, ComplaintStatus.RECORDED)
        return samples(company, other.number)

    def put(uow: UnitOfWork) -> Stand:
        return put_complaint(uow, company, state, **relations)

    run(company.engine, company, put, actors, commands)


@pytest.mark.parametrize("state", STATES)
def test_complaints_move_as_the_table_says(sqlite_company: Company, state: str) -> None:
    check_complaint(sqlite_company, state, cast_of(sqlite_company))


@pytest.mark.parametrize("state", STATES)
def test_nobody_who_is_named_does_anything(sqlite_company: Company, state: str) -> None:
    company = sqlite_company
    roles = ("agent", "quality", "handler", "manager", "leader")
    named = [company[name].id for name in roles]
    check_complaint(company, state, [company[name] for name in roles], named=named)


@pytest.mark.parametrize("state", ["proposed", "proposed+leader"])
@pytest.mark.parametrize("who", ["manager", "leader"])
def test_nobody_approves_the_own_plan(sqlite_company: Company, state: str, who: str) -> None:
    company = sqlite_company
    actors = [company["manager"], company["leader"]]
    check_complaint(company, state, actors, own_plan=[company[who].id])


@pytest.mark.parametrize("state", ["assigned", "investigated"])
def test_without_a_department_one_helps_out_anywhere(sqlite_company: Company, state: str) -> None:
    company = sqlite_company
    helper = replace(company["handler"], id=company["support"].id, department="")
    check_complaint(company, state, [helper])


@pytest.mark.parametrize("state", ["assigned", "investigated"])
def test_who_was_given_it_by_name_may_go_on(sqlite_company: Company, state: str) -> None:
    company = sqlite_company
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        stand = put_complaint(uow, company, state)
        stand.record.handler_id = company["handler"].id
        uow.session.flush()
        kind = RequestKind.COMPLAINT
        other = stored_rows.request(uow.session, company, RequestStatus.REGISTERED, kind=kind)
        stored_rows.complaint(uow.session, other, ComplaintStatus.RECORDED)
        given = replace(stand, relations={})
        check_stand(uow, given, [company["handler"]], samples(company, other.number))


PENALTY_STATES = tuple(status.value for status in PenaltyStatus)


def put_penalty(uow: UnitOfWork, company: Company, state: str, decided_by: str) -> Stand:
    status = PenaltyStatus(state)
    complaint = put_complaint(uow, company, "notified").record
    person, decider = company["technician"].id or 0, company[decided_by].id or 0
    reviewed = status not in (PenaltyStatus.IMPOSED, PenaltyStatus.APPEALED)
    row = stored_rows.add(
        uow.session,
        Penalty(
            complaint_id=complaint.id,
            complaint=complaint,
            person_id=person,
            ground=PenaltyGround.PERSON,
            share_of=PenaltyBase.BONUS,
            percent=20,
            loss_cents=200_000,
            clause="E14",
            reason="漏检",
            status=status,
            decided_by_id=decider,
            decided_at=NOW,
            appeal="" if status is PenaltyStatus.IMPOSED else "不服",
            reviewed_by_id=company["leader.other"].id if reviewed else None,
        ),
    )
    complaint.request.named = [person]
    uow.session.flush()
    # Seen by the person, the manager and the audit; by leaders once there is an appeal; by whoever
    # decided.
    unseen = [
        actor.id
        for actor in company.people.values()
        if actor.id not in (person, decider)
        and actor.role not in ("manager", "auditor")
        and not (actor.role == "leader" and status is not PenaltyStatus.IMPOSED)
    ]
    relations = {"decided": [decider], "named": [person]}
    return Stand(
        penalties.PROCESS, row, state, "complaint", person, PENALTY_CELLS,
        relations, hidden_from=unseen,
    )  # fmt: skip


@pytest.mark.parametrize("decided_by", ["manager", "leader"])
@pytest.mark.parametrize("state", PENALTY_STATES)
def test_penalties_move_as_the_table_says(
    sqlite_company: Company, state: str, decided_by: str
) -> None:
    company = sqlite_company
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        second = stored_rows.person(uow.session, "leader.other", role="leader")
        known = company.people | {"leader.other": replace(company["leader"], id=second.id)}
        company = Company(company.engine, known)
        stand = put_penalty(uow, company, state, decided_by)
        check_stand(uow, stand, list(company.people.values()), review(company))


def put_measure(uow: UnitOfWork, company: Company, state: str, owner: str) -> Stand:
    status = ImprovementStatus(state)
    complaint = put_complaint(uow, company, "penalised").record
    checked = status in (ImprovementStatus.EFFECTIVE, ImprovementStatus.INEFFECTIVE)
    owner_id = company[owner].id or 0
    row = stored_rows.add(
        uow.session,
        Improvement(
            request_id=complaint.request_id,
            request=complaint.request,
            kind=ImprovementKind.CORRECTIVE,
            measure="加测",
            status=status,
            owner_id=owner_id,
            due_on=DUE,
            planned_at=NOW,
            done_at=None if status is ImprovementStatus.PLANNED else NOW,
            checked_by_id=company["auditor"].id if checked else None,
        ),
    )
    return Stand(
        improvements.PROCESS, row, state, "complaint", owner_id, MEASURE_CELLS,
        {"owner": [owner_id]}, shown_to=[owner_id],
    )  # fmt: skip


@pytest.mark.parametrize("owner", ["quality", "technician.stranger"])
@pytest.mark.parametrize("state", [status.value for status in ImprovementStatus])
def test_measures_move_as_the_table_says(sqlite_company: Company, state: str, owner: str) -> None:
    company = sqlite_company
    run(
        company.engine,
        company,
        lambda uow: put_measure(uow, company, state, owner),
        cast_of(company),
        lambda uow: measures(company),
    )


def test_a_sample_of_the_matrix_on_both_databases(company: Company) -> None:
    some = [company[name] for name in ("agent", "quality", "manager", "leader", "agent.stranger")]
    for state in ("recorded", "proposed", "notified", "closed"):
        check_complaint(company, state, some, named=[company["leader"].id])
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        stand = put_measure(uow, company, "done", "quality")
        check_stand(uow, stand, some, measures(company))


PROCESSES = [
    pytest.param(actions.PROCESS, samples, COMPLAINT_CELLS, id="complaints"),
    pytest.param(penalties.PROCESS, review, PENALTY_CELLS, id="penalties"),
    pytest.param(improvements.PROCESS, measures, MEASURE_CELLS, id="measures"),
]


@pytest.mark.parametrize(("process", "made", "cells"), PROCESSES)
def test_no_rule_is_left_out_of_the_matrix(
    process: Process, made: Any, cells: tuple[Cells, ...], sqlite_company: Company
) -> None:
    check_no_rule_is_left_out(process, made(sqlite_company), cells)
