"""Sums of some days by the values of dimensions: what a figure, or a missed one, is made of."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)

from core.kernel.unit_of_work import UnitOfWork
from core.kpi.counted import FEW, FIELDS, UNSAID, VIEWS, WHOLE, Dimension, Fact, Key
from core.kpi.facts import Scope
from core.kpi.figures import Source, Tally
from core.kpi.look import Look
from core.kpi.sources import WAITING
from core.kpi.spans import Days
from core.kpi.sums import Stored
from core.kpi.tallies import pieces, sums_of
from db.tables import FigureFact

# By facts, dimension and value.
Parts = dict[tuple[str, Dimension, str], Tally]
Row = tuple[int, str, Dimension, str, Tally]


@dataclass(frozen=True)
class Wanted:
    """Which facts of which days are added up, and by what."""

    days: Days
    sources: Collection[Source]
    dimensions: Collection[Dimension]


def by_value(uow: UnitOfWork, wanted: Wanted, about: Scope, fresh: Look) -> Parts:
    """The sums of each value of each dimension; one query."""
    return by_station(uow, wanted, about, fresh)[None]


def by_station(
    uow: UnitOfWork, wanted: Wanted, about: Scope, fresh: Look
) -> dict[int | None, Parts]:
    """The same of each station, and of all of them (None); one query.

    No sums are kept of a dimension within one kind of request: of these the facts are added up.
    """
    found: dict[int | None, Parts] = {None: defaultdict(Tally)}
    read = _of_days if about.kind is None else _of_facts
    for station, source, dimension, value, tally in read(uow, wanted, about, fresh):
        for place in (station, None):
            found.setdefault(place, defaultdict(Tally))[source, dimension, value] += tally
    return {
        place: {key: tally for key, tally in sums.items() if tally != Tally()}
        for place, sums in found.items()
    }


def _of_days(uow: UnitOfWork, wanted: Wanted, about: Scope, fresh: Look) -> Iterator[Row]:
    stored = (_stored(noun, days, wanted, about) for noun, days in pieces(wanted.days))
    for source, view, value, station, part, *sums in uow.session.execute(union_all(*stored)):
        # PostgreSQL gives sums of large integers as decimals.
        key = Key(view, source, wanted.days.first, value, station, part)
        yield from _by(wanted, key, Tally(*map(int, sums)))
    for key, sums in fresh.sums.items():
        is_wanted = key.source in wanted.sources and key.day in wanted.days
        if is_wanted and about.station_id in (None, key.station_id):
            yield from _by(wanted, key, Tally(*sums))


def _stored(noun: Stored, days: Days, wanted: Wanted, about: Scope) -> Any:
    views = {WHOLE, *(dimension.value for dimension in wanted.dimensions)}
    # For what a case waits is told of all facts together, and of limits.
    part = case((noun.source.in_(sorted(WAITING)) & (noun.dimension == WHOLE), noun.part), else_="")
    groups = (noun.source, noun.dimension, noun.value, noun.station_id, part)
    sums = select(*groups, *sums_of(noun)).where(noun.dimension.in_(sorted(views)))
    return sums.where(*_where(noun, replace(wanted, days=days), about)).group_by(*groups)


def _by(wanted: Wanted, key: Key, tally: Tally) -> Iterator[Row]:
    """A sum under each dimension that is read from it; what says nothing is what is left."""
    for dimension in wanted.dimensions:
        unsaid = UNSAID.get(dimension.value)
        own = key.station_id, key.source, dimension
        if key.dimension == dimension.value:
            yield *own, key.value, tally
            if unsaid is not None:
                yield *own, unsaid, Tally(-tally.cases, -tally.hits, -tally.total)
        elif key.dimension == WHOLE and dimension is Dimension.STATION:
            yield *own, str(key.station_id), tally
        elif key.dimension == WHOLE and dimension is Dimension.WAITED:
            yield *own, key.part if key.source in WAITING else "", tally
        elif key.dimension == WHOLE and unsaid is not None and _is_kept(key.source, dimension):
            yield *own, unsaid, tally


def _is_kept(source: str, dimension: Dimension) -> bool:
    return any(view == dimension.value for view, _ in FEW.get(source, VIEWS))


def _of_facts(uow: UnitOfWork, wanted: Wanted, about: Scope, fresh: Look) -> Iterator[Row]:
    query = union_all(*(_facts_by(each, wanted, about, fresh) for each in wanted.dimensions))
    for station, dimension, source, value, *sums in uow.session.execute(query):
        yield station, source, Dimension(dimension), value, Tally(*map(int, sums))
    for fact in fresh.told:
        if fact.source in wanted.sources and fact.day in wanted.days and _is_about(fact, about):
            for dimension in wanted.dimensions:
                tally = Tally(1, int(fact.hit), fact.total)
                yield fact.station_id, fact.source, dimension, _value(fact, dimension), tally


def _value(fact: Fact, dimension: Dimension) -> str:
    if dimension is Dimension.WAITED and fact.source not in WAITING:
        return ""
    value = getattr(fact, FIELDS[dimension])
    return value if isinstance(value, str) else str(int(value))


def _facts_by(dimension: Dimension, wanted: Wanted, about: Scope, fresh: Look) -> Any:
    column, station = getattr(FigureFact, FIELDS[dimension]), FigureFact.station_id
    value = column if column.type.python_type is str else cast(cast(column, Integer), String)
    if dimension is Dimension.WAITED:
        column = value = case((FigureFact.source.in_(WAITING), column), else_="")
    sums = (func.count(), func.sum(cast(FigureFact.hit, Integer)), func.sum(FigureFact.total))
    return (
        select(station, literal(dimension.value, String), FigureFact.source, value, *sums)
        .where(
            FigureFact.kind == about.kind,
            FigureFact.subject_id.not_in(fresh.cases),
            *_where(FigureFact, wanted, about),
        )
        .group_by(station, FigureFact.source, column)
    )


def _where(
    table: Stored | type[FigureFact], wanted: Wanted, about: Scope
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [
        table.source.in_([source.value for source in wanted.sources]),
        table.day.between(wanted.days.first, wanted.days.last),
    ]
    return where if about.station_id is None else [*where, table.station_id == about.station_id]


def _is_about(fact: Fact, about: Scope) -> bool:
    return fact.kind == about.kind and about.station_id in (None, fact.station_id)
