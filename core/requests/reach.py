"""How far somebody drives to a case at most, and from where: the day's start or the job before."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import func, select

from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import norm_for
from core.requests.kinds import narrowing
from core.roster import hours, roads
from core.roster.roads import Place
from db.codes import JobStatus, ServiceWay
from db.tables import Job, ServiceRequest, Station, Visit

# Until somebody plans it, a job takes the window that was agreed with the customer.
BEGINS = func.coalesce(Job.planned_from, Visit.agreed_from)
Begun = tuple[datetime, Place]


def most_of(uow: UnitOfWork, request: ServiceRequest) -> int | None:
    """Most minutes of driving to a case, by the rule book that accepted it."""
    if request.way is ServiceWay.STATION:
        return None  # the customer drives
    return norm_for(uow, request).reach_of(request.kind, request.priority, **narrowing(request))


def too_far(
    uow: UnitOfWork,
    request: ServiceRequest,
    people: Collection[int],
    *,
    day: date,
    at: datetime | None,
) -> Iterator[tuple[int, int, int]]:
    """Who would drive too far to a case: the person, the minutes, and how many are allowed.

    Without a time it is the shortest drive from where somebody is on the day that counts. Places
    that are not on the map are never too far.
    """
    most, goal = most_of(uow, request), (request.latitude, request.longitude)
    if most is None or None in goal:
        return
    stops = _stops(uow, request, people, day)
    for person, (home, _station) in roads.day_starts(uow, people).items():
        before = [place for start, place in stops[person] if at is None or start < at]
        origins = [home, *before] if at is None else [home, *before][-1:]
        drives = [roads.minutes(origin, goal) for origin in origins]
        known = [drive for drive in drives if drive is not None]
        if len(known) == len(drives) and min(known) > most:
            yield person, min(known), most


def _stops(
    uow: UnitOfWork, request: ServiceRequest, people: Collection[int], day: date
) -> Mapping[int, list[Begun]]:
    """Where each is on the day for other cases, in order."""
    span = hours.whole(day, uow.actor.zone_info)
    rows = uow.session.execute(
        select(Job.technician_id, BEGINS, *roads.PLACE)
        .join(Job.request)
        .outerjoin(Station, Station.id == ServiceRequest.station_id)
        .outerjoin(Visit, (Visit.job_id == Job.id) & Visit.ended_at.is_(None))
        .where(Job.technician_id.in_(people), Job.status != JobStatus.CANCELLED)
        .where(Job.request_id != request.id, span.start <= BEGINS, span.end > BEGINS)
        .order_by(BEGINS, Job.id)
    )
    found: dict[int, list[Begun]] = defaultdict(list)
    for person, start, north, east in rows:
        found[person].append((start, (north, east)))
    return found
