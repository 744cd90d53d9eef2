"""Adding up: the sums of the days of a period, by month and station and over all."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, func, literal, select, union_all

from core.kernel.unit_of_work import UnitOfWork
from core.kpi.counted import WHOLE, Dimension, Key
from core.kpi.facts import Scope
from core.kpi.figures import Source, Tally
from core.kpi.look import Look
from core.kpi.spans import DAY, Days, Span
from db.tables import FigureDay

# In place of a month or a station: all of them.
ALL = -1
# In place of a part: all parts of the facts.
EVERY_PART = "*"
THIS, BEFORE, YEAR_BEFORE = "this", "before", "year_before"
# Which facts and which part of them, in which period, month, station.
TallyKey = tuple[str, str, str, int, int]
Tallies = dict[TallyKey, Tally]
BEGINNING = date.min
CUSTOMERS = frozenset({Source.CUSTOMERS.value})
OTHERS = frozenset(source.value for source in Source) - CUSTOMERS


@dataclass(frozen=True)
class Stretch:
    """Days that are added up, and as what."""

    period: str
    month: int
    days: Days
    sources: frozenset[str]


def count(uow: UnitOfWork, span: Span, about: Scope, look: Look) -> Tallies:
    """The sums of a period, of the one before it and of last year's; one query.

    Customers are those on file at the end of what is asked for, whatever kind is looked at.
    """
    stretches = list(_stretches(span, about))
    tallies: Tallies = defaultdict(Tally)
    for place, source, part, station, tally in _sums(uow, stretches, about, look):
        for wider in _wider(source, part, stretches[place], station):
            tallies[wider] += tally
    _put_on_file(tallies, span)
    return dict(tallies)


def by_day(
    uow: UnitOfWork, days: Days, source: Source, about: Scope, look: Look
) -> dict[date, Tally]:
    """The sums of each of some days that has any."""
    view, value = _view(about)
    where = [FigureDay.dimension == view, FigureDay.source == source.value]
    where += [FigureDay.day.between(days.first, days.last), FigureDay.value == value, *_at(about)]
    found = select(FigureDay.day, *SUMS).where(*where).group_by(FigureDay.day)
    tallies: dict[date, Tally] = defaultdict(Tally)
    for day, *sums in uow.session.execute(found):
        tallies[day] += Tally(*map(int, sums))
    for key, sums in look.sums.items():
        is_same = (key.dimension, key.source, key.value) == (view, source, value)
        if is_same and _inside(key, days, about):
            tallies[key.day] += Tally(*sums)
    return dict(tallies)


SUMS = (func.sum(FigureDay.cases), func.sum(FigureDay.hits), func.sum(FigureDay.total))


def _stretches(span: Span, about: Scope) -> Iterator[Stretch]:
    for month, days in enumerate(span.parts):
        yield Stretch(THIS, month, days, OTHERS)
        if about.kind is None:
            yield Stretch(THIS, month, days, CUSTOMERS)
    # Four times as many answers as calls, and nobody compares them with the period before.
    compared = OTHERS - {Source.ANSWERS.value}
    yield Stretch(BEFORE, ALL, span.before, compared)
    yield Stretch(YEAR_BEFORE, ALL, span.year_before, compared)
    if about.kind is None:
        yield Stretch(BEFORE, ALL, Days(BEGINNING, span.whole.first - DAY), CUSTOMERS)
        yield Stretch(YEAR_BEFORE, ALL, Days(BEGINNING, span.year_before.last), CUSTOMERS)


def _sums(
    uow: UnitOfWork, stretches: list[Stretch], about: Scope, look: Look
) -> Iterator[tuple[int, str, str, int, Tally]]:
    query = union_all(*(_of(place, each, about) for place, each in enumerate(stretches)))
    for place, source, part, station, *sums in uow.session.execute(query):
        # PostgreSQL gives sums of large integers as decimals.
        if any(sums):
            yield place, source, part, station, Tally(*map(int, sums))
    view = _view(about)
    for key, sums in look.sums.items():
        for place, each in enumerate(stretches):
            inside = key.source in each.sources and _inside(key, each.days, about)
            if inside and (key.dimension, key.value) == view:
                yield place, key.source, key.part, key.station_id, Tally(*sums)


def _of(place: int, stretch: Stretch, about: Scope) -> Any:
    dimension, value = _view(about)
    groups = (FigureDay.source, FigureDay.part, FigureDay.station_id)
    return (
        select(literal(place, Integer), *groups, *SUMS)
        .where(
            FigureDay.dimension == dimension,
            FigureDay.source.in_(sorted(stretch.sources)),
            FigureDay.day.between(stretch.days.first, stretch.days.last),
            FigureDay.value == value,
            *_at(about),
        )
        .group_by(*groups)
    )


def _view(about: Scope) -> tuple[str, str]:
    return (Dimension.KIND.value, about.kind.value) if about.kind else (WHOLE, WHOLE)


def _at(about: Scope) -> list[ColumnElement[bool]]:
    return [] if about.station_id is None else [FigureDay.station_id == about.station_id]


def _inside(key: Key, days: Days, about: Scope) -> bool:
    return key.day in days and about.station_id in (None, key.station_id)


def _wider(source: str, part: str, stretch: Stretch, station: int) -> Iterator[TallyKey]:
    for each_part in {part, EVERY_PART}:
        for month in {stretch.month, ALL}:
            for each_station in {station, ALL}:
                yield source, each_part, stretch.period, month, each_station


def _put_on_file(tallies: Tallies, span: Span) -> None:
    """New customers of each month become those on file at its end, station by station."""
    stations = {key[4] for key in tallies if key[0] == Source.CUSTOMERS}
    for station in stations:
        on_file = tallies[Source.CUSTOMERS, EVERY_PART, BEFORE, ALL, station]
        for month in range(len(span.months)):
            key = (Source.CUSTOMERS.value, EVERY_PART, THIS, month, station)
            on_file = tallies[key] = on_file + tallies[key]
        tallies[Source.CUSTOMERS, EVERY_PART, THIS, ALL, station] = on_file
