"""The preview of an import: what it will do, before anything is written."""

from dataclasses import dataclass

from core.imports.check_rows import Progress, RowChecker, go_on, silent
from core.imports.drafts import ArchiveDraft, Draft
from core.imports.errors import RowProblem
from core.imports.files import SourceFile
from core.imports.mapping import ColumnMap
from core.imports.reading import Table, open_table
from core.imports.saved_maps import PERMISSION
from core.imports.subjects import MOST
from core.imports.tallies import Difference, Tally
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require

SHOWN = 20


@dataclass(frozen=True)
class Preview:
    """What an import of the file would do; nothing was written."""

    total: int
    new: int
    known: int
    # Of the known ones, how many tell what was not on file.
    completed: int
    bad: int
    # Of the new ones, how many are still open: their limits run on.
    open: int
    new_customers: int
    new_products: int
    first: tuple[Draft | ArchiveDraft, ...]
    problems: tuple[RowProblem, ...]
    problem_count: int
    # What is on file otherwise, and stays so.
    differences: tuple[Difference, ...]
    difference_count: int
    # Stations that the file names and the company has not; their cases come in without one.
    unknown_stations: tuple[str, ...]
    # Numbers that are known under another name too, with their names.
    shared_numbers: dict[str, tuple[str, ...]]
    columns: tuple[str, ...]
    encoding: str
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]
    # The line of the column names, and what stands above them.
    header_line: int
    above: tuple[str, ...]
    # Cells of merged ranges that took the value of the first one.
    filled: int


def plan(
    uow: UnitOfWork, *, file: SourceFile, map: ColumnMap, progress: Progress = silent
) -> Preview:
    """What an import of the file would do.

    FileRefused when nothing of it can be taken, ImportStopped when `progress` answers False.
    """
    require(uow, PERMISSION)
    map.check_complete()
    with open_table(file, map.options()) as table:
        rows, tally = RowChecker(uow, table, map), Tally()
        total = table.count(MOST[map.subject])
        first: list[Draft | ArchiveDraft] = []
        go_on(progress, 0, total)
        for batch in rows.batches():
            tally.add(batch)
            first += [placed.draft for placed in batch.placed[: SHOWN - len(first)]]
            go_on(progress, tally.rows, total)
        return _preview(table, rows, tally, first)


def _preview(
    table: Table, rows: RowChecker, tally: Tally, first: list[Draft | ArchiveDraft]
) -> Preview:
    return Preview(
        total=tally.rows,
        new=tally.new,
        known=tally.known,
        completed=tally.completed,
        bad=tally.bad,
        open=tally.open,
        new_customers=tally.customers,
        new_products=tally.products,
        first=tuple(first),
        problems=tuple(tally.problems),
        problem_count=tally.problem_count,
        differences=tuple(tally.differences),
        difference_count=tally.difference_count,
        unknown_stations=tuple(rows.judge.unknown_stations),
        shared_numbers=rows.judge.shared_numbers,
        columns=table.columns,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        sheets=table.sheets,
        header_line=table.header_line,
        above=table.above,
        filled=table.filled,
    )
