"""Why a figure misses its target, as far as the counts say it: where, and what is in common."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from core.kernel.unit_of_work import UnitOfWork
from core.kpi.asked import Asked
from core.kpi.boards import board
from core.kpi.breakdowns import names_of
from core.kpi.counted import Dimension
from core.kpi.figures import (
    DEFINITIONS,
    LEAST,
    Board,
    Figure,
    FigureName,
    Row,
    Tally,
    Unit,
    worst_first,
)
from core.kpi.look import Look, look
from core.kpi.parts import Parts, Wanted, by_station
from core.norms.revisions import in_force, norm_of

# What cases may have in common that somebody can do something about.
CAUSES = (
    *(Dimension.WAITED, Dimension.FAULT_AREA, Dimension.CASE_CLASS),
    *(Dimension.PRODUCT, Dimension.KIND),
)
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

    `station` is the worst of them. `share` of the cases that miss, of that station where it has
    enough of them, are of one `value` of a `dimension` ("name" is what people call it, where it has
    a name of its own and no code).
    """

    station: Point | None = None
    dimension: str = ""
    value: str = ""
    name: str = ""
    share: float | None = None
    # Whether the share is of the cases of that station, and not of all.
    is_there: bool = False


@dataclass(frozen=True)
class Cause:
    """What more of the missed cases have in common than of all cases."""

    dimension: Dimension
    value: str
    share: float
    excess: float


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


def explained(uow: UnitOfWork, *, asked: Asked) -> tuple[Board, dict[FigureName, Reason]]:
    """The board of a period, and why those of its figures are missed that miss their target."""
    fresh = look(uow, norm_of(in_force(uow)))
    found = board(uow, asked=asked, fresh=fresh)
    return found, reasons(uow, found=found, asked=asked, fresh=fresh)


def reasons(
    uow: UnitOfWork, *, found: Board, asked: Asked, fresh: Look | None = None
) -> dict[FigureName, Reason]:
    """Where each missed figure is worst, and what most sets its missed cases apart.

    One query for the parts of all of them, and the names of what is said.
    """
    missed = [each for each in found.figures if each.reached is False]
    if not missed:
        return {}
    sources = {DEFINITIONS[figure.name].source for figure in missed}
    causes = [each for each in CAUSES if found.kind is None or each is not Dimension.KIND]
    fresh = fresh or look(uow, norm_of(in_force(uow)))
    parts = by_station(uow, Wanted(asked.span.whole, sources, causes), asked.scope(uow), fresh)
    return {
        figure.name: _reason(uow, figure, _worst(figure, found.stations), parts)
        for figure in missed
    }


def _reason(
    uow: UnitOfWork, figure: Figure, worst: Row | None, parts: Mapping[int | None, Parts]
) -> Reason:
    station = point(worst) if worst else None
    there = _cause(figure, parts.get(worst.station_id, {})) if worst else None
    cause = there or _cause(figure, parts[None])
    if cause is None:
        return Reason(station=station)
    return Reason(
        station=station,
        dimension=cause.dimension.value,
        value=cause.value,
        name=names_of(uow, cause.dimension, {cause.value})[cause.value],
        share=cause.share,
        is_there=there is not None,
    )


def _worst(figure: Figure, stations: Iterable[Row]) -> Row | None:
    """The station that is worse than the whole, and than all others; none where there is one."""
    rows = [row for row in stations if row.figure is figure.name and row.station and row.enough]
    if len(rows) < 2:
        return None
    worst, whole = worst_first(figure.name, rows)[0], figure.value or 0.0
    more = (worst.value or 0.0) - whole
    return worst if (more > 0 if figure.lower_is_better else more < 0) else None


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
