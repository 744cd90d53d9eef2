"""Sums of some days by the values of dimensions: what a figure, or a missed one, is made of."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, select, union_all

from core.kernel.unit_of_work import UnitOfWork
from core.kpi.counted import APART, FEW, UNSAID, VIEWS, WHOLE, Dimension, Key
from core.kpi.facts import Scope
from core.kpi.figures import Source, Tally
from core.kpi.look import Look
from core.kpi.sources import WAITING
from core.kpi.spans import Days
from core.kpi.sums import Stored
from core.kpi.tallies import is_inside, narrowed, pieces, sums_of

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
    """The same of each station, and of all of them (None); one query."""
    found: dict[int | None, Parts] = {None: defaultdict(Tally)}
    for station, source, dimension, value, tally in _read(uow, wanted, about, fresh):
        for place in (station, None):
            found.setdefault(place, defaultdict(Tally))[source, dimension, value] += tally
    return {
        place: {key: tally for key, tally in sums.items() if tally != Tally()}
        for place, sums in found.items()
    }


def _read(uow: UnitOfWork, wanted: Wanted, about: Scope, fresh: Look) -> Iterator[Row]:
    stored = (_stored(noun, days, wanted, about) for noun, days in pieces(wanted.days))
    for source, view, value, *apart, cases, hits, total in uow.session.execute(union_all(*stored)):
        # PostgreSQL gives sums of large integers as decimals.
        key = Key(view, source, wanted.days.first, value, *apart)
        yield from _by(wanted, key, Tally(int(cases), int(hits), int(total)))
    for key, sums in fresh.sums.items():
        if key.source in wanted.sources and is_inside(key, wanted.days, about):
            yield from _by(wanted, key, Tally(*sums))


def _stored(noun: Stored, days: Days, wanted: Wanted, about: Scope) -> Any:
    views = {WHOLE, *(dimension.value for dimension in wanted.dimensions)}
    # The kind, and for what a case waits, are told of all facts together, and the latter of limits.
    kind = case((noun.dimension == WHOLE, noun.kind), else_="")
    part = case((noun.source.in_(sorted(WAITING)) & (noun.dimension == WHOLE), noun.part), else_="")
    groups = (noun.source, noun.dimension, noun.value, noun.station_id, kind, part)
    return (
        select(*groups, *sums_of(noun))
        .where(
            noun.dimension.in_(sorted(views)),
            noun.source.in_([source.value for source in wanted.sources]),
            noun.day.between(days.first, days.last),
            *narrowed(noun, about),
        )
        .group_by(*groups)
    )


def _by(wanted: Wanted, key: Key, tally: Tally) -> Iterator[Row]:
    """A sum under each dimension that is read from it; what says nothing is what is left."""
    apart = {
        Dimension.STATION: str(key.station_id),
        Dimension.KIND: key.kind,
        Dimension.WAITED: key.part if key.source in WAITING else "",
    }
    for dimension in wanted.dimensions:
        unsaid = apart.get(dimension, UNSAID.get(dimension.value))
        own = key.station_id, key.source, dimension
        if key.dimension == dimension.value:
            yield *own, key.value, tally
            if unsaid is not None:
                yield *own, unsaid, Tally(-tally.cases, -tally.hits, -tally.total)
        elif key.dimension == WHOLE and unsaid is not None and _is_kept(key.source, dimension):
            yield *own, unsaid, tally


def _is_kept(source: str, dimension: Dimension) -> bool:
    views = (view for view, _ in FEW.get(source, VIEWS))
    return dimension in APART or dimension.value in views
