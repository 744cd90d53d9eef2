"""The bad rows as a file: to be looked through, put right and imported."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from core.imports.errors import RowProblem
from core.imports.files import SourceFile
from core.imports.mapping import ColumnMap
from core.imports.reading import open_table
from core.imports.records import Cell, NoResult, Record
from core.imports.values import FORMULA

HEADER = ("import_line", "import_column", "import_reason")


def rejects(problems: Iterable[RowProblem], *, file: SourceFile, map: ColumnMap) -> bytes:
    """Each bad row once: its line, the columns and codes of its problems, then its own cells.

    UTF-8 with a mark, so that spreadsheets show it rightly. The map reads it again as it is.
    """
    ordered = sorted(problems, key=lambda problem: problem.line)
    wanted = {line: list(group) for line, group in groupby(ordered, key=lambda p: p.line)}
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=map.delimiter or ",")
    # The map passes over so many rows before the header.
    writer.writerows([["-"]] * (map.skip_rows or 0))
    with open_table(file, map.options()) as table:
        writer.writerow([*HEADER, *table.columns])
        writer.writerows(_rows(table.records(), wanted))
    return out.getvalue().encode("utf-8-sig")


def _rows(
    records: Iterable[Record], wanted: dict[int, list[RowProblem]]
) -> Iterator[Sequence[str | int]]:
    for record in records:
        if problems := wanted.get(record.line):
            columns = "; ".join(dict.fromkeys(p.column for p in problems if p.column))
            codes = "; ".join(problem.code for problem in problems)
            yield [record.line, columns, codes, *(_harmless(cell) for cell in record.cells)]


def _harmless(cell: Cell) -> str:
    if isinstance(cell, NoResult):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell)
    return f"'{text}" if FORMULA.match(text) else text
