"""A clock that steps is noticed and told; far ahead, the work of the minute rests until it is right."""

from datetime import timedelta

import pytest

from core.kernel.errors import NotAllowed
from core.process import clock
from core.process.clock import Watch
from tests.company_cast import NOW, Company

MINUTE, HOUR, YEAR = timedelta(minutes=1), timedelta(hours=1), timedelta(days=365)


def told(company: Company, watch: Watch, *, now=NOW) -> tuple[timedelta, bool] | None:
    found = company.see("admin", clock.doubt, watch=watch, now=now)
    return (found.by, found.rests) if found else None


def test_a_clock_that_goes_on_is_right(company: Company) -> None:
    company.register()
    watch = Watch()
    for minute in range(5):
        at = NOW + minute * MINUTE + timedelta(seconds=minute)  # clocks are put right by seconds
        assert watch.may_work(company.engine, now=at, ticks=60.0 * minute)
    # A machine that slept: what ticks went on meanwhile.
    assert watch.may_work(company.engine, now=NOW + 9 * HOUR, ticks=9 * 3600)
    assert told(company, watch, now=NOW + 9 * HOUR) is None


def test_far_ahead_the_work_rests_until_somebody_says_so_or_it_goes_back(company: Company) -> None:
    company.register()
    watch, other = Watch(), Watch()
    for each in (watch, other):
        assert each.may_work(company.engine, now=NOW, ticks=0)
        assert not each.may_work(company.engine, now=NOW + YEAR + MINUTE, ticks=60)
        assert not each.may_work(company.engine, now=NOW + YEAR + 2 * MINUTE, ticks=120)
    assert told(company, watch, now=NOW + YEAR) == (YEAR, True)
    assert other.may_work(company.engine, now=NOW + 3 * MINUTE, ticks=180)
    assert told(company, other, now=NOW + 3 * MINUTE) is None
    company.do("admin", clock.confirm, now=NOW + YEAR + 3 * MINUTE)
    assert told(company, watch, now=NOW + YEAR + 3 * MINUTE) is None
    assert watch.may_work(company.engine, now=NOW + YEAR + 4 * MINUTE, ticks=240)


def test_after_a_long_silence_a_person_says_whether_the_clock_is_right(company: Company) -> None:
    company.register()
    watch, at = Watch(), NOW + timedelta(days=40)
    assert watch.may_work(company.engine, now=at, ticks=0)  # it may have been a holiday
    assert told(company, watch, now=at) == (timedelta(days=40), False)
    company.do("admin", clock.confirm, now=at + MINUTE)
    assert told(company, watch, now=at + 2 * MINUTE) is None
    assert Watch().may_work(company.engine, now=at + 2 * MINUTE, ticks=0)


def test_an_hour_back_is_told_and_the_work_goes_on(company: Company) -> None:
    company.register()
    watch, back = Watch(), NOW - HOUR
    assert watch.may_work(company.engine, now=NOW, ticks=0)
    assert watch.may_work(company.engine, now=back + MINUTE, ticks=60)
    assert told(company, watch, now=back + MINUTE) == (-HOUR, False)
    # Another process, started since, finds it in what was written.
    assert told(company, Watch(), now=back) == (-HOUR, False)
    company.do("admin", clock.confirm, now=back + 2 * MINUTE)
    assert told(company, Watch(), now=back + 3 * MINUTE) is None


def test_an_empty_tool_and_others_are_told_nothing(company: Company) -> None:
    with pytest.raises(NotAllowed):
        company.see("agent", clock.doubt)
    with pytest.raises(NotAllowed):
        company.do("manager", clock.confirm)
