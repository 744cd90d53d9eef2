"""When customers come: the intake of a period by weekday and hour of the company's clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, case, func, literal, select

from core.kernel.period import midnight
from core.kernel.unit_of_work import UnitOfWork
from core.kpi.asked import Asked
from core.kpi.epoch import Epoch
from core.kpi.spans import DAY, Days
from core.process.permissions import require
from core.requests import lists
from db.tables import ServiceRequest

HOUR, HOURS = 3600, 24
SLOTS = 7 * HOURS
# 1 January 1970 was a Thursday: so long had its week been running.
THURSDAY = 3 * HOURS * HOUR
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Slot:
    """An hour of the week (Monday is 0): its cases, and how often the period has it."""

    weekday: int
    hour: int
    cases: int
    days: int


def load(
    uow: UnitOfWork,
    *,
    asked: Asked,
) -> tuple[Slot, ...]:
    """The intake of all hours of the week. Imported cases are left out: many know no hour."""
    require(uow, "kpi:read")
    days = asked.span.whole
    zone = uow.actor.zone_info
    about = asked.scope(uow)
    slot = _slot(days, zone).label("slot")
    received = select(slot).where(*_received(days, zone), *about.where).subquery()
    rows = uow.session.execute(select(received.c.slot, func.count()).group_by(received.c.slot))
    cases = {int(slot): count for slot, count in rows}
    so_far = min(days.last, uow.now.astimezone(zone).date())
    return tuple(
        Slot(n // HOURS, n % HOURS, cases.get(n, 0), _days_of(n // HOURS, days.first, so_far))
        for n in range(SLOTS)
    )


def cases_at(
    uow: UnitOfWork,
    *,
    weekday: int,
    hour: int,
    asked: Asked,
    page: int = 1,
) -> lists.Cases:
    """The cases of one hour of the week, the newest first."""
    require(uow, "kpi:read")
    days = asked.span.whole
    zone = uow.actor.zone_info
    about = asked.scope(uow)
    is_there = _slot(days, zone) == weekday * HOURS + hour
    ids = select(ServiceRequest.id).where(*_received(days, zone), is_there, *about.where)
    return lists.by_ids(uow, ids=ids, page=page)


def _received(days: Days, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    at = ServiceRequest.received_at
    return [
        at >= midnight(days.first, zone),
        at < midnight(days.last + DAY, zone),
        ServiceRequest.source.is_(None),
    ]


def _slot(days: Days, zone: ZoneInfo) -> ColumnElement[int]:
    """Which hour of the week a case came in, by the clock that was in force then."""
    *before, (last, _end) = _offsets(days, zone)
    at: Any = ServiceRequest.received_at
    # One after the other: the first end that lies ahead says which clock it was.
    shifts = [(at < end, offset) for offset, end in before]
    offset: Any = case(*shifts, else_=last) if shifts else literal(last, Integer)
    slot: ColumnElement[int] = (Epoch(at) + offset + THURSDAY) // literal(HOUR, Integer) % SLOTS
    return slot


def _offsets(days: Days, zone: ZoneInfo) -> Iterator[tuple[int, datetime]]:
    """The offsets from UTC in force one after the other, in seconds, each with its end."""
    at, end = midnight(days.first, zone), midnight(days.last + DAY, zone)
    while at < end:
        following = min(at + DAY, end)
        if _offset(at, zone) != _offset(following, zone):
            change = _change(at, following, zone)
            yield _offset(at, zone), change
        at = following
    yield _offset(end - SECOND, zone), end


def _change(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the clock changes between two instants."""
    while late - early > SECOND:
        middle = early + timedelta(seconds=(late - early) // SECOND // 2)
        if _offset(middle, zone) == _offset(early, zone):
            early = middle
        else:
            late = middle
    return late


def _offset(at: datetime, zone: ZoneInfo) -> int:
    return ((at.astimezone(zone)).utcoffset() or timedelta()) // SECOND


def _days_of(weekday: int, first: date, last: date) -> int:
    """How many of such weekdays lie between two days, both inside."""
    ahead = (weekday - first.weekday()) % 7
    left = (last - first).days - ahead
    return left // 7 + 1 if left >= 0 else 0
