"""Counting: one query over all stored facts, by month and station, added up to wider views."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    distinct,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from core.kernel.period import Period
from core.kernel.unit_of_work import UnitOfWork
from core.kpi import facts
from core.kpi.facts import NOTHING, Facts, Scope
from core.kpi.figures import NO_STATION, Source, Tally
from db.tables import ServiceRequest

# In place of a month or a station: all of them.
ALL = -1
# In place of a part: all parts of the facts.
EVERY_PART = "*"
# Which facts and which part of them, 1 for this period and 0 for the one before, month, station.
Key = tuple[str, str, int, int, int]
Tallies = dict[Key, Tally]

EVERY = literal_column(str(ALL), Integer)
WHOLE = literal_column("''", String)
STATION = func.coalesce(ServiceRequest.station_id, literal_column(str(NO_STATION), Integer))


def count(uow: UnitOfWork, span: Period, about: Scope, *, unhappy_below: float) -> Tallies:
    """All facts of the period and of the one before it, by month and station and over all."""
    counted = {
        source: facts.of(source, now=uow.now, unhappy_below=unhappy_below) for source in Source
    }
    query = union_all(*(part.where(*about.where) for part in _parts(counted, span.table(), about)))
    tallies: Tallies = defaultdict(Tally)
    for source_name, part, this, month, station, cases, hits, total in uow.session.execute(query):
        # PostgreSQL gives sums of large integers as decimals.
        tally = Tally(cases, hits, int(total))
        for wider in _wider(source_name, part, this, month, station):
            tallies[wider] += tally
    return dict(tallies)


def _parts(counted: dict[Source, Facts], months: CTE, about: Scope) -> Iterator[Select[Any]]:
    for source, rows in counted.items():
        if source is Source.CUSTOMERS:
            if about.kind is None:
                yield from _customers(rows, months)
        elif source is Source.ANSWERS:
            # Four times as many as calls, and nobody compares them with the period before.
            yield _by_month_and_station(source, rows, months).where(_this(months))
        else:
            yield _by_month_and_station(source, rows, months)


def _by_month_and_station(source: Source, counted: Facts, months: CTE) -> Select[Any]:
    groups = [months.c.this, months.c.month, STATION]
    hits = NOTHING if counted.hit is None else func.count().filter(counted.hit)
    part = WHOLE if counted.part is None else counted.part
    return (
        select(_name(source), part, *groups, func.count(), hits, func.sum(counted.total))
        .select_from(_inside(counted, months))
        .where(*counted.counts)
        .group_by(*groups, *([] if counted.part is None else [part]))
    )


def _customers(counted: Facts, months: CTE) -> Iterator[Select[Any]]:
    # Who was served in two months, or by two stations, is one customer of the period: what is
    # wider cannot be added up and is counted by itself.
    customers = func.count(distinct(ServiceRequest.customer_id))
    for month in (months.c.month, EVERY):
        for station in (STATION, EVERY):
            groups = [months.c.this, month, station]
            query = (
                select(_name(Source.CUSTOMERS), WHOLE, *groups, customers, NOTHING, NOTHING)
                .select_from(_inside(counted, months))
                .where(*counted.counts)
                .group_by(*(each for each in groups if each is not EVERY))
            )
            compared = month is EVERY and station is EVERY
            yield query if compared else query.where(_this(months))


def _name(source: Source) -> Any:
    return literal(source.value, String)


def _inside(counted: Facts, months: CTE) -> FromClause:
    # Months come first: each is one range of the index on the instant.
    inside = (counted.at >= months.c.begins) & (counted.at < months.c.ends)
    return months.join(counted.rows, inside)


def _this(months: CTE) -> ColumnElement[bool]:
    # "Equals 1" would tempt SQLite to put an index over the months and to scan all facts for it.
    return months.c.this > 0


def _wider(source: str, part: str, this: int, month: int, station: int) -> Iterator[Key]:
    if source == Source.CUSTOMERS:
        yield source, EVERY_PART, this, month, station
        return
    for each_part in (part, EVERY_PART):
        for each_month in (month, ALL):
            for each_station in (station, ALL):
                yield source, each_part, this, each_month, each_station
