"""Signal or noise: the points of a figure against the limits that come from its own chance.

Shares of cases have limits by how many cases each point counts (p-chart); means and numbers have
limits by how much a point differs from the one before it (XmR). Which points are no chance is said
by four of Nelson's rules (1, 2, 3 and 5 of 1984); each is told of the point that completes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from math import sqrt

from core.kernel.unit_of_work import UnitOfWork
from core.kpi import tallies
from core.kpi.asked import Asked
from core.kpi.figures import DEFINITIONS, ON_FILE, FigureName, Tally, Unit, value_of
from core.kpi.look import look
from core.kpi.spans import DAY, Days
from core.norms.revisions import in_force, norm_of
from core.process.permissions import require

SIGMAS, NEAR = 3, 2
ON_ONE_SIDE, IN_A_ROW = 9, 6
# The mean range of two neighbours, in standard deviations.
D2 = 1.128
# A shorter period is looked at by day.
WEEKS = 9
WEEK = timedelta(weeks=1)
# With fewer points there are no limits worth the name.
LEAST = 8
HIGHEST = {Unit.SHARE: 1.0, Unit.SCORE: 10.0}


class Signal(StrEnum):
    """Why a point is no chance."""

    BEYOND = "beyond"
    SIDE = "side"
    TREND = "trend"
    TWO_OF_THREE = "two_of_three"


@dataclass(frozen=True)
class Sample:
    """A figure of one week or day that has a value, by its first day."""

    since: date
    value: float
    numerator: float
    denominator: int


@dataclass(frozen=True)
class ControlPoint:
    """A sample between its limits, and the signals that it completes."""

    sample: Sample
    lower: float
    upper: float
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True)
class Control:
    """A control chart; without points while there are fewer than `LEAST` samples."""

    is_daily: bool
    is_of_shares: bool
    samples: int
    centre: float
    points: tuple[ControlPoint, ...]


def control(
    uow: UnitOfWork,
    *,
    figure: FigureName,
    asked: Asked,
) -> Control:
    """The control chart of a figure over the weeks, or days, of a period that are over."""
    require(uow, "kpi:read")
    whole, about = asked.span.whole, asked.scope(uow)
    is_daily = whole.last - whole.first + DAY < WEEKS * WEEK
    pieces = cut(whole, uow.now.astimezone(uow.actor.zone_info).date(), DAY if is_daily else WEEK)
    fresh = look(uow, norm_of(in_force(uow)))
    counted = tallies.by_day(uow, whole, DEFINITIONS[figure].source, about, fresh)
    below, since_ever = DEFINITIONS[figure].below, DEFINITIONS[figure].below in ON_FILE
    ever = Days(tallies.BEGINNING if since_ever else whole.first, whole.last)
    divided_by = tallies.by_day(uow, ever, below, about, fresh) if below else {}
    samples = []
    for days in pieces:
        # Those on file at the end.
        under = Days(ever.first, days.last) if since_ever else days
        found = value_of(figure, _within(counted, days), _within(divided_by, under))
        if found.value is not None:
            samples.append(Sample(days.first, found.value, found.numerator, found.denominator))
    return judged(samples, DEFINITIONS[figure].unit, is_daily=is_daily)


def _within(counted: Mapping[date, Tally], days: Days) -> Tally:
    return sum((tally for day, tally in counted.items() if day in days), Tally())


def cut(whole: Days, today: date, step: timedelta) -> list[Days]:
    """The days, or weeks from Monday, that are all in a period and over."""
    first = whole.first + (timedelta(days=-whole.first.weekday() % 7) if step == WEEK else 0 * DAY)
    last = min(whole.last, today - DAY)
    pieces = []
    while first + step - DAY <= last:
        pieces.append(Days(first, first + step - DAY))
        first += step
    return pieces


def judged(samples: Sequence[Sample], unit: Unit, *, is_daily: bool = False) -> Control:
    """Samples in the order of time, each between its limits."""
    # What is spent of a budget is a share too, but not of cases.
    is_of_shares = unit is Unit.SHARE and all(s.numerator <= s.denominator for s in samples)
    if len(samples) < LEAST:
        return Control(is_daily, is_of_shares, len(samples), 0.0, ())
    centre, sigmas = _by_cases(samples) if is_of_shares else _by_range(samples)
    apart = [(s.value - centre) / e if e else 0.0 for s, e in zip(samples, sigmas, strict=True)]
    points = (
        ControlPoint(
            sample,
            max(0.0, centre - SIGMAS * sigma),
            min(HIGHEST.get(unit, float("inf")), centre + SIGMAS * sigma),
            _signals(apart[: n + 1], [s.value for s in samples[: n + 1]]),
        )
        for n, (sample, sigma) in enumerate(zip(samples, sigmas, strict=True))
    )
    return Control(is_daily, is_of_shares, len(samples), centre, tuple(points))


def _by_cases(samples: Sequence[Sample]) -> tuple[float, list[float]]:
    centre = sum(s.numerator for s in samples) / sum(s.denominator for s in samples)
    return centre, [sqrt(centre * (1 - centre) / s.denominator) for s in samples]


def _by_range(samples: Sequence[Sample]) -> tuple[float, list[float]]:
    values = [s.value for s in samples]
    ranges = [abs(new - old) for old, new in pairwise(values)]
    sigma = sum(ranges) / len(ranges) / D2
    return sum(values) / len(values), [sigma] * len(values)


def _signals(apart: list[float], values: list[float]) -> tuple[Signal, ...]:
    """What the last point completes; `apart` are the distances from the centre, in sigmas."""
    held = {
        Signal.BEYOND: abs(apart[-1]) > SIGMAS,
        Signal.SIDE: _on_one_side(apart[-ON_ONE_SIDE:]),
        Signal.TREND: _in_one_direction(values[-IN_A_ROW:]),
        Signal.TWO_OF_THREE: _near(apart[-3:]),
    }
    return tuple(signal for signal, holds in held.items() if holds)


def _on_one_side(apart: list[float]) -> bool:
    return len(apart) == ON_ONE_SIDE and (min(apart) > 0 or max(apart) < 0)


def _in_one_direction(values: list[float]) -> bool:
    steps = [new - old for old, new in pairwise(values)]
    return len(values) == IN_A_ROW and (min(steps) > 0 or max(steps) < 0)


def _near(apart: list[float]) -> bool:
    side = 1 if apart[-1] > 0 else -1
    return apart[-1] * side > NEAR and any(each * side > NEAR for each in apart[:-1])
