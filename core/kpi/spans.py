"""Periods of days: the one that is looked at, the one before it, and the same of last year."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from core.kernel import period

DAY = timedelta(days=1)
YEAR = relativedelta(years=1)


@dataclass(frozen=True)
class Days:
    """From one local day to another, both of them inside."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def months(self) -> "Days | None":
        """The whole months inside, if any."""
        first = self.first if self.first.day == 1 else _whole(self.first, self.first).last + DAY
        last = (self.last + DAY).replace(day=1) - DAY
        return Days(first, last) if first < last else None

    @property
    def rest(self) -> tuple["Days", ...]:
        """The days before and after the whole months."""
        months = self.months
        if months is None:
            return (self,)
        before = [Days(self.first, months.first - DAY)] if self.first < months.first else []
        after = [Days(months.last + DAY, self.last)] if months.last < self.last else []
        return (*before, *after)


@dataclass(frozen=True)
class Span:
    """What a board looks at; its months are cut where the period begins or ends inside one."""

    whole: Days
    before: Days
    year_before: Days
    months: tuple[date, ...]

    @cached_property
    def parts(self) -> tuple[Days, ...]:
        """The period by month, in the order of the months."""
        return tuple(self.within(month) for month in self.months)

    def within(self, month: date) -> Days:
        """The days of one month that are in the period."""
        whole = _whole(month, month)
        return Days(max(whole.first, self.whole.first), min(whole.last, self.whole.last))


def span(since: date, until: date, *, whole_months: bool = True) -> Span:
    """The months from that of `since` to that of `until`, or just these days.

    InvalidInput when they are in disorder or too far apart.
    """
    if not whole_months:
        period.in_order(since, until)
    months = period.months(since, until, ZoneInfo("UTC")).months
    if whole_months:
        back = relativedelta(months=len(months))
        before = _whole(months[0] - back, months[-1] - back)
        year = _whole(months[0] - YEAR, months[-1] - YEAR)
        return Span(_whole(since, until), before, year, months)
    before = Days(since - (until - since) - DAY, since - DAY)
    if since.day == 1:
        # A month so far stands beside the same days of the month before.
        back = relativedelta(months=len(months))
        before = Days(since - back, until - back)
    return Span(Days(since, until), before, Days(since - YEAR, until - YEAR), months)


def _whole(since: date, until: date) -> Days:
    first = since.replace(day=1)
    return Days(first, until.replace(day=1) + relativedelta(months=1) - DAY)
