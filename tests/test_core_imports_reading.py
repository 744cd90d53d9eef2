"""What a file is: its encoding, its delimiter, its sheet; and what is no table at all."""

import csv
import io
import random
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from core.imports.errors import FileRefused, RowCode
from core.imports.files import MOST_BYTES, MOST_ROWS, MOST_WORKBOOK_BYTES, SourceFile
from core.imports.mapping import parse_map
from core.imports.plan import Preview, plan
from core.imports.reading import Options, open_table
from core.kernel.errors import Refused
from tests.company_cast import Company, local
from tests.import_files import CAR_MAP, CARS, CITY, CITY_MAP

CAR_TEXT = CARS.read_text("utf-8-sig")
ENCODINGS = (
    *("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
)


def records(file: SourceFile, **options: Any) -> list[tuple[int, list[Any]]]:
    with open_table(file, Options(**options)) as table:
        return [(record.line, list(record.cells)) for record in table.records()]


def columns(file: SourceFile, **options: Any) -> tuple[str, ...]:
    with open_table(file, Options(**options)) as table:
        return table.columns


def refusal(content: bytes | Path, name: str = "a.csv", **options: Any) -> dict[str, Any]:
    with (
        pytest.raises(FileRefused) as refused,
        open_table(SourceFile(name, content), Options(**options)) as table,
    ):
        table.count()
    return refused.value.details


def seen(company: Company, file: SourceFile, map: Any = CAR_MAP) -> Preview:
    return company.see("manager", plan, file=file, map=map)


# Encodings


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_gives_the_same_rows(encoding: str) -> None:
    file = SourceFile("a.csv", CAR_TEXT.encode(encoding))
    assert records(file) == records(SourceFile(CARS.name, CARS))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("編號,說明\n1,洗衣機無法運轉，請派員維修\n2,電視機的螢幕出現線條，要求更換\n" * 3, "big5"),
        ("番号,説明\n1,洗濯機が動かなくなりました。修理をお願いします\n" * 5, "shift_jis"),
    ],
)
def test_other_encodings_are_guessed(text: str, encoding: str) -> None:
    file = SourceFile("a.csv", text.encode(encoding))
    assert columns(file) == tuple(text.split("\n")[0].split(","))


def test_a_map_may_name_the_encoding() -> None:
    file = SourceFile("a.csv", "id,désc\n1,café\n".encode("latin-1"))
    assert columns(file, encoding="latin-1") == ("id", "désc")


@pytest.mark.parametrize(("encoding", "damage"), [("utf-8", b"\xe4\xb8"), ("gb18030", b"\xff\xff")])
def test_a_byte_that_does_not_decode_costs_its_row_alone(
    sqlite_company: Company, encoding: str, damage: bytes
) -> None:
    lines = CAR_TEXT.encode(encoding).split(b"\n")
    lines[30] = lines[30].replace(b",", damage + b",", 2)
    found = seen(sqlite_company, SourceFile("a.csv", b"\n".join(lines)))
    assert found.encoding == encoding
    assert (found.new, found.bad) == (599, 1)
    assert {(p.line, p.code) for p in found.problems} == {(31, RowCode.LOST_CHARACTER)}


@pytest.mark.parametrize("lost", ["\ufffd", "锟斤拷"])
def test_characters_that_were_lost_before_are_not_imported(
    sqlite_company: Company, lost: str
) -> None:
    text = CAR_TEXT.replace("482026", f"482026{lost}", 1)
    found = seen(sqlite_company, SourceFile("a.csv", text.encode()))
    assert (found.new, found.bad) == (599, 1)
    assert {(p.line, p.column, p.code) for p in found.problems} == {
        (4, "id", RowCode.LOST_CHARACTER)
    }


def test_what_holds_no_text_is_refused() -> None:
    text = CAR_TEXT.replace("482026", "482026a\0b", 1)
    assert refusal(text.encode())["reason"] in ("encoding", "not_a_table")


def test_the_wrong_encoding_by_name_is_refused() -> None:
    assert refusal(CAR_TEXT.encode("gb18030"), encoding="utf-8")["reason"] == "encoding"


# Delimiters, lines, headers


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(CAR_TEXT, newline="")))
    file = SourceFile("a.csv", out.getvalue().encode())
    assert records(file) == records(SourceFile(CARS.name, CARS))


def test_lines_are_those_of_the_file() -> None:
    text = 'a,b\r\n1,"two\r\nlines"\r\n\r\n2,x\n3,"a\n\nb"\n4,y\n'
    assert [line for line, _ in records(SourceFile("a.csv", text.encode()))] == [2, 5, 6, 9]


def test_a_quote_that_never_closes_is_refused() -> None:
    assert refusal(b'a,b\n1,2\n3,"4\n5,6\n') == {
        "reason": "unreadable",
        "line": 3,
        "why": "quote_open",
    }


def test_rows_above_the_header_can_be_passed_over() -> None:
    text = "2020年6月投诉明细,,\n制表：王小明,,\nid,a,b\n1,2,3\n"
    file = SourceFile("a.csv", text.encode())
    assert columns(file, skip_rows=2) == ("id", "a", "b")
    assert records(file, skip_rows=2) == [(4, ["1", "2", "3"])]


# What is no table


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b" \n\t\n", "empty"),
        ("a.csv", b"\xef\xbb\xbf", "empty"),
        ("a.xlsx", b"", "empty"),
        ("a.pdf", b"%PDF-1.7", "unknown_type"),
        ("a", b"x", "unknown_type"),
        ("a.csv", b"%PDF-1.7", "misnamed"),
        ("a.csv", zipped(a="x"), "misnamed"),
        ("a.xlsx", zipped(a="x"), "misnamed"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table>", "misnamed"),
        ("a.xlsx", b"id,name\n1,2\n", "misnamed"),
        ("a.csv", b"<!DOCTYPE html><p>", "misnamed"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 100, "unreadable"),
        ("a.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 5000, "unreadable"),
        ("a.csv", b"just some words\nand more\n", "not_a_table"),
        ("a.csv", bytes(range(256)) * 10, "not_a_table"),
        ("a.csv", b"id,name\n", "no_rows"),
        ("a.csv", b"id,name\n,\n\n", "no_rows"),
    ],
)
def test_what_is_no_table_is_refused(name: str, content: bytes, reason: str) -> None:
    assert refusal(content, name)["reason"] == reason


def test_too_large_a_file_is_not_even_read(tmp_path: Path) -> None:
    for name, most in (("a.csv", MOST_BYTES), ("a.xlsx", MOST_WORKBOOK_BYTES)):
        path = tmp_path / name
        with path.open("wb") as stream:
            stream.truncate(most + 1)  # sparse: it takes no room
        details = refusal(path, name)
        assert (details["reason"], details["most"]) == ("too_large", most)


def test_too_many_rows_are_refused() -> None:
    assert refusal(b"a,b\n" + b"1,2\n" * (MOST_ROWS + 1)) == {
        "reason": "too_many_rows",
        "most": MOST_ROWS,
    }


# Workbooks


Fill = Callable[[Any, Any], None]


def workbook(fill: Fill, name: str = "Sheet") -> SourceFile:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(book, book.add_worksheet(name))
    book.close()
    return SourceFile("a.xlsx", out.getvalue())


def test_a_workbook_gives_the_same_cases_as_the_csv(sqlite_company: Company) -> None:
    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(csv.reader(io.StringIO(CAR_TEXT, newline=""))):
            sheet.write_row(number, 0, row)
            if number:
                sheet.write_number(number, 0, int(row[0]))
                sheet.write_datetime(number, 6, datetime.fromisoformat(row[6]), day)

    from_sheet = seen(sqlite_company, workbook(fill, "投诉"))
    from_text = seen(sqlite_company, SourceFile(CARS.name, CARS))
    assert (from_sheet.new, from_sheet.bad) == (600, 0)
    assert from_sheet.first == from_text.first
    assert (from_sheet.sheet, from_sheet.sheets) == ("投诉", ("投诉",))


def test_cells_keep_their_types() -> None:
    moment = datetime.fromisoformat("2024-04-16T03:05")

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(2, 1, ["a", "b", "c", "d"])
        minutes = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_datetime(4, 1, moment, minutes)
        sheet.write_datetime(4, 2, date(2024, 4, 16), book.add_format({"num_format": "d.m.yy"}))
        sheet.write(4, 3, 13800138000)
        sheet.write_boolean(4, 4, True)

    assert records(workbook(fill)) == [(5, [moment, date(2024, 4, 16), 13800138000.0, True])]


MINI = parse_map(
    {
        "source": "mini",
        "facts": {
            "ref": {"column": "id"},
            "symptom": {"column": "what"},
            "received_at": {"column": "when"},
            "address": {"column": "where"},
        },
    }
)


def formulas() -> SourceFile:
    """Formulas with a result, with an empty text, with an error, and never calculated."""

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["id", "what", "when", "where"])
        for number in (1, 2, 3, 4):
            sheet.write_row(number, 0, [str(number), "drips", "2026-02-03"])
        sheet.write_formula(1, 2, "=DATE(2026,2,3)", None, 46056)
        sheet.write_formula(1, 3, '=IF(A2="","x","")', None, "")
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 3, "=A1", None, "")
        sheet.write_formula(4, 2, "=TODAY()", None, "")

    # Excel marks an empty text as a text; without the mark a formula was never calculated.
    return _altered(workbook(fill), b'<c r="D2">', b'<c r="D2" t="str">')


def _altered(file: SourceFile, old: bytes, new: bytes) -> SourceFile:
    out = io.BytesIO()
    with zipfile.ZipFile(file.open()) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.namelist():
            target.writestr(part, source.read(part).replace(old, new))
    return SourceFile(file.name, out.getvalue())


def test_formulas_are_taken_by_their_results(sqlite_company: Company) -> None:
    found = seen(sqlite_company, formulas(), MINI)
    assert found.new == 1
    assert (found.first[0].address, found.first[0].received_at) == ("", local("2026-02-03 00:00"))
    assert [(p.line, p.column, p.code) for p in found.problems] == [
        (3, "where", RowCode.FORMULA_ERROR),
        (4, "where", RowCode.FORMULA_EMPTY),
        (5, "when", RowCode.FORMULA_EMPTY),
    ]


def test_a_sheet_is_chosen_by_its_name() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["a", "b"])
        other = book.add_worksheet("Other")
        other.write_row(0, 0, ["c", "d"])
        book.add_worksheet("Empty")

    file = workbook(fill)
    assert columns(file) == ("a", "b")
    assert columns(file, sheet="Other") == ("c", "d")
    assert refusal(file.content, "a.xlsx", sheet="None") == {
        "reason": "sheet_missing",
        "sheet": "None",
        "found": ["Sheet", "Other", "Empty"],
    }
    assert refusal(file.content, "a.xlsx", sheet="Empty")["reason"] == "not_a_table"


def test_a_workbook_that_asks_for_all_memory_ends_only_its_reader() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "id")
        sheet.write(1_048_575, 16_383, "far away")

    assert refusal(workbook(fill).content, "a.xlsx")["reason"] == "too_large"


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/workbook.xml", "w") as part,
    ):
        for _ in range(501):
            part.write(bytes(1024 * 1024))
    assert refusal(out.getvalue(), "a.xlsx")["reason"] == "too_large"


def test_a_list_of_very_many_parts_is_not_even_read() -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, *[0] * 7, 1, *[0] * 6) + b"a"
    listed = entry * 23_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 23_000, 23_000, len(listed), 4, 0)
    assert refusal(b"PK\3\4" + listed + end, "a.xlsx")["reason"] == "too_large"


# Anything at all


@settings(max_examples=150)
@given(content=st.binary(max_size=400), name=st.sampled_from(["a.csv", "a.txt", "a.xlsx", "a.xls"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    try:
        with open_table(SourceFile(name, content)) as table:
            table.count()
    except Refused as refused:
        assert refused.details["reason"]


@settings(max_examples=150)
@given(data=st.data())
def test_a_mangled_file_is_judged_or_refused(sqlite_company: Company, data: st.DataObject) -> None:
    path, map = data.draw(st.sampled_from([(CARS, CAR_MAP), (CITY, CITY_MAP)]))
    head = path.read_bytes()[:6000]
    content = bytearray(head)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        cut = data.draw(st.integers(0, 40))
        content[place : place + cut] = data.draw(st.binary(max_size=20))
    try:
        found = seen(sqlite_company, SourceFile("a.csv", bytes(content)), map)
    except Refused:
        return
    assert found.new + found.known + found.bad == found.total


def test_a_mangled_workbook_is_judged_or_refused(sqlite_company: Company) -> None:
    whole = bytearray(formulas().content)  # type: ignore[arg-type]
    chance = random.Random(7)
    for _ in range(12):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 5)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            seen(sqlite_company, SourceFile("a.xlsx", bytes(content)), MINI)
        except Refused as refused:
            assert refused.details["reason"]
