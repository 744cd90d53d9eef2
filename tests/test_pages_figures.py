"""KPI and import through the screens: figures to cases, a file to cases."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.kpi import FigureName, look
from db.tables import Complaint, Customer, ImportRun, Limit, ServiceRequest
from tests.company_cast import Company
from tests.complaint_steps import steps
from tests.return_steps import refunded
from tests.screen import Screen, counted

DATA = Path(__file__).parent / "data"


def now() -> datetime:
    return datetime.now(UTC)


def tile(screen: Screen, label: str) -> str:
    return next(metric.value for metric in screen.app.metric if metric.label == label)


def parts(screen: Screen, name: FigureName, by: str = "station") -> str:
    """The table of the parts of a figure."""
    return f"kpi_parts·{name}·{by}·{screen.app.session_state['address·arrival']}"


def test_a_figure_leads_to_its_cases(served: Company) -> None:
    for _number in range(3):
        served.register(now=now())
    served.register(now=now(), kind="complaint")
    screen = Screen(served, "manager").open("kpi")
    assert tile(screen, "受理量") == "4"
    # Nobody has asked for parts or cases: none are read.
    assert not screen.app.dataframe
    screen.press(f"kpi_open_{FigureName.COMPLAINT_RATE}")
    assert [len(frame.value) for frame in screen.app.dataframe] == [1]
    screen.choose_row(parts(screen, FigureName.COMPLAINT_RATE), 0)
    assert [len(frame.value) for frame in screen.app.dataframe] == [1, 1]
    screen.press(f"kpi_open_{FigureName.RECEIVED}")
    assert [len(frame.value) for frame in screen.app.dataframe] == [1]
    screen.choose_row(parts(screen, FigureName.RECEIVED), 0)
    assert [len(frame.value) for frame in screen.app.dataframe] == [1, 4]
    assert screen.app.query_params == {
        "kpi_figure": "received",
        "kpi_value": str(served.NORTH),
        "kpi_side": "denominator",
    }


def test_a_station_sees_its_own_figures_only(served: Company) -> None:
    served.register(now=now())
    assert tile(Screen(served, "dispatcher").open("kpi"), "受理量") == "1"
    assert tile(Screen(served, "dispatcher.stranger").open("kpi"), "受理量") == "0"


def test_figures_that_are_still_being_counted_say_so(
    served: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.register(now=now())
    said = "仍在统计中"
    assert said not in Screen(served, "manager").open("kpi").texts
    monkeypatch.setattr(look, "MOST", 0)
    served.register(now=now())
    assert said in Screen(served, "dispatcher").open("kpi").texts


def test_the_page_is_at_most_five_queries_and_one_when_kept(served: Company) -> None:
    served.finished(now=now())
    screen = Screen(served, "manager").open("kpi")
    with counted() as statements:
        screen.run()
    assert len([text for text in statements if "SELECT" in text]) <= 5


def imported(company: Company, name: str, content: bytes) -> Screen:
    screen = Screen(company, "manager").open("imports")
    screen.app.file_uploader[0].upload(name, content)
    return screen.run()


@pytest.fixture
def cars() -> bytes:
    lines = (DATA / "car_complaints_2020_06.csv").read_bytes().splitlines(keepends=True)
    return b"".join(lines[:41])


def test_a_file_is_previewed_then_imported_and_known_the_second_time(
    served: Company, cars: bytes
) -> None:
    screen = imported(served, "cars.csv", cars)
    assert (tile(screen, "总行数"), tile(screen, "新增"), tile(screen, "有误")) == ("40", "40", "0")
    assert not served.rows(ServiceRequest)
    question = screen.field("import_late")
    assert question.label == "有 36 件未结，时限"
    question.set_value(False)
    screen.run().press("import_send")
    assert len(served.rows(ServiceRequest)) == 40
    # None of 2020 runs on here.
    assert not [each for each in served.rows(Limit) if not each.dropped_at and not each.met_at]
    (done,) = served.rows(ImportRun)
    assert (done.added, done.known, done.refused) == (40, 0, 0)
    again = imported(served, "cars.csv", cars)
    assert (tile(again, "新增"), tile(again, "已存在")) == ("0", "40")


def test_bad_rows_are_named_with_line_column_and_reason(served: Company, cars: bytes) -> None:
    text = cars.decode("utf-8-sig").replace("2020-06-08", "gestern", 1)
    screen = imported(served, "cars.csv", text.encode("gb18030"))
    assert (tile(screen, "新增"), tile(screen, "有误")) == ("39", "1")
    (bad,) = (each.value for each in screen.app.dataframe if "原因" in each.value)
    where = {"列": "datetime", "单元格数": 1, "前几行行号": "2"}
    assert bad.to_dict("records") == [{**where, "原因": "不是日期时间", "内容": "gestern"}]


def test_a_renamed_column_is_named_with_what_it_may_be(served: Company, cars: bytes) -> None:
    screen = imported(served, "cars.csv", cars.replace(b"datetime", b"date_time", 1))
    assert screen.errors == ["缺少以下列，请检查列名或调整列对应："]
    assert "datetime（是否为“date\\_time”？）".replace("\\", "") in screen.texts.replace("\\", "")
    assert not served.rows(ServiceRequest)


def test_a_file_starts_with_the_map_that_was_made_for_it(served: Company, cars: bytes) -> None:
    assert imported(served, "cars.csv", cars).field("import_map").value == "car_complaints"
    foreign = "报修时间,故障描述,电话\n2026-01-05 09:00,不制冷,13800138000\n".encode()
    screen = imported(served, "other.csv", foreign)
    assert screen.field("import_map").value == ""
    assert not screen.errors
    assert tile(screen, "新增") == "1"


def test_a_file_that_is_none_is_refused_in_words(served: Company) -> None:
    assert imported(served, "x.xlsx", b"<html>").errors
    assert imported(served, "x.csv", b"").errors == ["文件是空的。"]


def test_a_file_of_the_archive_says_what_it_completes_and_what_differs(served: Company) -> None:
    text = "客户编号,客户名称,电话,地址\nK1,赵六,13800001111,{}\n"
    screen = imported(served, "people.csv", text.format("").encode())
    assert screen.field("import_subject").value == "customers"
    screen.press("import_send")
    text = text.format("东路2号") + "K1,赵六六,13800001111,\n"
    screen = imported(served, "people.csv", text.encode())
    assert (tile(screen, "新增"), tile(screen, "已存在"), tile(screen, "补全")) == ("0", "2", "1")
    (other,) = (each.value for each in screen.app.dataframe if "档案里" in each.value)
    assert other.to_dict("records") == [
        {"行号": 3, "对象": "赵六", "信息": "客户名称", "档案里": "赵六", "文件里": "赵六六"}
    ]
    screen.press("import_send")
    assert "补全了 1 条档案。" in screen.texts
    (row,) = served.rows(Customer)
    assert (row.name, row.address) == ("赵六", "东路2号")


def test_the_cost_of_returns_leads_to_its_cases(served: Company) -> None:
    refunded(served)
    screen = Screen(served, "manager").open("return_costs")
    assert not screen.app.dataframe
    screen.app.selectbox(key="return_costs_since").set_value(date(2026, 3, 1))
    screen.run()
    assert "¥" in screen.app.metric[0].value
    screen.choose_row("return_costs", 0)
    assert len(screen.app.dataframe) == 2
    assert Screen(served, "warehouse").open("return_costs").errors


def test_complaints_are_compared_by_class(served: Company) -> None:
    id = served.complaint(now=now())
    for fact in ("judged", "assigned", "investigated", "proposed", "approved", "notified"):
        who, command = steps(served)[fact]
        served.act(who, Complaint, id, command, now=now())
    screen = Screen(served, "manager").open("kpi", kpi_view="more")
    tables = [frame.value.to_dict("records") for frame in screen.app.dataframe]
    assert any(row.get("类别") == "产品质量" for table in tables for row in table)
