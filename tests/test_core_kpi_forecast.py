"""The intake of the coming weeks: what it needs, where it lies, and what it was worth."""

import subprocess
import sys
from datetime import date
from math import pi, sin
from typing import Any

import pytest

from core.kpi.control import WEEK
from core.kpi.forecast import AHEAD, Expected, Forecast, Held, Intake, forecast, intake
from db.codes import RequestKind
from tests.company_cast import Company, local
from tests.running_tool import ROOT

NOW = local("2026-05-11 10:00")


def test_nothing_is_loaded_for_it_before_somebody_asks() -> None:
    # The page with all its charts and the board behind it.
    text = "import sys; from pages.ui.kpi import charts; print({*sys.modules} & {'statsmodels'})"
    done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.strip() == b"set()"


def test_what_is_missing_is_said() -> None:
    assert forecast([]) == Forecast(missing=12)
    assert forecast([5] * 9) == Forecast(missing=3)


def test_weeks_that_are_all_alike_go_on_alike() -> None:
    found = forecast([7] * 18)
    assert found.ahead == (Expected(7, 7, 7),) * AHEAD
    assert found.held == Held((Expected(7, 7, 7),) * AHEAD, (7,) * AHEAD)
    # A forecast of six weeks ago would have had eleven.
    assert forecast([7] * 17).held is None


def test_a_forecast_lies_where_the_weeks_lie_and_its_range_around_it() -> None:
    weeks = [20, 24, 18, 22, 25, 19, 21, 23, 20, 18, 24, 22, 21, 19, 23, 20, 22, 21]
    found = forecast(weeks)
    assert len(found.ahead) == AHEAD
    for week in found.ahead:
        assert 19 < week.cases < 23
        # 1.28 standard deviations of such weeks are about three cases.
        assert 15.5 < week.low < week.cases < week.high < 26.5
    assert found.held and found.held.came == (21, 19, 23, 20, 22, 21)
    assert found.held.inside == 6
    assert found.held.wape is not None and found.held.wape < 0.1


def test_no_week_has_less_than_nothing(recwarn: pytest.WarningsRecorder) -> None:
    falling = [30, 26, 23, 19, 17, 13, 11, 8, 6, 4, 2, 1, 1, 0, 0, 0]
    for week in forecast(falling).ahead:
        assert 0 <= week.low <= week.cases <= week.high
    assert not recwarn.list


def test_two_years_tell_the_season() -> None:
    # The top of the year is its thirteenth week.
    weeks = [round(100 + 60 * sin(2 * pi * n / 52)) + n % 3 for n in range(2 * 52 + 7)]
    ahead = [week.cases for week in forecast(weeks).ahead]
    for n, cases in enumerate(ahead, start=len(weeks)):
        assert cases == pytest.approx(101 + 60 * sin(2 * pi * n / 52), abs=8)


def test_errors_are_weighed_by_what_came() -> None:
    weeks = (Expected(10, 8, 12), Expected(20, 15, 25))
    held = Held(weeks, (12, 30))
    assert held.wape == pytest.approx(12 / 42)
    assert held.inside == 1
    assert Held(weeks, (0, 0)).wape is None


def known(company: Company, who: str = "manager", **asked: Any) -> Intake:
    found: Intake = company.see(who, intake, now=NOW, **asked)
    return found


def test_whole_weeks_are_counted_and_empty_ones_too(company: Company) -> None:
    assert known(company).weeks == ()
    for at in ("2026-04-15 10:00", "2026-04-20 00:00", "2026-04-26 23:59", "2026-05-10 09:00"):
        company.register(now=local(at))
    company.register("agent.stranger", now=local("2026-05-04 09:00"), kind="consultation")
    # The week from Monday, 11 May, has only begun; that of the first case was no whole one.
    company.register(now=local("2026-05-11 09:00"))
    assert known(company) == Intake(date(2026, 4, 20), (2, 0, 2))
    assert known(company).monday(3) == date(2026, 4, 20) + 3 * WEEK
    assert known(company, "dispatcher").weeks == (2, 0, 1)
    assert known(company, kind=RequestKind.CONSULTATION).weeks == (1,)
