"""The visits of a job, at the customer's place or at the station (E7, E25)."""

from datetime import datetime, timedelta

from core.jobs import slots
from core.kernel.inputs import Action
from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Done
from core.requests import sending
from core.roster.hours import Interval
from db.codes import ServiceWay, VisitOutcome
from db.tables import Job, Visit


class TakeIn(Action):
    """The goods are at the station: work begins there, with or without a time agreed (E25)."""


def is_at_station(job: Job) -> bool:
    """Whether the customer comes to the station."""
    return job.request.way is ServiceWay.STATION


def is_at_place(job: Job) -> bool:
    """Whether the technician goes to the customer."""
    return not is_at_station(job)


def open_visit(job: Job) -> Visit | None:
    """The visit that is agreed or under way."""
    return next((visit for visit in job.visits if visit.ended_at is None), None)


def unfinished(job: Job) -> Visit | None:
    """The last visit that was made and was not enough."""
    wanting = VisitOutcome.UNFINISHED
    return next((visit for visit in reversed(job.visits) if visit.outcome is wanting), None)


def end(uow: UnitOfWork, job: Job, outcome: VisitOutcome, note: str) -> None:
    """The visit that is agreed or under way ends, if there is one."""
    visit = open_visit(job)
    if visit:
        visit.ended_at, visit.outcome, visit.note = uow.now, outcome, note


def time_of(job: Job) -> Interval | None:
    """The time that an open job takes: as planned, or as agreed; None without either."""
    if job.planned_from and job.planned_to:
        return Interval(job.planned_from, job.planned_to)
    visit = open_visit(job)
    return Interval(visit.agreed_from, visit.agreed_to) if visit else None


def add(job: Job, start: datetime, end: datetime) -> Visit:
    """One more visit of a job, within this time."""
    visit = Visit(
        sequence=len(job.visits) + 1,
        technician_id=job.technician_id,
        agreed_from=start,
        agreed_to=end,
    )
    job.visits.append(visit)
    return visit


def take_in(uow: UnitOfWork, job: Job, _command: TakeIn) -> Done:
    """Work begins at the station: where no time was agreed, the visit is the work itself."""
    visit = open_visit(job)
    if visit is None:
        work = sending.work_of(uow, job.request)
        length = timedelta(minutes=work.minutes if work else slots.USUAL_MINUTES)
        visit = add(job, uow.now, uow.now + length)
    visit.arrived_at = uow.now
    return Done(data={"visit": visit.sequence})
