"""Rows judged batch by batch: new, known, or bad and why; and the running sums."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from core.imports.archive import batches
from core.imports.archive_judge import CustomerJudge
from core.imports.archive_rows import ArchiveRow
from core.imports.case_judge import CaseJudge
from core.imports.case_rows import CaseRow
from core.imports.cells import CellFinder
from core.imports.drafts import ArchiveDraft, Draft
from core.imports.errors import FileReason, FileRefused, ImportStopped, RowCode, RowProblem
from core.imports.mapping import ColumnMap
from core.imports.piece_judge import PieceJudge
from core.imports.purchase_judge import PurchaseJudge
from core.imports.reading import Table
from core.imports.rows import Bad, Row, RowReader
from core.imports.subjects import Fact, Subject
from core.imports.tallies import Batch
from core.kernel.unit_of_work import UnitOfWork

# Told the rows done and the rows in all; answers whether to go on.
Progress = Callable[[int, int], bool]
# Of what fails alike so many lines and values are shown.
_NAMED = 5
# So many rows tell whether the columns of a file are where the map thinks.
_PROBED, _FEWEST = 200, 10
_TELLING = (Fact.REF, Fact.RECEIVED_AT, Fact.SYMPTOM, Fact.STATUS, Fact.KIND)
ReadRow = Draft | ArchiveDraft | Bad


class Judge(Protocol):
    """Judges the rows of one subject."""

    # So many rows are judged together.
    at_once: int
    unknown_stations: dict[str, None]
    shared_numbers: dict[str, tuple[str, ...]]

    def judge(self, drafts: Sequence[Any], refused: Sequence[Bad], batch: Batch) -> None:
        """Tell of each row whether it is new, known, or bad and why."""


@dataclass(frozen=True)
class Group:
    """What fails alike: one column for one reason, how often, and the first of it."""

    column: str
    code: str
    count: int
    lines: tuple[int, ...]
    values: tuple[str, ...]
    # Of the first one.
    details: dict[str, Any]


JUDGES: dict[Subject, Callable[[UnitOfWork, ColumnMap, CellFinder], Judge]] = {
    Subject.CASES: CaseJudge,
    Subject.CUSTOMERS: CustomerJudge,
    Subject.PIECES: PieceJudge,
    Subject.PURCHASES: PurchaseJudge,
}


def grouped(problems: Iterable[RowProblem]) -> tuple[Group, ...]:
    """Problems by column and reason, the most frequent first."""
    alike: dict[tuple[str, str, str], list[RowProblem]] = {}
    for problem in problems:
        # What the form would say names the piece, the purchase or the customer that is meant.
        about = "" if isinstance(problem.code, RowCode) else f"{problem.details}"
        alike.setdefault((problem.column, problem.code, about), []).append(problem)
    groups = (
        Group(
            column,
            code,
            len(found),
            tuple(p.line for p in found[:_NAMED]),
            tuple(islice(dict.fromkeys(p.value for p in found if p.value), _NAMED)),
            found[0].details,
        )
        for (column, code, _about), found in alike.items()
    )
    return tuple(sorted(groups, key=lambda group: -group.count))


class RowChecker:
    """Judges the rows of one table: new, known, or bad and why."""

    def __init__(self, uow: UnitOfWork, table: Table, map: ColumnMap) -> None:
        self.table = table
        row: type[Row] = CaseRow if map.subject is Subject.CASES else ArchiveRow
        self.reader = RowReader(map, table.columns, row, zone=uow.actor.zone_info, now=uow.now)
        self.judge: Judge = JUDGES[map.subject](uow, map, self.reader.finder)

    def batches(self) -> Iterator[Batch]:
        """The rows in batches; FileRefused when the first rows show that the columns are shifted.

        A batch must be dealt with before the next one is asked for.
        """
        for number, records in enumerate(batches(self.table.records(), self.judge.at_once)):
            read = [self.reader.read(record) for record in records]
            if not number:
                self._refuse_shifted(read[:_PROBED])
            yield self._judged(read)

    def _judged(self, read: Sequence[ReadRow]) -> Batch:
        batch = Batch(rows=len(read))
        refused = [row for row in read if isinstance(row, Bad)]
        for row in refused:
            batch.refuse(*row.problems)
        self.judge.judge([row for row in read if not isinstance(row, Bad)], refused, batch)
        # In the order of the file, whoever refused them.
        batch.problems.sort(key=lambda problem: problem.line)
        return batch

    def _refuse_shifted(self, read: Sequence[ReadRow]) -> None:
        """Where most rows fail in the columns that matter, the file is wrong, not the rows."""
        telling = {"", *(self.reader.finder.column(fact) for fact in _TELLING)}
        bad = [
            found
            for result in read
            if isinstance(result, Bad)
            and (found := [p for p in result.problems if p.column in telling])
        ]
        if len(read) < _FEWEST or 2 * len(bad) <= len(read):
            return
        kinds = Counter((p.column, p.code) for problems in bad for p in problems)
        (column, code), rows = kinds.most_common(1)[0]
        # One column that is written otherwise is called by its name (grouped), not a shift.
        if code != RowCode.ROW_SHIFTED and len({column for column, _ in kinds}) < 2:
            return
        example = next(p for ps in bad for p in ps if (p.column, p.code) == (column, code))
        raise FileRefused(
            FileReason.LOOKS_SHIFTED,
            rows=rows,
            of=len(read),
            column=column,
            problem=code,
            line=example.line,
            value=example.value,
        )


def silent(_done: int, _total: int) -> bool:
    """Tells nobody and goes on."""
    return True


def go_on(progress: Progress, done: int, total: int) -> None:
    """Tell how far it is; ImportStopped when the person wants no more."""
    if not progress(done, total):
        raise ImportStopped(done=done, total=total)
