"""The due days of maintenance: every so many weeks or months from a day."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from db.codes import IntervalUnit

SHORTEST: Mapping[Any, int] = {IntervalUnit.WEEKS: 7, IntervalUnit.MONTHS: 28}


def step(base: date, length: int, unit: IntervalUnit, times: int) -> date:
    """The day so many intervals after another; a month that is too short ends earlier."""
    if unit is IntervalUnit.WEEKS:
        return base + timedelta(weeks=length * times)
    later: date = base + relativedelta(months=length * times)
    return later


def due(base: date, length: int, unit: IntervalUnit, *, first: int, earliest: date) -> date:
    """The first due day from `earliest` on; the rounds are counted from `base`, from `first` on.

    Each is reckoned from the base itself: after a February the 31st comes back.
    """
    longest = length * (7 if unit is IntervalUnit.WEEKS else 31)
    times = max(first, (earliest - base).days // longest)
    while (day := step(base, length, unit, times)) < earliest:
        times += 1
    return day
