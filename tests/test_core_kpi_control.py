"""Control charts: limits and signals reckoned by hand, and the samples of a period."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pytest

from core.kpi import FigureName, Unit
from core.kpi.control import DAY, WEEK, Control, Sample, Signal, control, cut, judged
from core.kpi.spans import Days
from db.codes import RequestKind
from tests.company_cast import Company, meet
from tests.conftest import BOTH, Databases
from tests.measured_company import NOW, PERIOD, about, tell


def shares(hits: Sequence[int], of: int | Sequence[int] = 100) -> Control:
    sizes = [of] * len(hits) if isinstance(of, int) else of
    pairs = enumerate(zip(hits, sizes, strict=True))
    return judged([sample(n, h / c, h, c) for n, (h, c) in pairs], Unit.SHARE)


def means(values: Sequence[float]) -> Control:
    return judged([sample(n, v, v, 1) for n, v in enumerate(values)], Unit.HOURS)


def sample(n: int, value: float, numerator: float, denominator: int) -> Sample:
    return Sample(date(2026, 1, 5) + n * WEEK, value, numerator, denominator)


def signals(found: Control) -> dict[int, tuple[Signal, ...]]:
    return {n: point.signals for n, point in enumerate(found.points) if point.signals}


def test_limits_of_shares_come_from_how_many_cases_each_point_counts() -> None:
    found = shares([10] * 7 + [30])
    assert found.is_of_shares and found.centre == 0.125
    # The square root of 0.125 · 0.875 / 100 is 0.033072.
    assert found.points[0].lower == pytest.approx(0.025785, abs=1e-6)
    assert found.points[0].upper == pytest.approx(0.224216, abs=1e-6)
    assert signals(found) == {7: (Signal.BEYOND,)}
    # A quarter of the cases: limits twice as far, and none below nothing.
    few = shares([20] * 8 + [5], [100] * 8 + [25])
    assert (few.centre, few.points[0].upper) == (0.2, pytest.approx(0.32))
    assert (few.points[8].lower, few.points[8].upper) == (0, pytest.approx(0.44))


def test_limits_of_means_come_from_the_steps_between_neighbours() -> None:
    found = means([10, 12, 11, 13, 12, 10, 11, 25])
    # Steps of 2, 1, 2, 1, 2, 1, 14 are 23 / 7 on the mean; three sigmas are 8.7387.
    assert not found.is_of_shares and found.centre == 13
    assert found.points[0].lower == pytest.approx(4.2613, abs=1e-4)
    assert found.points[0].upper == pytest.approx(21.7387, abs=1e-4)
    assert signals(found) == {7: (Signal.BEYOND,)}


def test_the_ninth_point_on_one_side_is_a_signal() -> None:
    low, high = [4, 5, 4, 5, 4, 5, 4, 5, 4], [7, 6, 7, 6, 7, 6, 7, 6, 7]
    assert signals(means(low + high)) == {8: (Signal.SIDE,), 17: (Signal.SIDE,)}
    assert signals(means(low[1:] + high[:8])) == {}


def test_six_points_in_one_direction_are_a_signal() -> None:
    rising = [10, 20, 10, 20, 10, 11, 12, 13, 14, 15, 10, 20]
    assert signals(means(rising)) == {9: (Signal.TREND,)}
    assert signals(means([-v + 30 for v in rising])) == {9: (Signal.TREND,)}
    assert signals(means([*rising[:9], 14, 10, 20])) == {}


def test_two_of_three_far_out_on_one_side_are_a_signal() -> None:
    # 136 of 1200 is the centre; 18 of 100 lie 2.1 sigmas above it.
    usual = [10] * 4
    assert signals(shares([*usual, 18, 10, 18, *usual, 10])) == {6: (Signal.TWO_OF_THREE,)}
    assert signals(shares([*usual, 18, 10, 10, 18, *usual])) == {}
    assert signals(shares([*usual, 18, 10, 3, *usual, 15])) == {}


def test_what_never_changes_has_no_signal_and_few_points_no_limits() -> None:
    assert signals(shares([100] * 12)) == signals(means([3] * 12)) == {}
    few = means([1, 2, 3, 4, 5, 6, 7])
    assert (few.samples, few.points) == (7, ())


def test_only_whole_weeks_that_are_over_are_looked_at() -> None:
    march = Days(date(2026, 3, 1), date(2026, 3, 31))
    assert [days.first.day for days in cut(march, date(2026, 4, 9), WEEK)] == [2, 9, 16, 23]
    # On Monday the week before is over, on Sunday it is not.
    assert [days.first.day for days in cut(march, date(2026, 3, 16), WEEK)] == [2, 9]
    assert [days.first.day for days in cut(march, date(2026, 3, 15), WEEK)] == [2]
    assert len(cut(march, date(2026, 3, 16), DAY)) == 15


@pytest.fixture(params=BOTH)
def company(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Company]:
    with databases.fresh(request.param, "measured", tell) as engine:
        yield meet(engine)


def chart(company: Company, figure: FigureName, who: str = "manager", **asked: Any) -> Control:
    return company.see(who, control, now=NOW, **about(PERIOD | {"figure": figure} | asked))


def test_two_months_are_looked_at_by_day_up_to_yesterday(company: Company) -> None:
    found = chart(company, FigureName.RECEIVED)
    assert found.is_daily and found.samples == 50
    came = {p.sample.since: p.sample.value for p in found.points if p.sample.value}
    assert sum(came.values()) == 14
    assert came[date(2026, 3, 31)] == came[date(2026, 4, 1)] == 1
    repairs = chart(company, FigureName.RECEIVED, kind=RequestKind.REPAIR, station_id=1)
    assert sum(p.sample.value for p in repairs.points) == 5
    assert (
        sum(p.sample.value for p in chart(company, FigureName.RECEIVED, "dispatcher").points) == 6
    )


def test_a_longer_period_is_looked_at_by_week(company: Company) -> None:
    found = chart(company, FigureName.COMPLAINT_RATE, since=date(2026, 2, 1))
    assert not found.is_daily
    weeks = {p.sample.since: (p.sample.numerator, p.sample.denominator) for p in found.points}
    # Nobody is on file before the consultation of 10 February; the complaint is of 16 March.
    assert list(weeks) == [date(2026, 2, 9) + n * WEEK for n in range(10)]
    assert weeks[date(2026, 3, 9)] == (0, 4) and weeks[date(2026, 3, 16)] == (1, 5)
    assert weeks[date(2026, 4, 13)] == (0, 13)
