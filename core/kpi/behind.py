"""One click from a figure to its cases: the facts that were added up are the list."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import SelectBase, select, union

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.kpi.asked import Asked
from core.kpi.counted import FIELDS, Dimension, typed
from core.kpi.facts import Scope
from core.kpi.figures import DEFINITIONS, FigureName, Side, Source
from core.kpi.look import Look, look
from core.kpi.sources import WAITING
from core.kpi.spans import Days
from core.norms.revisions import in_force, norm_of
from core.process.permissions import require
from core.requests import lists
from db.tables import FigureFact, ServiceRequest


@dataclass(frozen=True)
class Behind:
    """Which cases of a figure are meant.

    `month` narrows the period to one month, `question` the satisfaction to one dimension,
    `case_class` any figure to one class of the rule book ("" for what nobody has judged),
    `dimension` to one value of a breakdown.
    """

    figure: FigureName
    asked: Asked
    side: Side = Side.DENOMINATOR
    month: date | None = None
    question: str | None = None
    case_class: str | None = None
    dimension: Dimension | None = None
    value: str = ""

    @property
    def days(self) -> Days:
        """The days that are meant."""
        if self.month is None:
            return self.asked.span.whole
        asked = self.asked
        if asked.whole_months:
            asked = replace(asked, since=self.month, until=self.month)
        return asked.span.within(self.month)


def cases_behind(uow: UnitOfWork, *, page: int = 1, **which: Any) -> lists.Cases:
    """The cases that a figure counts, or those on one side of it (`Behind`); newest first."""
    return lists.by_ids(uow, ids=ids_behind(uow, Behind(**which)), page=page)


def ids_behind(uow: UnitOfWork, which: Behind) -> SelectBase:
    """Which cases they are; InvalidInput for a side that the figure does not have."""
    require(uow, "kpi:read")
    if which.side not in DEFINITIONS[which.figure].sides:
        raise InvalidInput(Problem("side", "not_an_option"))
    about = which.asked.scope(uow)
    narrowed: dict[Dimension, str] = {}
    if which.dimension is not None:
        narrowed[which.dimension] = which.value
    if which.case_class is not None:
        narrowed[Dimension.CASE_CLASS] = which.case_class
    wanted = _wanted(which.figure, which.side, about, narrowed)
    if which.question:
        wanted |= {"source": Source.ANSWERS.value, "part": which.question}
    days = which.days
    return _ids(wanted, days, look(uow, norm_of(in_force(uow))))


def _wanted(
    figure: FigureName, side: Side, about: Scope, narrowed: dict[Dimension, str]
) -> dict[str, Any]:
    """What the facts must say, field by field."""
    wanted: dict[str, Any] = {"source": DEFINITIONS[figure].source.value}
    if side is not Side.DENOMINATOR:
        wanted["hit"] = side is Side.NUMERATOR
    for dimension, value in narrowed.items():
        if dimension is not Dimension.WAITED or DEFINITIONS[figure].source in WAITING:
            wanted[FIELDS[dimension]] = typed(dimension, value)
    if about.kind is not None:
        wanted["kind"] = about.kind.value
    if about.station_id is not None:
        wanted["station_id"] = about.station_id
    return wanted


def _ids(wanted: dict[str, Any], days: Days, fresh: Look) -> SelectBase:
    stored = select(FigureFact.subject_id).where(
        FigureFact.day.between(days.first, days.last),
        *(getattr(FigureFact, name) == value for name, value in wanted.items()),
    )
    # Asked once, by its index: PostgreSQL guesses them to be few, and would look each case up.
    kept = stored.cte("kept").prefix_with("MATERIALIZED", dialect="postgresql")
    if not fresh.cases:
        return select(kept.c.subject_id)
    told = {
        fact.subject_id
        for fact in fresh.told
        if fact.day in days and all(getattr(fact, name) == wanted[name] for name in wanted)
    }
    unchanged = kept.c.subject_id.not_in(fresh.cases)
    return union(
        select(kept.c.subject_id).where(unchanged),
        select(ServiceRequest.id).where(ServiceRequest.id.in_(told)),
    )
