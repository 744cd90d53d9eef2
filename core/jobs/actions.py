"""Jobs on site: a technician is sent, agrees a time, arrives, reports (E6-E13)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload

from core.jobs import calls, forms, report, signing, slots, ticks, unfinished, visits
from core.jobs.calls import NoteCall
from core.jobs.forms import FileForm, ReviewForm, SendBackForm
from core.jobs.report import FinishAnyway, FinishJob
from core.jobs.signing import AcceptReport, SignReport
from core.jobs.ticks import Tick
from core.jobs.unfinished import EndVisit
from core.jobs.visits import Arrive, TakeIn, open_visit
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Action, Choice, LongText, Moment, RequiredText
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import workflow
from core.process.permissions import visible_requests
from core.process.rules import Condition, Done, Happening, Process, Relation, Rule
from core.requests import actions as requests
from core.requests import sending
from core.requests.inputs import Planned
from core.requests.kinds import REVIEWED
from core.roster.hours import Interval
from db.codes import JobStatus, VisitOutcome
from db.tables import Job


class Window(Action):
    """A time window at the customer's place."""

    agreed_from: Moment
    agreed_to: Moment

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.agreed_to <= self.agreed_from:
            raise PydanticCustomError("window", "the window ends before it begins")
        if (self.agreed_to - self.agreed_from).days >= 2:
            raise PydanticCustomError("window_long", "the window is too long")
        return self

    @property
    def slot(self) -> Interval:
        """The window as a time."""
        return Interval(self.agreed_from, self.agreed_to)


class AgreeVisit(Window):
    """Agree with the customer when the technician comes, and ask what is wrong (A1, E7)."""

    said: LongText = ""


class MoveVisit(Window):
    """Agree another time; the customer is told why."""

    note: RequiredText


class PlanJob(Planned):
    """Plan when the technician is to be there, or plan it anew, within what was agreed (E6)."""

    note: LongText = ""


class ReplanJob(Planned):
    """Plan another time than the agreed one: the technician agrees it anew (A3)."""

    note: RequiredText


class ConfirmPlan(Action):
    """The technician has seen the plan and will be there (E6)."""


class Reassign(Planned):
    """Send somebody else."""

    technician_id: Annotated[int, Choice("technicians")]
    note: LongText = ""


class ReassignAnyway(Reassign):
    """Send somebody else whom the rule book would not, within the authority of the role (E24)."""

    exception_reason: RequiredText


class WithdrawJob(Action):
    """Take the job back: the request waits for dispatch again."""

    note: RequiredText


def _is_to_confirm(job: Job) -> bool:
    return job.planned_from is not None and job.confirmed_at is None


OWN_JOB = Relation("own_job", lambda actor, job: job.technician_id == actor.id)


ASSIGNED, AGREED, ON_SITE = JobStatus.ASSIGNED, JobStatus.AGREED, JobStatus.ON_SITE
UNFINISHED, DONE, CANCELLED = JobStatus.UNFINISHED, JobStatus.DONE, JobStatus.CANCELLED
TO_AGREE = frozenset({ASSIGNED, UNFINISHED})
OFF_SITE = frozenset({ASSIGNED, AGREED, UNFINISHED})
OPEN = OFF_SITE | {ON_SITE}
ENDED = frozenset({DONE})


def _work(
    fact: str,
    action: type[Action],
    sources: frozenset[JobStatus],
    target: JobStatus | None,
    clause: str,
    when: Condition | None = None,
) -> tuple[Rule, Rule]:
    # The technician works on the own jobs; a manager may enter it for anybody.
    return (
        Rule(fact, action, sources, target, "job:work", clause, when, (OWN_JOB,)),
        Rule(fact, action, sources, target, "job:work_any", clause, when),
    )


RULES = (
    *_work("arrived", TakeIn, OFF_SITE, ON_SITE, "E7", visits.is_at_station),
    *_work("visit_agreed", AgreeVisit, TO_AGREE, AGREED, "A1"),
    *_work("arrived", Arrive, frozenset({AGREED}), ON_SITE, "E7", visits.is_at_place),
    *_work("finished", FinishJob, frozenset({ON_SITE}), DONE, "E9"),
    # Each list has a clause of its own; the report that carries them is what every book asks for.
    *_work("ticked", Tick, frozenset({ON_SITE}), None, "E9"),
    *_work("visit_ended", EndVisit, frozenset({ON_SITE}), UNFINISHED, "E10"),
    *_work("visit_moved", MoveVisit, frozenset({AGREED}), AGREED, "A3"),
    *_work(calls.FACT, NoteCall, OFF_SITE, None, "E7"),
    Rule("finished", FinishAnyway, frozenset({ON_SITE}), DONE, "roster:override", "E24"),
    *_work("signed", SignReport, frozenset({DONE}), None, "E12", signing.is_unsigned),
    Rule("accepted", AcceptReport, frozenset({DONE}), None, "job:accept", "D11", signing.is_open),
    Rule("planned", PlanJob, OFF_SITE, None, "job:dispatch", "E6"),
    Rule("replanned", ReplanJob, frozenset({AGREED}), ASSIGNED, "job:dispatch", "A3"),
    Rule("confirmed", ConfirmPlan, OFF_SITE, None, "job:work", "E6", _is_to_confirm, (OWN_JOB,)),
    Rule("form_filed", FileForm, ENDED, DONE, "job:file", "E2", forms.is_owed),
    Rule("form_reviewed", ReviewForm, ENDED, None, "job:file", "E2", forms.is_to_review),
    Rule("form_sent_back", SendBackForm, ENDED, None, "job:file", "E2", forms.is_to_review),
    Rule("reassigned", Reassign, OFF_SITE, ASSIGNED, "job:dispatch", "E6"),
    Rule("reassigned", ReassignAnyway, OFF_SITE, ASSIGNED, "roster:override", "E24"),
    Rule("withdrawn", WithdrawJob, OFF_SITE, CANCELLED, "job:dispatch", "E6"),
    Rule("cancelled", None, OPEN, CANCELLED, "request:cancel", "E6"),
    Rule("assigned", None, frozenset({ASSIGNED}), ASSIGNED, "job:dispatch", "E6"),
)


def select_visible(actor: Actor) -> Select[Job]:
    """The jobs that the actor may see, each with its request and visits."""
    return (
        select(Job)
        .join(Job.request)
        .where(visible_requests(actor) | (Job.technician_id == actor.id))
        .options(contains_eager(Job.request), selectinload(Job.visits))
    )


def assign(uow: UnitOfWork, dispatched: Happening) -> None:
    """Write the dispatch record 派遣记录 of a request (E6)."""
    technician_id = dispatched.done.data["technician"]
    job = Job(
        request_id=dispatched.record.id,
        technician_id=technician_id,
        status=ASSIGNED,
        instructions=dispatched.done.note,
        assigned_at=uow.now,
    )
    data = dispatched.done.data
    if "from" in data:
        slot = Interval(datetime.fromisoformat(data["from"]), datetime.fromisoformat(data["to"]))
        slots.plan(uow, job, slot, dispatched.done.note)
    uow.session.add(job)
    uow.session.flush()
    workflow.advance(uow, PROCESS, job, "assigned", Done(data={"technician": technician_id}))


def withdraw_with_request(uow: UnitOfWork, cancelled: Happening) -> None:
    """Cancel the open job of a request that is cancelled."""
    job = uow.session.scalars(
        select(Job)
        .where(Job.request_id == cancelled.record.id, Job.status.in_(OPEN))
        .options(selectinload(Job.visits))
    ).one_or_none()
    if job:
        visits.end(uow, job, VisitOutcome.CANCELLED, cancelled.done.note)
        workflow.advance(uow, PROCESS, job, "cancelled", Done(note=cancelled.done.note))


def tell_finished(uow: UnitOfWork, finished: Happening) -> None:
    """A job's report resolves its request, unless the request goes its own way step by step."""
    request = finished.record.request
    if request.kind in REVIEWED:
        workflow.advance(uow, requests.PROCESS, request, "job_finished")
    else:
        requests.resolve(uow, request, "job_finished")


def tell_withdrawn(uow: UnitOfWork, withdrawn: Happening) -> None:
    """The request of a job that was taken back waits for a technician again."""
    workflow.advance(uow, requests.PROCESS, withdrawn.record.request, "job_withdrawn")


def go_on(uow: UnitOfWork, ended: Happening) -> None:
    """The next visit is agreed on the spot, in the same step (A1)."""
    said = ended.done.data
    window = Interval(datetime.fromisoformat(said["from"]), datetime.fromisoformat(said["to"]))
    done = Done(data=plan_visit(uow, ended.record, window, ""))
    workflow.advance(uow, PROCESS, ended.record, "visit_agreed", done)


def _plan_job(uow: UnitOfWork, job: Job, command: PlanJob) -> Done:
    slot, visit = slots.of(command), open_visit(job)
    if slot and visit and not slots.keeps(visit, slot.start):
        told = slots.wall_clock(uow, visit.agreed_from, visit.agreed_to)
        raise InvalidInput(Problem("planned_from", "outside_agreed", told))
    return Done(note=command.note, data=_planned(uow, job, command))


def _replan_job(uow: UnitOfWork, job: Job, command: ReplanJob) -> Done:
    visits.end(uow, job, VisitOutcome.MOVED, command.note)
    return Done(note=command.note, data=_planned(uow, job, command))


def _planned(uow: UnitOfWork, job: Job, command: PlanJob | ReplanJob) -> dict[str, Any]:
    slot = slots.of(command)
    data = _kept(uow, job, slot.start, "planned_from", command.note) if slot else {}
    return data | slots.plan(uow, job, slot, command.note)


def _kept(uow: UnitOfWork, job: Job, at: datetime, field: str, why: str) -> dict[str, Any]:
    """Nothing forbids whoever was sent to go then, or the exception that history keeps."""
    return sending.keep(uow, job.request, job.technician_id, at=at, field=field, why=why)


def _confirm(uow: UnitOfWork, job: Job, command: ConfirmPlan) -> Done:
    job.confirmed_at = uow.now
    return Done()


def plan_visit(uow: UnitOfWork, job: Job, window: Interval, why: str) -> dict[str, Any]:
    """One more visit, at a time agreed with the customer; gives what history keeps of it."""
    if window.end <= uow.clock:
        raise InvalidInput(Problem("agreed_to", "in_the_past"))
    data = _kept(uow, job, window.start, "agreed_from", why)
    visit = visits.add(job, window.start, window.end)
    if job.planned_from and not slots.keeps(visit, job.planned_from):
        slots.plan(uow, job, None, "")  # the customer's word counts, not the plan
    return data | {"from": window.start.isoformat(), "to": window.end.isoformat()}


def _agree_visit(uow: UnitOfWork, job: Job, command: AgreeVisit) -> Done:
    return Done(note=command.said, data=plan_visit(uow, job, command.slot, ""))


def _move_visit(uow: UnitOfWork, job: Job, command: MoveVisit) -> Done:
    visits.end(uow, job, VisitOutcome.MOVED, command.note)
    return Done(note=command.note, data=plan_visit(uow, job, command.slot, command.note))


def _reassign(uow: UnitOfWork, job: Job, command: Reassign) -> Done:
    sending.check(uow, job.request, command.technician_id, at=command.planned_from)
    return _send_instead(uow, job, command)


def _reassign_anyway(uow: UnitOfWork, job: Job, command: ReassignAnyway) -> Done:
    data = sending.exception(
        *(uow, job.request, command.technician_id, command.exception_reason), command.planned_from
    )
    return _send_instead(uow, job, command, data)


def _send_instead(
    uow: UnitOfWork, job: Job, command: Reassign, exception: dict[str, Any] | None = None
) -> Done:
    if command.technician_id == job.technician_id:
        raise InvalidInput(Problem("technician_id", "same_technician"))
    data: dict[str, Any] = {"from": job.technician_id, "to": command.technician_id}
    data |= exception or {}
    # The agreed time was the other technician's: the new one calls and agrees anew.
    visits.end(uow, job, VisitOutcome.CANCELLED, command.note)
    job.technician_id = command.technician_id
    job.assigned_at = uow.now
    data["planned"] = slots.plan(uow, job, slots.of(command), command.note)
    return Done(note=command.note, data=data)


def _withdraw(uow: UnitOfWork, job: Job, command: WithdrawJob) -> Done:
    visits.end(uow, job, VisitOutcome.CANCELLED, command.note)
    return Done(note=command.note)


def _technicians(uow: UnitOfWork, job: Job) -> Mapping[int, str]:
    return sending.technicians(uow, job.request)


def _propose_window(uow: UnitOfWork, job: Job) -> dict[str, datetime]:
    wanted, usual = job.request.wanted_from, timedelta(hours=2)
    if job.planned_from and job.planned_to and job.planned_to > uow.now:
        start, end = job.planned_from, job.planned_to
    elif wanted and wanted > uow.now:
        start, end = wanted, job.request.wanted_to or wanted + usual
    else:
        start = uow.now.replace(minute=0, second=0, microsecond=0) + usual
        end = start + usual
    return {"agreed_from": start, "agreed_to": end}


PROCESS = Process(
    subject="job",
    rules=RULES,
    effects={
        AgreeVisit: _agree_visit,
        Arrive: visits.arrive,
        ConfirmPlan: _confirm,
        EndVisit: unfinished.leave,
        FileForm: forms.hand_in,
        FinishAnyway: report.finish_anyway,
        FinishJob: report.finish,
        MoveVisit: _move_visit,
        NoteCall: calls.note,
        PlanJob: _plan_job,
        ReplanJob: _replan_job,
        Reassign: _reassign,
        ReassignAnyway: _reassign_anyway,
        ReviewForm: forms.review,
        SendBackForm: forms.send_back,
        AcceptReport: signing.accept,
        SignReport: signing.sign,
        TakeIn: visits.take_in,
        Tick: ticks.tick,
        WithdrawJob: _withdraw,
    },
    select=select_visible,
    table=Job,
    case_id=lambda job: job.request_id,
    options={
        "parts": unfinished.parts,
        "pieces": report.pieces,
        "technicians": _technicians,
        "unfinished": unfinished.outcomes,
    },
    asks={
        Arrive: visits.place_apart,
        FinishJob: report.asks,
        FinishAnyway: report.asks,
    },
    proposals={AgreeVisit: _propose_window, MoveVisit: _propose_window},
)
