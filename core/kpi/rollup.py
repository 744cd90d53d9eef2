"""The roll-up: what changed is counted anew, and the sums of the days move by the difference.

One transaction takes some marks, replaces the facts of their cases and moves the sums, so a reader
sees all of it or nothing. The row of the state is held meanwhile: who comes second waits for no
one and counts nothing twice. Marks are taken by their own ids: what is marked while its case is
being counted stays for the next time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    MetaData,
    Select,
    SelectBase,
    Table,
    delete,
    exists,
    insert,
    select,
    union_all,
)
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from core.kernel import touched
from core.kernel.unit_of_work import UnitOfWork
from core.kpi import counted, sums
from core.kpi.counted import Fact, Sums
from core.kpi.figures import Source
from core.kpi.sources import Measure
from core.norms.model import Norm
from core.norms.revisions import in_force, norm_of
from db.codes import Measure as LimitMeasure
from db.tables import (
    FigureFact,
    FigureMark,
    FigureState,
    Job,
    Limit,
    Visit,
)

TABLE: Any = FigureFact.__table__
KEY = ("source", "subject_id", "part", "row_id")
# What is told of the cases that are just being counted: seen by one transaction alone.
TOLD = Table(
    "figure_told",
    MetaData(),
    *(Column(name, TABLE.c[name].type, primary_key=name in KEY) for name in Fact._fields),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
    postgresql_on_commit="DROP",
)
# Marks of one transaction: other writers wait for it, and not long.
BATCH = 1_000
# No time that is agreed with a customer is longer, so that the index by its beginning finds it.
LONGEST_VISIT = timedelta(days=2)


@dataclass(frozen=True)
class Change:
    """The facts of some cases and customers, as they are counted and as they are."""

    old: frozenset[Fact]
    new: frozenset[Fact]

    @cached_property
    def gone(self) -> frozenset[Fact]:
        """What no longer holds."""
        return self.old - self.new

    @cached_property
    def come(self) -> frozenset[Fact]:
        """What was not counted yet."""
        return self.new - self.old

    @property
    def sums(self) -> Sums:
        """By how much the sums of the days move."""
        sums = counted.new_sums()
        counted.add(sums, self.gone, -1)
        counted.add(sums, self.come)
        return sums


def measure(uow: UnitOfWork, norm: Norm) -> Measure:
    """By what facts are told now."""
    return Measure(uow.now, uow.actor.zone_info, norm.unhappy_below, norm.repeat_days)


def is_current(state: FigureState, by: Measure) -> bool:
    """Whether the facts mean the same as when they were counted; also before the first count.

    Where the company has moved, its days are others, and a new edition has other facts.
    """
    counted_by = (state.edition, state.zone, state.repeat_days)
    return state.edition is None or counted_by == (counted.EDITION, by.zone.key, by.repeat_days)


def change(session: Session, by: Measure, cases: Sequence[int], customers: Sequence[int]) -> Change:
    """How the facts of some cases and customers differ from those that are counted."""
    new = counted.told(session, cases, by) | counted.told_of_customers(session, customers, by)
    old = counted.stored(session, cases) | counted.stored(session, customers, customers=True)
    return Change(frozenset(old), frozenset(new))


def _due_since(state: FigureState, by: Measure) -> Select[Any]:
    """The cases whose limits fell due since the last count, although nobody wrote anything.

    Or that are not due any more: the clock of the last count was ahead.
    """
    since, until = sorted((state.counted_at, by.as_of))
    return (
        select(Limit.request_id)
        .where(
            # All of them, so that an index by measure and due time is a few short looks.
            Limit.measure.in_(list(LimitMeasure)),
            Limit.due_at >= since,
            Limit.due_at < until,
            Limit.met_at.is_(None),
            Limit.dropped_at.is_(None),
        )
        .distinct()
    )


def _waited_in_vain(state: FigureState, by: Measure) -> Select[Any]:
    """The cases of visits whose agreed time ran out since the last count, and nobody came."""
    since, until = sorted((state.counted_at, by.as_of))
    return (
        select(Job.request_id)
        .join(Visit)
        .where(
            Visit.agreed_from >= since - LONGEST_VISIT,
            Visit.agreed_from < until,
            Visit.agreed_to >= since,
            Visit.agreed_to < until,
            Visit.arrived_at.is_(None),
            Visit.ended_at.is_(None),
        )
    )


def unwritten(state: FigureState, by: Measure) -> list[Select[Any]]:
    """The cases that changed with nobody writing anything: by the clock, or by the rule book."""
    return [
        _due_since(state, by),
        _waited_in_vain(state, by),
        *([_judged()] if state.unhappy_below != by.unhappy_below else []),
    ]


def _judged() -> Select[Any]:
    """The cases whose facts depend on which score is an unhappy one."""
    surveys = FigureFact.source == Source.SURVEYS.value
    return select(FigureFact.subject_id).where(surveys).distinct()


def step(uow: UnitOfWork, batch: int = BATCH, *, wait: bool = False) -> int:
    """Count some of what changed; how many marks were taken.

    None while somebody else is counting, unless this is to wait for them.
    """
    session = uow.session
    state = session.scalar(select(FigureState).with_for_update(skip_locked=not wait))
    if state is None:
        return 0
    by = measure(uow, norm_of(in_force(uow)))
    _advance(session, state, by)
    query = select(FigureMark.id, FigureMark.request_id, FigureMark.customer_id)
    marks = session.execute(query.order_by(FigureMark.id).limit(batch)).all()
    cases = sorted({id for _, id, _ in marks if id is not None})
    customers = sorted({id for _, _, id in marks if id is not None})
    if marks:
        apart = counted.told_apart(session, cases, by)
        _replace(session, cases, counted.telling(cases, by), apart, customers=False)
        bought = counted.telling_of_customers(customers, by)
        _replace(session, customers, bought, [], customers=True)
        session.execute(delete(FigureMark).where(FigureMark.id.in_([id for id, *_ in marks])))
    return len(marks)


def _advance(session: Session, state: FigureState, by: Measure) -> None:
    """Mark what changed without being written: by the clock, by what facts mean."""
    for cases in unwritten(state, by):
        session.execute(insert(FigureMark).from_select(["request_id"], cases))
    if not is_current(state, by):
        touched.mark_all(session.connection())
    state.counted_at, state.zone, state.edition = by.as_of, by.zone.key, counted.EDITION
    state.unhappy_below, state.repeat_days = by.unhappy_below, by.repeat_days
    session.flush()


def _replace(
    session: Session,
    ids: list[int],
    told: SelectBase,
    apart: list[dict[str, Any]],
    *,
    customers: bool,
) -> None:
    """Move the sums by what differs from the stored facts, and store what is told."""
    if not ids:
        return
    connection, own = session.connection(), counted.of_subjects(ids, customers=customers)
    connection.execute(CreateTable(TOLD, if_not_exists=True))
    connection.execute(delete(TOLD))
    connection.execute(insert(TOLD).from_select(list(Fact._fields), told))
    if apart:
        connection.execute(insert(TOLD), apart)
    same = exists().where(*(column == TOLD.c[column.key] for column in counted.COLUMNS))
    gone, come = own & ~same.correlate(FigureFact), ~same.correlate(TOLD)
    moved = union_all(
        select(*counted.COLUMNS, sums.TAKEN_AWAY).where(gone), select(TOLD, sums.ONCE).where(come)
    )
    sums.move(session, sums.of(moved.cte("moved")))
    connection.execute(delete(FigureFact).where(gone))
    connection.execute(insert(FigureFact).from_select(TOLD.c.keys(), select(TOLD).where(come)))


def slices(items: Sequence[Any], size: int) -> Iterator[list[Any]]:
    """The items in order, some at a time."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
