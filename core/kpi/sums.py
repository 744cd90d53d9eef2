"""The sums of the days, made where the facts are: of those that come and go, or of all of a day."""

from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    CompoundSelect,
    FromClause,
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.kpi.counted import COLUMNS, FEW, VIEWS, Fact, Key
from core.kpi.figures import Source
from db.tables import FigureDay, FigureFact

SOURCES = [source.value for source in Source]
KEYS = [getattr(FigureDay, name) for name in Key._fields]
NUMBERS = ("cases", "hits", "total")
ONCE: Any = literal_column("1", Integer).label("sign")
TAKEN_AWAY: Any = literal_column("-1", Integer).label("sign")


def of(moved: FromClause) -> CompoundSelect[Any]:
    """By how much each sum moves: `moved` are facts, with a sign that says if they come or go."""
    return union_all(*(_view(moved, dimension, place) for dimension, place in VIEWS))


def move(session: Session, by: Any) -> None:
    """Add to the stored sums; what has nothing left stays as a row of noughts."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    new = dialect.insert(FigureDay).from_select([*Key._fields, *NUMBERS], by)
    session.connection().execute(
        new.on_conflict_do_update(
            index_elements=list(Key._fields),
            set_={name: getattr(FigureDay, name) + new.excluded[name] for name in NUMBERS},
        )
    )


def missing(first: date, last: date) -> Select[Any]:
    """By how much the sums of some days are less than their facts."""
    inside = FigureFact.day.between(first, last) & FigureFact.source.in_(SOURCES)
    facts = select(*COLUMNS, ONCE).where(inside).cte("facts")
    known = select(*KEYS, *(-getattr(FigureDay, name) for name in NUMBERS))
    both = union_all(*of(facts).selects, known.where(FigureDay.day.between(first, last))).subquery()
    *keys, cases, hits, total = both.c
    sums = [func.sum(number) for number in (cases, hits, total)]
    return select(*keys, *sums).group_by(*keys).having(or_(*(each != 0 for each in sums)))


def _view(moved: FromClause, dimension: str, place: int) -> Select[Any]:
    fact, has = moved.c, [s for s in SOURCES if (dimension, place) in FEW.get(s, VIEWS)]
    value = fact.source if place < 0 else fact[Fact._fields[place]]
    numbers = (fact.sign, case((fact.hit, fact.sign), else_=0), fact.sign * fact.total)
    sums = [func.sum(number).label(name) for name, number in zip(NUMBERS, numbers, strict=True)]
    keys = (fact.source, fact.day, value, fact.station_id, fact.part)
    return (
        select(
            literal_column(f"'{dimension}'", String).label("dimension"),
            fact.source,
            fact.day,
            (literal_column("''", String) if place < 0 else _said(value)).label("value"),
            fact.station_id,
            fact.part,
            *sums,
        )
        .where(fact.source.in_(has))
        .group_by(*dict.fromkeys(keys))
        .having(or_(*(each.element != 0 for each in sums)))
    )


def _said(value: Any) -> Any:
    if isinstance(value.type, Boolean):
        return case((value, "1"), else_="0")
    return value if isinstance(value.type, String) else cast(value, String)
