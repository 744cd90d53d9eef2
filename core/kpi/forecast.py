"""The intake of the coming weeks, and what a forecast made some weeks ago was worth."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.kernel.unit_of_work import UnitOfWork
from core.kpi import facts, tallies
from core.kpi.control import WEEK, cut
from core.kpi.figures import Source, Tally
from core.kpi.look import look
from core.kpi.spans import DAY, Days
from core.norms.revisions import in_force, norm_of
from core.process.permissions import require
from db.codes import RequestKind

AHEAD = 6
LEAST, YEAR = 12, 52
# Older weeks say nothing of the coming ones.
KEPT = 4 * YEAR
# Outside of the range of 80 % is one week in five.
OUTSIDE = 0.2


@dataclass(frozen=True)
class Intake:
    """The cases that came in each whole week from a Monday on."""

    since: date
    weeks: tuple[int, ...]

    def monday(self, n: int) -> date:
        """The first day of a week, counted from the first."""
        return self.since + n * WEEK


@dataclass(frozen=True)
class Expected:
    """A week as it is expected, with its range of 80 %."""

    cases: float
    low: float
    high: float


@dataclass(frozen=True)
class Held:
    """A forecast beside what came: `wape` is how far off it was, as a share of what came."""

    expected: tuple[Expected, ...]
    came: tuple[int, ...]

    @property
    def wape(self) -> float | None:
        """The sum of the errors, by the sum of what came."""
        errors = (abs(e.cases - n) for e, n in zip(self.expected, self.came, strict=True))
        return sum(errors) / sum(self.came) if any(self.came) else None

    @property
    def inside(self) -> int:
        """How many weeks were within their range."""
        return sum(e.low <= n <= e.high for e, n in zip(self.expected, self.came, strict=True))


@dataclass(frozen=True)
class Forecast:
    """The coming weeks, and the last ones as they would have been foretold; or what is missing."""

    missing: int = 0
    ahead: tuple[Expected, ...] = ()
    held: Held | None = None


def intake(
    uow: UnitOfWork, *, station_id: int | None = None, kind: RequestKind | None = None
) -> Intake:
    """What came in the weeks that are over, since the first whole week after the first case."""
    require(uow, "kpi:read")
    about = facts.scope(uow, station_id, kind)
    today = uow.now.astimezone(uow.actor.zone_info).date()
    days = Days(today - (KEPT + 1) * WEEK, today - DAY)
    fresh = look(uow, norm_of(in_force(uow)))
    counted = tallies.by_day(uow, days, Source.RECEIVED, about, fresh)
    first = min((day for day, tally in counted.items() if tally.cases), default=today)
    weeks = cut(Days(first, days.last), today, WEEK)[-KEPT:]
    return Intake(weeks[0].first if weeks else today, tuple(_cases(counted, weeks)))


def _cases(counted: dict[date, Tally], weeks: list[Days]) -> Iterator[int]:
    for week in weeks:
        days = (week.first + timedelta(days=n) for n in range(7))
        yield sum(counted[day].cases for day in days if day in counted)


def forecast(weeks: Sequence[int]) -> Forecast:
    """What to expect after some weeks; how many more it takes where they are too few."""
    if len(weeks) < LEAST:
        return Forecast(missing=LEAST - len(weeks))
    known, came = weeks[:-AHEAD], weeks[-AHEAD:]
    held = Held(_expected(known), tuple(came)) if len(known) >= LEAST else None
    return Forecast(ahead=_expected(weeks), held=held)


def _expected(weeks: Sequence[int]) -> tuple[Expected, ...]:
    if len(set(weeks)) == 1:
        # Weeks that are all alike have no chance that could be measured.
        return (Expected(*[float(weeks[0])] * 3),) * AHEAD
    found = _fitted(weeks).get_prediction(start=len(weeks), end=len(weeks) + AHEAD - 1)
    rows = found.summary_frame(alpha=OUTSIDE).itertuples(index=False)
    return tuple(
        Expected(*(max(0.0, float(each)) for each in (row.mean, row.pi_lower, row.pi_upper)))
        for row in rows
    )


def _fitted(weeks: Sequence[int]) -> Any:
    """Exponential smoothing with the errors and seasons that explain the weeks best (AICc)."""
    # Seconds to load, and only this chart needs them.
    import pandas  # noqa: PLC0415 - see above
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # noqa: PLC0415 - see above

    kinds: list[dict[str, Any]] = [{}, {"trend": "add", "damped_trend": True}]
    if len(weeks) >= 2 * YEAR:
        kinds.append({"seasonal": "add", "seasonal_periods": YEAR})
    series = pandas.Series([float(n) for n in weeks])
    with warnings.catch_warnings():
        # That the search stopped early, or a season stands on few years: the range tells.
        warnings.simplefilter("ignore")
        models = (ETSModel(series, initialization_method="heuristic", **kind) for kind in kinds)
        return min((model.fit(disp=False) for model in models), key=lambda fit: fit.aicc)
