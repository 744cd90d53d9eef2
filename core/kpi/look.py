"""What changed since the last count, read with every look: a figure is true at this instant.

A look reckons the difference that the next count will make, for as many cases as a person waits
for, and writes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Integer, cast, null, select, union_all
from sqlalchemy.orm import Session

from core.kernel.unit_of_work import UnitOfWork
from core.kpi import counted, rollup
from core.kpi.counted import Fact, Sums
from core.kpi.sources import Measure
from core.norms.model import Norm
from db.tables import FigureMark, FigureState

# Cases and customers that a look counts anew, and marks that it reads for them, the newest first.
MOST, MARKS = 200, 1_000
Subject = tuple[int | None, int | None]


@dataclass(frozen=True)
class Look:
    """How the facts differ from those that are counted; `whole` unless more cases wait."""

    cases: frozenset[int] = frozenset()
    told: frozenset[Fact] = frozenset()
    whole: bool = True
    sums: Sums = field(default_factory=counted.new_sums)


def look(uow: UnitOfWork, norm: Norm) -> Look:
    """What the stored sums do not tell yet."""
    state = uow.session.scalars(select(FigureState)).one()
    by = rollup.measure(uow, norm)
    marks, others = _waiting(uow.session, state, by)
    subjects = dict.fromkeys((*marks, *others))
    is_current = rollup.is_current(state, by)
    if not subjects:
        return Look(whole=is_current)
    some = list(islice(subjects, MOST))
    cases = [id for id, _ in some if id is not None]
    change = rollup.change(uow.session, by, cases, [id for _, id in some if id is not None])
    whole = is_current and len(subjects) <= MOST and len(marks) < MARKS
    return Look(frozenset(cases), change.new, whole, change.sums)


def _waiting(
    session: Session, state: FigureState, by: Measure
) -> tuple[list[Subject], list[Subject]]:
    """What was marked, and what changed with nobody writing anything."""
    newest = select(FigureMark.request_id, FigureMark.customer_id)
    newest = newest.order_by(FigureMark.id.desc()).limit(MARKS)
    others = union_all(*rollup.unwritten(state, by)).subquery()
    case: Any = others.c[0]
    rows = select(case, cast(null(), Integer)).limit(MOST + 1)
    return _pairs(session.execute(newest)), _pairs(session.execute(rows))


def _pairs(rows: Iterable[Any]) -> list[Subject]:
    return [(case, customer) for case, customer in rows]
