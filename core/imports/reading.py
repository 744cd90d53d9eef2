"""A file opened as a table: its columns and its records, one at a time, with their lines."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from core.imports.encodings import encoding_of
from core.imports.errors import FileReason, FileRefused
from core.imports.files import MOST_ROWS, Family, SourceFile, family_of
from core.imports.records import Cell, NoResult, Record
from core.imports.workbooks import unpacked


@dataclass(frozen=True)
class Options:
    """How to read a file where its own signs are not enough."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    skip_rows: int = 0


@dataclass(frozen=True)
class Table:
    """An open file: the records can be gone through more than once."""

    columns: tuple[str, ...]
    records: Callable[[], Iterator[Record]]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    def count(self) -> int:
        """How many rows there are; FileRefused when there is none, or too many."""
        rows = 0
        for rows, _record in enumerate(self.records(), 1):
            if rows > MOST_ROWS:
                raise FileRefused(FileReason.TOO_MANY_ROWS, most=MOST_ROWS)
        if not rows:
            raise FileRefused(FileReason.NO_ROWS)
        return rows


DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 64 * 1024
# Stands after the last line: when it comes back inside a cell, a quote was never closed.
_END = "\x1eend\x1e"


@contextmanager
def open_table(file: SourceFile, options: Options = Options()) -> Iterator[Table]:
    """The file as a table; FileRefused when it is none."""
    if family_of(file) is Family.WORKBOOK:
        with unpacked(file, options.sheet) as book:
            yield _table(book.records, options, sheet=book.sheet, sheets=book.sheets)
        return
    encoding = encoding_of(file, options.encoding)
    delimiter = options.delimiter or _delimiter(file, encoding, options.skip_rows)

    def records() -> Iterator[Record]:
        with io.TextIOWrapper(file.open(), encoding, newline="") as lines:
            yield from _records(lines, delimiter)

    yield _table(records, options, encoding=encoding, delimiter=delimiter)


def _table(
    records: Callable[[], Iterator[Record]],
    options: Options,
    *,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    sheets: tuple[str, ...] = (),
) -> Table:
    def body() -> Iterator[Record]:
        every = records()
        for _ in range(options.skip_rows + 1):
            next(every, None)
        yield from every

    header = next((r for n, r in enumerate(records()) if n == options.skip_rows), None)
    columns = tuple(_title(cell) for cell in header.cells) if header else ()
    while columns and not columns[-1]:
        columns = columns[:-1]
    if len(columns) < 2:
        raise FileRefused(FileReason.NOT_A_TABLE, found="text", columns=list(columns))
    return Table(columns, body, encoding, delimiter, sheet, sheets)


def _title(cell: Cell) -> str:
    if isinstance(cell, NoResult):
        return ""
    return " ".join((cell if isinstance(cell, str) else f"{cell}").split())


def _records(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    reader = csv.reader(chain(lines, [_END]), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if cells == [_END]:
                return
            if _END in "".join(cells[-1:]):
                raise FileRefused(FileReason.UNREADABLE, line=line, why="quote_open")
            if any(cell and not cell.isspace() for cell in cells):
                yield Record(line, cells)
            line = reader.line_num + 1
    except csv.Error:
        # A cell longer than any text: a quote that swallows the rows after it.
        raise FileRefused(FileReason.UNREADABLE, line=line, why="quote_open") from None


def _delimiter(file: SourceFile, encoding: str, skip_rows: int) -> str:
    """The sign that cuts the first rows into as many cells as the header has."""
    with io.TextIOWrapper(file.open(), encoding, newline="") as lines:
        sample = lines.read(_SAMPLE)
    return max(DELIMITERS, key=lambda sign: _fit(sample, sign, skip_rows))


def _fit(sample: str, delimiter: str, skip_rows: int) -> tuple[bool, int]:
    widths = []
    try:
        # The last record of the sample is cut anywhere.
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(cell and not cell.isspace() for cell in cells):
                widths.append(len(cells))
    except csv.Error:
        return False, 0
    header, *rows = widths[skip_rows:] or [0]
    rows = rows[:-1] or rows
    alike = sum(width == header for width in rows)
    return 2 * alike >= len(rows) and header > 1, header
