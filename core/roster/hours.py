"""Working time: the shift of a day, without breaks, absences and public holidays."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from core.kernel.unit_of_work import UnitOfWork
from core.norms.model import Norm
from core.norms.revisions import in_force, norm_of
from core.norms.working_time import WEEKDAYS, Calendar, Reason, Windows
from core.roster import sight
from db.codes import AbsenceStatus
from db.tables import Absence, Person, Shift, Station

# Whose week it is: a person's, else a station's, else the company's.
Owner = tuple[int | None, int | None]
COMPANY: Owner = (None, None)


@dataclass(frozen=True)
class Interval:
    """A span of time, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class DayTime:
    """A person's day: the shift without its breaks, and what absences leave of it."""

    shift: tuple[Interval, ...]
    working: tuple[Interval, ...]
    # The end of the absence that the day falls into, if any.
    away_until: datetime | None = None

    @property
    def is_away(self) -> bool:
        """Whether absences take the whole of the day."""
        return self.away_until is not None and not self.working


def time_of(uow: UnitOfWork, *, person_id: int, day: date) -> tuple[Interval, ...]:
    """When a person whom the actor may see works on a local day; NotFound otherwise."""
    sight.person(uow, person_id)
    return days_of(uow, people=[person_id], day=day)[person_id].working


def times_of(
    uow: UnitOfWork, *, person_id: int, days: Sequence[date]
) -> tuple[tuple[Interval, ...], ...]:
    """As `time_of`, for several days."""
    return tuple(time_of(uow, person_id=person_id, day=day) for day in days)


def days_of(uow: UnitOfWork, *, people: Sequence[int], day: date) -> dict[int, DayTime]:
    """The day of each of some people; the caller asks who may. Five queries for any number."""
    return over(uow, people=people, days=[day])[day]


def over(
    uow: UnitOfWork, *, people: Sequence[int], days: Sequence[date]
) -> dict[date, dict[int, DayTime]]:
    """As `days_of`, for several days in a row; as many queries, unless the rule book changes."""
    zone, first, last = uow.actor.zone_info, in_force(uow, days[0]), in_force(uow, days[-1])
    homes = _stations(uow, people)
    stations = [station for station, _ in homes.values() if station]
    weeks = _weeks(uow, people, stations, days[-1])
    away = _away(uow, people, Interval(whole(days[0], zone).start, whole(days[-1], zone).end))
    found = {}
    for day in days:
        norm = norm_of(first if first is last else in_force(uow, day))
        found[day] = _on(uow, norm, day, homes, _holding(weeks, day), away)
    return found


def _on(
    uow: UnitOfWork,
    norm: Norm,
    day: date,
    homes: Mapping[int, tuple[int | None, str]],
    weeks: Mapping[Owner, Sequence[Shift]],
    away: Mapping[int, Sequence[Interval]],
) -> dict[int, DayTime]:
    zone = uow.actor.zone_info
    midnight, found = whole(day, zone), {}
    for person, (station_id, station) in homes.items():
        owners: tuple[Owner, ...] = ((person, None), (None, station_id), COMPANY)
        week = next((weeks[owner] for owner in owners if owner in weeks), ())
        windows = windows_of(week, norm.calendar(uow.actor.zone, station), day)
        shift = tuple(_interval(day, window, zone) for window in windows)
        gone = [a for a in away[person] if a.start < midnight.end and a.end > midnight.start]
        found[person] = _day(shift, gone)
    return found


def windows_of(week: Sequence[Shift], calendar: Calendar, day: date) -> Windows:
    """The wall-clock minutes of a day that a week gives; without a week those of the calendar."""
    usual, reason = calendar.plan(day)
    if not week:
        return usual
    if reason is Reason.HOLIDAY:
        return ()
    named = {shift.weekday.value for shift in week}
    weekday = WEEKDAYS[day.weekday()]
    if weekday not in named and calendar.is_make_up_day(day):
        # The Saturday that is worked for a holiday 调休 goes by an ordinary day.
        weekday = next(name for name in WEEKDAYS if name in named)
    return tuple(sorted(w for shift in week if shift.weekday == weekday for w in _pieces(shift)))


def _day(shift: tuple[Interval, ...], away: Sequence[Interval]) -> DayTime:
    working: Iterable[Interval] = shift
    for gone in away:
        working = [left for span in working for left in _without(span, gone)]
    return DayTime(shift, tuple(working), max((gone.end for gone in away), default=None))


def _without(span: Interval, gone: Interval) -> Iterator[Interval]:
    if span.start < min(span.end, gone.start):
        yield Interval(span.start, min(span.end, gone.start))
    if max(span.start, gone.end) < span.end:
        yield Interval(max(span.start, gone.end), span.end)


def _pieces(shift: Shift) -> Iterator[tuple[int, int]]:
    start, end = minutes(shift.starts), minutes(shift.ends)
    if shift.break_starts and shift.break_ends:
        for piece in ((start, minutes(shift.break_starts)), (minutes(shift.break_ends), end)):
            if piece[0] < piece[1]:
                yield piece
    else:
        yield start, end


def minutes(text: str) -> int:
    """The minutes from midnight of a wall-clock time as "08:30"."""
    return int(text[:2]) * 60 + int(text[3:])


def _interval(day: date, window: tuple[int, int], zone: ZoneInfo) -> Interval:
    midnight = datetime.combine(day, time(), zone)
    start, end = ((midnight + timedelta(minutes=at)).astimezone(UTC) for at in window)
    return Interval(start, end)


def whole(day: date, zone: ZoneInfo) -> Interval:
    """A local day from midnight to midnight."""
    return _interval(day, (0, 24 * 60), zone)


def _stations(uow: UnitOfWork, people: Sequence[int]) -> dict[int, tuple[int | None, str]]:
    rows = uow.session.execute(
        select(Person.id, Person.station_id, Station.name)
        .outerjoin(Station, Station.id == Person.station_id)
        .where(Person.id.in_(people))
    )
    return {id: (station_id, name or "") for id, station_id, name in rows}


def _weeks(
    uow: UnitOfWork, people: Sequence[int], stations: Sequence[int], day: date
) -> Sequence[Shift]:
    """The weeks of all that may hold until a day, the oldest first."""
    of_company = Shift.person_id.is_(None) & Shift.station_id.is_(None)
    mine = or_(Shift.person_id.in_(people), Shift.station_id.in_(stations), of_company)
    return uow.session.scalars(
        select(Shift).where(mine, Shift.valid_from <= day).order_by(Shift.valid_from, Shift.id)
    ).all()


def _holding(rows: Sequence[Shift], day: date) -> Mapping[Owner, Sequence[Shift]]:
    """The week that holds on a day, of each owner who has one."""
    found: dict[Owner, list[Shift]] = {}
    for row in rows:
        if row.valid_from > day:
            break
        week = found.setdefault((row.person_id, row.station_id), [])
        if week and week[0].valid_from != row.valid_from:
            week.clear()  # a later week takes its place
        week.append(row)
    return found


def _away(
    uow: UnitOfWork, people: Sequence[int], bounds: Interval
) -> Mapping[int, Sequence[Interval]]:
    rows = uow.session.execute(
        select(Absence.person_id, Absence.begins_at, Absence.ends_at).where(
            Absence.person_id.in_(people),
            Absence.status == AbsenceStatus.APPROVED,
            Absence.begins_at < bounds.end,
            Absence.ends_at > bounds.start,
        )
    )
    found: dict[int, list[Interval]] = defaultdict(list)
    for person, start, end in rows:
        found[person].append(Interval(start, end))
    return found
