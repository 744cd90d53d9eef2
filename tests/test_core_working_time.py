"""Working-time arithmetic: due moments worked out by hand, and checked against a slow walk."""

import json
import math
import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.norms import vectors
from core.norms.working_time import Calendar, Entry, Reason, Unit, due_at, elapsed, ledger

SHANGHAI = "Asia/Shanghai"
BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"
MINUTES, DAYS, CLOCK = Unit.WORKING_MINUTES, Unit.WORKING_DAYS, Unit.CLOCK_MINUTES
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
ALL_DAYS = (*WORKDAYS, "sat", "sun")
OFFICE_HOURS = {day: [["09:00", "17:00"]] for day in WORKDAYS}
LUNCH_HOURS = {day: [["08:30", "12:00"], ["13:30", "17:30"]] for day in WORKDAYS}

OFFICE = Calendar.of(zone=SHANGHAI, weekly=OFFICE_HOURS)
LUNCH = Calendar.of(zone=SHANGHAI, weekly=LUNCH_HOURS)
MAKE_UP = Calendar.of(zone=SHANGHAI, weekly=OFFICE_HOURS, open={"2026-11-28": [["09:00", "17:00"]]})
CLOSED_TUESDAY = Calendar.of(zone=SHANGHAI, weekly=OFFICE_HOURS, closed=["2026-11-24"])
CHINA = Calendar.of(zone=SHANGHAI, weekly=OFFICE_HOURS, public_holidays="CN")
NIGHT_SHIFT = Calendar.of(
    zone=SHANGHAI, weekly={day: [["00:00", "06:00"], ["22:00", "24:00"]] for day in WORKDAYS}
)


def at(text: str, zone: str = SHANGHAI) -> datetime:
    """A local time of November 2026 ("23 09:00") or a whole ISO time, as an aware moment."""
    iso = text if "-" in text else f"2026-11-{text.replace(' ', 'T')}"
    return datetime.fromisoformat(iso).replace(tzinfo=ZoneInfo(zone))


def held(*texts: str, zone: str = SHANGHAI) -> list[tuple[datetime, datetime]]:
    """Pauses from a flat list of from, to, from, to."""
    moments = [at(text, zone) for text in texts]
    return list(zip(moments[::2], moments[1::2], strict=True))


NAIVE = at("23 09:00").replace(tzinfo=None)

# 23 November 2026 is a Monday.
# fmt: off
CASES = [
    ("a plain limit", OFFICE, MINUTES, 60, "23 09:00", (), "23 10:00"),
    ("a limit that ends at the close", OFFICE, MINUTES, 480, "23 09:00", (), "23 17:00"),
    ("one minute more", OFFICE, MINUTES, 481, "23 09:00", (), "24 09:01"),
    ("no time at all", OFFICE, MINUTES, 0, "23 03:00", (), "23 03:00"),
    ("a start at night", OFFICE, MINUTES, 60, "23 03:00", (), "23 10:00"),
    ("a start after the close", OFFICE, MINUTES, 60, "23 17:00", (), "24 10:00"),
    ("a start at the weekend", OFFICE, MINUTES, 60, "28 12:00", (), "30 10:00"),
    ("a start in the lunch break", LUNCH, MINUTES, 60, "23 12:30", (), "23 14:30"),
    ("over the lunch break", LUNCH, MINUTES, 150, "23 11:00", (), "23 15:00"),
    ("seconds are kept", OFFICE, MINUTES, 60, "23 10:30:15", (), "23 11:30:15"),
    ("seconds go over the night", OFFICE, MINUTES, 60, "23 16:30:15", (), "24 09:30:15"),
    ("a fraction of a second", OFFICE, MINUTES, 1, "23 10:00:00.000007", (), "23 10:01:00.000007"),
    ("a shift over midnight", NIGHT_SHIFT, MINUTES, 180, "23 22:00", (), "24 01:00"),
    ("a make-up Saturday", MAKE_UP, MINUTES, 150, "27 16:00", (), "28 10:30"),
    ("a closed Tuesday", CLOSED_TUESDAY, MINUTES, 90, "23 16:30", (), "25 10:00"),
    # Pauses of a working limit.
    ("a hold inside a day", OFFICE, MINUTES, 120, "23 09:00", ("23 10:00", "23 13:00"), "23 14:00"),
    ("a hold that moves the limit into the next day", OFFICE, MINUTES, 300, "23 09:00", ("23 10:00", "23 15:00"), "24 11:00"),
    ("two holds on a day", OFFICE, MINUTES, 300, "23 09:00", ("23 10:00", "23 11:00", "23 12:00", "23 16:00"), "24 11:00"),
    ("unsorted holds that overlap count once", OFFICE, MINUTES, 120, "23 09:00", ("23 12:00", "23 14:00", "23 10:00", "23 13:00"), "23 15:00"),
    ("a hold over night", OFFICE, MINUTES, 480, "23 12:00", ("23 16:00", "24 11:00"), "24 15:00"),
    ("a hold at night", OFFICE, MINUTES, 480, "23 12:00", ("23 18:00", "24 08:00"), "24 12:00"),
    ("a hold over a weekend", OFFICE, MINUTES, 60, "27 16:30", ("27 16:45", "30 09:30"), "30 10:15"),
    ("a hold over a closed day", CLOSED_TUESDAY, MINUTES, 120, "23 15:30", ("23 16:00", "25 09:30"), "25 11:00"),
    ("a hold over a make-up day counts its minutes", MAKE_UP, MINUTES, 120, "27 16:00", ("28 09:00", "28 16:30"), "30 09:30"),
    ("a hold over lunch", LUNCH, MINUTES, 120, "23 10:30", ("23 11:00", "23 14:00"), "23 15:30"),
    ("a hold begun before", OFFICE, MINUTES, 60, "23 10:00", ("23 08:00", "23 11:00"), "23 12:00"),
    ("a hold over before", OFFICE, MINUTES, 60, "23 12:00", ("23 08:00", "23 11:00"), "23 13:00"),
    ("a hold from the due moment", OFFICE, MINUTES, 60, "23 09:00", ("23 10:00", "24 10:00"), "23 10:00"),
    ("a hold after the due moment", OFFICE, MINUTES, 60, "23 09:00", ("23 11:00", "24 10:00"), "23 10:00"),
    ("a hold that only an earlier hold lets begin in time", OFFICE, MINUTES, 60, "23 09:00", ("23 09:30", "23 10:30", "23 10:45", "23 12:45"), "23 13:00"),
    ("a hold of no length", OFFICE, MINUTES, 60, "23 09:00", ("23 09:30", "23 09:30"), "23 10:00"),
    ("a hold with seconds", OFFICE, MINUTES, 60, "23 09:00", ("23 09:30:10", "23 09:31:25"), "23 10:01:15"),
    # Working days.
    ("the start day does not count", OFFICE, DAYS, 1, "23 16:59", (), "24 17:00"),
    ("nor when it starts before opening", OFFICE, DAYS, 1, "23 00:00", (), "24 17:00"),
    ("one day from Friday", OFFICE, DAYS, 1, "27 10:00", (), "30 17:00"),
    ("one day from Saturday", OFFICE, DAYS, 1, "28 10:00", (), "30 17:00"),
    ("five days over a weekend", LUNCH, DAYS, 5, "27 10:00", (), "2026-12-04T17:30"),
    ("a make-up Saturday is a day", MAKE_UP, DAYS, 1, "27 10:00", (), "28 17:00"),
    ("a closed day is none", CLOSED_TUESDAY, DAYS, 1, "23 10:00", (), "25 17:00"),
    ("a day that closes at midnight", NIGHT_SHIFT, DAYS, 1, "23 10:00", (), "2026-11-25T00:00"),
    ("a hold moves days by minutes", OFFICE, DAYS, 1, "23 10:00", ("23 11:00", "23 12:30"), "25 10:30"),
    ("a hold over night moves days", OFFICE, DAYS, 2, "23 10:00", ("23 16:00", "24 10:00"), "26 11:00"),
    ("a hold of a whole day", OFFICE, DAYS, 1, "23 10:00", ("24 00:00", "25 00:00"), "25 17:00"),
    ("a hold at the weekend moves nothing", OFFICE, DAYS, 1, "27 10:00", ("28 00:00", "30 09:00"), "30 17:00"),
    ("a hold after the last close", OFFICE, DAYS, 1, "23 10:00", ("24 17:00", "25 12:00"), "24 17:00"),
    ("the same day", OFFICE, DAYS, 0, "23 10:00", (), "23 17:00"),
    ("the same day after the close", OFFICE, DAYS, 0, "23 17:00", (), "24 17:00"),
    ("the same day in the lunch break", LUNCH, DAYS, 0, "23 12:30", (), "23 17:30"),
    # Around the clock.
    ("the clock ignores the calendar", OFFICE, CLOCK, 720, "27 20:00", (), "28 08:00"),
    ("the clock stops in a hold", OFFICE, CLOCK, 240, "27 20:00", ("27 21:00", "30 09:00"), "30 12:00"),
    ("a clock hold begun before", OFFICE, CLOCK, 60, "23 10:00", ("23 08:00", "23 11:00"), "23 12:00"),
    ("a clock hold too late", OFFICE, CLOCK, 60, "23 10:00", ("23 11:00", "23 12:00"), "23 11:00"),
    # The Chinese year 2026: 1 to 7 October off, Sunday 20 September and Saturday 10 October worked.
    ("National Day", CHINA, MINUTES, 120, "2026-09-30T16:00", (), "2026-10-08T10:00"),
    ("make-up Sunday", CHINA, MINUTES, 120, "2026-09-18T16:00", (), "2026-09-20T10:00"),
    ("days to a make-up Saturday", CHINA, DAYS, 3, "2026-09-30T10:00", (), "2026-10-10T17:00"),
    ("a hold over National Day", CHINA, MINUTES, 120, "2026-09-30T15:00", ("2026-09-30T16:00", "2026-10-08T09:45"), "2026-10-08T10:45"),
    ("Spring Festival", CHINA, DAYS, 1, "2026-02-14T10:00", (), "2026-02-24T17:00"),
    ("make-up Sunday of New Year", CHINA, DAYS, 1, "2025-12-31T10:00", (), "2026-01-04T17:00"),
]
# fmt: on


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_due_as_worked_out_by_hand(case):
    _, calendar, unit, amount, start, pauses, due = case
    found = due_at(calendar, unit, amount, at(start), held(*pauses))
    assert found.astimezone(ZoneInfo(SHANGHAI)).isoformat() == at(due).isoformat()
    assert found.tzinfo is UTC


def test_the_zone_of_the_start_does_not_matter():
    start = at("23 09:00")
    abroad = start.astimezone(ZoneInfo(NEW_YORK))
    assert due_at(OFFICE, DAYS, 1, abroad) == due_at(OFFICE, DAYS, 1, start)


# Chinese public holidays.


@pytest.mark.parametrize("day", [1, 2, 3, 4, 5, 6, 7])
def test_a_shop_open_every_day_rests_through_the_whole_of_national_day(day):
    shop = Calendar.of(
        zone=SHANGHAI,
        weekly={name: [["09:00", "17:00"]] for name in ALL_DAYS},
        public_holidays="CN",
    )
    assert shop.plan(date(2026, 10, day)) == ((), Reason.HOLIDAY)


def test_an_ordinary_weekend_beside_a_holiday_stays_a_weekend():
    assert CHINA.plan(date(2026, 9, 25)) == ((), Reason.HOLIDAY)
    assert CHINA.plan(date(2026, 9, 26)) == ((), Reason.WEEKLY_REST)


def test_a_make_up_day_has_the_hours_of_monday():
    hours = {**OFFICE_HOURS, "mon": [["10:00", "18:00"]]}
    calendar = Calendar.of(zone=SHANGHAI, weekly=hours, public_holidays="CN")
    assert calendar.plan(date(2026, 10, 10)) == (((600, 1080),), Reason.MAKE_UP_DAY)


def test_a_shop_open_on_saturdays_works_a_make_up_saturday_as_a_monday():
    hours = {**OFFICE_HOURS, "sat": [["10:00", "12:00"]]}
    calendar = Calendar.of(zone=SHANGHAI, weekly=hours, public_holidays="CN")
    assert calendar.plan(date(2026, 10, 10)) == (((540, 1020),), Reason.COUNTED)


def test_a_company_that_rests_on_mondays_makes_up_with_its_first_working_day():
    hours = {"tue": [["11:00", "19:00"]], "wed": [["09:00", "17:00"]]}
    calendar = Calendar.of(zone=SHANGHAI, weekly=hours, public_holidays="CN")
    assert calendar.plan(date(2026, 10, 10)) == (((660, 1140),), Reason.MAKE_UP_DAY)


def test_a_make_up_day_in_december_is_found_though_the_next_year_announces_it():
    assert CHINA.plan(date(2005, 12, 31))[1] is Reason.MAKE_UP_DAY
    assert CHINA.plan(date(2006, 12, 30))[1] is Reason.MAKE_UP_DAY


def test_the_company_wins_over_the_public_calendar():
    calendar = Calendar.of(
        zone=SHANGHAI,
        weekly=OFFICE_HOURS,
        closed=["2026-10-10", "2026-10-03"],
        open={"2026-10-02": [["10:00", "12:00"]], "2026-10-03": [["10:00", "11:00"]]},
        public_holidays="CN",
    )
    assert calendar.plan(date(2026, 10, 2)) == (((600, 720),), Reason.MAKE_UP_DAY)
    assert calendar.plan(date(2026, 10, 3)) == (((600, 660),), Reason.MAKE_UP_DAY)
    assert calendar.plan(date(2026, 10, 10)) == ((), Reason.HOLIDAY)


def test_other_hours_on_a_working_day_make_no_make_up_day():
    calendar = Calendar.of(
        zone=SHANGHAI, weekly=OFFICE_HOURS, open={"2026-12-24": [["09:00", "12:00"]]}
    )
    assert calendar.plan(date(2026, 12, 24)) == (((540, 720),), Reason.COUNTED)


# Summer time.


@pytest.mark.parametrize(
    ("zone", "hours", "amount", "start", "due"),
    [
        (BERLIN, ["01:00", "05:00"], 120, "2026-03-29T00:30+01:00", "2026-03-29T04:00+02:00"),
        (BERLIN, ["01:00", "05:00"], 240, "2026-10-25T00:30+02:00", "2026-10-25T04:00+01:00"),
        (BERLIN, ["00:00", "24:00"], 1440, "2026-03-29T00:00+01:00", "2026-03-30T01:00+02:00"),
        (NEW_YORK, ["01:00", "05:00"], 120, "2026-03-08T00:30-05:00", "2026-03-08T04:00-04:00"),
        (NEW_YORK, ["09:00", "17:00"], 540, "2026-03-07T09:00-05:00", "2026-03-08T10:00-04:00"),
    ],
)
def test_a_window_over_a_change_of_the_clock_has_its_true_length(zone, hours, amount, start, due):
    calendar = Calendar.of(zone=zone, weekly={day: [hours] for day in ALL_DAYS})
    found = due_at(calendar, MINUTES, amount, datetime.fromisoformat(start))
    assert found == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("day", "hours", "minutes"),
    [
        (29, ["00:00", "24:00"], 23 * 60),
        (29, ["02:30", "04:00"], 60),
        (29, ["01:00", "02:30"], 60),
        (29, ["02:00", "03:00"], 0),
        (28, ["02:30", "04:00"], 90),
    ],
)
def test_a_skipped_hour_is_not_worked(day, hours, minutes):
    calendar = Calendar.of(zone=BERLIN, weekly={name: [hours] for name in ALL_DAYS})
    start = at(f"2026-03-{day}T00:00", BERLIN)
    end = at(f"2026-03-{day + 1}T00:00", BERLIN)
    assert elapsed(calendar, MINUTES, start, end) == minutes


def test_a_day_whose_only_window_is_skipped_is_no_working_day():
    calendar = Calendar.of(zone=BERLIN, weekly={name: [["02:00", "03:00"]] for name in ALL_DAYS})
    start = at("2026-03-28T12:00", BERLIN)
    assert due_at(calendar, DAYS, 1, start) == at("2026-03-30T03:00", BERLIN)


def test_a_repeated_hour_is_worked_once_between_two_windows():
    weekly = {"sun": [["00:00", "02:30"], ["02:30", "24:00"]]}
    calendar = Calendar.of(zone=BERLIN, weekly=weekly)
    start, end = at("2026-10-25T00:00", BERLIN), at("2026-10-26T00:00", BERLIN)
    assert elapsed(calendar, MINUTES, start, end) == 25 * 60


def test_the_clock_counts_true_minutes_over_a_change():
    start = at("2026-03-28T12:00", BERLIN)
    calendar = Calendar.of(zone=BERLIN, weekly=OFFICE_HOURS)
    assert due_at(calendar, CLOCK, 1440, start) == at("2026-03-29T13:00", BERLIN)


# Far away and at the edges of years.


def test_a_thousand_working_days_are_two_hundred_weeks():
    due = due_at(OFFICE, DAYS, 1000, at("23 10:00"))
    assert due == at("23 17:00") + timedelta(weeks=200)


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Pacific/Auckland", "UTC"])
def test_the_turn_of_the_year_leaves_no_gap(zone):
    calendar = Calendar.of(zone=zone, weekly={day: [["00:00", "24:00"]] for day in ALL_DAYS})
    start = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert due_at(calendar, MINUTES, 600, start) == start + timedelta(hours=10)
    assert due_at(calendar, MINUTES, 600, start + timedelta(hours=1)) == start + timedelta(hours=11)
    assert elapsed(calendar, MINUTES, start, start + timedelta(days=800)) == 800 * 1440


def test_a_hold_of_many_years_moves_the_limit_by_all_its_open_minutes():
    pauses = [(at("23 10:00"), at("23 10:00") + timedelta(weeks=520))]
    due = due_at(OFFICE, MINUTES, 120, at("23 09:00"), pauses)
    assert due == at("23 11:00") + timedelta(weeks=520)


def test_a_hold_beyond_all_tables_after_the_due_moment_does_no_harm():
    pauses = [(at("24 10:00"), at("2500-01-01T00:00"))]
    assert due_at(OFFICE, MINUTES, 60, at("23 09:00"), pauses) == at("23 10:00")


# Elapsed time and running pauses.


@pytest.mark.parametrize(
    ("unit", "start", "end", "pauses", "minutes"),
    [
        (MINUTES, "23 09:00", "24 10:00", (), 540),
        (DAYS, "23 09:00", "24 10:00", (), 540),
        (CLOCK, "23 09:00", "24 10:00", (), 1500),
        (MINUTES, "27 16:00", "30 10:00", ("27 16:30", "30 09:15"), 75),
        (CLOCK, "27 16:00", "30 10:00", ("27 16:30", "30 09:15"), 75),
        (MINUTES, "23 09:00", "23 09:00:30", (), 0.5),
        (MINUTES, "23 09:00", "23 10:00", ("23 08:00", "23 09:15", "23 09:50", "24 10:00"), 35),
        (MINUTES, "24 09:00", "23 09:00", (), 0),
    ],
)
def test_elapsed_minutes(unit, start, end, pauses, minutes):
    assert elapsed(OFFICE, unit, at(start), at(end), held(*pauses)) == minutes


def test_a_running_pause_moves_nothing_yet_and_stops_what_has_elapsed():
    running = [(at("23 09:30"), None)]
    assert due_at(OFFICE, MINUTES, 60, at("23 09:00"), running) == at("23 10:00")
    assert elapsed(OFFICE, MINUTES, at("23 09:00"), at("24 12:00"), running) == 30
    assert elapsed(OFFICE, MINUTES, at("23 09:00"), at("23 09:15"), running) == 15


# The ledger.


def test_the_ledger_tells_each_span_and_why():
    pauses = held("27 16:00", "30 10:00")
    entries = ledger(OFFICE, MINUTES, 240, at("27 15:00"), pauses, at("30 14:00"))
    assert [(entry.reason, entry.minutes) for entry in entries] == [
        (Reason.COUNTED, 60),
        (Reason.PAUSED, 60),
        (Reason.CLOSED, 420),
        (Reason.WEEKLY_REST, 2880),
        (Reason.CLOSED, 540),
        (Reason.PAUSED, 60),
        (Reason.COUNTED, 180),
        (Reason.COUNTED, 60),  # cut at 13:00, where it is due
    ]
    assert entries[-1] == Entry(
        at("30 13:00").astimezone(UTC), at("30 14:00").astimezone(UTC), Reason.COUNTED, 60
    )


def test_the_ledger_names_holidays_and_make_up_days():
    start, until = at("2026-09-30T16:00"), at("2026-10-10T10:00")
    entries = ledger(CHINA, MINUTES, 1080, start, (), until)
    assert [(entry.reason, entry.minutes) for entry in entries] == [
        (Reason.COUNTED, 60),
        (Reason.CLOSED, 420),
        (Reason.HOLIDAY, 7 * 1440),
        (Reason.CLOSED, 540),
        (Reason.COUNTED, 480),
        (Reason.CLOSED, 960),
        (Reason.COUNTED, 480),
        (Reason.CLOSED, 960),
        (Reason.MAKE_UP_DAY, 60),
    ]
    assert entries[-1].end == due_at(CHINA, MINUTES, 1080, start)
    assert sum(entry.minutes for entry in entries if entry.reason.is_counted) == 1080


def test_the_ledger_of_a_clock_limit_knows_pauses_only():
    entries = ledger(
        OFFICE, CLOCK, 90, at("28 09:00"), held("28 09:30", "28 12:00"), at("28 13:00")
    )
    assert [(entry.reason, entry.minutes) for entry in entries] == [
        (Reason.COUNTED, 30),
        (Reason.PAUSED, 150),
        (Reason.COUNTED, 60),
    ]


def test_the_ledger_shows_a_running_pause_to_its_end():
    entries = ledger(OFFICE, MINUTES, 60, at("23 09:00"), [(at("23 09:30"), None)], at("23 12:00"))
    assert [(entry.reason, entry.minutes) for entry in entries] == [
        (Reason.COUNTED, 30),
        (Reason.PAUSED, 150),
    ]


def test_the_ledger_is_empty_before_the_start():
    for unit in Unit:
        assert ledger(OFFICE, unit, 60, at("23 09:00"), (), at("23 09:00")) == ()
        assert ledger(OFFICE, unit, 60, at("23 09:00"), (), at("20 09:00")) == ()


# What is refused.


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("unknown weekday: Monday", {"weekly": {"Monday": [["09:00", "17:00"]]}}),
        ("end after its start", {"weekly": {"mon": [["17:00", "09:00"]]}}),
        ("end after its start", {"weekly": {"mon": [["09:00", "09:00"]]}}),
        ("by 24:00", {"weekly": {"mon": [["09:00", "24:30"]]}}),
        ("overlap", {"weekly": {"mon": [["13:00", "17:00"], ["09:00", "13:01"]]}}),
        ("overlap", {"open": {"2026-11-28": [["09:00", "12:00"], ["11:00", "13:00"]]}}),
        ("not a time of day", {"weekly": {"mon": [["nine", "17:00"]]}}),
        ("not a time of day", {"weekly": {"mon": [["09:00", "17:60"]]}}),
        ("a start and an end", {"weekly": {"mon": [["09:00"]]}}),
        ("a start and an end", {"weekly": {"mon": ["09:00", "17:00"]}}),
        ("no open minute", {"weekly": {}}),
        ("no open minute", {"weekly": {"mon": []}}),
        ("an open day needs a window", {"open": {"2026-11-28": []}}),
        ("Invalid isoformat", {"closed": ["28.11.2026"]}),
        ("unknown time zone", {"zone": "Asia/Peking"}),
        ("unknown time zone", {"zone": "../etc/localtime"}),
        ("no public holidays known", {"public_holidays": "XX"}),
    ],
)
def test_an_unusable_calendar_is_refused(words, change):
    with pytest.raises(ValueError, match=words):
        Calendar.of(**{"zone": SHANGHAI, "weekly": OFFICE_HOURS, **change})


@pytest.mark.parametrize(
    ("words", "calendar", "unit", "amount", "start", "pauses"),
    [
        ("time zone", OFFICE, MINUTES, 60, NAIVE, ()),
        ("time zone", OFFICE, CLOCK, 60, NAIVE, ()),
        ("time zone", OFFICE, CLOCK, 60, at("23 09:00"), [(NAIVE, None)]),
        ("negative", OFFICE, MINUTES, -1, at("23 09:00"), ()),
        ("ends before it begins", OFFICE, DAYS, 1, at("23 09:00"), held("23 11:00", "23 10:00")),
        ("not a valid Unit", OFFICE, "weeks", 1, at("23 09:00"), ()),
        ("too far ahead", OFFICE, MINUTES, 10**8, at("23 09:00"), ()),
        ("too far ahead", OFFICE, CLOCK, 10**10, at("23 09:00"), ()),
        ("outside the calendar", OFFICE, MINUTES, 1, datetime(1, 1, 1, tzinfo=UTC), ()),
        ("outside the calendar", OFFICE, MINUTES, 1, datetime(9999, 1, 1, tzinfo=UTC), ()),
    ],
)
def test_a_limit_that_cannot_be_reckoned_is_refused(words, calendar, unit, amount, start, pauses):
    with pytest.raises(ValueError, match=words):
        due_at(calendar, unit, amount, start, pauses)


def test_a_company_without_weekly_hours_has_limits_on_its_open_days_only():
    calendar = Calendar.of(zone=SHANGHAI, weekly={}, open={"2026-11-28": [["09:00", "11:00"]]})
    assert due_at(calendar, MINUTES, 120, at("23 09:00")) == at("28 11:00")
    with pytest.raises(ValueError, match="too far ahead"):
        due_at(calendar, MINUTES, 121, at("23 09:00"))


def test_moments_too_far_apart_are_refused():
    with pytest.raises(ValueError, match="too far apart"):
        elapsed(OFFICE, MINUTES, at("1900-01-01T00:00"), at("23 09:00"))


# The calendar as a value.


def test_equal_calendars_are_one_and_hashable():
    again = Calendar.of(zone=SHANGHAI, weekly=dict(reversed(OFFICE_HOURS.items())))
    assert again is OFFICE
    assert len({again, OFFICE, LUNCH}) == 2


def test_windows_may_be_written_in_any_order():
    hours = {day: windows[::-1] for day, windows in LUNCH_HOURS.items()}
    assert Calendar.of(zone=SHANGHAI, weekly=hours) == LUNCH


def test_unquoted_yaml_times_and_dates_are_read_as_meant():
    read = Calendar.of(
        zone=SHANGHAI, weekly={"mon": [["09:00", 17 * 60]]}, closed=[date(2026, 11, 24)]
    )
    written = Calendar.of(zone=SHANGHAI, weekly={"mon": [["9:00", "17:00"]]}, closed=["2026-11-24"])
    assert read == written


# Against a slow walk, minute by minute.

RULES = settings(derandomize=True, deadline=None, max_examples=40, database=None)
MINUTE = timedelta(minutes=1)
STARTS = [
    (SHANGHAI, datetime(2026, 11, 26, 22, tzinfo=UTC)),
    (BERLIN, datetime(2026, 3, 27, 20, tzinfo=UTC)),
    (BERLIN, datetime(2026, 10, 23, 20, tzinfo=UTC)),
    (NEW_YORK, datetime(2026, 3, 6, 20, tzinfo=UTC)),
    (NEW_YORK, datetime(2026, 12, 30, 20, tzinfo=UTC)),
]


class Walk:
    """A limit reckoned by asking of every minute whether it counts."""

    def __init__(self, zone, weekly, closed, opened):
        self.zone, self.weekly = ZoneInfo(zone), weekly
        self.closed, self.opened = closed, opened

    def hours(self, on):
        if on in self.opened:
            return self.opened[on]
        return () if on in self.closed else self.weekly.get(ALL_DAYS[on.weekday()], ())

    def is_open(self, moment):
        local = moment.astimezone(self.zone)
        return any(start <= local.hour < end for start, end in self.hours(local.date()))

    def minutes(self, unit, start, end, pauses):
        return sum(self.counts(unit, moment, pauses) for moment in self.until(start, end))

    def until(self, start, end):
        while start < end:
            yield start
            start += MINUTE

    def counts(self, unit, moment, pauses):
        if any(since <= moment < to for since, to in pauses):
            return False
        return unit is CLOCK or self.is_open(moment)

    def due(self, unit, amount, start, pauses):
        if unit is DAYS:
            amount = self.minutes(MINUTES, start, self.close(amount, start), ())
        while amount:
            amount -= self.counts(unit, start, pauses)
            start += MINUTE
        return start

    def close(self, days, start):
        on = start.astimezone(self.zone).date()
        while days:
            on += timedelta(days=1)
            midnight = datetime(on.year, on.month, on.day, tzinfo=self.zone).astimezone(UTC)
            worked = [
                m
                for m in self.until(midnight, midnight + timedelta(hours=26))
                if m.astimezone(self.zone).date() == on and self.is_open(m)
            ]
            days -= bool(worked)
        return worked[-1] + MINUTE


# Whole hours: a window that ends inside a repeated hour is told by the cases above.
hours = st.sampled_from(
    [((9, 17),), ((8, 12), (13, 18)), ((0, 3), (22, 24)), ((0, 24),), ((1, 5),), ((2, 3), (4, 24))]
)
pauses_after = st.lists(st.tuples(st.integers(-300, 4000), st.integers(0, 2500)), max_size=4)


@st.composite
def limits(draw):
    zone, base = draw(st.sampled_from(STARTS))
    days = draw(st.sets(st.sampled_from(ALL_DAYS), min_size=3))
    weekly = {day: draw(hours) for day in sorted(days)}
    near = [base.date() + timedelta(days=number) for number in range(8)]
    closed = draw(st.sets(st.sampled_from(near), max_size=2))
    opened = draw(st.dictionaries(st.sampled_from(near), hours, max_size=2))
    start = base + draw(st.integers(0, 3000)) * MINUTE
    pauses = [
        (start + offset * MINUTE, start + (offset + length) * MINUTE)
        for offset, length in draw(pauses_after)
    ]
    calendar = Calendar.of(
        zone=zone,
        weekly={day: spelled(windows) for day, windows in weekly.items()},
        closed=[on.isoformat() for on in closed],
        open={on.isoformat(): spelled(windows) for on, windows in opened.items()},
    )
    return calendar, Walk(zone, weekly, closed, opened), start, pauses


def spelled(windows):
    return [[f"{start:02}:00", f"{end:02}:00"] for start, end in windows]


@RULES
@given(limits(), st.sampled_from([MINUTES, CLOCK]), st.integers(1, 1500))
def test_minutes_are_due_where_a_slow_walk_ends(limit, unit, amount):
    calendar, walk, start, pauses = limit
    assert due_at(calendar, unit, amount, start, pauses) == walk.due(unit, amount, start, pauses)


@RULES
@given(limits(), st.integers(1, 4))
def test_days_are_due_where_a_slow_walk_ends(limit, amount):
    calendar, walk, start, pauses = limit
    assert due_at(calendar, DAYS, amount, start, pauses) == walk.due(DAYS, amount, start, pauses)


@RULES
@given(limits(), st.sampled_from([MINUTES, CLOCK]), st.integers(0, 6000))
def test_elapsed_is_what_a_slow_walk_counts(limit, unit, length):
    calendar, walk, start, pauses = limit
    end = start + length * MINUTE
    assert elapsed(calendar, unit, start, end, pauses) == walk.minutes(unit, start, end, pauses)


@RULES
@given(
    limits(), st.sampled_from(Unit), st.integers(1, 900), st.integers(0, 59), st.integers(0, 9000)
)
def test_the_ledger_adds_up(limit, unit, amount, seconds, length):
    calendar, _, start, pauses = limit
    start += timedelta(seconds=seconds)
    amount = 1 + amount % 4 if unit is DAYS else amount
    due = due_at(calendar, unit, amount, start, pauses)
    until = due + length * MINUTE
    entries = ledger(calendar, unit, amount, start, pauses, until)
    assert entries[0].start == start
    assert entries[-1].end == until
    assert all(one.end == other.start for one, other in pairwise(entries))
    assert all(
        one.reason is not other.reason for one, other in pairwise(entries) if other.start != due
    )
    counted = [entry for entry in entries if entry.reason.is_counted]
    in_time = math.fsum(entry.minutes for entry in counted if entry.end <= due)
    assert in_time == pytest.approx(elapsed(calendar, unit, start, due, pauses), abs=1e-6)
    assert unit is DAYS or in_time == pytest.approx(amount, abs=1e-6)
    total = math.fsum(entry.minutes for entry in counted)
    assert total == pytest.approx(elapsed(calendar, unit, start, until, pauses), abs=1e-6)


@RULES
@given(limits(), st.sampled_from(Unit), st.integers(1, 4), st.randoms(use_true_random=False))
def test_neither_order_nor_splitting_of_pauses_matters(limit, unit, amount, chance: random.Random):
    calendar, _, start, pauses = limit
    split = [
        part
        for since, to in pauses
        for part in ((since, since + (to - since) / 2), (since + (to - since) / 2, to))
    ]
    chance.shuffle(split)
    expected = due_at(calendar, unit, amount, start, pauses)
    assert due_at(calendar, unit, amount, start, split) == expected


# Comparing with a file of cases.


def case(**change):
    return {
        "name": "a plain case",
        "calendar": {"weekly": OFFICE_HOURS, "closed": [], "open": {}},
        "start": "2026-11-23T09:00:00",
        "limit": {"unit": "working_minutes", "amount": 60},
        "pauses": [["2026-11-23T09:30:00", "2026-11-23T09:45:00"]],
        "due": "2026-11-23T10:15:00",
        **change,
    }


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "cases.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    return write


def test_a_file_that_agrees(written, capsys):
    assert vectors.main(written({"zone": SHANGHAI, "cases": [case(), case()]})) == 0
    assert capsys.readouterr().out == "2 of 2 cases agree\n"


def test_each_case_that_differs_is_told(written, capsys):
    wrong = case(name="a wrong due", due="2026-11-23T11:00:00")
    refused = case(name="a refused unit", limit={"unit": "weeks", "amount": 1})
    path = written({"zone": SHANGHAI, "cases": [case(), wrong, refused]})
    assert vectors.main(path) == 1
    out = capsys.readouterr().out
    assert out.startswith("1 of 3 cases agree\n")
    assert "differs: a wrong due" in out
    assert "expected 2026-11-23T11:00:00+08:00, computed 2026-11-23T10:15:00+08:00" in out
    assert "differs: a refused unit" in out
    assert "refused: 'weeks' is not a valid Unit" in out


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "[]",
        {"cases": []},
        {"zone": SHANGHAI, "cases": []},
        {"zone": "Nowhere", "cases": [case()]},
        {"zone": SHANGHAI, "cases": [{"name": "half"}]},
        {"zone": SHANGHAI, "cases": [case(start="today")]},
        {"zone": SHANGHAI, "cases": [case(limit={"unit": "working_minutes", "amount": 1.5})]},
    ],
)
def test_a_file_that_cannot_be_read_is_said_so(written, capsys, content):
    assert vectors.main(written(content)) == 2
    assert "cannot be read as time limit cases" in capsys.readouterr().err


def test_a_missing_file_is_said_so(tmp_path, capsys):
    assert vectors.main(tmp_path / "none.json") == 2
    assert "No such file" in capsys.readouterr().err
