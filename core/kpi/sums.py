"""The sums of the days and months, made where the facts are: of those that come and go, or of all.

Months are the days added up once more, so that a long period is as few rows as a short one.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    CompoundSelect,
    Date,
    FromClause,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable
from sqlalchemy.sql.functions import FunctionElement

from core.kpi.counted import COLUMNS, FEW, UNSAID, VIEWS, Fact, Key
from core.kpi.figures import Source
from db.tables import FigureDay, FigureFact, FigureMonth

# What sums are stored in.
Stored = type[FigureDay] | type[FigureMonth]
SOURCES = [source.value for source in Source]
NUMBERS = ("cases", "hits", "total")
# By how much the sums of days move: seen by one transaction alone.
MOVED = Table(
    "figure_moved",
    MetaData(),
    *(Column(name, FigureDay.__table__.c[name].type) for name in (*Key._fields, *NUMBERS)),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
ONCE: Any = literal_column("1", Integer).label("sign")
TAKEN_AWAY: Any = literal_column("-1", Integer).label("sign")


def of(moved: FromClause) -> CompoundSelect[Any]:
    """By how much each sum moves: `moved` are facts, with a sign that says if they come or go."""
    return union_all(*(_view(moved, dimension, place) for dimension, place in VIEWS))


def move(session: Session, by: Any) -> None:
    """Add to the stored sums; what has nothing left stays as a row of noughts."""
    connection = session.connection()
    connection.execute(CreateTable(MOVED, if_not_exists=True))
    connection.execute(delete(MOVED))
    connection.execute(insert(MOVED).from_select(MOVED.c.keys(), by))
    # Without a condition SQLite would read the conflict as that of a join.
    _add(session, FigureDay, select(MOVED).where(true()))
    _add(session, FigureMonth, _by_month(MOVED))


def mend(session: Session, first: date, last: date) -> None:
    """Put the sums of some days right by their facts, and those of their months by the days."""
    move(session, missing(first, last))
    _add(session, FigureMonth, missing_of_months(first, last))


def _add(session: Session, noun: Stored, by: Any) -> None:
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    new = dialect.insert(noun).from_select([*Key._fields, *NUMBERS], by)
    session.connection().execute(
        new.on_conflict_do_update(
            index_elements=list(Key._fields),
            set_={name: getattr(noun, name) + new.excluded[name] for name in NUMBERS},
        )
    )


def missing(first: date, last: date) -> Select[Any]:
    """By how much the sums of some days are less than their facts."""
    inside = FigureFact.day.between(first, last) & FigureFact.source.in_(SOURCES)
    facts = select(*COLUMNS, ONCE).where(inside).cte("facts")
    return _less(FigureDay, of(facts).selects, first, last)


def missing_of_months(first: date, last: date) -> Select[Any]:
    """By how much the sums of some months are less than their days."""
    inside = select(FigureDay.__table__).where(FigureDay.day.between(first, last)).subquery()
    return _less(FigureMonth, [_by_month(inside)], first, last)


def _less(noun: Stored, full: Any, first: date, last: date) -> Select[Any]:
    own = (getattr(noun, name) for name in Key._fields)
    known = select(*own, *(-getattr(noun, name) for name in NUMBERS))
    both = union_all(*full, known.where(noun.day.between(first, last))).subquery()
    *keys, cases, hits, total = both.c
    sums = [func.sum(number) for number in (cases, hits, total)]
    return select(*keys, *sums).group_by(*keys).having(or_(*(each != 0 for each in sums)))


def _by_month(days: FromClause) -> Select[Any]:
    keys = [_Month(days.c.day) if name == "day" else days.c[name] for name in Key._fields]
    sums = (func.sum(days.c[name]) for name in NUMBERS)
    return select(*keys, *sums).group_by(*keys)


def _view(moved: FromClause, dimension: str, place: int) -> Select[Any]:
    fact, has = moved.c, [s for s in SOURCES if (dimension, place) in FEW.get(s, VIEWS)]
    value = fact.source if place < 0 else fact[Fact._fields[place]]
    numbers = (fact.sign, case((fact.hit, fact.sign), else_=0), fact.sign * fact.total)
    sums = [func.sum(number).label(name) for name, number in zip(NUMBERS, numbers, strict=True)]
    apart = (fact.station_id, fact.kind, fact.part)
    keys = (fact.source, fact.day, value, *apart)
    return (
        select(
            literal_column(f"'{dimension}'", String).label("dimension"),
            fact.source,
            fact.day,
            (literal_column("''", String) if place < 0 else _said(value)).label("value"),
            *apart,
            *sums,
        )
        .where(fact.source.in_(has), *_says(dimension, value))
        .group_by(*dict.fromkeys(keys))
        .having(or_(*(each.element != 0 for each in sums)))
    )


def _says(dimension: str, value: Any) -> list[ColumnElement[bool]]:
    if dimension not in UNSAID:
        return []
    if isinstance(value.type, Boolean):
        return [value]
    return [value != value.type.python_type(UNSAID[dimension])]


def _said(value: Any) -> Any:
    if isinstance(value.type, Boolean):
        return case((value, "1"), else_="0")
    return value if isinstance(value.type, String) else cast(value, String)


class _Month(FunctionElement[date]):
    """The first day of the month of a day."""

    type = Date()
    inherit_cache = True


@compiles(_Month, "sqlite")
def _month_sqlite(element: _Month, compiler: Any, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 8) || '01'"


@compiles(_Month, "postgresql")
def _month_postgresql(element: _Month, compiler: Any, **options: Any) -> str:
    return f"CAST(date_trunc('month', {compiler.process(element.clauses, **options)}) AS DATE)"
