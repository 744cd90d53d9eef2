"""Reports on a schedule: made once when a period is over, for whom, and kept as they were."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core import sweep
from core.complaints.inputs import Investigate, Penalise
from core.house import HOUSE
from core.kernel.errors import InvalidInput, NotAllowed, NotFound
from core.kernel.inputs import parse
from core.kernel.unit_of_work import system_actor, transaction, unit_of_work
from core.kpi import FigureName, look
from core.kpi.figures import LEAST
from core.kpi.spans import Days
from core.norms import revisions
from core.norms.parts import ReportRule
from core.reports import making, periods, view
from core.reports.inputs import MakeReport
from core.reports.kept import ReportColumn, ReportTable
from core.reports.view import ReportFilter
from core.requests.inputs import Cancel
from db.codes import NoticeKind, ReportContent, ReportEvery, Role
from db.tables import Company as CompanyRow
from db.tables import Complaint, Notice, Report, ServiceRequest, Station
from tests.company_cast import Company, local
from tests.complaint_steps import CAUSE, take

WEEK, MONTH, QUARTER = ReportEvery
# The Monday after the week in which the cast works, and its first minutes.
MONDAY = local("2026-03-09 00:01")
WEEKLY = Days(date(2026, 3, 2), date(2026, 3, 8))


def made(company: Company) -> list[tuple[str, date, date, int | None]]:
    rows = sorted(company.rows(Report), key=lambda row: row.id)
    return [(row.name, row.since, row.until, row.station_id) for row in rows]


def told(company: Company) -> list[str]:
    names = {actor.id: name for name, actor in company.people.items()}
    rows = company.rows(Notice, kind=NoticeKind.REPORT)
    return sorted(names[row.person_id] for row in rows)


def run(company: Company, at: datetime) -> None:
    sweep.run(company.engine, now=at)


def make(company: Company, content: str, **asked: Any) -> int:
    days = {"since": "2026-03-02", "until": "2026-03-08"}
    command = parse(MakeReport, {"content": content} | days | asked)
    return company.do("manager", making.by_hand, command, now=MONDAY)


def table(company: Company, id: int, name: ReportTable) -> Any:
    kept = company.see("manager", view.view, id=id, now=MONDAY).kept
    return next(each for each in kept.tables if each.name is name)


@pytest.mark.parametrize(
    ("today", "every", "day", "first", "last", "coming"),
    [
        ("2026-03-09", WEEK, 1, "2026-03-02", "2026-03-08", "2026-03-16"),
        ("2026-03-08", WEEK, 1, "2026-02-23", "2026-03-01", "2026-03-09"),
        ("2026-03-10", WEEK, 3, "2026-02-23", "2026-03-01", "2026-03-11"),
        ("2026-03-01", MONTH, 1, "2026-02-01", "2026-02-28", "2026-04-01"),
        ("2026-03-01", MONTH, 2, "2026-01-01", "2026-01-31", "2026-03-02"),
        ("2026-01-01", MONTH, 1, "2025-12-01", "2025-12-31", "2026-02-01"),
        ("2026-04-01", QUARTER, 1, "2026-01-01", "2026-03-31", "2026-07-01"),
        ("2026-03-31", QUARTER, 1, "2025-10-01", "2025-12-31", "2026-04-01"),
        ("2028-03-01", MONTH, 1, "2028-02-01", "2028-02-29", "2028-04-01"),
    ],
)
def test_the_newest_period_is_the_last_one_whose_day_has_come(
    today: str, every: ReportEvery, day: int, first: str, last: str, coming: str
) -> None:
    on = date.fromisoformat(today)
    expected = Days(date.fromisoformat(first), date.fromisoformat(last))
    assert periods.newest(on, every, day) == expected
    assert periods.coming(on, every, day) == date.fromisoformat(coming)


def test_periods_before_are_as_long_and_months_stay_months() -> None:
    march = Days(date(2026, 3, 1), date(2026, 3, 31))
    assert periods.back(march, 1) == Days(date(2026, 2, 1), date(2026, 2, 28))
    quarter = Days(date(2026, 1, 1), date(2026, 3, 31))
    assert periods.back(quarter, 2) == Days(date(2025, 7, 1), date(2025, 9, 30))
    assert periods.back(WEEKLY, 2) == Days(date(2026, 2, 16), date(2026, 2, 22))


def test_a_period_ends_at_local_midnight_where_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    week = Days(date(2026, 3, 23), date(2026, 3, 29))
    first, after = periods.instants(week, berlin)
    assert first == datetime(2026, 3, 22, 23, tzinfo=UTC)
    assert after == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_a_week_is_reported_once_in_the_first_minute_after_it(company: Company) -> None:
    company.register()
    run(company, MONDAY - timedelta(minutes=2))
    assert made(company) == []
    run(company, MONDAY)
    week = ("weekly_figures", WEEKLY.first, WEEKLY.last)
    assert made(company) == [(*week, None), (*week, Company.NORTH)]
    # The heads of South have nothing to read, and managers read the company's alone.
    assert told(company) == ["dispatcher", "dispatcher.colleague", "manager"]
    run(company, MONDAY + timedelta(minutes=1))
    assert len(made(company)) == 2 and len(told(company)) == 3


def test_the_notice_names_the_period_and_what_is_off_target(company: Company) -> None:
    for _ in range(LEAST):
        company.register()
    run(company, MONDAY)
    (notice,) = company.rows(Notice, kind=NoticeKind.REPORT, person_id=company["manager"].id)
    assert (notice.data["since"], notice.data["until"]) == ("2026-03-02", "2026-03-08")
    assert notice.data["title"]["zh_CN"] == "服务指标周报"
    (of_company, _north) = company.rows(Report)
    missed = [each["name"] for each in of_company.data["frozen"]["figures"] if _is_missed(each)]
    assert missed and [each["name"] for each in notice.data["missed"]] == missed[:2]


def test_of_too_few_cases_no_report_says_that_they_miss_a_target(company: Company) -> None:
    for _ in range(LEAST - 1):
        company.register()
    run(company, MONDAY)
    (of_company, _north) = company.rows(Report)
    found = {each["name"]: each for each in of_company.data["frozen"]["figures"]}
    late = found["response_on_time"]
    assert (late["value"], late["denominator"], late["target"]) == (0, LEAST - 1, 0.95)
    (notice,) = company.rows(Notice, kind=NoticeKind.REPORT, person_id=company["manager"].id)
    assert notice.data["missed"] == []


def _is_missed(figure: dict[str, Any]) -> bool:
    value, target = figure["value"], figure["target"]
    if value is None or target is None or figure["denominator"] < LEAST:
        return False
    return bool(value > target if figure["lower_is_better"] else value < target)


def test_after_a_long_sleep_only_the_newest_of_each_is_made(company: Company) -> None:
    for day in ("2026-03-03", "2026-03-10", "2026-03-17"):
        company.register(now=local(f"{day} 10:00"))
    run(company, local("2026-04-02 08:00"))
    # The newest week had nothing in it; the month had.
    month = ("monthly_figures", date(2026, 3, 1), date(2026, 3, 31))
    assert made(company) == [(*month, None), (*month, Company.NORTH)]
    assert told(company) == ["dispatcher", "dispatcher.colleague", "leader", "manager"]


def test_two_processes_at_once_make_one(company: Company) -> None:
    company.register()
    tool = replace(system_actor("Asia/Shanghai", "Test company"), role=Role.AUDITOR)

    def once(_number: int) -> None:
        with unit_of_work(company.engine, tool, HOUSE, write=True, now=MONDAY) as uow:
            making.make(uow, making.Due("weekly_figures", WEEKLY, None))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(once, range(2)))
    assert made(company) == [("weekly_figures", WEEKLY.first, WEEKLY.last, None)]
    assert told(company) == ["manager"]


def test_a_closed_station_is_reported_within_the_company_only(company: Company) -> None:
    company.register()
    with transaction(company.engine, write=True) as session:
        session.get_one(Station, Company.NORTH).active = False
    run(company, MONDAY)
    assert [station for *_, station in made(company)] == [None]


def test_nothing_is_reported_of_a_time_without_work(company: Company) -> None:
    run(company, MONDAY)
    assert made(company) == [] and told(company) == []
    assert company.see("manager", view.coming, now=MONDAY) == date(2026, 3, 16)


def test_nothing_is_made_while_cases_are_being_counted(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.register()
    sweep.upkeep.keep(company.engine, system_actor("Asia/Shanghai"), now=MONDAY)
    due = company.see("manager", making.due, now=MONDAY)
    assert [each.station_id for each in due] == [None, Company.NORTH]
    company.register()
    monkeypatch.setattr(look, "MOST", 0)
    assert company.see("manager", making.due, now=MONDAY) == ()


def test_what_was_frozen_stays_when_a_case_is_cancelled(company: Company) -> None:
    company.register()
    id = company.register(kind="complaint", symptom="态度差")
    run(company, MONDAY)
    of_company = company.rows(Report)[0].id
    before = company.see("manager", view.view, id=of_company, now=MONDAY)
    rate = before.kept.frozen.figure(FigureName.COMPLAINT_RATE)
    assert rate.numerator == 1 and not before.moved
    company.act("manager", ServiceRequest, id, parse(Cancel, {"note": "重复登记"}), now=MONDAY)
    after = company.see("manager", view.view, id=of_company, now=MONDAY)
    assert after.kept == before.kept
    assert after.moved[FigureName.COMPLAINT_RATE].numerator == 0


def test_a_zone_with_changing_clocks_counts_its_last_hour(sqlite_company: Company) -> None:
    company = sqlite_company
    with transaction(company.engine, write=True) as session:
        session.get_one(CompanyRow, 1).time_zone = "Europe/Berlin"
    berlin = ZoneInfo("Europe/Berlin")
    company.register(now=datetime(2026, 3, 29, 23, 30, tzinfo=berlin).astimezone(UTC))
    run(company, datetime(2026, 3, 29, 23, 59, tzinfo=berlin).astimezone(UTC))
    assert made(company) == []
    run(company, datetime(2026, 3, 30, 0, 1, tzinfo=berlin).astimezone(UTC))
    assert [until for _, _, until, _ in made(company)] == [date(2026, 3, 29)] * 2
    (row, _) = company.rows(Report)
    received = next(f for f in row.data["frozen"]["figures"] if f["name"] == "received")
    assert received["value"] == 1


def test_each_reads_the_reports_of_the_own_station_or_all(company: Company) -> None:
    company.register()
    run(company, MONDAY)
    of_company, of_north = company.rows(Report)
    everything = ReportFilter()

    def seen(who: str) -> list[int]:
        return [row.id for row in company.see(who, view.listed, filters=everything).rows]

    assert seen("manager") == seen("auditor") == [of_company.id, of_north.id]
    assert seen("dispatcher") == [of_north.id]
    assert seen("dispatcher.stranger") == []
    with pytest.raises(NotFound):
        company.see("dispatcher.stranger", view.view, id=of_north.id)
    with pytest.raises(NotFound):
        company.see("dispatcher", view.view, id=of_company.id)
    with pytest.raises(NotAllowed):
        company.see("agent", view.listed, filters=everything)


def test_the_list_is_narrowed_by_kind_interval_and_station(company: Company) -> None:
    company.register()
    run(company, MONDAY)
    by_hand = make(company, "feedback")

    def ids(**facts: Any) -> list[int]:
        filters = ReportFilter(**facts)
        return [row.id for row in company.see("manager", view.listed, filters=filters).rows]

    of_company, of_north, _ = company.rows(Report)
    assert ids(content=ReportContent.FEEDBACK) == ids(every="hand") == [by_hand]
    assert ids(every="week") == [of_company.id, of_north.id]
    assert ids(station_id=Company.NORTH) == [of_north.id]


def test_a_manager_makes_one_by_hand_and_nobody_is_told(company: Company) -> None:
    company.register()
    first, second = make(company, "figures"), make(company, "figures")
    assert first != second
    row = company.see("manager", view.view, id=first, now=MONDAY).row
    assert (row.every, row.made_by, row.since) == (None, "manager", WEEKLY.first)
    assert told(company) == []
    command = parse(
        MakeReport, {"content": "figures", "since": "2026-03-02", "until": "2026-03-08"}
    )
    with pytest.raises(NotAllowed):
        company.do("dispatcher", making.by_hand, command)
    with pytest.raises(NotFound):
        make(company, "figures", station_id=99)
    with pytest.raises(InvalidInput) as refused:
        make(company, "figures", since="2026-04-06", until="2026-04-12")
    assert [(bad.field, bad.code) for bad in refused.value.problems] == [("since", "in_the_future")]
    with pytest.raises(InvalidInput):
        make(company, "figures", until="2026-03-01")


def test_the_feedback_report_says_problems_handling_and_trend(company: Company) -> None:
    company.register(now=local("2026-02-25 10:00"))
    company.register()
    company.register(fault_area="appearance")
    company.register(kind="suggestion", symptom="增加夜间客服")
    company.complaint()
    id = make(company, "feedback")
    areas = table(company, id, ReportTable.FAULT_AREAS)
    assert areas.columns[0] is ReportColumn.CASES
    cells = {line.code: line.cells for line in areas.lines}
    assert cells["appearance"][0] == 1 and cells["appearance"][2] == 0
    assert cells["function"][2] == 1
    handling = table(company, id, ReportTable.HANDLING)
    of_kind = {line.code: line.cells for line in handling.lines}
    # Both of this week, and the one of the week before is open too; all are late by now.
    assert of_kind["repair"] == (2, 0, 3, 3)
    assert of_kind["complaint"][:3] == (1, 0, 1)
    trend = table(company, id, ReportTable.TREND)
    assert len(trend.lines) == 6
    assert [line.cells for line in trend.lines[-2:]] == [(1, 0), (4, 1)]
    assert trend.lines[-1].since == WEEKLY.first
    voices = table(company, id, ReportTable.VOICES)
    assert {line.code: line.cells[0] for line in voices.lines} == {"suggestions": 1}


def test_the_quality_report_says_who_answers_for_what(company: Company) -> None:
    answers = {"department": "after_sales", "person_id": company["technician"].id}
    cause = parse(Investigate, CAUSE | {"responsibles": [answers | {"share_percent": 100}]})
    id = company.complaint()
    take(company, id, "notified", investigated=("quality", cause))
    decided = {"ground": "person", "percent": 20, "reason": "漏检"}
    penalise = parse(Penalise, decided | {"person_id": company["technician"].id})
    company.act("manager", Complaint, id, penalise)
    # They are counted on the day on which the answer is due.
    id = make(company, "quality", until="2026-03-15")
    departments = table(company, id, ReportTable.DEPARTMENTS)
    rows = {
        line.name: dict(zip(departments.columns, line.cells, strict=True))
        for line in departments.lines
    }
    assert rows["after_sales"][ReportColumn.COMPLAINTS] == 1
    assert rows["after_sales"][ReportColumn.KEPT] == 1
    # The technician is of no department of the rule book.
    assert rows[""][ReportColumn.PENALTIES] == 1
    survey = table(company, id, ReportTable.SURVEY)
    assert survey.lines == ()


def test_a_rule_of_the_book_says_what_comes_when_and_to_whom(company: Company) -> None:
    rule = ReportRule(
        name="quality_report",
        text={"zh_CN": "服务质量报表", "en": "Quality report"},
        content="quality",
        every="quarter",
        day=5,
        receivers=("leader",),
    )
    book = revisions.shipped("appliance").model_copy(update={"reports": (rule,)})
    company.do("manager", revisions.adopt, norm=book, on=date(2026, 3, 2), signed_by="manager")
    company.register()
    run(company, local("2026-04-04 23:00"))
    assert made(company) == []
    run(company, local("2026-04-05 00:01"))
    quarter = ("quality_report", date(2026, 1, 1), date(2026, 3, 31))
    assert made(company) == [(*quarter, None), (*quarter, Company.NORTH)]
    assert told(company) == ["leader"]


def test_a_week_has_seven_days(sqlite_company: Company) -> None:
    facts = {"name": "w", "text": {"zh_CN": "周报", "en": "W"}, "content": "figures"}
    with pytest.raises(ValueError, match="seven days"):
        ReportRule.model_validate(facts | {"every": "week", "day": 8})
    assert ReportRule.model_validate(facts | {"every": "month", "day": 8}).day == 8
