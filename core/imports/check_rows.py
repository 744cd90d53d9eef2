"""Rows judged batch by batch: new, known, or bad and why; and the running sums."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from core.imports.archive import Archive, batches
from core.imports.drafts import ENDED, Draft
from core.imports.errors import FileReason, FileRefused, ImportStopped, RowCode, RowProblem
from core.imports.mapping import ColumnMap, Fact
from core.imports.parties import Placed
from core.imports.reading import Table
from core.imports.rows import RowReader
from core.kernel.unit_of_work import UnitOfWork

# Told the rows done and the rows in all; answers whether to go on.
Progress = Callable[[int, int], bool]
BATCH = 500
# The preview names so many bad cells; all of them are counted.
KEPT = 50_000
# Of what fails alike so many lines and values are shown.
_NAMED = 5
# So many rows tell whether the columns of a file are where the map thinks.
_PROBED, _FEWEST = 200, 10
_TELLING = (Fact.REF, Fact.RECEIVED_AT, Fact.SYMPTOM, Fact.STATUS, Fact.KIND)


@dataclass
class Batch:
    """Some rows, judged."""

    rows: int = 0
    known: int = 0
    bad: int = 0
    placed: list[Placed] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


@dataclass
class Tally:
    """The running sums of an import or of its preview."""

    rows: int = 0
    new: int = 0
    known: int = 0
    bad: int = 0
    # Of the new ones, how many are not over in their file.
    open: int = 0
    customers: int = 0
    products: int = 0
    problem_count: int = 0
    problems: list[RowProblem] = field(default_factory=list)

    def add(self, batch: Batch, archive: Archive) -> None:
        """Count a batch in."""
        self.rows += batch.rows
        self.new += len(batch.placed)
        self.known += batch.known
        self.bad += batch.bad
        self.open += sum(each.draft.status not in ENDED for each in batch.placed)
        self.customers += len(archive.fresh.customers)
        self.products += len(archive.fresh.products)
        self.problem_count += len(batch.problems)
        self.problems += batch.problems[: KEPT - len(self.problems)]


@dataclass(frozen=True)
class Group:
    """What fails alike: one column for one reason, how often, and the first of it."""

    column: str
    code: RowCode
    count: int
    lines: tuple[int, ...]
    values: tuple[str, ...]
    # Of the first one.
    details: dict[str, Any]


def grouped(problems: Iterable[RowProblem]) -> tuple[Group, ...]:
    """Problems by column and reason, the most frequent first."""
    alike: dict[tuple[str, RowCode], list[RowProblem]] = {}
    for problem in problems:
        alike.setdefault((problem.column, problem.code), []).append(problem)
    groups = (
        Group(
            column,
            code,
            len(found),
            tuple(p.line for p in found[:_NAMED]),
            tuple(islice(dict.fromkeys(p.value for p in found if p.value), _NAMED)),
            found[0].details,
        )
        for (column, code), found in alike.items()
    )
    return tuple(sorted(groups, key=lambda group: -group.count))


class RowChecker:
    """Judges the rows of one table: new, known, or bad and why."""

    def __init__(self, uow: UnitOfWork, table: Table, map: ColumnMap) -> None:
        self.table = table
        self.reader = RowReader(map, table.columns, zone=uow.actor.zone_info, now=uow.now)
        self.archive = Archive(uow.session, map.source)
        self._lines: dict[str, int] = {}

    def batches(self) -> Iterator[Batch]:
        """The rows in batches; FileRefused when the first rows show that the columns are shifted.

        A batch must be dealt with before the next one is asked for.
        """
        for number, records in enumerate(batches(self.table.records(), BATCH)):
            read = [self.reader.read(record) for record in records]
            if not number:
                self._refuse_shifted(read[:_PROBED])
            yield self._judged(read)

    def _judged(self, read: list[Draft | tuple[RowProblem, ...]]) -> Batch:
        batch = Batch(rows=len(read))
        self.archive.look_up([draft for draft in read if isinstance(draft, Draft)])
        for result in read:
            problems = self._place(result, batch) if isinstance(result, Draft) else result
            batch.problems += problems
            batch.bad += bool(problems)
        return batch

    def _place(self, draft: Draft, batch: Batch) -> tuple[RowProblem, ...]:
        first = self._lines.setdefault(draft.ref, draft.line)
        if first != draft.line:
            details = {"first_line": first}
            return (self._problem(draft, Fact.REF, RowCode.DUPLICATE_IN_FILE, draft.ref, details),)
        if draft.ref in self.archive.known:
            batch.known += 1
            return ()
        placed = self.archive.place(draft)
        if isinstance(placed, RowCode):
            return (self._problem(draft, Fact.SERIAL, placed, draft.serial, {}),)
        batch.placed.append(placed)
        return ()

    def _problem(
        self, draft: Draft, fact: Fact, code: RowCode, value: str, details: dict[str, int]
    ) -> RowProblem:
        return RowProblem(draft.line, self.reader.finder.column(fact), code, value, details)

    def _refuse_shifted(self, read: list[Draft | tuple[RowProblem, ...]]) -> None:
        """Where most rows fail in the columns that matter, the file is wrong, not the rows."""
        telling = {"", *(self.reader.finder.column(fact) for fact in _TELLING)}
        bad = [
            found
            for result in read
            if not isinstance(result, Draft)
            and (found := [p for p in result if p.column in telling])
        ]
        if len(read) < _FEWEST or 2 * len(bad) <= len(read):
            return
        kinds = Counter((p.column, p.code) for problems in bad for p in problems)
        (column, code), rows = kinds.most_common(1)[0]
        # One column that is written otherwise is called by its name (grouped), not a shift.
        if code is not RowCode.ROW_SHIFTED and len({column for column, _ in kinds}) < 2:
            return
        example = next(p for ps in bad for p in ps if (p.column, p.code) == (column, code))
        raise FileRefused(
            FileReason.LOOKS_SHIFTED,
            rows=rows,
            of=len(read),
            column=column,
            problem=code.value,
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
