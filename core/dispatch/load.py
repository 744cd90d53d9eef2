"""Two weeks of load: what is planned of the hours that there are, by technician and day (E6)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from core.dispatch.board import Filter, technicians
from core.jobs import slots
from core.jobs.slots import BEGINS, ENDS
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require
from core.roster import hours
from core.roster.hours import DayTime, Interval
from db.tables import Job

DAYS = 14
NONE = timedelta()


@dataclass(frozen=True)
class Cell:
    """A day: the hours that are planned, those there are, and how many people are away all day."""

    day: date
    planned: timedelta
    working: timedelta
    away: int

    @property
    def share(self) -> float | None:
        """How much of the day is planned; None where nobody works and nothing is planned."""
        if not self.working:
            return 1.0 if self.planned else None
        return self.planned / self.working

    @property
    def is_over(self) -> bool:
        """Whether more is planned than there are hours."""
        return self.planned > self.working


@dataclass(frozen=True)
class Line:
    """A technician's days, or those of all technicians of a station."""

    name: str
    station_id: int | None
    station: str
    cells: tuple[Cell, ...]


def load(
    uow: UnitOfWork, *, since: date, days: int = DAYS, filters: Filter = Filter()
) -> tuple[Line, ...]:
    """The load of each technician whom the actor may send; as many queries for any number."""
    require(uow, "job:dispatch")
    span = [since + timedelta(days=n) for n in range(days)]
    people = technicians(uow, filters, span)
    ids = [id for id, *_ in people]
    worked = hours.over(uow, people=ids, days=span)
    planned = _planned(uow, ids, span)
    return tuple(
        Line(name, station_id, station, tuple(_cell(day, worked, planned, id) for day in span))
        for id, name, station_id, station in people
    )


def by_station(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines of technicians, added up for each station."""
    parts = groupby(lines, key=lambda line: (line.station_id, line.station))
    return tuple(_added(id, name, tuple(part)) for (id, name), part in parts)


def _planned(
    uow: UnitOfWork, people: Sequence[int], days: Sequence[date]
) -> Mapping[tuple[int, date], timedelta]:
    zone = uow.actor.zone_info
    bounds = {day: hours.whole(day, zone) for day in days}
    span = Interval(bounds[days[0]].start, bounds[days[-1]].end)
    found: dict[tuple[int, date], timedelta] = defaultdict(timedelta)
    for id, start, end in uow.session.execute(
        slots.taken(people, span, Job.technician_id, BEGINS, ENDS)
    ):
        for day, whole in bounds.items():
            found[id, day] += max(NONE, min(end, whole.end) - max(start, whole.start))
    return found


def _cell(
    day: date,
    worked: Mapping[date, Mapping[int, DayTime]],
    planned: Mapping[tuple[int, date], timedelta],
    id: int,
) -> Cell:
    time = worked[day][id]
    working = sum((span.end - span.start for span in time.working), NONE)
    return Cell(day, planned[id, day], working, int(time.is_away))


def _added(id: int | None, name: str, lines: tuple[Line, ...]) -> Line:
    columns: Iterable[tuple[Any, ...]] = zip(*(line.cells for line in lines), strict=True)
    cells = (
        Cell(
            column[0].day,
            sum((cell.planned for cell in column), NONE),
            sum((cell.working for cell in column), NONE),
            sum(cell.away for cell in column),
        )
        for column in columns
    )
    return Line(name, id, name, tuple(cells))
