"""Adding up: the sums of the days of a period, by month and station and over all."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, func, literal, select, union_all

from core.kernel.unit_of_work import UnitOfWork
from core.kpi.counted import WHOLE, Key
from core.kpi.facts import Scope
from core.kpi.figures import ON_FILE, Source, Tally
from core.kpi.look import Look
from core.kpi.spans import DAY, Days, Span
from core.kpi.sums import Stored
from db.tables import FigureDay, FigureMonth

# In place of a month or a station: all of them.
ALL = -1
# In place of a part: all parts of the facts.
EVERY_PART = "*"
THIS, BEFORE, YEAR_BEFORE = "this", "before", "year_before"
# Which facts and which part of them, in which period, month, station.
TallyKey = tuple[str, str, str, int, int]
Tallies = dict[TallyKey, Tally]
BEGINNING = date.min
AT_THE_END = frozenset(source.value for source in ON_FILE)
OTHERS = frozenset(source.value for source in Source) - AT_THE_END


# Whose parts a board tells; the others' are added up.
TOLD_BY_PART = frozenset(
    {Source.ANSWERS.value, Source.COMPLAINTS_DUE.value, Source.COMPLAINTS_ANSWERED.value}
)


@dataclass(frozen=True)
class Stretch:
    """Days that are added up, and as what: by station, or all of them together."""

    period: str
    month: int
    days: Days
    sources: frozenset[str]
    by_station: bool = True


def count(uow: UnitOfWork, span: Span, about: Scope, look: Look) -> Tallies:
    """The sums of a period, of the one before it and of last year's; one query.

    Customers and tools are those on file at the end of what is asked for.
    """
    return _added(uow, span, list(_stretches(span, about)), about, look)


def count_months(uow: UnitOfWork, span: Span, about: Scope, look: Look) -> Tallies:
    """The sums of the months of a period alone, over all stations; one query."""
    stretches = [
        replace(each, by_station=False)
        for each in _stretches(span, about)
        # Who was on file before is on file in each of them.
        if each.period == THIS or (each.period == BEFORE and each.sources <= AT_THE_END)
    ]
    return _added(uow, span, stretches, about, look)


def _added(
    uow: UnitOfWork, span: Span, stretches: list[Stretch], about: Scope, look: Look
) -> Tallies:
    sums: dict[TallyKey, list[int]] = defaultdict(lambda: [0, 0, 0])
    for place, source, part, station, *numbers in _sums(uow, stretches, about, look):
        for wider in _wider(source, part, stretches[place], station):
            each = sums[wider]
            each[0] += numbers[0]
            each[1] += numbers[1]
            each[2] += numbers[2]
    tallies: Tallies = {key: Tally(*numbers) for key, numbers in sums.items()}
    return _on_file(tallies, span)


def by_day(
    uow: UnitOfWork, days: Days, source: Source, about: Scope, look: Look
) -> dict[date, Tally]:
    """The sums of each of some days that has any."""
    where = [FigureDay.dimension == WHOLE, FigureDay.source == source.value]
    where += [FigureDay.day.between(days.first, days.last), *narrowed(FigureDay, about)]
    found = select(FigureDay.day, *sums_of(FigureDay)).where(*where).group_by(FigureDay.day)
    tallies: dict[date, Tally] = defaultdict(Tally)
    for day, *sums in uow.session.execute(found):
        tallies[day] += Tally(*map(int, sums))
    for key, sums in look.sums.items():
        is_same = (key.dimension, key.source) == (WHOLE, source)
        if is_same and is_inside(key, days, about):
            tallies[key.day] += Tally(*sums)
    return dict(tallies)


def _stretches(span: Span, about: Scope) -> Iterator[Stretch]:
    # Of one kind of request there are neither customers nor tools.
    ever = frozenset() if about.kind else AT_THE_END
    for month, days in enumerate(span.parts):
        yield Stretch(THIS, month, days, OTHERS | ever)
    # Four times as many answers as calls, and nobody compares them with the period before.
    compared = OTHERS - {Source.ANSWERS.value}
    yield Stretch(BEFORE, ALL, span.before, compared, by_station=False)
    yield Stretch(YEAR_BEFORE, ALL, span.year_before, compared, by_station=False)
    if ever:
        yield Stretch(BEFORE, ALL, Days(BEGINNING, span.whole.first - DAY), ever)
        until = Days(BEGINNING, span.year_before.last)
        yield Stretch(YEAR_BEFORE, ALL, until, ever, by_station=False)


def _sums(
    uow: UnitOfWork, stretches: list[Stretch], about: Scope, look: Look
) -> Iterator[tuple[int, str, str, int, int, int, int]]:
    for place, source, part, station, *sums in uow.session.execute(
        union_all(
            *(
                _of(noun, place, days, each, about)
                for place, each in enumerate(stretches)
                for noun, days in pieces(each.days)
            )
        )
    ):
        # PostgreSQL gives sums of large integers as decimals.
        if any(sums):
            cases, hits, total = map(int, sums)
            yield place, source, part, station, cases, hits, total
    for key, sums in look.sums.items():
        for place, each in enumerate(stretches):
            inside = key.source in each.sources and is_inside(key, each.days, about)
            if inside and key.dimension == WHOLE:
                station = key.station_id if each.by_station else ALL
                yield place, key.source, key.part, station, sums[0], sums[1], sums[2]


def pieces(days: Days) -> Iterator[tuple[Stored, Days]]:
    """What some days are read from: the months that lie in them whole, and the days around."""
    if days.months:
        yield FigureMonth, days.months
    for rest in days.rest:
        yield FigureDay, rest


def sums_of(noun: Stored) -> tuple[Any, Any, Any]:
    """Cases, hits and total of stored sums, added up."""
    return func.sum(noun.cases), func.sum(noun.hits), func.sum(noun.total)


def _of(noun: Stored, place: int, days: Days, stretch: Stretch, about: Scope) -> Any:
    part = case((noun.source.in_(sorted(TOLD_BY_PART)), noun.part), else_=EVERY_PART)
    groups = [noun.source, part, *([noun.station_id] if stretch.by_station else [])]
    station = [] if stretch.by_station else [literal(ALL, Integer)]
    return (
        select(literal(place, Integer), *groups, *station, *sums_of(noun))
        .where(
            noun.dimension == WHOLE,
            noun.source.in_(sorted(stretch.sources)),
            noun.day.between(days.first, days.last),
            *narrowed(noun, about),
        )
        .group_by(*groups)
    )


def narrowed(noun: Stored, about: Scope) -> list[ColumnElement[bool]]:
    """The scope as conditions on stored sums."""
    at = [] if about.station_id is None else [noun.station_id == about.station_id]
    return at if about.kind is None else [*at, noun.kind == about.kind.value]


def is_inside(key: Key, days: Days, about: Scope) -> bool:
    """Whether a sum is of some days and in the scope."""
    is_about = about.kind in (None, key.kind) and about.station_id in (None, key.station_id)
    return key.day in days and is_about


def _wider(source: str, part: str, stretch: Stretch, station: int) -> Iterator[TallyKey]:
    for month in {stretch.month, ALL}:
        for each_station in {station, ALL}:
            yield source, EVERY_PART, stretch.period, month, each_station
        if source in TOLD_BY_PART:
            yield source, part, stretch.period, month, ALL


def _on_file(tallies: Tallies, span: Span) -> Tallies:
    """What is new in each month becomes what is on file at its end, station by station."""
    for source, station in {(key[0], key[4]) for key in tallies if key[0] in AT_THE_END}:
        on_file = tallies.get((source, EVERY_PART, BEFORE, ALL, station), Tally())
        for month in range(len(span.months)):
            key = (source, EVERY_PART, THIS, month, station)
            on_file = tallies[key] = on_file + tallies.get(key, Tally())
        tallies[source, EVERY_PART, THIS, ALL, station] = on_file
    return tallies
