"""The jobs of a case as screens and papers show them: visits, report, what may be done now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core.jobs import signing, ticks
from core.jobs.actions import PROCESS
from core.jobs.signing import Signed
from core.jobs.ticks import CheckView
from core.jobs.visits import open_visit
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require_case
from core.process.rules import Rule
from db.codes import JobResult, JobStatus, SymptomFound, VisitOutcome
from db.tables import Job, Visit


@dataclass(frozen=True)
class VisitView:
    """One visit of a job."""

    sequence: int
    agreed_from: datetime
    agreed_to: datetime
    arrived_at: datetime | None
    ended_at: datetime | None
    outcome: VisitOutcome | None
    note: str
    # Where the technician stood on arriving, in degrees; empty where nobody told it.
    place: str = ""
    # When the customer said that the time suits.
    confirmed_at: datetime | None = None

    @property
    def minutes(self) -> int:
        """How long somebody was there."""
        if not (self.arrived_at and self.ended_at):
            return 0
        return max(0, round((self.ended_at - self.arrived_at).total_seconds() / 60))


@dataclass(frozen=True)
class JobView:
    """A job with its visits, report and the actions that the actor may take on it."""

    id: int
    version: int
    status: JobStatus
    technician: str
    technician_id: int
    instructions: str
    assigned_at: datetime
    finished_at: datetime | None
    symptom_found: SymptomFound | None
    cause: str
    explained: str
    work_done: str
    parts: str
    result: JobResult | None
    labour_cents: int
    parts_cents: int
    confirmed_by: str
    checks: tuple[CheckView, ...]
    unticked_reason: str
    signed: Signed | None
    # The form: when it was handed in, found right, or why it was sent back.
    filed_at: datetime | None
    reviewed_at: datetime | None
    form_fault: str
    visits: tuple[VisitView, ...]
    next_visit: VisitView | None
    actions: tuple[Rule, ...]

    @property
    def minutes(self) -> int:
        """The time of the work, over all visits."""
        return sum(visit.minutes for visit in self.visits)


def of_case(uow: UnitOfWork, *, case_id: int) -> tuple[JobView, ...]:
    """The jobs of a case that the actor may see, the newest first; NotFound otherwise."""
    require_case(uow, case_id)
    jobs = uow.session.scalars(
        select(Job)
        .where(Job.request_id == case_id)
        .options(joinedload(Job.technician), joinedload(Job.request), selectinload(Job.visits))
        .order_by(Job.id.desc())
    )
    return tuple(_job_view(uow, job) for job in jobs)


def _job_view(uow: UnitOfWork, job: Job) -> JobView:
    upcoming = open_visit(job)
    return JobView(
        id=job.id,
        version=job.version,
        status=job.status,
        technician=job.technician.name,
        technician_id=job.technician_id,
        instructions=job.instructions,
        assigned_at=job.assigned_at,
        finished_at=job.finished_at,
        symptom_found=job.symptom_found,
        cause=job.cause,
        explained=job.explained,
        work_done=job.work_done,
        parts=job.parts,
        result=job.result,
        labour_cents=job.labour_cents,
        parts_cents=job.parts_cents,
        confirmed_by=job.confirmed_by,
        checks=ticks.of_job(uow, job),
        unticked_reason=job.unticked_reason,
        signed=signing.of_job(uow, job),
        filed_at=job.filed_at,
        reviewed_at=job.reviewed_at,
        form_fault=job.form_fault,
        visits=tuple(_visit_view(visit) for visit in job.visits),
        next_visit=_visit_view(upcoming) if upcoming else None,
        actions=PROCESS.allowed(uow.actor, job),
    )


def _visit_view(visit: Visit) -> VisitView:
    return VisitView(
        sequence=visit.sequence,
        agreed_from=visit.agreed_from,
        agreed_to=visit.agreed_to,
        arrived_at=visit.arrived_at,
        ended_at=visit.ended_at,
        outcome=visit.outcome,
        note=visit.note,
        place=whereabouts(visit),
        confirmed_at=visit.confirmed_at,
    )


def whereabouts(visit: Visit) -> str:
    """Where the technician stood on arriving, as a map takes it."""
    if visit.latitude is None or visit.longitude is None:
        return ""
    return f"{visit.latitude:.5f}, {visit.longitude:.5f}"
