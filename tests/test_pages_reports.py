"""The page of reports: the list, one as it was frozen, one by hand, and the notices about them."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from core import sweep
from core.kernel.inputs import parse
from core.requests.inputs import Cancel
from db.codes import Language, ReportContent, ReportEvery
from db.tables import NormDraft, Notice, Report, ServiceRequest
from pages.ui.kit import window
from pages.ui.notices import lines
from tests.company_cast import ZONE, Company
from tests.screen import Screen
from tests.test_pages_norms_parts import change, drafting, kept, named, shown


def now() -> datetime:
    return datetime.now(UTC)


def last_week() -> datetime:
    """Tuesday morning of last week: what is to be answered in working time is due in it."""
    day = now().astimezone(ZONE).date()
    tuesday = day - timedelta(days=day.weekday() + 6)
    return datetime.combine(tuesday, time(10), ZONE)


@pytest.fixture
def reported(served: Company) -> Company:
    """A repair and a complaint of last week, reported by the first sweep of this one."""
    served.register(now=last_week())
    other = {"customer_name": "李雷", "phone": "13900139000"}
    served.register(kind="complaint", symptom="态度差", now=last_week(), **other)
    sweep.run(served.engine)
    return served


def weekly(company: Company) -> tuple[Any, Any]:
    of_company, of_north = sorted(
        (row for row in company.rows(Report) if row.every is ReportEvery.WEEK),
        key=lambda row: row.id,
    )
    return of_company, of_north


def table(screen: Screen, *columns: str) -> Any:
    (drawn,) = [t for t in screen.app.dataframe if {*columns} <= {*t.value.columns}]
    return drawn.value.set_index(columns[0])


def test_without_reports_it_says_when_the_first_one_comes(served: Company) -> None:
    screen = Screen(served, "manager").open("reports")
    assert screen.title == "服务报表"
    assert "还没有报表。" in screen.texts
    assert "下一份在" in screen.texts


def test_a_row_opens_the_report_as_it_was_frozen(reported: Company) -> None:
    screen = Screen(reported, "manager").open("reports")
    (listed,) = screen.app.dataframe
    assert "服务指标周报" in listed.value["报表"].tolist()
    assert listed.value["网点"].tolist()[0] == "全公司"
    screen.choose_row("reports", 0)
    assert "服务指标周报" in screen.texts or "服务指标月报" in screen.texts
    assert screen.app.query_params["id"]
    (back,) = [button for button in screen.app.button if button.label == "全部报表"]
    back.click()
    screen.run()
    assert screen.app.query_params == {} and len(screen.app.dataframe) == 1


def test_the_report_shows_figures_stations_and_what_has_no_data(reported: Company) -> None:
    of_company, of_north = weekly(reported)
    screen = Screen(reported, "manager").open("reports", id=str(of_company.id))
    figures = table(screen, "指标", "目标")
    assert figures.loc["受理量", "数值"] == "2"
    assert "还没有数据：" in screen.texts
    assert {metric.label for metric in screen.app.metric} >= {"受理量"}
    english = Screen(reported, "manager", locale="en-US").open("reports", id=str(of_company.id))
    assert "Weekly figures" in english.texts
    station = Screen(reported, "dispatcher").open("reports", id=str(of_north.id))
    assert "North" in station.texts and not station.errors


def test_another_stations_report_is_not_found(reported: Company) -> None:
    of_company, of_north = weekly(reported)
    for id in (of_company.id, of_north.id):
        screen = Screen(reported, "dispatcher.stranger").open("reports", id=str(id))
        assert screen.errors and "服务指标周报" not in screen.texts


def test_what_has_moved_since_stands_beside_the_report(reported: Company) -> None:
    of_company, _ = weekly(reported)
    screen = Screen(reported, "manager").open("reports", id=str(of_company.id))
    assert "之后有服务单更正或补录" not in screen.texts
    complaint = reported.rows(ServiceRequest)[-1].id
    cancel = parse(Cancel, {"note": "重复登记"})
    reported.act("manager", ServiceRequest, complaint, cancel, now=now())
    screen.run()
    assert "之后有服务单更正或补录" in screen.texts
    moved = table(screen, "指标", "报表数")
    assert moved.loc["客户投诉率", ["报表数", "现在"]].tolist() == ["50.0%", "0.0%"]


def test_filters_stay_in_the_address(reported: Company) -> None:
    screen = Screen(reported, "manager").open("reports", reports_content="feedback")
    assert "没有符合条件的报表。" in screen.texts
    asked = {"reports_content": "figures", "reports_every": "week", "reports_station": "1"}
    screen = Screen(reported, "manager").open("reports", **asked)
    (listed,) = screen.app.dataframe
    assert listed.value["网点"].tolist() == ["North"]


def test_a_manager_makes_one_by_hand(reported: Company) -> None:
    screen = Screen(reported, "manager").open("reports")
    screen.app.session_state["report_new"] = True
    screen.run()
    today = now().date()
    screen.fill(content=ReportContent.FEEDBACK, since=today, until=today - timedelta(days=1))
    screen.press("report·new_send")
    assert screen.errors
    screen.fill(since=today - timedelta(days=14), until=today)
    screen.press("report·new_send")
    row = max(reported.rows(Report), key=lambda row: row.id)
    assert (row.content, row.every) == (ReportContent.FEEDBACK, None)
    assert screen.app.query_params["id"] == str(row.id)
    assert "顾客反馈" in screen.texts and "处理情况" in screen.texts
    handled = table(screen, "事项", "未结")
    assert handled.loc["投诉", "受理"] == "1"
    files = {each.label: each for each in screen.app.get("download_button")}
    assert [*files] == ["PowerPoint 幻灯片", "PDF 幻灯片", "导出 Excel"]
    plain = Screen(reported, "auditor").open("reports")
    assert not [each for each in plain.app.expander if each.label == "立即生成"]


def test_a_quality_report_says_which_parts_have_no_data(reported: Company) -> None:
    screen = Screen(reported, "manager").open("reports")
    screen.app.session_state["report_new"] = True
    screen.run()
    screen.fill(content=ReportContent.QUALITY, since=last_week().date(), until=now().date())
    screen.press("report·new_send")
    assert "按责任部门" in screen.texts and "还没有数据。" in screen.texts


def test_on_a_phone_the_report_stands_alone(reported: Company) -> None:
    of_company, _ = weekly(reported)
    screen = Screen(reported, "manager")
    screen.app.session_state[window.NARROW] = screen.app.session_state[window.PHONE] = True
    screen.open("reports", id=str(of_company.id))
    assert "服务指标周报" in screen.texts and screen.app.metric


def test_the_notice_leads_to_the_report_and_says_what_is_off_target(served: Company) -> None:
    reported = served
    for number in range(5):
        reported.register(phone=f"1380000000{number}", now=last_week())
    reported.register(kind="complaint", symptom="态度差", now=last_week())
    sweep.run(reported.engine)
    of_company, _ = weekly(reported)
    source = f"report.made:{of_company.id}"
    (notice,) = reported.rows(Notice, source=source, person_id=reported["manager"].id)
    said = {each: lines.line(notice.kind, notice.data, each) for each in Language}
    assert said[Language.ZH].startswith("服务指标周报（")
    assert said[Language.EN].startswith("Weekly figures, ")
    missed = "问题解决及时率 0.0%，目标 90.0%；客户投诉率 16.7%，目标 5.0%"
    assert said[Language.ZH].endswith(missed)
    nothing = notice.data | {"missed": [], "station": "North"}
    assert "没有未达标的指标" in lines.line(notice.kind, nothing, Language.ZH)
    screen = Screen(reported, "manager").open("inbox")
    screen.press(f"notice_{notice.id}")
    assert screen.app.query_params["id"] == str(of_company.id)
    assert screen.title == "服务报表"


def test_which_reports_are_made_is_edited_in_the_rule_book(served: Company) -> None:
    screen = drafting(served)
    assert "定期报表" in screen.texts
    row = named("季报", "Quarterly", content="quality", every="quarter", day=5)
    change(screen, "reports", {0: {"day": 8}}, added=(row | {"receivers": ["leader"]},))
    screen.press("draft_send")
    assert "周报的日子是 1（周一）到 7（周日）。" in screen.texts
    change(screen, "reports", {0: {"day": 2}}, added=(row | {"receivers": ["leader"]},))
    screen.press("draft_send")
    assert not screen.errors, screen.texts
    first, _, last = kept(served).reports
    assert (first.day, last.name, last.every) == (2, "quarterly", ReportEvery.QUARTER)
    assert last.receivers == ("leader",)
    assert served.rows(NormDraft) and shown(screen, "reports") is not None
