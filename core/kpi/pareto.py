"""Pareto: which few causes make most of the cases, or most of those that a figure misses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from core.kernel.unit_of_work import UnitOfWork
from core.kpi.asked import Asked
from core.kpi.breakdowns import names_of
from core.kpi.counted import Dimension
from core.kpi.figures import DEFINITIONS, FigureName, Side, Tally
from core.kpi.look import look
from core.kpi.parts import Wanted, by_value
from core.norms.revisions import in_force, norm_of
from core.process.permissions import require

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
    asked: Asked,
) -> Pareto:
    """The bad cases of a figure in a period, by cause. NotFound for a station of others."""
    require(uow, "kpi:read")
    fresh = look(uow, norm_of(in_force(uow)))
    wanted = Wanted(asked.span.whole, (DEFINITIONS[figure].source,), (dimension,))
    found = by_value(uow, wanted, asked.scope(uow), fresh)
    side = missed(figure)
    cases = {value: n for (*_, value), tally in found.items() if (n := _on(side, tally)) > 0}
    names = names_of(uow, dimension, set(cases))
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
