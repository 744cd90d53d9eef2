"""Reads one sheet of a workbook from standard input and writes it as lines of JSON.

Run as a process of its own (see workbooks.py): it imports little, to start in a moment.
"""

import io
import json
import re
import sys
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, TextIO
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from core.kernel import bounded
from core.kernel.bounded import TOO_LARGE, UNREADABLE

MEMORY = 2 << 30
# A table shows among so many first rows of its sheet.
LOOKED_AT = 50
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def main(sheet: str, most_rows: int) -> int:
    """Write a head, then a line for each row that holds anything; the exit code tells failures."""
    bounded.stay_small(memory=MEMORY)
    content = sys.stdin.buffer.read()
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="\n")
    try:
        return _write(content, sheet, most_rows, out)
    except PasswordError:
        out.write(json.dumps({"problem": "password"}) + "\n")
        return 0
    except (CalamineError, zipfile.BadZipFile, ElementTree.ParseError, KeyError, ValueError):
        return UNREADABLE
    except MemoryError:
        return TOO_LARGE
    finally:
        out.flush()


def _write(content: bytes, sheet: str, most_rows: int, out: TextIO) -> int:
    if _is_locked(content):
        raise PasswordError
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    pages = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    pages.sort(key=lambda page: page.visible != SheetVisibleEnum.Visible)
    tables = [page.name for page in pages]
    name = sheet or _with_a_table(book, pages) or next(iter(tables), "")
    if name not in tables:
        out.write(json.dumps({"problem": "sheet", "sheets": tables}) + "\n")
        return 0
    page = book.get_sheet_by_name(name)
    if page.total_height > most_rows:
        out.write(json.dumps({"problem": "rows"}) + "\n")
        return 0
    failed = _without_result(content, name)
    first_column = page.start[1] if page.start else 0
    below = _below_merged(page, first_column)
    told = {"sheet": name, "sheets": tables, "filled": sum(map(len, below.values()))}
    out.write(json.dumps(told) + "\n")
    tops: dict[tuple[int, int], Any] = {}
    for number, row in enumerate(page.iter_rows(), 1):
        cells = [_plain(cell) for cell in row]
        for column, what in failed.get(number, {}).items():
            if 0 <= column - first_column < len(cells):
                cells[column - first_column] = {"formula": what}
        is_full = any(map(_holds, cells))
        _fill(cells, number, below, tops)
        if is_full:
            out.write(json.dumps([number, cells], ensure_ascii=True) + "\n")
    return 0


def _with_a_table(book: CalamineWorkbook, pages: Sequence[SheetMetadata]) -> str:
    """The first sheet with two rows of two cells: a sheet of notes is no table."""
    for page in pages:
        rows = islice(book.get_sheet_by_name(page.name).iter_rows(), LOOKED_AT)
        if sum(sum(map(_holds, row)) > 1 for row in rows) > 1:
            return page.name
    return ""


def _holds(cell: Any) -> bool:
    """Whether a cell is more than blanks."""
    return not isinstance(cell, str) or cell.strip() != ""


def _below_merged(page: CalamineSheet, first_column: int) -> dict[int, dict[int, int]]:
    """By row and column: the row whose cell was merged down over this one."""
    below: dict[int, dict[int, int]] = {}
    for (top, left), (bottom, _right) in page.merged_cell_ranges or ():
        for row in range(top + 1, min(bottom, page.end[0] if page.end else 0) + 1):
            below.setdefault(row + 1, {})[left - first_column] = top + 1
    return below


def _fill(
    cells: list[Any], number: int, below: dict[int, dict[int, int]], tops: dict[Any, Any]
) -> None:
    """Give merged cells the value of the first one: it is what the sheet shows for all."""
    for column, top in below.get(number, {}).items():
        if 0 <= column < len(cells):
            cells[column] = tops.get((top, column), "")
    for column, top in below.get(number + 1, {}).items():
        if top == number and 0 <= column < len(cells):
            tops[number, column] = cells[column]


def _is_locked(content: bytes) -> bool:
    # A workbook with a password is an old-style container around the packed one.
    return not content.startswith(b"PK") and "EncryptedPackage".encode("utf-16-le") in content


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return cell if isinstance(cell, str | int | float) else str(cell)


def _without_result(content: bytes, sheet: str) -> dict[int, dict[int, str]]:
    """Cells by row and column (from 0) that hold an error or a formula never calculated.

    The reader gives both as empty cells, and a fact would be lost without a word.
    """
    if not content.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = _part(archive, sheet)
        if part is None or not _has_formulas(archive, part):
            return {}
        failed: dict[int, dict[int, str]] = {}
        with archive.open(part) as stream:
            for _event, node in ElementTree.iterparse(stream):
                tag = node.tag.rpartition("}")[2]
                if tag == "c":
                    _note(node, failed)
                elif tag == "row":
                    node.clear()
        return failed


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    if "xl/workbook.xml" not in archive.namelist():
        return None
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    wanted = next((n.get(_OFFICE) for n in book.iter() if n.get("name") == sheet), None)
    target = next((n.get("Target") for n in links if n.get("Id") == wanted), None)
    if target is None:
        return None
    path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return path if path in archive.namelist() else None


def _has_formulas(archive: zipfile.ZipFile, part: str) -> bool:
    before = b""
    with archive.open(part) as stream:
        while chunk := stream.read(1 << 20):
            if b"<f" in before + chunk or b't="e"' in before + chunk:
                return True
            before = chunk[-8:]
    return False


def _note(node: ElementTree.Element, failed: dict[int, dict[int, str]]) -> None:
    children = {child.tag.rpartition("}")[2]: child for child in node}
    value = children["v"].text if "v" in children else None
    # A text formula may well give an empty text; any other without a value was never calculated.
    empty = "f" in children and not value and not (node.get("t") == "str" and "v" in children)
    place = re.fullmatch(r"([A-Z]+)(\d+)", node.get("r", ""))
    if place and (empty or node.get("t") == "e"):
        column = 0
        for letter in place[1]:
            column = column * 26 + ord(letter) - 64
        failed.setdefault(int(place[2]), {})[column - 1] = "error" if value else "empty"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
