"""The time that a job is planned for: nobody is in two places at once (E6)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.requests import reach
from core.requests.inputs import Planned
from core.roster import hours
from core.roster.hours import Interval
from db.codes import JobStatus
from db.tables import Job, Person, ServiceRequest, Visit

# How long work takes that the rule book does not know.
USUAL_MINUTES = 60
ENDED = (JobStatus.DONE, JobStatus.CANCELLED)
BEGINS = reach.BEGINS
ENDS = func.coalesce(Job.planned_to, Visit.agreed_to)


def keeps(visit: Visit, start: datetime) -> bool:
    """Whether a visit that begins then comes within what was agreed with the customer."""
    return visit.agreed_from <= start < visit.agreed_to


def taken(people: Sequence[int], slot: Interval, *columns: Any) -> Select[Any]:
    """What is asked of the open jobs of some technicians, and their cases, within a time."""
    query: Select[Any] = select(*columns)
    return (
        query.select_from(Job)
        .join(Job.request)
        .outerjoin(Visit, (Visit.job_id == Job.id) & Visit.ended_at.is_(None))
        .where(Job.technician_id.in_(people), Job.status.notin_(ENDED))
        .where(slot.end > BEGINS, slot.start < ENDS)
        .order_by(BEGINS, Job.id)
    )


def check(
    uow: UnitOfWork, technician_id: int, slot: Interval, *, job_id: int = 0, reason: str = ""
) -> None:
    """InvalidInput names what stands against a time: another job, the past, the shift.

    Outside the shift only with a reason: whoever plans it calls somebody in.
    """
    if slot.end <= uow.clock:
        raise InvalidInput(Problem("planned_to", "in_the_past"))
    hold(uow, technician_id)
    asked, others = (ServiceRequest.number, BEGINS, ENDS), Job.id.notin_({job_id, *uow.leaving})
    rows = uow.session.execute(taken([technician_id], slot, *asked).where(others))
    for number, start, end in rows:
        told = {"number": number} | wall_clock(uow, start, end)
        raise InvalidInput(Problem("planned_from", "double_booked", told))
    if not reason and not _is_on_duty(uow, technician_id, slot):
        raise InvalidInput(Problem("planned_from", "off_duty"))


def hold(uow: UnitOfWork, *people: int) -> None:
    """Let nobody else plan some people's time until this is over."""
    # Two dispatchers at once: the second waits here, and then sees what the first has planned.
    rows = select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update()
    uow.session.execute(rows)


def _is_on_duty(uow: UnitOfWork, person_id: int, slot: Interval) -> bool:
    """Whether a slot begins and ends at work; a break within it is taken before or after."""
    zone, people = uow.actor.zone_info, [person_id]
    days = {at.astimezone(zone).date() for at in (slot.start, slot.end)}
    found = [hours.days_of(uow, people=people, day=day)[person_id] for day in days]
    working = [span for day in found for span in day.working]
    starts = any(span.start <= slot.start < span.end for span in working)
    return starts and any(span.start < slot.end <= span.end for span in working)


def plan(uow: UnitOfWork, job: Job, slot: Interval | None, reason: str) -> dict[str, str]:
    """Plan a job for a time, or for none; gives what history keeps of it."""
    job.planned_from = job.planned_to = job.confirmed_at = None
    if slot is None:
        return {}
    check(uow, job.technician_id, slot, job_id=job.id or 0, reason=reason)
    job.planned_from, job.planned_to = slot.start, slot.end
    return {"from": slot.start.isoformat(), "to": slot.end.isoformat()}


def of(command: Planned) -> Interval | None:
    """The time that a form asks for, if any."""
    if command.planned_from and command.planned_to:
        return Interval(command.planned_from, command.planned_to)
    return None


def wall_clock(uow: UnitOfWork, start: datetime, end: datetime) -> dict[str, str]:
    """A time as it is told: by the clock on the company's wall."""
    zone = uow.actor.zone_info
    return {"start": f"{start.astimezone(zone):%H:%M}", "end": f"{end.astimezone(zone):%H:%M}"}
