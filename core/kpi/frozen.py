"""Figures as they stood at a moment, kept for a meeting or a report whatever happens afterwards."""

from datetime import date, datetime

from core.kernel.unit_of_work import UnitOfWork
from core.kpi.asked import Asked
from core.kpi.figures import (
    Board,
    Figure,
    FigureName,
    Unit,
    is_enough,
    reached,
    worst_first,
)
from core.kpi.reasons import Kept, Point, Reason, explained, point
from db.codes import RequestKind

__all__ = ["Frozen", "FrozenFigure", "Point", "Reason", "freeze"]


class FrozenFigure(Kept):
    """A figure of a period with its target, what came before, its months and its stations."""

    name: FigureName
    id: str
    unit: Unit
    value: float | None
    numerator: float
    denominator: int
    target: float | None
    previous: float | None
    year_before: float | None
    lower_is_better: bool
    months: tuple[Point, ...]
    stations: tuple[Point, ...]
    reason: Reason | None = None

    @property
    def enough(self) -> bool:
        """Whether the value rests on enough cases to say anything."""
        return is_enough(self.name, self)

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without one, and where the value says nothing."""
        return reached(self.name, self, self.target)

    @property
    def worst_first(self) -> list[Point]:
        """The stations, the one that most needs help first."""
        return worst_first(self.name, self.stations)

    def reaches(self, point: Point) -> bool | None:
        """Whether a month or a station reaches the target."""
        return reached(self.name, point, self.target)


class Frozen(Kept):
    """The figures of a period as they stood at `as_of`."""

    since: date
    until: date
    station_id: int | None
    station: str
    kind: RequestKind | None
    as_of: datetime
    figures: tuple[FrozenFigure, ...]

    def figure(self, name: FigureName) -> FrozenFigure:
        """One of the figures."""
        return next(figure for figure in self.figures if figure.name is name)


def freeze(uow: UnitOfWork, *, asked: Asked) -> Frozen:
    """The figures of a period as they stand now, as far as the actor may see them.

    NotFound when the actor may not see the station.
    """
    found, why = explained(uow, asked=asked)
    names = {row.station_id: row.station for row in found.stations}
    return Frozen(
        since=found.since,
        until=found.until,
        station_id=found.station_id,
        station=names.get(found.station_id, "") if found.station_id else "",
        kind=found.kind,
        as_of=found.as_of,
        figures=tuple(_kept(found, figure, why.get(figure.name)) for figure in found.figures),
    )


def _kept(found: Board, figure: Figure, reason: Reason | None) -> FrozenFigure:
    return FrozenFigure(
        name=figure.name,
        id=figure.id,
        unit=figure.unit,
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        target=figure.target,
        previous=figure.previous,
        year_before=figure.year_before,
        lower_is_better=figure.lower_is_better,
        months=tuple(point(row) for row in found.months if row.figure is figure.name),
        stations=tuple(point(row) for row in found.stations if row.figure is figure.name),
        reason=reason,
    )
