"""The visits of a job, at the customer's place or at the station (E7, E25)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from core.jobs import slots
from core.kernel.errors import Problem
from core.kernel.inputs import Action, Latitude, Longitude
from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Asks, Done
from core.requests import sending
from core.roster.hours import Interval
from db.codes import ServiceWay, VisitOutcome
from db.tables import Job, Visit


class Arrive(Action):
    """The technician stands at the door: when, and where, as far as the technician tells it."""

    latitude: Latitude | None = None
    longitude: Longitude | None = None

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """A place has both its degrees."""
        for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
            if values.get(one) is not None and values.get(other) is None:
                yield Problem(other, "missing")


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


def arrive(uow: UnitOfWork, job: Job, command: Arrive) -> Done:
    """The visit has begun."""
    visit = open_visit(job)
    assert visit is not None  # an agreed job has one: both are written in one step
    visit.arrived_at = uow.now
    visit.latitude, visit.longitude = command.latitude, command.longitude
    told = command.model_dump(exclude_none=True)
    return Done(data={"visit": visit.sequence} | told)


def place_apart(_uow: UnitOfWork, _job: Job) -> Asks:
    """Degrees are nothing to be typed: the telephone tells them, or nobody does."""
    return Asks(frozenset({"latitude", "longitude"}))


def take_in(uow: UnitOfWork, job: Job, _command: TakeIn) -> Done:
    """Work begins at the station: where no time was agreed, the visit is the work itself."""
    visit = open_visit(job)
    if visit is None:
        work = sending.work_of(uow, job.request)
        length = timedelta(minutes=work.minutes if work else slots.USUAL_MINUTES)
        visit = add(job, uow.now, uow.now + length)
    visit.arrived_at = uow.now
    return Done(data={"visit": visit.sequence})
