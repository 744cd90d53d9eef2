"""The board of figures: over a period, by month, by station, with targets and what came before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.kpi import ages, tallies
from core.kpi.asked import Asked
from core.kpi.figures import (
    DEFINITIONS,
    HUNDREDTHS,
    NO_STATION,
    Board,
    ClassRow,
    DimensionRow,
    Figure,
    FigureName,
    Row,
    Source,
    Tally,
    Value,
    divided,
    value_of,
)
from core.kpi.look import Look, look
from core.kpi.spans import Span
from core.kpi.tallies import ALL, BEFORE, EVERY_PART, THIS, YEAR_BEFORE, Tallies
from core.norms.model import Norm
from core.norms.revisions import in_force, norm_of
from core.process.permissions import require
from db.tables import Station

# What is also told by class, and from which facts.
BY_CLASS = {
    name: DEFINITIONS[name].source
    for name in (FigureName.COMPLAINT_HOURS, FigureName.COMPLAINT_ON_TIME)
}


def board(
    uow: UnitOfWork,
    *,
    asked: Asked,
    fresh: Look | None = None,
) -> Board:
    """The figures of what is asked for.

    A few queries, none of which counts cases. NotFound when the actor may not see the station. What
    is per customer on file, or per piece sold, has no value for a single kind of request.
    """
    require(uow, "kpi:read")
    days, about = asked.span, asked.scope(uow)
    norm, names = norm_of(in_force(uow)), station_names(uow)
    fresh = fresh or look(uow, norm)
    drawn = _Drawing(days, norm, names, tallies.count(uow, days, about, fresh))
    by_kind, by_station = ages.open_cases(uow, about, names)
    return Board(
        since=days.months[0] if asked.whole_months else asked.since,
        until=days.months[-1] if asked.whole_months else asked.until,
        station_id=about.station_id,
        kind=about.kind,
        as_of=uow.now,
        whole=fresh.whole,
        figures=tuple(drawn.figures()),
        months=tuple(drawn.by_month()),
        stations=tuple(drawn.by_station()),
        series=tuple(drawn.by_both()),
        dimensions=tuple(drawn.dimensions()),
        classes=tuple(drawn.classes()),
        ages_by_kind=by_kind,
        ages_by_station=by_station,
    )


def by_month(uow: UnitOfWork, *, asked: Asked) -> tuple[Row, ...]:
    """Each figure of the months that are asked for, and nothing else."""
    require(uow, "kpi:read")
    norm = norm_of(in_force(uow))
    counted = tallies.count_months(uow, asked.span, asked.scope(uow), look(uow, norm))
    return tuple(_Drawing(asked.span, norm, {}, counted).by_month())


def station_names(uow: UnitOfWork) -> dict[int, str]:
    """The stations by name, and a nameless one for cases that no station has."""
    rows = uow.session.execute(select(Station.id, Station.name).order_by(Station.name, Station.id))
    return dict(rows.all()) | {NO_STATION: ""}


@dataclass(frozen=True)
class _Drawing:
    """Turns tallies into figures and rows."""

    span: Span
    norm: Norm
    names: dict[int, str]
    counted: Tallies

    def figures(self) -> Iterator[Figure]:
        for name, definition in DEFINITIONS.items():
            now = self._value(name)
            yield Figure(
                name=name,
                id=definition.id,
                unit=definition.unit,
                value=now.value,
                numerator=now.numerator,
                denominator=now.denominator,
                target=self.norm.targets.get(name),
                previous=self._value(name, period=BEFORE).value,
                year_before=self._value(name, period=YEAR_BEFORE).value,
                lower_is_better=definition.lower_is_better,
                sides=definition.sides,
                missing=definition.missing,
            )

    def by_month(self) -> Iterator[Row]:
        """Every month, so that a line shows where there was nothing."""
        for name in FigureName:
            for n in range(len(self.span.months)):
                yield self._row(name, n, ALL)

    def by_station(self) -> Iterator[Row]:
        for name in FigureName:
            rows = (self._row(name, ALL, station) for station in self.names)
            yield from (row for row in rows if row.denominator or row.numerator)

    def by_both(self) -> Iterator[Row]:
        for name in FigureName:
            for n in range(len(self.span.months)):
                rows = (self._row(name, n, station) for station in self.names)
                yield from (row for row in rows if row.denominator or row.numerator)

    def dimensions(self) -> Iterator[DimensionRow]:
        """The questions of the rule book first, then those that it no longer asks."""
        words = {q.name: {k.value: v for k, v in q.text.items()} for q in self.norm.survey}
        answered = {part for source, part, *_ in self.counted if source == Source.ANSWERS}
        for question in [*words, *sorted(answered - {EVERY_PART, *words})]:
            for month in (ALL, *range(len(self.span.months))):
                tally = self._tally(Source.ANSWERS, question, THIS, month, ALL)
                mean = divided(tally.total / HUNDREDTHS, tally.cases)
                yield DimensionRow(
                    question=question,
                    words=words.get(question, {}),
                    month=self._month(month),
                    value=mean.value,
                    numerator=mean.numerator,
                    denominator=mean.denominator,
                )

    def classes(self) -> Iterator[ClassRow]:
        """The classes of the rule book first, then those that it no longer has, then none."""
        words = {c.name: {k.value: v for k, v in c.text.items()} for c in self.norm.classes}
        found = {part for source, part, *_ in self.counted if source in BY_CLASS.values()}
        names = [*words, *sorted(found - {EVERY_PART, "", *words}), ""]
        for name, each, month in product(BY_CLASS, names, (ALL, *range(len(self.span.months)))):
            value = self._value(name, part=each, month=month)
            if value.denominator:
                yield ClassRow(
                    figure=name,
                    case_class=each,
                    words=words.get(each, {}),
                    month=self._month(month),
                    value=value.value,
                    numerator=value.numerator,
                    denominator=value.denominator,
                )

    def _row(self, name: FigureName, month: int, station: int) -> Row:
        found = self._value(name, month=month, station=station)
        return Row(
            figure=name,
            month=self._month(month),
            station_id=None if station == ALL else station,
            station=self.names.get(station, ""),
            value=found.value,
            numerator=found.numerator,
            denominator=found.denominator,
        )

    def _month(self, n: int) -> date | None:
        return None if n == ALL else self.span.months[n]

    def _value(
        self,
        name: FigureName,
        *,
        part: str = EVERY_PART,
        period: str = THIS,
        month: int = ALL,
        station: int = ALL,
    ) -> Value:
        about = DEFINITIONS[name]
        tally = self._tally(about.source, part, period, month, station)
        below = about.below and self._tally(about.below, EVERY_PART, period, month, station)
        return value_of(name, tally, below or Tally())

    def _tally(self, source: Source, part: str, period: str, month: int, station: int) -> Tally:
        return self.counted.get((source.value, part, period, month, station), Tally())
