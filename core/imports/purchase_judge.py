"""Rows that tell of purchases: the rows of one invoice are one, which comes in whole or not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.customers import doubles, purchases
from core.customers.bought import AddPurchase
from core.imports.archive_judge import ArchiveJudge
from core.imports.cells import CellFinder
from core.imports.drafts import ArchiveDraft
from core.imports.errors import RowCode, RowProblem
from core.imports.mapping import ColumnMap
from core.imports.owners import Party
from core.imports.rows import Bad
from core.imports.subjects import Fact
from core.imports.tallies import Batch, Difference
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import parse
from core.kernel.shares import said
from core.kernel.unit_of_work import UnitOfWork
from db.codes import PurchaseStatus
from db.keys import invoice_key, piece_key, product_key
from db.tables import Purchase, PurchaseLine
from db.types import LARGEST_ID

# Stands for a customer who is not on file yet, so that nothing is theirs.
NOBODY = LARGEST_ID
_HEAD = {
    Fact.PURCHASED_ON: "purchased_on",
    Fact.RECEIVED_ON: "received_on",
    Fact.INVOICE_DISCOUNT: "invoice_discount_cents",
}
_COLUMNS = {
    "unit_cents": Fact.UNIT_PRICE,
    "total_cents": Fact.TOTAL,
    "discount_cents": Fact.INVOICE_DISCOUNT,
    "another_purchase": Fact.INVOICE_NO,
    "form": Fact.INVOICE_NO,
}
_PRICED = ("quantity", "unit_cents", "total_cents")
_LINE = ("brand", "model", "specification", *_PRICED, "batch", "serial")


@dataclass(eq=False, slots=True)
class Bought:
    """A purchase of the file that is new."""

    draft: ArchiveDraft
    party: Party
    command: AddPurchase
    ref: str | None


@dataclass(eq=False, slots=True)
class _Invoice:
    """The rows of one purchase, and what is wrong with them."""

    party: Party
    key: str
    rows: list[ArchiveDraft]

    @property
    def first(self) -> ArchiveDraft:
        """The row that told of it first."""
        return self.rows[0]


class PurchaseJudge(ArchiveJudge):
    """Judges rows that tell of purchases."""

    def __init__(self, uow: UnitOfWork, map: ColumnMap, finder: CellFinder) -> None:
        super().__init__(uow, map, finder)
        # Which row told first of an invoice, of a number of the other system, of a piece.
        self._told: dict[tuple[str, str], tuple[int, object]] = {}

    def judge(self, drafts: Sequence[ArchiveDraft], refused: Sequence[Bad], batch: Batch) -> None:
        """A row is a line of a purchase."""
        broken = {row.invoice for row in refused} - {""}
        invoices = self._grouped(drafts, broken, batch)
        for invoice in invoices:
            self._leave_doubles(invoice, batch)
            problems = list(self._problems(invoice, broken))
            known = None if problems else self._on_file(invoice)
            if known:
                batch.known += len(invoice.rows)
                batch.differences += _compared(invoice, known)
                continue
            placed = None if problems else self._placed(invoice, problems)
            if placed:
                batch.new += len(invoice.rows)
                batch.placed.append(placed)
            else:
                batch.bad += len(invoice.rows)
                batch.problems += self._whole(invoice, problems)
        lines = (row for invoice in invoices for row in invoice.rows)
        self.count(batch, lines)

    def _grouped(
        self, drafts: Sequence[ArchiveDraft], broken: set[str], batch: Batch
    ) -> list[_Invoice]:
        found: dict[tuple[int, str], _Invoice] = {}
        for number, draft in enumerate(drafts):
            party, key = self.who(draft, batch), invoice_key(draft.invoice_no)
            if isinstance(party, RowProblem):
                broken |= {key} - {""}
                batch.refuse(party)
                continue
            group = id(party), key or draft.ref or f"{number}"
            found.setdefault(group, _Invoice(party, key, [])).rows.append(draft)
        return list(found.values())

    def _problems(self, invoice: _Invoice, broken: set[str]) -> Iterator[RowProblem]:
        """What the file itself says against it."""
        first = invoice.first
        if invoice.key in broken:
            yield self.bad(first, Fact.INVOICE_NO, RowCode.INVOICE_PART_BAD, first.invoice_no)
        for fact, value in ((Fact.INVOICE_NO, invoice.key), (Fact.REF, first.ref)):
            yield from self._twice(first, fact, value, invoice)
        for row in invoice.rows[1:]:
            for fact, name in _HEAD.items():
                told = getattr(row, name)
                if told is not None and told != getattr(first, name):
                    code, line = RowCode.INVOICE_DIFFERS, first.line
                    yield self.bad(row, fact, code, str(told), first_line=line)
        for row in invoice.rows:
            if row.serial:
                piece = piece_key(row.serial, row.brand, row.model)
                yield from self._twice(row, Fact.SERIAL, piece, row)

    def _leave_doubles(self, invoice: _Invoice, batch: Batch) -> None:
        """A line that the file tells twice comes in once, and the second one is named."""
        lines: dict[tuple[Any, ...], ArchiveDraft] = {}
        for row in invoice.rows:
            first = lines.setdefault(tuple(getattr(row, name) for name in _LINE), row)
            if first is not row:
                about = (Fact.MODEL, RowCode.DUPLICATE_IN_FILE, row.model)
                batch.refuse(self.bad(row, *about, first_line=first.line))
        invoice.rows = list(lines.values())

    def _twice(
        self, row: ArchiveDraft, fact: Fact, value: str, whose: object
    ) -> Iterator[RowProblem]:
        """The row that told of the same before, of another purchase."""
        line, owner = self._told.setdefault((fact, value), (row.line, whose))
        if value and owner is not whose:
            shown = getattr(row, fact.value)
            yield self.bad(row, fact, RowCode.DUPLICATE_IN_FILE, shown, first_line=line)

    def _whole(self, invoice: _Invoice, problems: list[RowProblem]) -> Iterator[RowProblem]:
        """An invoice stays out whole, so that it can be put right and brought in whole."""
        yield from problems
        named = {problem.line for problem in problems}
        for row in invoice.rows:
            if row.line not in named:
                yield self.bad(row, Fact.INVOICE_NO, RowCode.INVOICE_PART_BAD, row.invoice_no)

    def _on_file(self, invoice: _Invoice) -> Purchase | None:
        line = selectinload(Purchase.lines)
        told = select(Purchase).options(line.joinedload(PurchaseLine.product))
        ours = (Purchase.source == self.source, Purchase.source_ref == invoice.first.ref)
        found = self.uow.session.scalar(told.where(*ours)) if invoice.first.ref else None
        if found is None and invoice.party.id is not None:
            number = invoice.first.invoice_no
            found = doubles.of_invoice(self.uow, number, invoice.party.id)
        return found

    def _placed(self, invoice: _Invoice, problems: list[RowProblem]) -> Bought | None:
        """The purchase as the form would send it; None where the form would be refused."""
        first = invoice.first
        values: dict[str, Any] = {
            "customer_id": invoice.party.id or NOBODY,
            "invoice_no": first.invoice_no,
            "purchased_on": first.purchased_on,
            "received_on": first.received_on,
            "discount_cents": first.invoice_discount_cents or 0,
            "lines": [{name: getattr(row, name) for name in _LINE} for row in invoice.rows],
        }
        try:
            command = parse(AddPurchase, values)
            purchases.check(self.uow, command)
        except InvalidInput as error:
            problems += (self._named(invoice, problem) for problem in error.problems)
            return None
        return Bought(first, invoice.party, command, first.ref or None)

    def _named(self, invoice: _Invoice, problem: Problem) -> RowProblem:
        """A problem of the form as one of the row and the column that it comes from."""
        place = problem.field.split(".")
        row = invoice.rows[int(place[1])] if len(place) == 3 else invoice.first
        name = place[-1]
        fact = _COLUMNS.get(name) or (Fact(name) if name in list(Fact) else Fact.INVOICE_NO)
        value = "" if fact in _COLUMNS.values() else str(getattr(row, fact.value, ""))
        return self.bad(row, fact, problem.code, value or row.invoice_no, **problem.details)


def _compared(invoice: _Invoice, known: Purchase) -> Iterator[Difference]:
    """What the file tells otherwise of a purchase that is on file; it stays as it is there."""
    first = invoice.first
    who = " ".join(filter(None, (invoice.party.name, known.invoice_no)))
    if known.status is PurchaseStatus.WITHDRAWN:
        yield Difference(first.line, who, "status", known.status.value, "")
        return
    for name in ("purchased_on", "received_on"):
        here, there = getattr(known, name), getattr(first, name)
        if there and here != there:
            yield Difference(first.line, who, name, f"{here or ''}", there.isoformat())
    lines = {_line(_facts(line)): line for line in known.lines}
    for row in invoice.rows:
        told = _line({name: getattr(row, name) for name in _LINE})
        if told not in lines:
            here = "; ".join(_said(_facts(line)) for line in known.lines)
            there = _said({name: getattr(row, name) for name in _LINE})
            yield Difference(row.line, who, "lines", here, there)


def _facts(line: PurchaseLine) -> dict[str, Any]:
    names = {"brand": line.product.brand, "model": line.product.model}
    return names | {"quantity": line.quantity, "unit_cents": line.unit_cents}


def _line(facts: Mapping[str, Any]) -> tuple[str, int, int]:
    product = product_key(facts["brand"], facts["model"])
    return product, facts["quantity"], facts["unit_cents"]


def _said(facts: Mapping[str, Any]) -> str:
    price = said(facts["unit_cents"])
    return f"{facts['brand']} {facts['model']} × {facts['quantity']} · {price}"
