"""Every action in every status by everybody: allowed exactly where the table below says.

The table is written down a second time here, by hand, in the words of the trade. The tables of
core must agree with it in each cell: the button is shown exactly when the command is accepted.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Select, select

from core import followups, jobs, workflow
from core.errors import NotAllowed, NotFound, WrongStatus
from core.inputs import Action
from core.requests import actions as requests
from core.unit_of_work import Actor, UnitOfWork, unit_of_work
from db.codes import (
    FollowUpStatus,
    JobStatus,
    RequestKind,
    RequestStatus,
    Role,
    WaitReason,
)
from db.tables import History
from tests import stored_rows
from tests.company_cast import NOW, Company

DESK = "agent dispatcher support handler manager"
STAFF = f"{DESK} technician quality warehouse finance leader"
OPEN = "registered registered+waiting in_progress in_progress+waiting"
FRESH = "registered registered+waiting"


@dataclass(frozen=True)
class Cells:
    """In these states these roles may do it; it is remembered as `fact` and leads to `target`.

    `own` names roles that may do it on their own records only.
    """

    action: str
    fact: str
    states: str
    target: str | None
    roles: str
    kinds: str = "repair complaint return"
    own: str = ""


REQUEST_CELLS = (
    Cells("dispatch", "dispatched", FRESH, "in_progress", "dispatcher manager"),
    Cells(
        "acknowledge",
        "acknowledged",
        FRESH,
        "in_progress",
        "quality handler manager leader",
        "complaint",
    ),
    Cells("acknowledge", "acknowledged", FRESH, "in_progress", "manager", "return"),
    Cells("answer", "answered", FRESH, "resolved", f"{DESK} quality", "repair"),
    Cells("answer", "answered", OPEN, "resolved", "quality handler manager leader", "complaint"),
    Cells("answer", "answered", OPEN, "resolved", "manager", "return"),
    Cells("wait", "waiting", "registered in_progress", None, f"{DESK} technician"),
    Cells(
        "resume", "resumed", "registered+waiting in_progress+waiting", None, f"{DESK} technician"
    ),
    Cells("hand_over", "handed_over", OPEN, None, DESK),
    Cells("move_station", "station_moved", FRESH, None, DESK),
    Cells("set_charge", "charge_set", OPEN, None, STAFF),
    Cells("correct", "corrected", OPEN, None, STAFF),
    Cells("promise", "promised", OPEN, None, STAFF),
    Cells("reclassify", "reclassified", OPEN, None, STAFF),
    Cells("remark", "remarked", f"{OPEN} resolved", None, STAFF),
    Cells("cancel", "cancelled", OPEN, "cancelled", DESK),
)
TO_AGREE = "assigned unfinished"
OFF_SITE = "assigned agreed unfinished"
JOB_CELLS = (
    Cells("agree_visit", "visit_agreed", TO_AGREE, "agreed", "manager", own="technician"),
    Cells("arrive", "arrived", "agreed", "on_site", "manager", own="technician"),
    Cells("finish_job", "finished", "on_site", "done", "manager", own="technician"),
    Cells("end_visit", "visit_ended", "on_site", "unfinished", "manager", own="technician"),
    Cells("move_visit", "visit_moved", "agreed", "agreed", "manager", own="technician"),
    Cells("reassign", "reassigned", OFF_SITE, "assigned", "dispatcher manager"),
    Cells("file_form", "form_filed", "done", "done", "agent dispatcher manager"),
    Cells("withdraw_job", "withdrawn", OFF_SITE, "cancelled", "dispatcher manager"),
)
CALL_CELLS = (
    Cells("record_answers", "answered", "due due+1 due+2", "answered", "agent manager"),
    Cells("not_reached", "not_reached", "due due+1", None, "agent manager"),
    Cells("not_reached", "given_up", "due+2", "unreachable", "agent manager"),
)


def request_samples(company: Company) -> tuple[Action, ...]:
    return (
        requests.Acknowledge(),
        requests.Answer(answer="断电后重启"),
        requests.Cancel(note="客户不修了"),
        requests.Correct(symptom="不排水"),
        company.dispatch(),
        requests.HandOver(owner_id=company["agent.colleague"].id),
        requests.MoveStation(station_id=company.SOUTH),
        requests.Promise(promised_at=NOW + timedelta(days=3)),
        requests.Reclassify(priority="urgent"),
        requests.Remark(note="客户来电催"),
        requests.Resume(),
        requests.SetCharge(charge="free", charge_reason="goodwill"),
        requests.Wait(reason=WaitReason.PART, note="等配件"),
    )


def job_samples(company: Company) -> tuple[Action, ...]:
    window = {"agreed_from": NOW, "agreed_to": NOW + timedelta(hours=2)}
    return (
        jobs.FileForm(),
        jobs.AgreeVisit(**window),
        jobs.Arrive(),
        jobs.EndVisit(outcome="no_access", note="家中无人"),
        jobs.FinishJob(result="fixed", cause="皮带断裂", work_done="更换皮带", confirmed_by="李雷"),
        jobs.MoveVisit(**window, note="客户改期"),
        jobs.Reassign(technician_id=company["technician.colleague"].id),
        jobs.WithdrawJob(note="客户暂缓"),
    )


def call_samples(company: Company) -> tuple[Action, ...]:
    return followups.RecordAnswers(scores={"attitude": 9}), followups.NotReached()


@dataclass(frozen=True)
class Stand:
    """A record in a state, the process that moves it, and what the table says about it."""

    process: workflow.Process
    act: Any
    record: Any
    state: str
    kind: str
    owner_id: int | None
    cells: tuple[Cells, ...]

    def expected(self, actor: Actor, action: str) -> Cells | type[Exception]:
        """The cells that allow it, or the error that refuses it."""
        if actor.role in (Role.AGENT, Role.DISPATCHER, Role.TECHNICIAN, Role.SUPPORT) and (
            actor.station_id != Company.NORTH
        ):
            return NotFound
        mine = [c for c in self.cells if c.action == action and self._may(actor, c)]
        if not mine:
            return NotAllowed
        here = [c for c in mine if self.state in c.states.split() and self.kind in c.kinds.split()]
        return here[0] if here else WrongStatus

    def history(self) -> Select[History]:
        of_record = History.subject_id == self.record.id
        return select(History).where(History.subject == self.process.subject, of_record)

    def _may(self, actor: Actor, cells: Cells) -> bool:
        return actor.role in cells.roles.split() or (
            actor.role in cells.own.split() and actor.id == self.owner_id
        )


def check_cell(uow: UnitOfWork, stand: Stand, command: Action) -> None:
    """One cell of the matrix: tried for real; what was accepted is undone."""
    expected = stand.expected(uow.actor, command.name)
    record, old = stand.record, stand.record.status.value
    is_offered = type(command) in [r.action for r in stand.process.allowed(uow.actor, record)]
    act = {"id": record.id, "command": command, "seen_version": record.version}
    if isinstance(expected, Cells):
        assert is_offered
        savepoint = uow.session.begin_nested()
        stand.act(uow, **act)
        row = uow.session.scalars(stand.history().limit(1)).one()
        assert (row.action, row.old, row.new) == (expected.fact, old, expected.target or old)
        assert (row.actor_id, row.at) == (uow.actor.id, uow.now)
        savepoint.rollback()
    else:
        assert expected is NotFound or not is_offered
        with pytest.raises(expected):
            stand.act(uow, **act)


def check(
    company: Company, names: list[str], samples: tuple[Action, ...], put: Any, states: Any
) -> None:
    """All cells of some states."""
    with unit_of_work(company.engine, company["admin"], write=True, now=NOW) as uow:
        for stand in [put(uow, company, *state) for state in states]:
            for name, command in product(names, samples):
                by = UnitOfWork(uow.session, company[name], NOW)
                try:
                    check_cell(by, stand, command)
                except BaseException as error:
                    error.add_note(f"{name} tries {command.name} on {stand.kind} {stand.state}")
                    raise
            assert uow.session.scalars(stand.history()).all() == []  # of what was refused


def put_request(uow: UnitOfWork, company: Company, kind: str, state: str) -> Stand:
    status, _, waiting = state.partition("+")
    case = stored_rows.request(
        uow.session,
        company,
        RequestStatus(status),
        kind=RequestKind(kind),
        wait_reason=WaitReason.CUSTOMER if waiting else None,
    )
    return Stand(requests.PROCESS, requests.act, case, state, kind, case.owner_id, REQUEST_CELLS)


def put_job(uow: UnitOfWork, company: Company, state: str) -> Stand:
    case = stored_rows.request(uow.session, company, RequestStatus.IN_PROGRESS)
    technician = company["technician"].id or 0
    job = stored_rows.job(uow.session, case, technician, JobStatus(state))
    return Stand(jobs.PROCESS, jobs.act, job, state, "repair", technician, JOB_CELLS)


def put_call(uow: UnitOfWork, company: Company, state: str) -> Stand:
    status, _, attempts = state.partition("+")
    case = stored_rows.request(uow.session, company, RequestStatus.RESOLVED)
    facts = {"attempts": int(attempts or 0)}
    call = stored_rows.call(uow.session, case, FollowUpStatus(status), **facts)
    return Stand(followups.PROCESS, followups.act, call, state, "repair", None, CALL_CELLS)


REQUEST_STATES = (*OPEN.split(), "resolved", "closed", "cancelled")
CALL_STATES = ("due", "due+1", "due+2", "answered", "unreachable")


@pytest.mark.parametrize("kind", ["repair", "complaint", "return"])
@pytest.mark.parametrize("state", REQUEST_STATES)
def test_requests_move_as_the_table_says(sqlite_company: Company, kind: str, state: str) -> None:
    company = sqlite_company
    # A request knows no owner's rights: a colleague may do what the owner may.
    names = [name for name in company.people if not name.endswith(".colleague")]
    check(company, names, request_samples(company), put_request, [(kind, state)])


@pytest.mark.parametrize("state", [status.value for status in JobStatus])
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
    check(company, some, job_samples(company), put_job, [("agreed",), ("on_site",)])
    check(company, some, call_samples(company), put_call, [("due",), ("due+2",)])


PROCESSES = [
    pytest.param(requests.PROCESS, request_samples, REQUEST_CELLS, id="requests"),
    pytest.param(jobs.PROCESS, job_samples, JOB_CELLS, id="jobs"),
    pytest.param(followups.PROCESS, call_samples, CALL_CELLS, id="follow-ups"),
]


@pytest.mark.parametrize(("process", "samples", "cells"), PROCESSES)
def test_no_rule_is_left_out_of_the_matrix(
    process: workflow.Process, samples: Any, cells: tuple[Cells, ...], sqlite_company: Company
) -> None:
    actions = {rule.action for rule in process.rules if rule.action}
    assert actions == {type(sample) for sample in samples(sqlite_company)} == {*process.effects}
    facts = {rule.fact for rule in process.rules if rule.action}
    assert facts == {cell.fact for cell in cells}
