"""The board of figures: over a period, by month, by station, with targets and what came before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from sqlalchemy import select

from core.kernel import period
from core.kernel.period import Period
from core.kernel.unit_of_work import UnitOfWork
from core.kpi import ages, facts, tallies
from core.kpi.figures import (
    DEFINITIONS,
    NO_STATION,
    Board,
    ClassRow,
    DimensionRow,
    Figure,
    FigureName,
    Row,
    Source,
    Tally,
    Unit,
)
from core.kpi.tallies import ALL, EVERY_PART, Tallies
from core.norms.model import Norm
from core.norms.revisions import in_force, norm_of
from core.process.permissions import require
from db.codes import RequestKind
from db.tables import Station

THIS, BEFORE = 1, 0
SECONDS = 3600
HUNDREDTHS = 100
# What is also told by class, and from which facts.
BY_CLASS = {
    name: DEFINITIONS[name].source
    for name in (FigureName.COMPLAINT_HOURS, FigureName.COMPLAINT_ON_TIME)
}


def board(
    uow: UnitOfWork,
    *,
    since: date,
    until: date,
    station_id: int | None = None,
    kind: RequestKind | None = None,
) -> Board:
    """The figures of the months from that of `since` to that of `until`; four queries.

    NotFound when the actor may not see the station. A complaint rate is per customer, so there
    is none for a single kind of request.
    """
    require(uow, "kpi:read")
    span = period.months(since, until, uow.actor.zone_info)
    about = facts.scope(uow, station_id, kind)
    norm, names = norm_of(in_force(uow)), _station_names(uow)
    counted = tallies.count(uow, span, about, unhappy_below=norm.unhappy_below)
    drawn = _Drawing(span, norm, names, counted)
    by_kind, by_station = ages.open_cases(uow, about, names)
    return Board(
        since=span.months[0],
        until=span.months[-1],
        station_id=about.station_id,
        kind=kind,
        as_of=uow.now,
        figures=tuple(drawn.figures()),
        months=tuple(drawn.by_month()),
        stations=tuple(drawn.by_station()),
        series=tuple(drawn.by_both()),
        dimensions=tuple(drawn.dimensions()),
        classes=tuple(drawn.classes()),
        ages_by_kind=by_kind,
        ages_by_station=by_station,
    )


def _station_names(uow: UnitOfWork) -> dict[int, str]:
    rows = uow.session.execute(select(Station.id, Station.name).order_by(Station.name, Station.id))
    return dict(rows.all()) | {NO_STATION: ""}


@dataclass(frozen=True)
class _Value:
    value: float | None
    numerator: float
    denominator: int


@dataclass(frozen=True)
class _Drawing:
    """Turns tallies into figures and rows."""

    span: Period
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
                previous=self._value(name, this=BEFORE).value,
                lower_is_better=definition.lower_is_better,
                sides=definition.sides,
            )

    def by_month(self) -> Iterator[Row]:
        """Every month, so that a line shows where there was nothing."""
        for name in FigureName:
            for n in range(self.span.length):
                yield self._row(name, n, ALL)

    def by_station(self) -> Iterator[Row]:
        for name in FigureName:
            rows = (self._row(name, ALL, station) for station in self.names)
            yield from (row for row in rows if row.denominator)

    def by_both(self) -> Iterator[Row]:
        for name in FigureName:
            for n in range(self.span.length):
                rows = (self._row(name, n, station) for station in self.names)
                yield from (row for row in rows if row.denominator)

    def dimensions(self) -> Iterator[DimensionRow]:
        """The questions of the rule book first, then those that it no longer asks."""
        words = {q.name: {k.value: v for k, v in q.text.items()} for q in self.norm.survey}
        answered = {part for source, part, *_ in self.counted if source == Source.ANSWERS}
        for question in [*words, *sorted(answered - {EVERY_PART, *words})]:
            for month in (ALL, *range(self.span.length)):
                tally = self._tally(Source.ANSWERS, question, THIS, month, ALL)
                mean = _divided(tally.total / HUNDREDTHS, tally.cases)
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
        for name, each, month in product(BY_CLASS, names, (ALL, *range(self.span.length))):
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
        this: int = THIS,
        month: int = ALL,
        station: int = ALL,
    ) -> _Value:
        definition = DEFINITIONS[name]
        tally = self._tally(definition.source, part, this, month, station)
        if definition.unit is Unit.COUNT:
            return _Value(tally.cases, tally.cases, tally.cases)
        if definition.unit is Unit.SCORE:
            return _divided(tally.total / HUNDREDTHS, tally.cases)
        if definition.unit is Unit.HOURS:
            return _divided(tally.total / SECONDS, tally.cases)
        if name is FigureName.COMPLAINT_RATE:
            customers = self._tally(Source.CUSTOMERS, EVERY_PART, this, month, station).cases
            return _divided(tally.hits if customers else 0, customers)
        return _divided(tally.hits, tally.cases)

    def _tally(self, source: Source, part: str, this: int, month: int, station: int) -> Tally:
        return self.counted.get((source.value, part, this, month, station), Tally())


def _divided(numerator: float, denominator: int) -> _Value:
    value = numerator / denominator if denominator else None
    return _Value(value, numerator, denominator)
