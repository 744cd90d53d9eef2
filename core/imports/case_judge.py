"""Rows that tell of cases: new, known, or about a piece that is somewhere else."""

from collections.abc import Sequence

from core.imports.archive import Archive
from core.imports.cells import CellFinder
from core.imports.drafts import ENDED, Draft
from core.imports.errors import RowCode, RowProblem
from core.imports.mapping import ColumnMap
from core.imports.rows import Bad
from core.imports.subjects import Fact
from core.imports.tallies import Batch
from core.kernel.unit_of_work import UnitOfWork


class CaseJudge:
    """Judges rows that tell of cases."""

    at_once = 500

    def __init__(self, uow: UnitOfWork, map: ColumnMap, finder: CellFinder) -> None:
        self.finder = finder
        self.archive = Archive(uow.session, map.source)
        self.unknown_stations = self.archive.unknown_stations
        self.shared_numbers = self.archive.shared_numbers
        self._lines: dict[str, int] = {}

    def judge(self, drafts: Sequence[Draft], _refused: Sequence[Bad], batch: Batch) -> None:
        """Tell of each row whether it is new, known, or bad and why."""
        self.archive.look_up(drafts)
        for draft in drafts:
            batch.refuse(*self._place(draft, batch))
        batch.new = len(batch.placed)
        batch.open = sum(each.draft.status not in ENDED for each in batch.placed)
        batch.fresh = self.archive.fresh
        batch.customers = len(self.archive.fresh.customers)
        batch.products = len(self.archive.fresh.products)

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
        return RowProblem(draft.line, self.finder.column(fact), code, value, details)
