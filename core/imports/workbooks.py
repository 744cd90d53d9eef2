"""Excel files and the like, read by a process of their own.

A workbook of some kilobytes can ask for any amount of memory (one cell in the last row of the last
column), and the reader then ends its whole process. That process is not the one that serves
people: it gets little memory and little time, and hands over plain lines.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from core.imports import unpack
from core.imports.errors import FileReason, FileRefused
from core.imports.files import MOST_ROWS, SourceFile
from core.imports.reading import Cell, NoResult, Record

SECONDS = 180


@dataclass(frozen=True)
class Book:
    """One sheet of an unpacked workbook."""

    sheet: str
    sheets: tuple[str, ...]
    stream: IO[bytes]
    start: int

    def records(self) -> Iterator[Record]:
        """The rows that hold anything; the line is the sheet's row number."""
        self.stream.seek(self.start)
        for line in self.stream:
            number, cells = json.loads(line)
            yield Record(number, [_cell(cell) for cell in cells])


@contextmanager
def unpacked(file: SourceFile, sheet: str | None) -> Iterator[Book]:
    """The first sheet, or the one named; FileRefused when the workbook cannot be read."""
    with tempfile.TemporaryFile() as lines:
        _unpack(file, sheet or "", lines)
        lines.seek(0)
        head = json.loads(lines.readline() or b"{}")
        _check(head, sheet)
        yield Book(head["sheet"], tuple(head["sheets"]), lines, lines.tell())


def _unpack(file: SourceFile, sheet: str, lines: IO[bytes]) -> None:
    # By its path and isolated: it starts in a moment and takes no code from the current folder.
    command = [sys.executable, "-I", str(Path(unpack.__file__)), sheet, str(MOST_ROWS + 1000)]
    with file.open() as stream:
        content = stream.read()
    try:
        done = subprocess.run(
            command, input=content, stdout=lines, stderr=subprocess.DEVNULL, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise FileRefused(FileReason.TOO_LARGE, bytes=file.size) from None
    if done.returncode:
        # Ended from outside or for lack of memory: more cells than a table of this size has.
        ended = done.returncode < 0 or done.returncode == unpack.TOO_LARGE
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
