"""Rows that tell of the archive: new, known, completing what is on file, or refused with why.

Nothing is written here; customers, pieces and purchases are known again as the forms know them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from core.customers import catalogue
from core.imports.cells import CellFinder
from core.imports.drafts import ArchiveDraft
from core.imports.errors import RowCode, RowProblem
from core.imports.mapping import ColumnMap
from core.imports.owners import Parties, Party
from core.imports.rows import Bad
from core.imports.subjects import MOST, Fact
from core.imports.tallies import Batch
from core.kernel.unit_of_work import UnitOfWork
from db.keys import plain_number, product_key
from db.tables import Product


class Found(Protocol):
    """Somebody or something that a row tells of."""

    draft: ArchiveDraft

    @property
    def is_known(self) -> bool:
        """Whether it is on file already."""

    @property
    def is_told(self) -> bool:
        """Whether the file tells anything of it that is not on file."""


FoundT = TypeVar("FoundT", bound=Found)


class ArchiveJudge(ABC):
    """Judges rows that tell of the archive; all of a file at once, so that it is seen whole."""

    at_once = max(MOST.values())

    def __init__(self, uow: UnitOfWork, map: ColumnMap, finder: CellFinder) -> None:
        self.uow = uow
        self.source = map.source
        self.finder = finder
        self.parties = Parties(uow, map.source)
        self.unknown_stations = self.parties.unknown_stations
        self.shared_numbers = self.parties.shared_numbers
        self._products: dict[tuple[str, str], Product | None] = {}

    @abstractmethod
    def judge(self, drafts: Sequence[ArchiveDraft], refused: Sequence[Bad], batch: Batch) -> None:
        """Tell of each row whether it is new, known, or bad and why."""

    def who(self, draft: ArchiveDraft, batch: Batch) -> Party | RowProblem:
        """The customer of a row, new where it is nobody on file; or why it cannot be said."""
        found = self.parties.find(draft)
        if isinstance(found, RowCode):
            return self.bad(draft, Fact.CUSTOMER_NAME, found, draft.customer_name)
        if found is not None:
            batch.differences += self.parties.complete(found, draft)
            return found
        if not (draft.customer_name and (draft.phone or draft.customer_ref)):
            said = draft.customer_ref or draft.customer_name or draft.phone
            return self.bad(draft, Fact.CUSTOMER_NAME, RowCode.CUSTOMER_UNKNOWN, said)
        return self.parties.add(draft)

    def gather(
        self,
        drafts: Sequence[ArchiveDraft],
        batch: Batch,
        find: Callable[[ArchiveDraft, Batch], FoundT | RowProblem],
    ) -> dict[FoundT, None]:
        """What the rows tell of, each once: a row brings it, or tells more of it."""
        found: dict[FoundT, None] = {}
        for draft in drafts:
            one = find(draft, batch)
            if isinstance(one, RowProblem):
                batch.refuse(one)
                continue
            is_new = not one.is_known and one.draft is draft
            batch.new += is_new
            batch.known += not is_new
            found[one] = None
        batch.placed = [one for one in found if one.is_told]
        batch.completed = sum(one.is_known for one in batch.placed)
        return found

    def product(self, draft: ArchiveDraft) -> Product | None:
        """The product of the catalogue; None where it is new."""
        key = _product(draft)
        if key not in self._products:
            names = (draft.brand, draft.model, draft.specification)
            self._products[key] = catalogue.find(self.uow.session, *names)
        return self._products[key]

    def count(self, batch: Batch, drafts: Iterable[ArchiveDraft]) -> None:
        """Count whom and what the placed rows are the first to tell of."""
        batch.customers = len({each.party for each in batch.placed if each.party.id is None})
        known = {_product(draft) for draft in drafts if self.product(draft) is None}
        batch.products = len(known)

    def bad(
        self, draft: ArchiveDraft, fact: Fact, code: str, value: str = "", **details: Any
    ) -> RowProblem:
        """What is wrong with the column of a fact."""
        column = self.finder.column(fact)
        return RowProblem(draft.line, column, code, value[:200], details)


class CustomerJudge(ArchiveJudge):
    """Judges rows that tell of customers."""

    def judge(self, drafts: Sequence[ArchiveDraft], _refused: Sequence[Bad], batch: Batch) -> None:
        """A row is a customer, or tells more of one: another contact, what was not on file."""
        self.gather(drafts, batch, self.who)
        batch.customers = batch.new


def _product(draft: ArchiveDraft) -> tuple[str, str]:
    return product_key(draft.brand, draft.model), plain_number(draft.specification)
