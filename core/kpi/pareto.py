"""Pareto: which few causes make most of the cases, or most of those that a figure misses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from sqlalchemy import case, func, select

from core.kernel.unit_of_work import UnitOfWork
from core.kpi import breakdowns, facts, tallies
from core.kpi.counted import FIELDS, Dimension
from core.kpi.facts import Scope
from core.kpi.figures import DEFINITIONS, FigureName, Side, Source, Tally
from core.kpi.look import Look, look
from core.kpi.spans import Days, span
from core.norms.revisions import in_force, norm_of
from core.process.permissions import require
from db.codes import RequestKind
from db.tables import FigureFact

# How much the vital few make together.
MOST = 0.8
CAUSES = (
    Dimension.FAULT_AREA,
    Dimension.PRODUCT,
    Dimension.CASE_CLASS,
    Dimension.TECHNICIAN,
    Dimension.STATION,
)


@dataclass(frozen=True)
class Cause:
    """One cause: its value as `cases_behind` takes it, its name if it has one, its cases."""

    value: str
    name: str
    cases: int
    share: float
    cumulative: float


@dataclass(frozen=True)
class Pareto:
    """Causes, the largest first; `side` of the figure is what is counted."""

    figure: FigureName
    side: Side
    dimension: Dimension
    cases: int
    causes: tuple[Cause, ...]

    @property
    def vital(self) -> int:
        """How many of the causes make `MOST` of the cases."""
        return sum(cause.cumulative - cause.share < MOST - 1e-9 for cause in self.causes)


def missed(figure: FigureName) -> Side:
    """Which cases of a figure are the bad ones; all of them, where it knows no bad ones."""
    definition = DEFINITIONS[figure]
    worse = Side.NUMERATOR if definition.lower_is_better else Side.REST
    return worse if worse in definition.sides else Side.DENOMINATOR


def pareto(
    uow: UnitOfWork,
    *,
    figure: FigureName,
    dimension: Dimension,
    since: date,
    until: date,
    station_id: int | None = None,
    kind: RequestKind | None = None,
    whole_months: bool = True,
) -> Pareto:
    """The bad cases of a figure in a period, by cause. NotFound for a station of others."""
    require(uow, "kpi:read")
    days = span(since, until, whole_months=whole_months).whole
    about = facts.scope(uow, station_id, kind)
    fresh = look(uow, norm_of(in_force(uow)))
    # The sums are kept by one dimension at a time: of one kind the facts are added up.
    add = tallies.by_value if kind is None else _by_fact
    found = add(uow, days, DEFINITIONS[figure].source, dimension, about, fresh)
    side = missed(figure)
    cases = {value: _on(side, tally) for value, tally in found.items() if _on(side, tally) > 0}
    names = breakdowns.named(uow, dimension, set(cases))
    causes = tuple(_ranked(cases, names))
    return Pareto(figure, side, dimension, sum(cases.values()), causes)


def _on(side: Side, tally: Tally) -> int:
    if side is Side.DENOMINATOR:
        return tally.cases
    return tally.hits if side is Side.NUMERATOR else tally.cases - tally.hits


def _ranked(cases: Mapping[str, int], names: Mapping[str, str]) -> Iterator[Cause]:
    values = sorted(cases, key=lambda value: (-cases[value], value))
    total = sum(cases.values())
    for value, so_far in zip(values, accumulate(cases[v] for v in values), strict=True):
        yield Cause(value, names[value], cases[value], cases[value] / total, so_far / total)


def _by_fact(
    uow: UnitOfWork, days: Days, source: Source, dimension: Dimension, about: Scope, fresh: Look
) -> dict[str, Tally]:
    wanted: dict[str, Any] = {"source": source.value, "kind": about.kind}
    if about.station_id is not None:
        wanted["station_id"] = about.station_id
    column, hits = getattr(FigureFact, FIELDS[dimension]), case((FigureFact.hit, 1), else_=0)
    counted = select(column, func.count(), func.sum(hits)).group_by(column)
    counted = counted.where(
        FigureFact.day.between(days.first, days.last),
        FigureFact.subject_id.not_in(fresh.cases),
        *(getattr(FigureFact, name) == value for name, value in wanted.items()),
    )
    found = {str(value): Tally(n, int(of)) for value, n, of in uow.session.execute(counted)}
    for fact in fresh.told:
        if fact.day in days and all(getattr(fact, name) == wanted[name] for name in wanted):
            value = str(getattr(fact, FIELDS[dimension]))
            found[value] = found.get(value, Tally()) + Tally(1, int(fact.hit))
    return found
