"""Working calendars and time limits: when one is due, what counted and what did not."""

# Moments come in aware and go out in UTC. Inside they are whole microseconds since
# 1970, so that sums stay exact. Windows are local wall-clock minutes from midnight.

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from core.norms import public_days

Windows = tuple[tuple[int, int], ...]
Spelled = Iterable[Sequence[str | int]]
Pauses = Iterable[tuple[datetime, datetime | None]]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_MINUTE = 60_000_000
_MIDNIGHT = 24 * 60
_MOST_YEARS = 64
_TIME_OF_DAY = re.compile(r"(\d{1,2}):([0-5]\d)")
_Span = tuple[int, int]
_Piece = tuple[int, int, "Reason"]


class Unit(StrEnum):
    """What a limit is counted in; the two working units run on the calendar."""

    WORKING_MINUTES = "working_minutes"
    WORKING_DAYS = "working_days"
    CLOCK_MINUTES = "clock_minutes"


class Reason(StrEnum):
    """Why a span of time counted towards a limit, or why it did not."""

    COUNTED = "counted"
    MAKE_UP_DAY = "make_up_day"
    CLOSED = "closed"
    WEEKLY_REST = "weekly_rest"
    HOLIDAY = "holiday"
    PAUSED = "paused"

    @property
    def is_counted(self) -> bool:
        """Tell whether such time uses up a limit; that of a make-up day 调休 does."""
        return self in (Reason.COUNTED, Reason.MAKE_UP_DAY)


@dataclass(frozen=True, slots=True)
class Entry:
    """One span of a ledger, in UTC, with its true length in minutes."""

    start: datetime
    end: datetime
    reason: Reason
    minutes: float


@dataclass(frozen=True)
class Calendar:
    """Windows for each weekday from Monday and the days that differ; made with `of`."""

    zone: str
    weekly: tuple[Windows, ...]
    closed_days: frozenset[date] = frozenset()
    open_days: tuple[tuple[date, Windows], ...] = ()
    public_holidays: str | None = None

    @classmethod
    def of(
        cls,
        *,
        zone: str,
        weekly: Mapping[str, Spelled],
        closed: Iterable[str | date] = (),
        open: Mapping[str, Spelled] | None = None,
        public_holidays: str | None = None,
    ) -> Calendar:
        """Read "mon": [["09:00", "24:00"]], ISO dates, "CN"; ValueError says what is wrong."""
        if unknown := sorted(map(str, set(weekly) - set(WEEKDAYS))):
            raise ValueError(f"unknown weekday: {', '.join(unknown)}")
        week = tuple(_windows(name, weekly.get(name) or ()) for name in WEEKDAYS)
        days = {_date(on): _windows(str(on), spans) for on, spans in (open or {}).items()}
        closed_days, open_days = frozenset(map(_date, closed)), tuple(sorted(days.items()))
        return _shared(cls(zone, week, closed_days, open_days, public_holidays))

    def __post_init__(self) -> None:
        if self.public_holidays not in (None, "CN"):
            raise ValueError(f"no public holidays known for {self.public_holidays!r}")
        if not all(windows for _, windows in self.open_days):
            raise ValueError("an open day needs a window")
        if not any((*self.weekly, *(windows for _, windows in self.open_days))):
            raise ValueError("the calendar has no open minute")
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"unknown time zone: {self.zone!r}") from error

    def plan(self, on: date) -> tuple[Windows, Reason]:
        """Return a local date's windows and why they count; without windows why it rests."""
        # The company's open days win over its closed days, both over the public calendar.
        windows, reason = self._usual_plan(on)
        own = self._own_windows.get(on)
        if own is None:
            return windows, reason
        return own, Reason.COUNTED if reason is Reason.COUNTED else Reason.MAKE_UP_DAY

    def is_make_up_day(self, on: date) -> bool:
        """Tell whether a weekend date is worked for a public holiday 调休."""
        return on in public_days.of_year(self.public_holidays, on.year)[1] - self.closed_days

    def is_official(self, on: date) -> bool:
        """Tell whether the public days off of a date's year have been announced."""
        country = self.public_holidays
        return country is None or on.year <= public_days.known_until(country)

    def _usual_plan(self, on: date) -> tuple[Windows, Reason]:
        week = self.weekly[on.weekday()]
        if on in self.closed_days:
            return (), Reason.HOLIDAY
        if self.is_make_up_day(on) and self._ordinary_day:
            return self._ordinary_day, Reason.COUNTED if week else Reason.MAKE_UP_DAY
        if on in public_days.of_year(self.public_holidays, on.year)[0]:
            return (), Reason.HOLIDAY
        return week, Reason.COUNTED if week else Reason.WEEKLY_REST

    @cached_property
    def _tables(self) -> dict[_Span, _Table]:
        return {}

    @cached_property
    def _own_windows(self) -> dict[date, Windows]:
        return dict(self.open_days)

    @cached_property
    def _ordinary_day(self) -> Windows:
        # Monday; a company that rests on Mondays works as on its first working day.
        return next(filter(None, self.weekly), ())


def due_at(
    calendar: Calendar, unit: Unit, amount: int, start: datetime, pauses: Pauses = ()
) -> datetime:
    """Return when a limit is due (UTC); ValueError: naive, negative, over 64 years ahead."""
    # "By the Nth working day"; 0 means the same day, so the next close after the start.
    if amount < 0:
        raise ValueError("a limit cannot be negative")
    begin, is_days = _micros(start), unit == Unit.WORKING_DAYS
    # A pause that still runs moves nothing yet: the caller reckons again when it ends.
    held = _merged(pauses, running_until=_FIRST)
    if not amount and not is_days:
        return _moment(begin)
    for table in _tables(calendar, unit, begin):
        opened = table.opened(begin) + amount * _MINUTE
        target = table.close_after(amount, begin, calendar.zone) if is_days else opened
        due = _moved(table, target, begin, held)
        if due is not None:
            return _moment(due)
    raise ValueError("the limit ends too far ahead for this calendar")


def elapsed(
    calendar: Calendar, unit: Unit, start: datetime, end: datetime, pauses: Pauses = ()
) -> float:
    """Return the minutes that counted; for working days too. A running pause lasts to the end."""
    begin, finish = _micros(start), max(_micros(start), _micros(end))
    tables = _tables(calendar, unit, begin)
    table = next((table for table in tables if finish <= table.horizon), None)
    if table is None:
        raise ValueError("the moments are too far apart for this calendar")
    counted = table.opened(finish) - table.opened(begin)
    for since, to in _merged(pauses, running_until=finish):
        since, to = max(since, begin), min(to, finish)
        if since < to:
            counted -= table.opened(to) - table.opened(since)
    return counted / _MINUTE


def ledger(
    calendar: Calendar, unit: Unit, amount: int, start: datetime, pauses: Pauses, until: datetime
) -> tuple[Entry, ...]:
    """Explain a limit from start until a moment, span by span in UTC, cut where it is due."""
    # Pauses show only where time would have counted: their minutes moved the due moment.
    # The counted minutes up to it are the limit, unless a pause still runs (until the end).
    pauses = tuple(pauses)
    due = _micros(due_at(calendar, unit, amount, start, pauses))
    begin, stop = _micros(start), _micros(until)
    held = _merged(pauses, running_until=stop)
    joined: list[_Piece] = []
    for span in _spans(calendar, unit, begin, stop):
        for since, to, reason in _pieces(*span, held, due):
            if joined and joined[-1][2] is reason and not (reason.is_counted and since == due):
                since = joined.pop()[0]
            joined.append((since, to, reason))
    return tuple(Entry(_moment(a), _moment(b), why, (b - a) / _MINUTE) for a, b, why in joined)


@dataclass(frozen=True, slots=True)
class _Table:
    """The windows of some years with running sums of the open time, in microseconds."""

    # Behind the last window a table counts too little, never too much. A target reckoned
    # from such a count lies beyond the table, where `reached` answers None: the caller
    # takes a longer table, and no wrong moment can come out.
    starts: Sequence[int]
    ends: Sequence[int]
    counts: Sequence[int]  # up to the end of each window, with a leading 0
    days: Sequence[int]  # the working days, as ordinals of the local date
    closes: Sequence[int]  # the count at the close of each working day
    horizon: int  # the moment up to which all windows are in

    def opened(self, moment: int) -> int:
        at = bisect_right(self.starts, moment)
        return self.counts[at] - max(0, self.ends[at - 1] - moment) if at else 0

    def reached(self, count: int) -> int | None:
        at = bisect_left(self.counts, count)
        return self.ends[at - 1] - self.counts[at] + count if at < len(self.counts) else None

    def close_after(self, number: int, begin: int, zone: str) -> int:
        if number:
            day = _moment(begin).astimezone(ZoneInfo(zone)).toordinal()
            at = bisect_right(self.days, day) + number - 1
        else:
            at = bisect_right(self.closes, self.opened(begin))
        return self.closes[at] if at < len(self.closes) else self.counts[-1] + 1


# Around the clock is a single window, as long as there are dates.
_CLOCK = _Table((_FIRST,), (_LAST,), (0, _LAST - _FIRST), (), (), _LAST)


def _tables(calendar: Calendar, unit: Unit, begin: int) -> Iterator[_Table]:
    """Yield longer and longer tables from the year of a start; mostly the first will do."""
    if Unit(unit) is Unit.CLOCK_MINUTES:
        yield _CLOCK
        return
    year, years = _moment(begin).year, 2
    while years <= _MOST_YEARS:
        # Two threads may build the same table at once: both are right, the later one stays.
        if (year, years) not in calendar._tables:
            calendar._tables[year, years] = _built(calendar, year, years)
        yield calendar._tables[year, years]
        years *= 2


def _built(calendar: Calendar, year: int, years: int) -> _Table:
    if not 1 < year < 9999 - years:
        raise ValueError(f"the year {year} is outside the calendar")
    zone, closes = ZoneInfo(calendar.zone), dict[int, int]()
    starts, ends, counts = list[int](), list[int](), [0]
    # West of Greenwich a UTC year begins on the last local day of the year before.
    first, beyond = date(year - 1, 12, 30).toordinal(), date(year + years, 1, 1).toordinal()
    for ordinal in range(first, beyond):
        windows, _ = calendar.plan(date.fromordinal(ordinal))
        for start, end in _instants(zone, ordinal, windows):
            starts.append(start)
            ends.append(end)
            counts.append(counts[-1] + end - start)
            closes[ordinal] = counts[-1]
    return _Table(starts, ends, counts, [*closes], [*closes.values()], _instant(zone, beyond, 0))


def _moved(table: _Table, target: int, begin: int, held: list[_Span]) -> int | None:
    """Move a target on by each pause that begins before it is reached; None: table too short."""
    for since, to in held:
        if to > begin:
            count = table.opened(max(since, begin))
            if count >= target:
                break
            target += table.opened(to) - count
    return table.reached(target)


def _merged(pauses: Pauses, running_until: int) -> list[_Span]:
    """Sort and join pauses; one that still runs ends at the given moment."""
    joined: list[_Span] = []
    starts = ((_micros(start), end) for start, end in pauses)
    bounds = ((a, _micros(end) if end else max(a, running_until)) for a, end in starts)
    for since, until in sorted(bounds):
        if until < since:
            raise ValueError("a pause ends before it begins")
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(until, joined[-1][1]))
        elif since < until:
            joined.append((since, until))
    return joined


def _spans(calendar: Calendar, unit: Unit, begin: int, stop: int) -> Iterator[_Piece]:
    """Cut the local days that hold two moments into open and closed spans."""
    if unit == Unit.CLOCK_MINUTES:
        yield begin, stop, Reason.COUNTED
        return
    zone = ZoneInfo(calendar.zone)
    first, last = (_moment(moment).astimezone(zone).toordinal() for moment in (begin, stop))
    for ordinal in range(first, last + 1):
        windows, reason = calendar.plan(date.fromordinal(ordinal))
        whys = (Reason.CLOSED if windows else reason, reason)
        opened = chain.from_iterable(_instants(zone, ordinal, windows))
        edges = (_instant(zone, ordinal, 0), *opened, _instant(zone, ordinal, _MIDNIGHT))
        for number, (since, to) in enumerate(pairwise(edges)):
            yield max(since, begin), min(to, stop), whys[number % 2]


def _pieces(since: int, to: int, reason: Reason, held: list[_Span], due: int) -> Iterator[_Piece]:
    """Cut a span that counts at the pauses and at the due moment; leave others whole."""
    marks = {due, *chain.from_iterable(held)} if reason.is_counted else set()
    edges = [since, *sorted(mark for mark in marks if since < mark < to), to]
    for a, b in pairwise(edges):
        is_held = reason.is_counted and any(pause[0] <= a < pause[1] for pause in held)
        if a < b:
            yield a, b, Reason.PAUSED if is_held else reason


def _instants(zone: ZoneInfo, ordinal: int, windows: Windows) -> Iterator[_Span]:
    """Turn local windows into moments: of true length also where the clock is changed."""
    for window in windows:
        start, end = (_instant(zone, ordinal, minute) for minute in window)
        if start < end:  # nothing is left of a window that the clock skips
            yield start, end


def _instant(zone: ZoneInfo, ordinal: int, minute: int) -> int:
    """Return the first moment that shows a local time; for a skipped one the end of the gap."""
    local = datetime.fromordinal(ordinal).replace(tzinfo=zone) + timedelta(minutes=minute)
    # In a gap fold=1 reckons with the later offset, which gives the earlier moment.
    while _micros(local.replace(fold=1)) < _micros(local):
        local += timedelta(minutes=1)
    return _micros(local)


def _windows(name: str, spans: Spelled) -> Windows:
    windows = []
    for span in spans:
        if isinstance(span, str) or len(span) != 2:
            raise ValueError(f"{name}: a window is a start and an end, not {span!r}")
        start, end = map(_minute, span)
        if not 0 <= start < end <= _MIDNIGHT:
            raise ValueError(f"{name}: a window must end after its start and by 24:00")
        windows.append((start, end))
    windows.sort()
    if any(later[0] < earlier[1] for earlier, later in pairwise(windows)):
        raise ValueError(f"{name}: the windows overlap")
    return tuple(windows)


def _minute(value: str | int) -> int:
    # YAML reads an unquoted 17:30 as the number 17 * 60 + 30, which is what is meant.
    if isinstance(value, int):
        return value
    match = _TIME_OF_DAY.fullmatch(str(value))
    if match is None:
        raise ValueError(f"not a time of day: {value!r}")
    return int(match[1]) * 60 + int(match[2])


def _date(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


@lru_cache(maxsize=128)
def _shared(calendar: Calendar) -> Calendar:
    # Equal calendars read anew in each unit of work share one set of tables.
    return calendar


def _micros(moment: datetime) -> int:
    if moment.utcoffset() is None:
        raise ValueError("a moment without a time zone is refused")
    return (moment - _EPOCH) // _MICROSECOND


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
