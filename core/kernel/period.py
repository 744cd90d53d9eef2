"""Whole local months as instants, so that both databases sort facts into the same month."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from core.kernel.errors import InvalidInput, Problem

MOST_MONTHS = 60


@dataclass(frozen=True)
class Period:
    """Months of the company's zone, and as many before them to compare with."""

    first: date
    length: int
    zone: ZoneInfo

    @cached_property
    def months(self) -> tuple[date, ...]:
        """The first day of each month, oldest first."""
        return tuple(self.first + relativedelta(months=n) for n in range(self.length))

    @property
    def begins(self) -> datetime:
        """The local midnight that the period begins with."""
        return self._midnight(0)

    @property
    def ends(self) -> datetime:
        """The local midnight after the period."""
        return self._midnight(self.length)

    def _midnight(self, month: int) -> datetime:
        return midnight(self.first + relativedelta(months=month), self.zone)


def months(since: date, until: date, zone: ZoneInfo) -> Period:
    """The months from that of `since` to that of `until`; InvalidInput when in disorder."""
    first, last = since.replace(day=1), until.replace(day=1)
    length = (last.year - first.year) * 12 + last.month - first.month + 1
    in_order(first, last)
    if length > MOST_MONTHS:
        raise InvalidInput(Problem("since", "period_too_long", {"months": MOST_MONTHS}))
    return Period(first, length, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)


def disorder(values: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the two days of a form: the end before the beginning."""
    since, until = values.get("since"), values.get("until")
    if isinstance(since, date) and isinstance(until, date) and until < since:
        yield Problem("until", "before_since")


def begun(since: date, today: date) -> None:
    """InvalidInput when a period has not begun: there is nothing to say of it."""
    if since > today:
        raise InvalidInput(Problem("since", "in_the_future"))


def in_order(since: date, until: date) -> None:
    """InvalidInput when the end is before the beginning."""
    if until < since:
        raise InvalidInput(Problem("until", "before_since"))
