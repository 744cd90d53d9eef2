"""A file opened as a table: its columns and its records, one at a time, with their lines."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import Any

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
    skip_rows: int | None = None


@dataclass(frozen=True)
class Table:
    """An open file: the records can be gone through more than once."""

    columns: tuple[str, ...]
    records: Callable[[], Iterator[Record]]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    # The line of the column names, and what stands above them.
    header_line: int = 1
    above: tuple[str, ...] = ()
    # Cells of merged ranges that took the value of the first one.
    filled: int = 0

    def count(self, most: int = MOST_ROWS) -> int:
        """How many rows there are; FileRefused when there is none, or too many."""
        rows = 0
        for rows, _record in enumerate(self.records(), 1):
            if rows > most:
                raise FileRefused(FileReason.TOO_MANY_ROWS, most=most)
        if not rows:
            raise FileRefused(FileReason.NO_ROWS)
        return rows


DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 64 * 1024
# Names of columns stand among so many first rows.
_LOOKED_AT = 20
# Stands after the last line: when it comes back inside a cell, a quote was never closed.
_END = "\x1eend\x1e"


@contextmanager
def open_table(file: SourceFile, options: Options = Options()) -> Iterator[Table]:
    """The file as a table; FileRefused when it is none."""
    if family_of(file) is Family.WORKBOOK:
        with unpacked(file, options.sheet) as book:
            told = {"sheet": book.sheet, "sheets": book.sheets, "filled": book.filled}
            yield _table(book.records, options, **told)
        return
    encoding = encoding_of(file, options.encoding)
    delimiter = options.delimiter or _delimiter(file, encoding, options.skip_rows or 0)

    def records() -> Iterator[Record]:
        with io.TextIOWrapper(file.open(), encoding, errors="replace", newline="") as lines:
            yield from _records(lines, delimiter)

    yield _table(records, options, encoding=encoding, delimiter=delimiter)


def top(file: SourceFile, options: Options = Options()) -> tuple[tuple[str, ...], ...]:
    """The first rows as they stand, to choose the names of the columns among them."""
    with open_table(file, replace(options, skip_rows=0)) as table:
        head = (table.columns, *(r.cells for r in islice(table.records(), _LOOKED_AT - 1)))
        return tuple(tuple(map(_title, cells)) for cells in head)


def _table(records: Callable[[], Iterator[Record]], options: Options, **told: Any) -> Table:
    head = list(islice(records(), _LOOKED_AT))
    skipped = _heading(head) if options.skip_rows is None else options.skip_rows
    named = list(islice(records(), skipped, skipped + 1))
    columns = tuple(_title(cell) for record in named for cell in record.cells)
    while columns and not columns[-1]:
        columns = columns[:-1]
    if len(columns) < 2 and (options.skip_rows != 0 or len(_widest(head)) < 2):
        raise FileRefused(FileReason.NOT_A_TABLE, found="text", columns=list(columns))
    above = (" ".join(filter(None, map(_title, record.cells))) for record in head[:skipped])
    line = named[0].line if named else 1
    body = partial(_from, records, skipped + 1)
    return Table(columns, body, header_line=line, above=tuple(above), **told)


def _from(records: Callable[[], Iterator[Record]], start: int) -> Iterator[Record]:
    return islice(records(), start, None)


def _heading(head: Sequence[Record]) -> int:
    """How many rows stand above the names: a title or a note fills few cells of a wide table."""
    filled = [sum(_title(cell) != "" for cell in record.cells) for record in head]
    usual = sorted(filled)[len(filled) // 2] if filled else 0
    wide = (n for n, count in enumerate(filled) if count > 1 and 2 * count >= usual)
    return next(wide, 0)


def _widest(head: Sequence[Record]) -> Sequence[Cell]:
    return max((record.cells for record in head), key=len, default=())


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
    """The sign that cuts the first rows into as many cells as most of them have."""
    with io.TextIOWrapper(file.open(), encoding, errors="replace", newline="") as lines:
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
    rows = widths[skip_rows:-1] or widths[skip_rows:] or [0]
    usual, alike = Counter(rows).most_common(1)[0]
    return 2 * alike >= len(rows) and usual > 1, usual
