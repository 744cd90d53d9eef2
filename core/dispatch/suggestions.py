"""Who suits a case: technicians in order, each with the first free time and the reasons (E6)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.dispatch import candidates, free
from core.dispatch.candidates import Candidate
from core.jobs.slots import BEGINS, ENDED, USUAL_MINUTES
from core.kernel.errors import Problem
from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import SiteWork
from core.norms.revisions import norm_for
from core.process import workflow
from core.process.permissions import require
from core.requests import actions as requests
from core.requests import reach, ready, reworks, sending
from core.requests.inputs import Dispatch
from core.roster import fitness, hours, regions
from core.roster.fitness import Hindrance, Why
from core.roster.hours import DayTime, Interval
from db.tables import Asset, Job, ServiceRequest, Visit

# So many working days are searched after the wanted one, over a long holiday too.
MORE_DAYS, FURTHEST = 3, 12
# So many times are offered of whoever is sent already.
OWN_TIMES = 3
USUAL_WINDOW = timedelta(hours=2)
UNKNOWN_ROAD = 30


class Merit(StrEnum):
    """What speaks for somebody, or against."""

    SAME_HANDS = "same_hands"
    OTHER_HANDS = "other_hands"
    IN_CHARGE = "in_charge"
    QUALIFIED = "qualified"
    AS_WISHED = "as_wished"
    SAME_CUSTOMER = "same_customer"
    SAME_MODEL = "same_model"
    DAYS_LATER = "days_later"
    LOAD = "load"
    ROAD = "road"


# Points for each unit of a merit, and how many units count.
POINTS: Mapping[Merit, tuple[int, int]] = {
    Merit.SAME_HANDS: (60, 1),  # whose work it was does the rework, where the rule book says so
    Merit.OTHER_HANDS: (-60, 1),  # or just not
    Merit.IN_CHARGE: (40, 1),  # of the region of the address, on the wanted day
    Merit.QUALIFIED: (0, 1),  # who is not does not go: it is said, and weighs nothing
    Merit.AS_WISHED: (30, 1),  # within the time that the customer wants
    Merit.SAME_CUSTOMER: (15, 1),  # was there before
    Merit.SAME_MODEL: (5, 3),  # each job on the model in the past year
    Merit.DAYS_LATER: (-15, MORE_DAYS),  # each working day after the wanted one
    Merit.LOAD: (-2, 10),  # each full tenth of the shift that is planned
    Merit.ROAD: (-1, 20),  # each full three minutes on the road
}


_WITH = (
    joinedload(ServiceRequest.station),
    joinedload(ServiceRequest.asset).joinedload(Asset.product),
)


@dataclass(frozen=True)
class Suggestion:
    """A technician with a time; without one when nothing is free, or something forbids it.

    The merits are times, working days or minutes.
    """

    technician_id: int
    name: str
    slot: Interval | None
    points: int
    merits: Mapping[Merit, int]
    against: tuple[Problem, ...] = ()
    # Of whom somebody is sent already, but for no time yet.
    job_id: int | None = None


@dataclass(frozen=True)
class Asked:
    """What is to be done for a case, and when at best."""

    work: SiteWork | None
    length: timedelta
    day: date
    wish: Interval | None
    in_charge: int | None
    most: int | None  # minutes of driving
    # Whose work was not good enough, and what the rule book says of them (A20).
    again: int | None = None
    hands: Merit = Merit.SAME_HANDS


@dataclass(frozen=True)
class Found:
    """The first free slot of somebody, and the day that it is on."""

    slot: Interval
    later: int
    day: Interval
    time: DayTime


def suggest(
    uow: UnitOfWork, *, case_id: int, day: date | None = None, most: int = 3
) -> tuple[Suggestion, ...]:
    """Who could go to a case that waits for a technician: the best first, who may not go last.

    Searched are the day, else the wanted one, and the next working days. Where somebody is sent
    for no time yet, it is that technician's best times first. NotFound for a case that the actor
    does not see; nobody for one that waits for neither, or is not ready for it.
    """
    require(uow, "job:dispatch")
    request = workflow.fetch(uow, requests.PROCESS, case_id, options=_WITH)
    job = _without_a_time(uow, request)
    allowed = requests.PROCESS.allowed(uow.actor, request)
    if job is None and all(rule.action is not Dispatch for rule in allowed):
        return ()
    if ready.of_case(uow, request):
        return ()
    sent = job.technician_id if job else 0
    region = regions.region_of(uow, address=request.address)
    on = max(day or sending.day_of(uow, request), uow.today)
    in_charge = regions.in_charge(uow, region=region, day=on) if region else None
    work = sending.work_of(uow, request)
    length = timedelta(minutes=work.minutes if work else USUAL_MINUTES)
    wish, furthest = _wish(uow, request, length), reach.most_of(uow, request)
    asked = Asked(work, length, on, wish, in_charge, furthest, *_again(uow, request))
    until = _day(uow, on + timedelta(days=FURTHEST)).end
    span = Interval(_day(uow, on).start, until)
    people = candidates.of_case(uow, request, region, span, also=sent)
    found, against = _search(uow, people, asked, {sent: OWN_TIMES})
    bad = {id: sending.problems(uow, request, each) for id, each in against.items()}
    shown = [
        _shown(each, slot, asked, bad.get(each.id, ()))
        for each in people
        for slot in found.get(each.id) or (None,)
    ]
    mine = sorted((each for each in shown if each.technician_id == sent), key=_order)[:OWN_TIMES]
    others = sorted((each for each in shown if each.technician_id != sent), key=_order)[:most]
    job_id = job.id if job else None
    return tuple(replace(each, job_id=job_id) for each in (*mine, *others))


def _without_a_time(uow: UnitOfWork, request: ServiceRequest) -> Job | None:
    """The job of a case for which somebody is sent, without a time."""
    return uow.session.scalars(
        select(Job)
        .outerjoin(Visit, (Visit.job_id == Job.id) & Visit.ended_at.is_(None))
        .where(Job.request_id == request.id, Job.status.notin_(ENDED), BEGINS.is_(None))
    ).one_or_none()


def _again(uow: UnitOfWork, request: ServiceRequest) -> tuple[int | None, Merit]:
    norm = norm_for(uow, request)
    by = Merit.SAME_HANDS if norm.rework_by == "same" else Merit.OTHER_HANDS
    before = reworks.of_case(uow, norm, request)
    return before.technician_id if before else None, by


def _wish(uow: UnitOfWork, request: ServiceRequest, length: timedelta) -> Interval | None:
    start = request.wanted_from
    if start is None:
        return None
    # Where the customer gives less time than the work takes, it begins as it opens.
    end = max(request.wanted_to or start + USUAL_WINDOW, start + length)
    return Interval(start, end) if end > uow.clock else None


def _day(uow: UnitOfWork, day: date) -> Interval:
    return hours.whole(day, uow.actor.zone_info)


def _search(
    uow: UnitOfWork, people: Sequence[Candidate], asked: Asked, times: Mapping[int, int]
) -> tuple[dict[int, list[Found]], dict[int, tuple[Hindrance, ...]]]:
    """The first free times of each, one or as many as are asked for; else what is against it."""
    left = {each.id: each for each in people}
    found: dict[int, list[Found]] = defaultdict(list)
    against: dict[int, tuple[Hindrance, ...]] = {}
    for later, day, clock in _days(uow, left, asked.day):
        barred = fitness.refusals(uow, people=[*left], work=asked.work, day=day)
        for id, each in [*left.items()]:
            if bad := barred[id]:
                against.setdefault(id, bad)
                continue
            for slot in _free(uow, each, asked, day, clock[id], times.get(id, 1)):
                reached = Found(slot, later, _day(uow, day), clock[id])
                if bad := _too_far(each, reached, asked):
                    against.setdefault(id, bad)
                else:
                    found[id].append(reached)
            if len(found[id]) >= times.get(id, 1):
                del left[id]
    return found, {id: bad for id, bad in against.items() if not found[id]}


def _free(
    uow: UnitOfWork, each: Candidate, asked: Asked, day: date, clock: DayTime, times: int
) -> Iterator[Interval]:
    """The first free time of a day, or that before and after each break."""
    taken = [busy.with_roads for busy in each.busy]
    within = _within(uow, day, asked)
    parts = [clock.working] if times == 1 else [(span,) for span in clock.working]
    for part in parts:
        if slot := free.first(part, taken, within, asked.length):
            yield slot


def _too_far(each: Candidate, found: Found, asked: Asked) -> tuple[Hindrance, ...]:
    road = _road(each, found)
    if asked.most is None or road is None or road <= asked.most:
        return ()
    return (Hindrance(Why.TOO_FAR, minutes=road, most=asked.most),)


def _road(each: Candidate, found: Found) -> int | None:
    """Minutes to the case from the job before it on that day, or from where the day begins."""
    start = found.day.start
    before = [busy for busy in each.busy if start <= busy.start and busy.end <= found.slot.start]
    return before[-1].road if before else each.road


def _days(
    uow: UnitOfWork, left: Mapping[int, Candidate], first: date
) -> Iterator[tuple[int, date, dict[int, DayTime]]]:
    """The working days to search, as long as there is somebody left to search for."""
    later = 0
    for n in range(FURTHEST):
        if not left or later > MORE_DAYS:
            return
        day = first + timedelta(days=n)
        times = hours.days_of(uow, people=[*left], day=day)
        if any(each.shift for each in times.values()):
            yield later, day, times
            later += 1


def _within(uow: UnitOfWork, day: date, asked: Asked) -> Interval:
    whole, wish = _day(uow, day), asked.wish
    start, end = max(whole.start, uow.clock), whole.end
    if wish and wish.start < whole.end and wish.end > whole.start:
        return Interval(max(start, wish.start), min(end, wish.end))
    return Interval(start, end)


def _shown(
    each: Candidate, found: Found | None, asked: Asked, against: tuple[Problem, ...]
) -> Suggestion:
    merits = {
        asked.hands: int(each.id == asked.again),
        Merit.IN_CHARGE: int(each.id == asked.in_charge),
        Merit.QUALIFIED: len(asked.work.needs) if found and asked.work else 0,
        Merit.SAME_CUSTOMER: each.same_customer,
        Merit.SAME_MODEL: each.same_model,
    }
    shift = 0
    if found:
        shift = sum(_minutes(span) for span in found.time.shift)
        merits |= _of_slot(each, found, asked)
    told = (Merit.LOAD, Merit.ROAD)  # none is something to say
    merits = {merit: number for merit, number in merits.items() if number or merit in told}
    points = sum(_points(merit, number, shift) for merit, number in merits.items())
    if found and Merit.ROAD not in merits:
        points += _points(Merit.ROAD, UNKNOWN_ROAD, shift)
    slot = found.slot if found else None
    return Suggestion(each.id, each.name, slot, points, merits, against)


def _of_slot(each: Candidate, found: Found, asked: Asked) -> dict[Merit, int]:
    day, slot, wish = found.day, found.slot, asked.wish
    planned = (Interval(max(b.start, day.start), min(b.end, day.end)) for b in each.busy)
    road = _road(each, found)
    return {
        Merit.AS_WISHED: int(wish is not None and wish.start <= slot.start < wish.end),
        Merit.DAYS_LATER: found.later,
        Merit.LOAD: sum(max(_minutes(span), 0) for span in planned),
    } | ({} if road is None else {Merit.ROAD: road})


def _points(merit: Merit, number: int, shift: int) -> int:
    each, most = POINTS[merit]
    units = {Merit.LOAD: number * 10 // max(shift, 1), Merit.ROAD: number // 3}.get(merit, number)
    return each * min(units, most)


def _minutes(span: Interval) -> int:
    return int((span.end - span.start).total_seconds()) // 60


def _order(each: Suggestion) -> tuple[bool, bool, int, int, str]:
    load = each.merits.get(Merit.LOAD, 0)
    return bool(each.against), each.slot is None, -each.points, load, each.name
