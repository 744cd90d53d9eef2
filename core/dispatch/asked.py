"""What the engine is asked: some days of shifts, the jobs on them, and what waits (E6)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.dispatch import board, sites
from core.dispatch.board import Board, Card, Filter
from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import SiteWork
from core.planning.greedy import locked
from core.planning.prepared import prepare
from core.planning.problem import DAY, Appointment, Break, Prices, Problem, Shift, Task, Window
from core.planning.travel import Place, Roads
from core.process.permissions import require
from core.requests import reach
from core.roster import fitness, hours
from db.codes import JobStatus, Priority
from db.tables import Person, ServiceRequest

MINUTE = timedelta(minutes=1)
QUARTER = 15
USUAL_WINDOW = 120
LONGEST = 16 * 60  # of a shift without a break
MOST_WAITING = 600
URGENCY = {Priority.CRITICAL: 1, Priority.URGENT: 2, Priority.NORMAL: 3}
# Another time is a call to somebody, be it a quarter of an hour.
PRICES = Prices(told_slack=0)
Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Asked:
    """What the engine is asked for some local days, and the cards as they stood."""

    since: date
    days: int
    midnight: datetime
    question: Problem
    cards: Mapping[int, Card]
    names: Mapping[int, str]
    # Nobody can be sent for these yet.
    unready: tuple[Card, ...] = ()


@dataclass
class _Facts:
    """What the question is made of; all times are minutes from the first midnight."""

    found: Board
    midnight: datetime
    zone: ZoneInfo
    now: int
    days: int
    filters: Filter
    cards: dict[int, Card]
    places: dict[int, Place]
    homes: dict[int, Place]
    reaches: dict[int, int | None]
    # Who may do the work that needs these qualifications, by day.
    able: list[dict[tuple[str, ...], frozenset[int]]]
    stations: dict[int, int]

    def minutes(self, at: datetime) -> int:
        """How long after the first midnight."""
        return int((at - self.midnight) / MINUTE)


def ask(uow: UnitOfWork, *, since: date, days: int = 1, filters: Filter = Filter()) -> Asked:
    """The shifts of some days, their planned jobs and what waits, as the engine takes them."""
    require(uow, "job:dispatch")
    facts = _facts(uow, since, days, filters)
    aside: set[int] = set()
    # What is fixed and cannot be driven to keeps its time; nobody plans anything over it.
    while stuck := _stuck(question := _question(facts, aside)):
        aside |= stuck
    cards = {int(task.id): facts.cards[int(task.id)] for task in question.tasks}
    names = {row.technician_id: row.name for row in facts.found.rows}
    unready = tuple(card for card in facts.cards.values() if card.lacks)
    return Asked(since, days, facts.midnight, question, cards, names, unready)


def is_fixed(card: Card) -> bool:
    """Whether the time is agreed with the customer or confirmed by the technician."""
    return card.status in (JobStatus.AGREED, JobStatus.ON_SITE) or card.confirmed


def _facts(uow: UnitOfWork, since: date, days: int, filters: Filter) -> _Facts:
    # Jobs that are not asked for take their technician's time as well.
    everything = replace(filters, kind=None, skill=None)
    found = board.board(uow, since=since, days=days, filters=everything, most=MOST_WAITING)
    asked = [card for card in found.waiting if _is_asked(filters, card)]
    cards = {card.case_id: card for card in (*found.planned, *asked)}
    people = [row.technician_id for row in found.rows]
    zone = uow.actor.zone_info
    midnight = hours.whole(since, zone).start
    dates = [since + timedelta(days=n) for n in range(days)]
    stations = uow.session.execute(
        select(Person.id, Person.station_id).where(Person.id.in_(people))
    )
    return _Facts(
        *(found, midnight, zone, int((uow.now - midnight) / MINUTE), days, filters, cards),
        places=sites.of_cases(uow, cards),
        homes=sites.of_people(uow, people),
        reaches=_reaches(uow, cards),
        able=[_able(uow, people, cards.values(), day) for day in dates],
        stations={id: station or 0 for id, station in stations},
    )


def _is_asked(filters: Filter, card: Card) -> bool:
    return filters.kind in (None, card.kind) and (not filters.skill or filters.skill in card.needs)


def _reaches(uow: UnitOfWork, cases: Collection[int]) -> dict[int, int | None]:
    rows = uow.session.scalars(select(ServiceRequest).where(ServiceRequest.id.in_(cases)))
    return {row.id: reach.most_of(uow, row) for row in rows}


def _able(
    uow: UnitOfWork, people: Sequence[int], cards: Collection[Card], day: date
) -> dict[tuple[str, ...], frozenset[int]]:
    found = {}
    for needs in {card.needs for card in cards}:
        work = SiteWork(name="asked", text={}, needs=needs)
        against = fitness.refusals(uow, people=people, work=work, day=day)
        found[needs] = frozenset(id for id, bad in against.items() if not bad)
    return found


def _stuck(question: Problem) -> set[int]:
    """The fixed ones that cannot be in a plan beside the others."""
    fixed = tuple(task for task in question.tasks if task.locked is not None)
    held = locked(prepare(replace(question, tasks=fixed))).held if fixed else {}
    return {int(task.id) for number, task in enumerate(fixed) if number not in held}


def _question(facts: _Facts, aside: set[int]) -> Problem:
    somewhere = sites.somewhere([*facts.places.values(), *facts.homes.values()])
    tasks = tuple(
        _task(facts, card, facts.places.get(id) or somewhere)
        for id, card in facts.cards.items()
        if id not in aside and not card.lacks and not _is_for_later(facts, card)
    )
    shifts = tuple(
        shift
        for row in facts.found.rows
        for shift in _shifts(facts, row.technician_id, _working(facts, row, aside), somewhere)
    )
    return Problem(tasks, shifts, Roads(), PRICES, grid=QUARTER)


def _is_for_later(facts: _Facts, card: Card) -> bool:
    """Whether the customer wants it on a day that is not asked for yet."""
    is_wanted = card.wanted_from is not None and not card.start
    return is_wanted and facts.minutes(card.wanted_from) >= facts.days * DAY  # type: ignore[arg-type]


def _task(facts: _Facts, card: Card, place: Place) -> Task:
    told = None
    if card.start and card.technician_id:
        told = Appointment(card.technician_id, facts.minutes(card.start))
    is_locked = told is not None and not _may_move(facts, card)
    length = (card.end - card.start) // MINUTE if card.start and card.end else card.minutes
    is_sent = card.job_id and not card.start
    due = None if card.due_at is None else facts.minutes(card.due_at) // QUARTER * QUARTER
    return Task(
        card.case_id,
        place,
        max(length, QUARTER),
        windows=tuple(_windows(facts, card)),
        due=due,
        priority=URGENCY[card.priority],
        needs=frozenset() if is_locked else frozenset({_key(card.needs)}),
        # Who is sent without a time goes; who has one may be relieved.
        allowed=frozenset({card.technician_id or 0}) if is_sent else None,
        locked=told if is_locked else None,
        told=None if is_locked else told,
        reach=facts.reaches[card.case_id],
    )


def _may_move(facts: _Facts, card: Card) -> bool:
    """Whether the engine may propose another time or technician."""
    if card.status is JobStatus.ON_SITE or not _is_asked(facts.filters, card):
        return False
    return not is_fixed(card) or _is_away(facts, card)


def _is_away(facts: _Facts, card: Card) -> bool:
    assert card.start is not None
    day = card.start.astimezone(facts.zone).date()
    away = {row.technician_id: row.away for row in facts.found.rows}
    return day in away[card.technician_id or 0]


def _windows(facts: _Facts, card: Card) -> Iterator[Window]:
    """When the visit may begin: as it was agreed, else as the customer wishes, if not yet over."""
    if card.agreed_from and card.agreed_to:
        yield Window(facts.minutes(card.agreed_from), facts.minutes(card.agreed_to) - 1)
    elif card.wanted_from:
        start = facts.minutes(card.wanted_from)
        end = facts.minutes(card.wanted_to) if card.wanted_to else start + USUAL_WINDOW
        planned = facts.minutes(card.start) if card.start else start
        # Who planned it at another time than the wished one knew why.
        if end > max(facts.now, 0) and start <= planned <= end:
            yield Window(start, end)


def _working(facts: _Facts, row: board.Row, aside: set[int]) -> Spans:
    """When somebody can still be planned: work time without the past and what is set aside."""
    now = -(-facts.now // QUARTER) * QUARTER
    spans = [(facts.minutes(span.start), facts.minutes(span.end)) for span in row.working]
    spans = [(max(start, now), end) for start, end in spans if end > now]
    for card in facts.found.planned:
        if card.case_id in aside and card.technician_id == row.technician_id:
            assert card.start is not None and card.end is not None
            gone = facts.minutes(card.start), facts.minutes(card.end)
            spans = [left for span in spans for left in _without(span, gone)]
    return _joined(spans)


def _joined(spans: Spans) -> Spans:
    """A night is one shift, though it is two days."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start and end - joined[-1][0] <= LONGEST:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _without(span: tuple[int, int], gone: tuple[int, int]) -> Iterator[tuple[int, int]]:
    pieces = (span[0], min(span[1], gone[0])), (max(span[0], gone[1]), span[1])
    yield from (piece for piece in pieces if piece[0] < piece[1])


def _shifts(facts: _Facts, person: int, spans: Spans, somewhere: Place) -> Iterator[Shift]:
    home = facts.homes.get(person) or somewhere
    by_day: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for span in spans:
        by_day[span[0] // DAY].append(span)
    for day, parts in by_day.items():
        able = facts.able[day]
        codes = frozenset(_key(needs) for needs, people in able.items() if person in people)
        # Two parts are a shift with its break; more of them are shifts of their own.
        for pair in (parts[n : n + 2] for n in range(0, len(parts), 2)):
            start, end, rest = pair[0][0], pair[-1][1], None
            if len(pair) > 1:
                begins, ends = pair[0][1], pair[1][0]
                rest = Break(begins, ends - begins, begins, begins)
            station = facts.stations.get(person, 0)
            yield Shift(person, start, end, home, home, rest, 0, codes, station)


def _key(needs: tuple[str, ...]) -> str:
    return "+".join(needs)
