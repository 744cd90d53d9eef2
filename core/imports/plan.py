"""What an import will do: rows judged batch by batch, and the preview that a person sees first."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.imports.archive import Archive, Placed, batches
from core.imports.drafts import Draft
from core.imports.errors import FileReason, FileRefused, RowCode, RowProblem
from core.imports.files import SourceFile
from core.imports.mapping import ColumnMap, Fact
from core.imports.reading import Table, open_table
from core.imports.rows import RowReader
from core.imports.saved_maps import PERMISSION
from core.permissions import require
from core.unit_of_work import UnitOfWork

BATCH = 500
SHOWN = 20
# The preview names so many bad cells; all of them are counted.
KEPT = 50_000
# So many rows tell whether the columns of a file are where the map thinks.
_PROBED, _FEWEST = 200, 10
_TELLING = (Fact.REF, Fact.RECEIVED_AT, Fact.SYMPTOM, Fact.STATUS, Fact.KIND)


@dataclass(frozen=True)
class Preview:
    """What an import of the file would do; nothing was written."""

    total: int
    new: int
    known: int
    bad: int
    new_customers: int
    new_products: int
    first: tuple[Draft, ...]
    problems: tuple[RowProblem, ...]
    problem_count: int
    # Stations that the file names and the company has not; their cases come in without one.
    unknown_stations: tuple[str, ...]
    columns: tuple[str, ...]
    encoding: str
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]


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
        self.customers += len(archive.fresh.customers)
        self.products += len(archive.fresh.products)
        self.problem_count += len(batch.problems)
        self.problems += batch.problems[: KEPT - len(self.problems)]


class Judge:
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


def plan(uow: UnitOfWork, *, file: SourceFile, map: ColumnMap) -> Preview:
    """What an import of the file would do; FileRefused when nothing of it can be taken."""
    require(uow, PERMISSION)
    map.check_complete()
    with open_table(file, map.options()) as table:
        judge, tally = Judge(uow, table, map), Tally()
        table.count()
        first: list[Draft] = []
        for batch in judge.batches():
            tally.add(batch, judge.archive)
            first += [placed.draft for placed in batch.placed[: SHOWN - len(first)]]
        return _preview(table, judge, tally, first)


def _preview(table: Table, judge: Judge, tally: Tally, first: list[Draft]) -> Preview:
    return Preview(
        total=tally.rows,
        new=tally.new,
        known=tally.known,
        bad=tally.bad,
        new_customers=tally.customers,
        new_products=tally.products,
        first=tuple(first),
        problems=tuple(tally.problems),
        problem_count=tally.problem_count,
        unknown_stations=tuple(judge.archive.unknown_stations),
        columns=table.columns,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        sheets=table.sheets,
    )
