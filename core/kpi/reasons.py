"""Why a figure misses its target, as far as the counts say it: where, and what is in common."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from core.kernel.unit_of_work import UnitOfWork
from core.kpi import facts
from core.kpi.boards import board
from core.kpi.breakdowns import names_of
from core.kpi.counted import Dimension
from core.kpi.figures import DEFINITIONS, LEAST, Board, Figure, FigureName, Row, Tally, Unit
from core.kpi.look import Look, look
from core.kpi.parts import Parts, Wanted, by_value
from core.kpi.spans import span
from core.norms.revisions import in_force, norm_of
from db.codes import RequestKind

# What cases may have in common that somebody can do something about.
CAUSES = (Dimension.FAULT_AREA, Dimension.CASE_CLASS, Dimension.PRODUCT, Dimension.KIND)
# A part that is named has at least this much of the cases that miss.
WORTH_NAMING = 0.25


class Kept(BaseModel):
    """What is kept word for word of a figure of a moment."""

    model_config = ConfigDict(frozen=True)


class Point(Kept):
    """A figure of a month or a station: what it is of, and the counts that it comes from."""

    month: date | None = None
    station_id: int | None = None
    station: str = ""
    value: float | None
    numerator: float
    denominator: int


class Reason(Kept):
    """Why a figure misses its target, as far as the counts say it.

    `station` is the worst of them. `share` of the cases that miss are of one `value` of a
    `dimension` ("name" is what people call it, where it has a name of its own and no code).
    """

    station: Point | None = None
    dimension: str = ""
    value: str = ""
    name: str = ""
    share: float | None = None


@dataclass(frozen=True)
class Cause:
    """What more of the missed cases have in common than of all cases."""

    dimension: Dimension
    value: str
    share: float
    excess: float


def is_enough(figure: Figure | Row) -> bool:
    """Whether a figure is of so many cases that its value says something."""
    if isinstance(figure, Figure):
        return figure.enough
    return figure.denominator >= DEFINITIONS[figure.figure].least


def point(row: Row) -> Point:
    """A row of the board, to be kept."""
    return Point(
        month=row.month,
        station_id=row.station_id,
        station=row.station,
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
    )


def explained(
    uow: UnitOfWork,
    *,
    since: date,
    until: date,
    station_id: int | None = None,
    kind: RequestKind | None = None,
    whole_months: bool = True,
) -> tuple[Board, dict[FigureName, Reason]]:
    """The board of a period, and why those of its figures are missed that miss their target."""
    fresh = look(uow, norm_of(in_force(uow)))
    found = board(
        uow,
        since=since,
        until=until,
        station_id=station_id,
        kind=kind,
        whole_months=whole_months,
        fresh=fresh,
    )
    return found, reasons(uow, found, whole_months=whole_months, fresh=fresh)


def reasons(
    uow: UnitOfWork, found: Board, *, whole_months: bool = True, fresh: Look | None = None
) -> dict[FigureName, Reason]:
    """Where each missed figure is worst, and what most sets its missed cases apart.

    One query for the parts of all of them, and the names of what is said.
    """
    missed = [each for each in found.figures if each.reached is False and is_enough(each)]
    if not missed:
        return {}
    days = span(found.since, found.until, whole_months=whole_months).whole
    sources = {DEFINITIONS[figure.name].source for figure in missed}
    causes = [each for each in CAUSES if found.kind is None or each is not Dimension.KIND]
    about = facts.scope(uow, found.station_id, found.kind)
    fresh = fresh or look(uow, norm_of(in_force(uow)))
    parts = by_value(uow, Wanted(days, sources, causes), about, fresh)
    return {
        figure.name: _reason(uow, _worst(figure, found.stations), _cause(figure, parts))
        for figure in missed
    }


def _reason(uow: UnitOfWork, worst: Row | None, cause: Cause | None) -> Reason:
    station = point(worst) if worst else None
    if cause is None:
        return Reason(station=station)
    return Reason(
        station=station,
        dimension=cause.dimension.value,
        value=cause.value,
        name=names_of(uow, cause.dimension, {cause.value})[cause.value],
        share=cause.share,
    )


def _worst(figure: Figure, stations: Iterable[Row]) -> Row | None:
    """The station that is worse than the whole, and than all others; none where there is one."""
    rows = [row for row in stations if row.figure is figure.name and row.station]
    sign = 1 if figure.lower_is_better else -1
    ranked = sorted(filter(is_enough, rows), key=lambda row: -sign * (row.value or 0.0))
    whole = figure.value or 0.0
    is_worse = len(ranked) > 1 and sign * ((ranked[0].value or 0.0) - whole) > 0
    return ranked[0] if is_worse else None


def _cause(figure: Figure, parts: Parts) -> Cause | None:
    """The part with the most missed cases beyond its share of all cases, if it is a large one."""
    definition = DEFINITIONS[figure.name]
    if definition.unit is Unit.HOURS:  # a mean has no cases that miss
        return None
    found = [
        cause
        for dimension in CAUSES
        # All complaints are of one kind.
        if figure.name is not FigureName.COMPLAINT_RATE or dimension is not Dimension.KIND
        for cause in _causes(figure, dimension, parts, definition.source.value)
    ]
    return max(found, key=lambda each: each.excess, default=None)


def _causes(figure: Figure, dimension: Dimension, parts: Parts, source: str) -> list[Cause]:
    tallies = {
        value: tally for (of, by, value), tally in parts.items() if of == source and by is dimension
    }
    whole = sum(tallies.values(), Tally())
    misses = _misses(figure, whole)
    if misses < LEAST:
        return []
    return [
        Cause(dimension, value, missed / misses, missed - misses * tally.cases / whole.cases)
        for value, tally in tallies.items()
        # Empty, and 0 for an id: nobody has said it.
        if value not in ("", "0")
        and (missed := _misses(figure, tally)) >= LEAST
        and missed / misses >= WORTH_NAMING
        and missed * whole.cases > misses * tally.cases
    ]


def _misses(figure: Figure, tally: Tally) -> int:
    # Of satisfaction too: its hits are those who are not content.
    is_hit = figure.lower_is_better or figure.unit is Unit.SCORE
    return tally.hits if is_hit else tally.cases - tally.hits
