"""The figures of norms 10, each worked out by hand, and the cases behind each."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from core import kpi
from core.kernel.errors import InvalidInput, NotAllowed, NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.kpi import NO_STATION, Age, Board, FigureName, Side, rollup
from core.norms import revisions
from core.process.permissions import GRANTS
from core.requests import inputs
from db.codes import LimitUnit, Measure, RequestKind, Role, WaitReason
from db.tables import Limit, ServiceRequest, Station
from tests.company_cast import Company, local, meet
from tests.conftest import BOTH, Databases
from tests.measured_company import APRIL, MARCH, NORM, NOW, PERIOD, about, behind, board, tell

NORTH, SOUTH = Company.NORTH, Company.SOUTH

# Figure: [value, numerator, denominator] over both months, then numerator and denominator by
# month and station: March North, March South, April North, April South.
BY_HAND: dict[FigureName, Any] = {
    # Mean scores 9, 4.5 and 8.
    FigureName.SATISFACTION: (21.5 / 3, 21.5, 3, (21.5, 3), None, None, None),
    FigureName.UNHAPPY: (1 / 3, 1, 3, (1, 3), None, None, None),
    # North: 1, 3 of 1, 2, 3, 9. South: 4, 5, then 6, 7, 8, 14.
    FigureName.TIMELY_RESOLUTION: (8 / 10, 8, 10, (2, 3), (2, 2), (0, 1), (4, 4)),
    # Hours 25, 49, 48 and 0, 2, 0, then 47, 0, 0.
    FigureName.RESOLUTION_HOURS: (19, 171, 9, (122, 3), (2, 3), None, (47, 3)),
    # North: 1, 3 of 1, 2, 3, 9. South: 4, 6 of 4, 5, 6, then 7, 8, 14.
    FigureName.RESPONSE_ON_TIME: (7 / 10, 7, 10, (2, 3), (2, 3), (0, 1), (3, 3)),
    # 1 of 1, 2, 9; 6 of 6, 13.
    FigureName.APPOINTMENT_ON_TIME: (2 / 5, 2, 5, (1, 2), (1, 1), (0, 1), (0, 1)),
    # 1 and 2, closed after their calls; 6 when nobody could be reached.
    FigureName.FIRST_TIME_FIX: (1, 3, 3, (2, 2), None, None, (1, 1)),
    # No fault twice: 1, 2; 6; 9, 10, 11. 12 was cancelled, the others are no faults.
    FigureName.REPEAT_FAULT: (0, 0, 6, (0, 2), (0, 1), (0, 3), None),
    # 1, 2; 6.
    FigureName.PUNCTUAL_ARRIVAL: (1, 3, 3, (2, 2), None, None, (1, 1)),
    FigureName.WORK_ERRORS: (0, 0, 3, (0, 2), None, None, (0, 1)),
    # The rule book wants nothing on file; nothing was sold.
    FigureName.RECORD_COMPLETENESS: (None, 0, 0, None, None, None, None),
    FigureName.RETURN_RATE: (None, 0, 0, None, None, None, None),
    FigureName.RETURN_LOSS: (0, 0, 0, None, None, None, None),
    # Nobody writes down what they are counted from.
    FigureName.PARTS_ON_TIME: (None, 0, 0, None, None, None, None),
    FigureName.BUDGET_USE: (None, 0, 0, None, None, None, None),
    FigureName.EQUIPMENT_FAULTS: (None, 0, 0, None, None, None, None),
    # 1, 3 of 1, 2, 3; none of 6.
    FigureName.FOLLOW_UP_RATE: (2 / 4, 2, 4, (2, 3), None, None, (0, 1)),
    # The complaint 3. On file at the end of March: who asked in February, 1, 2; 4, 5, 6, 7. At the
    # end of April also 9, 10, 11; 8, 12, 13. 14 is the customer of 1.
    FigureName.COMPLAINT_RATE: (1 / 13, 1, 13, (1, 3), (0, 4), (0, 6), (0, 7)),
    # The complaint 3 again: answered within three working days, after 48 hours.
    FigureName.COMPLAINT_ON_TIME: (1, 1, 1, (1, 1), None, None, None),
    FigureName.COMPLAINT_HOURS: (48, 48, 1, (48, 1), None, None, None),
    FigureName.RECEIVED: (14, 14, 14, (3, 3), (4, 4), (3, 3), (4, 4)),
    FigureName.RESOLVED: (9, 9, 9, (3, 3), (3, 3), None, (3, 3)),
}
CELLS = ((MARCH, NORTH), (MARCH, SOUTH), (APRIL, NORTH), (APRIL, SOUTH))


@pytest.fixture(params=BOTH)
def company(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Company]:
    with databases.fresh(request.param, "measured", tell) as engine:
        yield meet(engine)


@pytest.fixture
def shown(company: Company) -> Board:
    return board(company)


def test_every_figure_over_the_period(shown: Board) -> None:
    found = {f.name: (f.value, f.numerator, f.denominator) for f in shown.figures}
    assert found == {name: pytest.approx(by_hand[:3]) for name, by_hand in BY_HAND.items()}


def test_every_figure_by_month_and_station(shown: Board) -> None:
    found = {(r.figure, r.month, r.station_id): (r.numerator, r.denominator) for r in shown.series}
    expected = {
        (name, *cell): pytest.approx(counted)
        for name, (*_, north, south, north_2, south_2) in BY_HAND.items()
        for cell, counted in zip(CELLS, (north, south, north_2, south_2), strict=True)
        if counted
    }
    assert found == expected
    assert {(r.station_id, r.station) for r in shown.series} == {(NORTH, "North"), (SOUTH, "South")}


def test_rows_of_one_month_hold_all_stations_and_the_other_way_round(shown: Board) -> None:
    # What is not by customer adds up; who is on file in March is so in April.
    for name in set(FigureName) - {FigureName.COMPLAINT_RATE}:
        total = shown.figure(name)
        for rows in (shown.months, shown.stations, shown.series):
            parts = [row for row in rows if row.figure is name]
            assert sum(row.denominator for row in parts) == total.denominator
            assert sum(row.numerator for row in parts) == pytest.approx(total.numerator)


def test_complaints_are_per_customer_on_file_at_the_end(shown: Board) -> None:
    def customers(rows: Any) -> dict[Any, int]:
        mine = [row for row in rows if row.figure is FigureName.COMPLAINT_RATE]
        return {row.month or row.station: row.denominator for row in mine}

    assert customers(shown.months) == {MARCH: 7, APRIL: 13}
    assert customers(shown.stations) == {"North": 6, "South": 7}
    assert shown.figure(FigureName.COMPLAINT_RATE).denominator == 13


def test_every_month_has_a_row_even_without_facts(company: Company) -> None:
    shown = board(company, since=date(2026, 1, 15), until=date(2026, 4, 20))
    assert (shown.since, shown.until) == (date(2026, 1, 1), APRIL)
    rows = [row for row in shown.months if row.figure is FigureName.SATISFACTION]
    assert [row.month for row in rows] == [date(2026, month, 1) for month in (1, 2, 3, 4)]
    assert [row.value for row in rows] == [None, None, pytest.approx(21.5 / 3), None]
    assert [row.denominator for row in rows] == [0, 0, 3, 0]


def test_the_period_before_is_as_long_and_ends_where_this_one_begins(company: Company) -> None:
    shown = board(company)
    assert shown.figure(FigureName.RECEIVED).previous == 1
    assert shown.figure(FigureName.RECEIVED).delta == 13
    assert shown.figure(FigureName.RESPONSE_ON_TIME).previous == 1
    assert shown.figure(FigureName.RESPONSE_ON_TIME).delta == pytest.approx(-0.3)
    assert shown.figure(FigureName.SATISFACTION).previous is None
    assert shown.figure(FigureName.SATISFACTION).delta is None
    april = board(company, since=APRIL)
    assert april.figure(FigureName.RECEIVED).previous == 7
    assert april.figure(FigureName.COMPLAINT_RATE).previous == pytest.approx(1 / 7)


def test_targets_come_from_the_norm_in_force(company: Company) -> None:
    shown = board(company)
    targets = {figure.name: figure.target for figure in shown.figures if figure.target is not None}
    assert targets == NORM.targets
    reached = {figure.name: figure.reached for figure in shown.figures}
    # Three surveys are too few to say that the target is missed; the follow-ups have none.
    assert reached[FigureName.SATISFACTION] is reached[FigureName.FOLLOW_UP_RATE] is None
    assert reached[FigureName.TIMELY_RESOLUTION] is False
    # A complaint rate is better when it is lower: 8 % are over the 5 % aimed at.
    assert reached[FigureName.COMPLAINT_RATE] is False
    softer = {"targets": {"complaint_rate": 0.1, "timely_resolution": 0.7}}
    norm = NORM.model_copy(update=softer)
    company.do("admin", revisions.adopt, norm=norm, on=APRIL, signed_by="admin", now=NOW)
    after = board(company)
    assert after.figure(FigureName.COMPLAINT_RATE).reached is True
    assert after.figure(FigureName.TIMELY_RESOLUTION).reached is True


def test_each_question_of_the_survey_by_itself(shown: Board) -> None:
    whole = {row.question: row for row in shown.dimensions if row.month is None}
    means = {name: (row.value, row.numerator, row.denominator) for name, row in whole.items()}
    assert means == {
        "attitude": (pytest.approx(22 / 3), 22, 3),
        "skill": (6.5, 13, 2),
        "result": (None, 0, 0),
    }
    assert whole["skill"].words == {"zh_CN": "技术水平", "en": "Skill"}
    march = [row for row in shown.dimensions if row.month == MARCH and row.question == "skill"]
    assert [row.denominator for row in march] == [2]


def test_a_question_that_is_no_longer_asked_keeps_its_answers(company: Company) -> None:
    shorter = NORM.model_copy(update={"survey": NORM.survey[1:]})
    company.do("admin", revisions.adopt, norm=shorter, on=APRIL, signed_by="admin", now=NOW)
    rows = [row for row in board(company).dimensions if row.month is None]
    assert [row.question for row in rows] == ["skill", "result", "attitude"]
    assert (rows[-1].words, rows[-1].denominator) == ({}, 3)


def test_open_cases_by_age(shown: Board) -> None:
    # 10 is 14 hours old, 13 two days and an hour, 11 and 9 a week and more.
    kinds = [(row.age, row.kind, row.cases) for row in shown.ages_by_kind]
    assert kinds == [
        (Age.UNDER_1, RequestKind.REPAIR, 1),
        (Age.UNDER_3, RequestKind.CLEANING, 1),
        (Age.UNDER_30, RequestKind.REPAIR, 2),
    ]
    stations = [(row.age, row.station_id, row.station, row.cases) for row in shown.ages_by_station]
    assert stations == [
        (Age.UNDER_1, NORTH, "North", 1),
        (Age.UNDER_3, SOUTH, "South", 1),
        (Age.UNDER_30, NORTH, "North", 2),
    ]


def test_a_case_is_a_day_old_after_24_hours(company: Company) -> None:
    born = local("2026-04-19 20:00")
    ages = []
    for hours in (24 - 1 / 3600, 24, 72, 7 * 24, 30 * 24):
        now = born + timedelta(hours=hours)
        shown = company.see("manager", kpi.board, now=now, **about(PERIOD))
        youngest = next(row.age for row in shown.ages_by_kind if row.kind is RequestKind.REPAIR)
        ages.append(youngest)
    assert ages == list(Age)


def test_a_running_limit_counts_from_the_moment_that_it_is_missed(company: Company) -> None:
    due = local("2026-04-20 20:00")
    for now, missed in ((due, 3), (due + timedelta(microseconds=1), 4)):
        shown = company.see("manager", kpi.board, now=now, **about(PERIOD))
        response = shown.figure(FigureName.RESPONSE_ON_TIME)
        assert (response.denominator - response.numerator, response.numerator) == (missed, 7)


def test_one_kind_only(company: Company) -> None:
    shown = board(company, kind=RequestKind.REPAIR)
    assert shown.figure(FigureName.RECEIVED).value == 7
    assert shown.figure(FigureName.TIMELY_RESOLUTION).value == pytest.approx(2 / 4)
    assert {row.kind for row in shown.ages_by_kind} == {RequestKind.REPAIR}
    complaints = shown.figure(FigureName.COMPLAINT_RATE)
    assert (complaints.value, complaints.numerator, complaints.denominator) == (None, 0, 0)


def test_one_station_only(company: Company) -> None:
    shown = board(company, station_id=SOUTH)
    assert shown.figure(FigureName.RECEIVED).value == 8
    assert shown.figure(FigureName.COMPLAINT_RATE).denominator == 7
    assert {row.station for row in shown.stations} == {"South"}
    assert {row.station for row in shown.ages_by_station} == {"South"}


def test_who_is_bound_to_a_station_gets_its_numbers_only(company: Company) -> None:
    north = board(company, "dispatcher")
    everything = board(company, station_id=NORTH)
    assert north == everything
    assert board(company, "dispatcher", station_id=NORTH) == everything
    assert {row.station for row in north.series} == {"North"}
    with pytest.raises(NotFound):
        board(company, "dispatcher", station_id=SOUTH)
    with pytest.raises(NotFound):
        behind(company, "dispatcher", station_id=SOUTH, figure=FigureName.RECEIVED)
    with pytest.raises(NotFound):
        company.see("dispatcher", kpi.open_cases_behind, station_id=SOUTH)


@pytest.mark.parametrize("role", Role)
def test_figures_are_for_those_who_may_read_them(company: Company, role: Role) -> None:
    calls = (
        lambda: board(company, role.value),
        lambda: behind(company, role.value, figure=FigureName.RECEIVED),
        lambda: company.see(role.value, kpi.open_cases_behind),
    )
    for call in calls:
        if "kpi:read" in GRANTS[role]:
            call()
        else:
            with pytest.raises(NotAllowed):
                call()


def test_cases_without_a_station_have_a_row_of_their_own(company: Company) -> None:
    facts = {"kind": "consultation", "answer": "yes", "fault_area": None, "now": NOW}
    company.register("manager", **facts, phone="13900000001")
    shown = board(company)
    nobody = [row for row in shown.stations if row.station_id == NO_STATION]
    assert {(row.figure, row.denominator, row.station) for row in nobody} == {
        (FigureName.RECEIVED, 1, ""),
        (FigureName.RESOLVED, 1, ""),
        (FigureName.RESOLUTION_HOURS, 1, ""),
        (FigureName.RESPONSE_ON_TIME, 1, ""),
        (FigureName.TIMELY_RESOLUTION, 1, ""),
        (FigureName.COMPLAINT_RATE, 1, ""),
    }
    assert board(company, station_id=NO_STATION).figure(FigureName.RECEIVED).value == 1
    assert behind(company, figure=FigureName.RECEIVED, station_id=NO_STATION) == 1


def test_a_pause_saves_no_limit_that_was_late_before_it_began(company: Company) -> None:
    (late,) = company.rows(Limit, measure=Measure.RESPONSE, due_at=local("2026-04-11 09:00"))
    asked = {"figure": FigureName.RESPONSE_ON_TIME, "side": Side.REST}
    before = behind(company, **asked)
    wait = inputs.Wait(reason=WaitReason.CUSTOMER, note="away")
    company.act("agent", ServiceRequest, late.request_id, wait, now=NOW)
    assert behind(company, **asked) == before
    shown = board(company)
    assert shown.figure(FigureName.RESPONSE_ON_TIME).denominator == 10


def test_a_limit_that_is_dropped_does_not_count(company: Company) -> None:
    before = board(company).figure(FigureName.RESPONSE_ON_TIME).denominator

    def drop(uow: UnitOfWork) -> None:
        (missed,) = company.rows(Limit, measure=Measure.RESPONSE, due_at=local("2026-04-11 09:00"))
        uow.session.get_one(Limit, missed.id).dropped_at = NOW

    company.do("admin", drop)
    assert board(company).figure(FigureName.RESPONSE_ON_TIME).denominator == before - 1


def test_a_limit_met_on_the_last_instant_is_met_in_time(company: Company) -> None:
    def add(uow: UnitOfWork) -> None:
        for late in (0, 1):
            due = local("2026-04-05 12:00")
            limit = Limit(request_id=13 + late, name="x", clause="E1", measure=Measure.FOLLOW_UP)
            limit.unit, limit.amount, limit.pauses = LimitUnit.CLOCK_MINUTES, 60, []
            limit.started_at, limit.due_at = due, due
            limit.met_at = due + timedelta(microseconds=late)
            uow.session.add(limit)

    company.do("admin", add)
    rate = board(company).figure(FigureName.FOLLOW_UP_RATE)
    assert (rate.numerator, rate.denominator) == (3, 6)


@pytest.mark.parametrize(
    ("since", "until", "problem"),
    [
        (APRIL, MARCH, ("until", "before_since")),
        (date(2020, 1, 1), APRIL, ("since", "period_too_long")),
    ],
)
def test_a_period_out_of_order_or_without_end_is_refused(
    company: Company, since: date, until: date, problem: tuple[str, str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        board(company, since=since, until=until)
    assert [(p.field, p.code) for p in refused.value.problems] == [problem]


def test_a_board_takes_eight_queries(company: Company) -> None:
    company.do("admin", rollup.step, now=NOW)
    statements: list[str] = []

    def note(*given: Any) -> None:
        statements.append(given[2])

    event.listen(company.engine, "before_cursor_execute", note)
    try:
        board(company)
    finally:
        event.remove(company.engine, "before_cursor_execute", note)
    assert len([text for text in statements if text != "BEGIN"]) == 8


def test_records_are_plain(shown: Board) -> None:
    plain = kpi.records(shown.series)
    assert json.loads(json.dumps(plain)) == plain
    assert plain[0] == {
        "figure": "satisfaction",
        "month": "2026-03-01",
        "station_id": NORTH,
        "station": "North",
        "value": 21.5 / 3,
        "numerator": 21.5,
        "denominator": 3,
    }
    json.dumps(kpi.records(shown.figures) + kpi.records(shown.dimensions))
    json.dumps(kpi.records(shown.ages_by_kind) + kpi.records(shown.ages_by_station))


def test_the_workbook_holds_the_figures_and_the_rows(company: Company) -> None:
    def rename(uow: UnitOfWork) -> None:
        uow.session.get_one(Station, NORTH).name = "=1+1"

    company.do("admin", rename)
    words = {"series": "Months and stations", "received": "Received", "figure": "Figure"}
    book = CalamineWorkbook.from_filelike(BytesIO(kpi.export(board(company), words=words)))
    figures = book.get_sheet_by_name("figures").to_python()
    assert figures[0][:5] == ["id", "name", "value", "numerator", "denominator"]
    assert figures[3][:5] == ["K2", "timely_resolution", 0.8, 8, 10]
    assert figures[1][5:] == [8.5, ""]
    series = book.get_sheet_by_name("Months and stations").to_python()
    assert series[0][:3] == ["Figure", "month", "station"]
    assert ["Received", "2026-03-01", "=1+1", 3, 3, 3] in series
    ages = book.get_sheet_by_name("ages_by_kind").to_python()
    assert ages[1:] == [["0-1", "repair", 1], ["1-3", "cleaning", 1], ["7-30", "repair", 2]]
