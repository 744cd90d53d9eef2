"""Excel files and the like, read by a process of their own.

A workbook of some kilobytes can ask for any amount of memory (one cell in the last row of the last
column), and the reader then ends its whole process (see bounded.py). It hands over plain lines.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from core.imports.errors import FileReason, FileRefused
from core.imports.files import MOST_ROWS, SourceFile
from core.imports.records import Cell, NoResult, Record
from core.kernel import bounded

UNPACK = "core.imports.unpack"
SECONDS = 180


@dataclass(frozen=True)
class Book:
    """One sheet of an unpacked workbook."""

    sheet: str
    sheets: tuple[str, ...]
    stream: IO[bytes]
    start: int
    # Cells of merged ranges that took the value of the first one.
    filled: int = 0

    def records(self) -> Iterator[Record]:
        """The rows that hold anything; the line is the sheet's row number."""
        self.stream.seek(self.start)
        for line in self.stream:
            number, cells = json.loads(line)
            yield Record(number, [_cell(cell) for cell in cells])


@contextmanager
def unpacked(file: SourceFile, sheet: str | None) -> Iterator[Book]:
    """The sheet named, or the first with a table; FileRefused when it cannot be read."""
    with tempfile.TemporaryFile() as lines:
        _unpack(file, sheet or "", lines)
        lines.seek(0)
        head = json.loads(lines.readline() or b"{}")
        _check(head, sheet)
        yield Book(head["sheet"], tuple(head["sheets"]), lines, lines.tell(), head["filled"])


def _unpack(file: SourceFile, sheet: str, lines: IO[bytes]) -> None:
    with file.open() as stream:
        content = stream.read()
    asked = (sheet, str(MOST_ROWS + 1000))
    code = bounded.run(UNPACK, *asked, content=content, seconds=SECONDS, out=lines).code
    if code is None:
        raise FileRefused(FileReason.TOO_LARGE, bytes=file.size)
    if code:
        # Ended from outside or for lack of memory: more cells than a table of this size has.
        ended = code < 0 or code == bounded.TOO_LARGE
        raise FileRefused(FileReason.TOO_LARGE if ended else FileReason.UNREADABLE)


def _check(head: dict[str, Any], sheet: str | None) -> None:
    problem = head.get("problem", "" if head else "unreadable")
    if problem == "sheet":
        raise FileRefused(FileReason.SHEET_MISSING, sheet=sheet or "", found=head["sheets"])
    if problem == "password":
        raise FileRefused(FileReason.PASSWORD)
    if problem == "rows":
        raise FileRefused(FileReason.TOO_MANY_ROWS, most=MOST_ROWS)
    if problem:
        raise FileRefused(FileReason.UNREADABLE)


def _cell(cell: Any) -> Cell:
    if isinstance(cell, dict):
        if "formula" in cell:
            return NoResult(cell["formula"] == "error")
        if "day" in cell:
            return date.fromisoformat(cell["day"])
        return datetime.fromisoformat(cell["moment"])
    plain: Cell = cell
    return plain
