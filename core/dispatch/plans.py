"""A day planned by the engine: what it is asked, what it proposes, and taking it whole (E6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core.dispatch import board, moves, roads
from core.dispatch.board import Card, Filter, Row
from core.dispatch.moves import Place as PlaceCard
from core.jobs.slots import wall_clock
from core.kernel.errors import InvalidInput, Problem, Refused, Stale
from core.kernel.inputs import parse
from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import SiteWork
from core.norms.revisions import in_force, norm_of
from core.planning.problem import Appointment, Break, Plan, Reason, Shift, Task, Window
from core.planning.problem import Problem as Question
from core.planning.travel import Place, Roads
from core.process.permissions import require
from core.roster import fitness, hours
from db.codes import JobStatus, Priority
from db.tables import Person, ServiceRequest, Station

MINUTE = timedelta(minutes=1)
# How far a customer without coordinates may be from the station.
SPREAD_KM = 4.0
URGENCY = {Priority.CRITICAL: 1, Priority.URGENT: 2, Priority.NORMAL: 3}
QUARTER = 15


@dataclass(frozen=True)
class Asked:
    """What the engine is asked for a local day, and the cards as they stood."""

    day: date
    midnight: datetime
    question: Question
    cards: Mapping[int, Card]
    names: Mapping[int, str]


@dataclass(frozen=True)
class Change:
    """A card at its proposed time; without one it is taken off the board."""

    card: Card
    technician_id: int
    technician: str
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True)
class Proposal:
    """What would change, what stays out and why, and the minutes on the road before and after."""

    day: date
    changes: tuple[Change, ...]
    left_out: tuple[tuple[Card, Reason], ...]
    planned_before: int
    planned_after: int
    travel: int
    late: int
    others: int


def ask(uow: UnitOfWork, *, day: date, filters: Filter = Filter()) -> Asked:
    """The day's shifts, its planned jobs and what waits, as the engine takes them."""
    require(uow, "job:dispatch")
    found = board.board(uow, since=day, filters=filters)
    midnight = hours.whole(day, uow.actor.zone_info).start
    cards = {card.case_id: card for card in (*found.planned, *found.waiting)}
    places = _places(uow, list(cards))
    homes = _homes(uow, [row.technician_id for row in found.rows])
    centre = _centre([*places.values(), *homes.values()])
    able = _able(uow, found.rows, day)
    now = _minutes(uow.now, midnight)
    tasks = tuple(
        _task(card, places.get(id) or centre, able[card.needs], midnight)
        for id, card in cards.items()
        if not card.lacks
    )
    shifts = tuple(
        shift
        for row in found.rows
        for shift in _shifts(row, homes.get(row.technician_id) or centre, midnight, now)
    )
    names = {row.technician_id: row.name for row in found.rows}
    return Asked(day, midnight, Question(tasks, shifts, Roads()), cards, names)


def told(asked: Asked, plan: Plan) -> Proposal:
    """What a plan of the engine would change on the board."""
    cards, changes = asked.cards, []
    for visit in plan.visits:
        card = cards[int(visit.task)]
        start, end = (asked.midnight + at * MINUTE for at in (visit.start, visit.end))
        person = int(visit.technician)
        if (card.technician_id, card.start) != (person, start):
            changes.append(Change(card, person, asked.names[person], start, end))
    out = [(cards[int(each.task)], each.reason) for each in plan.left_out]
    out += [(card, Reason.NOT_READY) for card in cards.values() if card.lacks]
    off = [card for card, _reason in out if card.is_planned and card.technician_id]
    changes += [Change(card, card.technician_id or 0, card.technician, None, None) for card in off]
    return Proposal(
        asked.day,
        tuple(changes),
        tuple(out),
        sum(card.is_planned for card in cards.values()),
        len(plan.visits),
        plan.measures.travel,
        plan.measures.late,
        plan.measures.other_technician,
    )


def accept(uow: UnitOfWork, proposal: Proposal) -> int:
    """Carry out a proposal whole, against the versions it was made of; gives how many changed.

    InvalidInput names the case that stands in the way, and nothing has changed then.
    """
    require(uow, "job:dispatch")
    versions: dict[int, int] = {}
    # First every moved job leaves its place: one may be going where another one still is.
    for change in proposal.changes:
        if change.card.is_planned:
            off = replace(
                change, technician_id=change.card.technician_id or 0, start=None, end=None
            )
            versions[change.card.case_id] = _carry_out(uow, off, versions)
    for change in proposal.changes:
        if change.start:
            _carry_out(uow, change, versions)
    return len(proposal.changes)


def _carry_out(uow: UnitOfWork, change: Change, versions: Mapping[int, int]) -> int:
    card = change.card
    facts = {
        "technician_id": change.technician_id,
        "planned_from": change.start,
        "planned_to": change.end,
    }
    try:
        record = moves.place(
            uow,
            parse(PlaceCard, facts),
            case_id=card.case_id,
            job_id=card.job_id,
            seen_version=versions.get(card.case_id, card.version),
        )
    except Stale:
        raise InvalidInput(Problem("plan", "plan_stale", {"number": card.number})) from None
    except Refused as refused:
        times = wall_clock(uow, change.start, change.end) if change.start and change.end else {}
        told = {"number": card.number, "technician": change.technician} | times
        raise InvalidInput(Problem("plan", "plan_refused", told)) from refused
    uow.session.flush()
    version: int = record.version
    return version


def _task(card: Card, place: Place, able: frozenset[int], midnight: datetime) -> Task:
    kept = card.status in (JobStatus.AGREED, JobStatus.ON_SITE) or card.confirmed
    told = None
    if card.start and card.technician_id:
        told = Appointment(card.technician_id, _minutes(card.start, midnight))
    length = _minutes(card.end, card.start) if card.start and card.end else card.minutes
    return Task(
        card.case_id,
        place,
        max(length, QUARTER),
        windows=tuple(_windows(card, midnight)),
        due=_minutes(card.due_at, midnight) if card.due_at else None,
        priority=URGENCY[card.priority],
        # Who is sent without a time goes; who has one may be relieved.
        allowed=frozenset({card.technician_id or 0}) if card.job_id and not card.start else able,
        locked=told if kept else None,
        told=None if kept else told,
    )


def _windows(card: Card, midnight: datetime) -> Iterator[Window]:
    """When the visit may begin: as the customer wished, if that is on this day."""
    if card.start or not card.wanted_from:
        return
    start = _minutes(card.wanted_from, midnight)
    end = _minutes(card.wanted_to, midnight) if card.wanted_to else start + 120
    if start < 24 * 60 and end > 0:
        yield Window(start, end)


def _shifts(row: Row, home: Place, midnight: datetime, now: int) -> Iterator[Shift]:
    spans = [(_minutes(span.start, midnight), _minutes(span.end, midnight)) for span in row.working]
    spans = [(max(start, _up(now)), end) for start, end in spans if end > _up(now)]
    if not spans:
        return
    pause = None
    if len(spans) > 1:
        begins, ends = spans[0][1], spans[1][0]
        pause = Break(begins, ends - begins, begins, begins)
    yield Shift(row.technician_id, spans[0][0], spans[-1][1], home, home, rest=pause)


def _able(
    uow: UnitOfWork, rows: tuple[Row, ...], day: date
) -> dict[tuple[str, ...], frozenset[int]]:
    """Who may do the work that needs these qualifications, on the day."""
    ids = [row.technician_id for row in rows]
    works: dict[tuple[str, ...], SiteWork | None] = {(): None}
    works |= {work.needs: work for work in norm_of(in_force(uow)).work}
    found = {}
    for needs, work in works.items():
        against = fitness.hindrances(uow, people=ids, work=work, day=day)
        found[needs] = frozenset(
            id for id in ids if not {bad.why for bad in against.get(id, ())} & fitness.REFUSED
        )
    return found


def _places(uow: UnitOfWork, cases: list[int]) -> dict[int, Place]:
    rows = uow.session.execute(
        select(ServiceRequest.id, *roads.PLACE)
        .outerjoin(Station, Station.id == ServiceRequest.station_id)
        .where(ServiceRequest.id.in_(cases))
    )
    return {
        id: Place(north, east) for id, north, east in rows if north is not None and east is not None
    }


def _homes(uow: UnitOfWork, people: list[int]) -> dict[int, Place]:
    """Where each begins the day: at home or at the station, as far as it is on the map."""
    rows = uow.session.execute(
        select(Person, Station.latitude, Station.longitude)
        .outerjoin(Station, Station.id == Person.station_id)
        .where(Person.id.in_(people))
    )
    found = {}
    for person, *station in rows:
        north, east = roads.day_start(person, station)
        if north is not None and east is not None:
            found[person.id] = Place(north, east)
    return found


def _centre(known: list[Place]) -> Place:
    """Where somebody is of whom no place is known: in the middle of all, give or take."""
    if not known:
        return Place(0.0, 0.0, SPREAD_KM)
    north = sum(place.latitude for place in known) / len(known)
    east = sum(place.longitude for place in known) / len(known)
    return Place(north, east, SPREAD_KM)


def _minutes(at: datetime, since: datetime) -> int:
    return int((at - since) / MINUTE)


def _up(minute: int) -> int:
    return -(-minute // QUARTER) * QUARTER
