"""Due dates per second, beside two packages that compute them too, in one run.

    pip install -r benchmarks/requirements.txt && pip install -r requirements.txt
    python benchmarks/due_dates.py

The cases are those that all three can express: working hours from nine to five, weekends off, no
pauses, limits of four hours to a year. The last lines measure what only this tool expresses.
sla-calculator asks for an old release of `holidays`; it runs with the tool's own one as well.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import businesstimedelta
import pytz
import sla_calculator

from core.norms.working_time import Calendar, Unit, due_at

WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
CHINA = {day: [["08:30", "12:00"], ["13:30", "17:30"]] for day in WEEK}
SEED, CASES = 7, 300
HOURS = (4, 16, 80, 400, 1840)
AMOUNTS = {Unit.WORKING_MINUTES: 960, Unit.WORKING_DAYS: 5, Unit.CLOCK_MINUTES: 1440}


def made(count: int) -> list[tuple[datetime, int]]:
    """Starts inside and outside the working hours of one year, with the hours allowed."""
    chance = random.Random(SEED)
    begin = datetime(2026, 1, 5, tzinfo=UTC)
    return [
        (begin + timedelta(minutes=chance.randrange(300 * 1440)), HOURS[number % len(HOURS)])
        for number in range(count)
    ]


def rate(work: Callable[[Any], Any], cases: Sequence[Any], least: float = 1.0) -> float:
    """Cases a second, over at least a second."""
    work(cases[0])  # tables are built at first use
    done, begun = 0, time.perf_counter()
    while (spent := time.perf_counter() - begun) < least:
        for case in cases:
            work(case)
        done += len(cases)
    return done / spent


def ours(calendar: Calendar) -> Callable[[tuple[datetime, int]], datetime]:
    """Working hours by this tool."""
    return lambda case: due_at(calendar, Unit.WORKING_MINUTES, 60 * case[1], case[0])


def theirs_delta() -> Callable[[tuple[datetime, int]], Any]:
    """The same by businesstimedelta."""
    day = businesstimedelta.WorkDayRule(
        start_time=clock(9), end_time=clock(17), working_days=[0, 1, 2, 3, 4], tz=pytz.UTC
    )
    rules = businesstimedelta.Rules([day])
    lengths = {hours: businesstimedelta.BusinessTimeDelta(rules, hours=hours) for hours in HOURS}
    return lambda case: case[0] + lengths[case[1]]


def theirs_sla() -> Callable[[tuple[datetime, int]], Any]:
    """The same by sla-calculator, whose holidays cannot be switched off."""
    calculator = sla_calculator.SLA_Calculator()
    return lambda case: calculator.calculate(
        start_time=case[0].strftime("%Y-%m-%d %H:%M:%S"),
        open_hour=9,
        close_hour=17,
        country_name="US",
        sla_in_hours=case[1],
    )


def main() -> int:
    """Print the table."""
    cases = made(CASES)
    week = Calendar.of(zone="UTC", weekly=WEEK)
    china = Calendar.of(zone="Asia/Shanghai", weekly=CHINA, public_holidays="CN")
    differ = sum(ours(week)(case) != theirs_delta()(case) for case in cases)
    print(f"{CASES} cases; {differ} differ from businesstimedelta")
    own = rate(ours(week), cases)
    rows = [("this tool, 9 to 5", own)]
    rows.append(("businesstimedelta, the same cases", rate(theirs_delta(), cases[:60])))
    rows.append(("sla-calculator, the same cases", rate(theirs_sla(), cases[:20])))
    mixed = [(start, unit) for start, _hours in cases for unit in Unit]
    rows.append(
        (
            "this tool, mixed units, China with make-up days",
            rate(
                lambda c: due_at(china, c[1], 5 if c[1] is Unit.WORKING_DAYS else 960, c[0]), mixed
            ),
        )
    )
    rows.append(
        (
            "this tool, three pauses over a year",
            rate(_paused(china), [start for start, _hours in cases]),
        )
    )
    print("| what | due dates a second | microseconds each | this tool is faster by |")
    print("|---|---|---|---|")
    for name, found in rows:
        print(f"| {name} | {found:,.0f} | {1e6 / found:,.1f} | {own / found:,.0f} |")
    return 0


def _paused(calendar: Calendar) -> Callable[[datetime], datetime]:
    def work(start: datetime) -> datetime:
        pauses = [
            (start + timedelta(days=days), start + timedelta(days=days + 9))
            for days in (20, 90, 200)
        ]
        return due_at(calendar, Unit.WORKING_MINUTES, 480 * 230, start, pauses)

    return work


if __name__ == "__main__":
    sys.exit(main())
