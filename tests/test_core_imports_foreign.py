"""Files as other people's Excel writes them: nothing is lost, guessed or a dead end."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from core import sweep
from core.imports.check_rows import grouped
from core.imports.days import Order, order_of
from core.imports.errors import RowCode, Unusable
from core.imports.files import SourceFile
from core.imports.mapping import ColumnMap, FactRule
from core.imports.plan import Preview
from core.imports.reading import open_table, top
from core.imports.rejects import rejects
from core.imports.suggest import suggest_map
from core.imports.values import day_of, moment_of
from db.codes import NoticeKind
from db.tables import Notice
from tests.company_cast import NOW, Company
from tests.import_files import bring, preview

HEADER = ("工单号", "类型", "状态", "客户", "电话", "品牌", "型号", "故障描述", "受理时间")
ROW = ("报修", "待处理", "张三", "13800138000", "海尔", "XQG100", "洗衣机不转")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def line(number: int, when: Any = "2025-04-16 14:30", **other: Any) -> list[Any]:
    cells = [f"G{number}", *ROW, when]
    return [other.get(name, cell) for name, cell in zip(HEADER, cells, strict=True)]


def text_file(rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig") -> SourceFile:
    out = io.StringIO(newline="")
    quoted = ((f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows)
    out.write("".join(",".join(row) + "\r\n" for row in quoted))
    return SourceFile("a.csv", out.getvalue().encode(encoding))


def book(fill: Any) -> SourceFile:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(workbook)
    workbook.close()
    return SourceFile("a.xlsx", out.getvalue())


def suggested(file: SourceFile) -> ColumnMap:
    with open_table(file) as table:
        return suggest_map(table.columns, "other").map


def seen(company: Company, file: SourceFile, **changed: Any) -> Preview:
    return preview(company, file, suggested(file).model_copy(update=changed))


DAYS = [
    *("2026-3-5", "2026/3/5", "2026.3.5", "2026.03.05", "2026年3月5日", "2026 年 3 月 5 号"),
    *("2026／３／５", "2026-03-05", "20260305", "46086", "2026年3月5日 星期四", "2026-3-5(周四)"),
]
# A bare number is followed by no clock.
WITH_CLOCK = [day for day in DAYS if not day.isdigit()]
CLOCKS = {
    "": (0, 0, 0),
    "9:05": (9, 5, 0),
    "14:30:15": (14, 30, 15),
    "9时5分": (9, 5, 0),
    "14点30分15秒": (14, 30, 15),
    "下午2:15": (14, 15, 0),
    "上午 9:05:00": (9, 5, 0),
    "中午12:30": (12, 30, 0),
    "上午12:30": (0, 30, 0),
    "02:15:00 PM": (14, 15, 0),
    "12:05 a.m.": (0, 5, 0),
    "晚上8点": (20, 0, 0),
}


@pytest.mark.parametrize(("day", "clock"), [*product(WITH_CLOCK, CLOCKS)])
def test_a_moment_as_people_write_it(day: str, clock: str) -> None:
    found, is_day = moment_of(f"{day} {clock}".strip(), (), SHANGHAI)
    assert found == datetime(2026, 3, 5, *CLOCKS[clock], tzinfo=SHANGHAI).astimezone(UTC)
    assert is_day is (clock == "")


@pytest.mark.parametrize("day", DAYS)
def test_a_day_as_people_write_it(day: str) -> None:
    assert day_of(day) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("text", "order", "found"),
    [
        ("4/3/2025", Order.MONTH, date(2025, 4, 3)),
        ("4/3/2025", Order.DAY, date(2025, 3, 4)),
        ("4.3.25", Order.DAY, date(2025, 3, 4)),
        ("25/4/3", Order.YEAR, date(2025, 4, 3)),
        ("25年4月3日", Order.ASKED, date(2025, 4, 3)),
        ("12/31/2024", Order.ASKED, date(2024, 12, 31)),
        ("31/12/2024", Order.ASKED, date(2024, 12, 31)),
        ("5/5/2025", Order.ASKED, date(2025, 5, 5)),
        ("4/3/2025", Order.ASKED, RowCode.DATE_ORDER),
        ("25-4-3", Order.ASKED, RowCode.DATE_ORDER),
        ("31/12/2024", Order.MONTH, RowCode.NOT_A_DATE),
        ("3月5日", Order.ASKED, RowCode.DATE_NO_YEAR),
        ("3/5", Order.ASKED, RowCode.DATE_NO_YEAR),
        ("2026年2月30日", Order.ASKED, RowCode.NOT_A_DATE),
        ("2026-3-5 25:00", Order.ASKED, RowCode.NOT_A_DATE),
        ("2026-3-5 晚上12:00", Order.ASKED, RowCode.NOT_A_DATE),
        ("2026-3-5 前后", Order.ASKED, RowCode.NOT_A_DATE),
        ("昨天", Order.ASKED, RowCode.NOT_A_DATE),
    ],
)
def test_the_order_of_a_short_date_is_never_guessed(
    text: str, order: Order, found: date | RowCode
) -> None:
    if isinstance(found, date):
        assert day_of(text, (), order) == found
        return
    with pytest.raises(Unusable) as wrong:
        day_of(text, (), order)
    assert wrong.value.code is found


def test_a_column_proves_its_order() -> None:
    assert order_of(["4/3/2025", "04/16/2025 02:15 PM"]) is Order.MONTH
    assert order_of(["4/3/2025", "16.4.2025"]) is Order.DAY
    assert order_of(["4/3/2025", "", "2025-04-16"]) is Order.ASKED
    assert order_of(["04/16/2025", "16/04/2025"]) is Order.ASKED


def test_month_first_is_asked_and_then_taken(company: Company) -> None:
    whens = ("04/16/2025 02:15:00 PM", "4/3/2025 9:05", "12/31/2024 23:59") * 4
    file = text_file([HEADER, *(line(n, when) for n, when in enumerate(whens))])
    found = seen(company, file)
    assert (found.new, found.bad) == (8, 4)
    (group,) = grouped(found.problems)
    assert (group.column, group.code, group.count) == ("受理时间", RowCode.DATE_ORDER, 4)
    assert (group.lines, group.values) == ((3, 6, 9, 12), ("4/3/2025 9:05",))
    told = seen(company, file, order=Order.MONTH)
    assert (told.new, told.bad) == (12, 0)
    assert told.first[1].received_at == datetime(2025, 4, 3, 1, 5, tzinfo=UTC)


def test_day_and_time_of_two_columns_are_one_moment(company: Company) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, [*HEADER[:-1], "日期", "时刻"])
        sheet.write_row(1, 0, line(1)[:-1])
        day = workbook.add_format({"num_format": "yyyy/m/d"})
        clock = workbook.add_format({"num_format": "h:mm"})
        sheet.write_datetime(1, 8, datetime.fromisoformat("2025-04-16"), day)
        sheet.write_datetime(1, 9, datetime.fromisoformat("1899-12-31T14:30"), clock)

    in_text = text_file([[*HEADER[:-1], "日期", "时刻"], [*line(1)[:-1], "2025/4/16", "14:30"]])
    for file in (book(fill), in_text):
        map = suggested(file)
        rule = {"received_at": FactRule(columns=("日期", "时刻"))}
        found = preview(company, file, map.model_copy(update={"facts": map.facts | rule}))
        assert [each.received_at for each in found.first] == [
            datetime(2025, 4, 16, 6, 30, tzinfo=UTC)
        ]


@pytest.mark.parametrize("above", [1, 2, 3])
def test_a_title_above_the_names_is_passed_over_and_told(company: Company, above: int) -> None:
    titles = [["2025年4月报修登记表"], ["制表：王小明", "2025-04-30"], ["单位：件"]][:above]
    wide = [[*title, *[""] * (9 - len(title))] for title in titles]
    for rows in (titles, wide):
        file = text_file([*rows, HEADER, line(1), line(2)])
        found = seen(company, file)
        assert (found.new, found.bad, found.header_line) == (2, 0, above + 1)
        assert found.above[0] == "2025年4月报修登记表"
        assert top(file)[above] == HEADER


def test_sheets_of_notes_are_passed_over_and_hidden_tables_are_not_taken(company: Company) -> None:
    def fill(workbook: Any) -> None:
        notes = workbook.add_worksheet("说明")
        notes.write_column(0, 0, ["本表由售后部填写", "请勿改动"])
        old = workbook.add_worksheet("旧表")
        old.write_row(0, 0, HEADER)
        old.write_row(1, 0, line(9))
        old.hide()
        sheet = workbook.add_worksheet("报修")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, line(1))

    found = seen(company, book(fill))
    assert (found.new, found.sheet) == (1, "报修")
    assert set(found.sheets) == {"说明", "报修", "旧表"}


@pytest.mark.parametrize("count", [3, 4])
@pytest.mark.parametrize("column", range(9))
def test_a_merged_cell_holds_for_each_of_its_rows(
    company: Company, column: int, count: int
) -> None:
    rows = [line(n) for n in range(count)]

    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for number, cells in enumerate(rows, 1):
            sheet.write_row(number, 0, cells)
        sheet.merge_range(1, column, 3, column, rows[0][column])

    file = book(fill)
    with open_table(file) as table:
        filled = [record.cells[column] for record in table.records()]
        assert (filled[:3], table.filled) == ([rows[0][column]] * 3, 2)
    found = seen(company, file)
    assert found.filled == 2
    # A number of a case that stands for three is said three times: named, and not in silence.
    assert (found.new, found.bad) == ((count - 2, 2) if column == 0 else (count, 0))
    assert found.new_customers == 1


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ('="13800138000"', "13800138000"),
        ("'13900139000", "13900139000"),
        ("‘13900139000", "13900139000"),
        ("＋86 138－0013－8000", "+86 138-0013-8000"),
        ("\u202d13800138000\u202c", "13800138000"),
        ("010-12345678转801", "010-12345678转801"),
    ],
)
def test_a_number_that_was_guarded_is_a_number(company: Company, written: str, taken: str) -> None:
    found = seen(company, text_file([HEADER, line(1, 电话=written)]))
    assert [each.phone for each in found.first] == [taken]


@pytest.mark.parametrize(
    "written",
    [
        "[打这里](https://evil.example)",
        "无",
        "12",
        ":material/delete:",
        "见备注 13800138000",
    ],
)
def test_what_is_no_number_reaches_no_button(company: Company, written: str) -> None:
    found = seen(company, text_file([HEADER, line(1, 电话=written)]))
    assert [(p.column, p.code, p.value) for p in found.problems] == [
        ("电话", RowCode.NOT_A_PHONE, written)
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", " ", "\n", "\r\n", "\t", "\ufeff", "\u3000", "\u00a0 "])
def test_no_refused_row_holds_a_formula(company: Company, sign: str, before: str) -> None:
    evil = f"{before}{sign}cmd|'/c calc'!A1"
    file = text_file([HEADER, line(1, "?", 客户=evil)])
    done = bring(company, file, suggested(file))
    written = rejects(done.problems, file=file, map=suggested(file)).decode("utf-8-sig")
    assert f"'{evil}" in written.replace('""', '"')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("column", ["客户", "故障描述", "型号"])
def test_a_lost_character_costs_one_row_at_most(
    company: Company, encoding: str, column: str
) -> None:
    lines = [line(n) for n in range(20)]
    content = text_file([HEADER, *lines], encoding).content
    assert isinstance(content, bytes)
    rows = content.split(b"\r\n")
    place = HEADER.index(column)
    cells = rows[8].split(b",")
    cells[place] = cells[place][:-1] + b'\xff"'
    rows[8] = b",".join(cells)
    found = seen(company, SourceFile("a.csv", b"\r\n".join(rows)))
    assert (found.new, found.bad) == (19, 1)
    assert [(p.line, p.column, p.code) for p in found.problems] == [
        (9, column, RowCode.LOST_CHARACTER)
    ]


def test_old_open_complaints_are_one_line_of_news(company: Company) -> None:
    rows = [line(n, f"2023-{n % 9 + 1}-15 10:00", 类型="投诉") for n in range(60)]
    file = text_file([HEADER, *rows])
    assert bring(company, file, suggested(file)).added == 60
    for minute in range(1, 8):
        sweep.run(company.engine, now=NOW + timedelta(minutes=minute))
    told = [(each.kind, each.person_id) for each in company.rows(Notice)]
    assert set(told) == {(NoticeKind.IMPORTED_LATE, company["manager"].id)}
    assert len(told) == 1
