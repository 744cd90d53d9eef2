"""Rows that tell of pieces in customers' hands: new, known, or somewhere else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.customers import life, warranty
from core.customers.catalogue import USUAL_MONTHS
from core.customers.warranty import OWNED, warranty_end
from core.imports.archive_judge import ArchiveJudge
from core.imports.cells import CellFinder
from core.imports.drafts import ArchiveDraft
from core.imports.errors import RowCode, RowProblem
from core.imports.mapping import ColumnMap
from core.imports.owners import Party
from core.imports.rows import Bad
from core.imports.subjects import Fact
from core.imports.tallies import Batch, Difference
from core.kernel.errors import Problem
from core.kernel.unit_of_work import UnitOfWork
from db.keys import piece_key, product_key
from db.tables import Asset


@dataclass(eq=False, slots=True)
class Piece:
    """A piece of the file; what is not on file is new."""

    asset: Asset | None
    # The row that told of it first.
    draft: ArchiveDraft
    party: Party
    # Months of warranty where the file tells nothing.
    months: int
    purchased_on: date | None = None
    warranty_until: date | None = None
    # What the file brings.
    brought: dict[str, Any] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether it is on file already."""
        return self.asset is not None

    @property
    def is_told(self) -> bool:
        """Whether the file tells anything of it that is not on file."""
        return not self.is_known or bool(self.brought) or self.party.is_told

    @property
    def is_gone(self) -> bool:
        """Whether its customer has it no more."""
        return self.asset is not None and self.asset.status not in OWNED

    def take(self, draft: ArchiveDraft, months: int | None) -> Iterator[Difference]:
        """Take what is not on file yet; gives what is on file otherwise, which stays."""
        if draft.purchased_on and self.purchased_on is None:
            self.brought["purchased_on"] = self.purchased_on = draft.purchased_on
            if months is not None and months != self.months:
                self.brought["warranty_months"] = self.months = months
            self.warranty_until = warranty_end(self.purchased_on, self.months)
        for fact in (Fact.PURCHASED_ON.value, Fact.WARRANTY_UNTIL.value):
            here, there = getattr(self, fact), getattr(draft, fact)
            if there and here != there:
                who = " ".join((self.party.name, draft.model, draft.serial))
                yield Difference(draft.line, who, fact, _day(here), there.isoformat())


class PieceJudge(ArchiveJudge):
    """Judges rows that tell of pieces in customers' hands."""

    def __init__(self, uow: UnitOfWork, map: ColumnMap, finder: CellFinder) -> None:
        super().__init__(uow, map, finder)
        self._pieces: dict[str, Piece] = {}

    def judge(self, drafts: Sequence[ArchiveDraft], _refused: Sequence[Bad], batch: Batch) -> None:
        """A row is a piece of a customer, or tells more of one."""
        found = self.gather(drafts, batch, self._piece)
        self.count(batch, (piece.draft for piece in found))

    def _piece(self, draft: ArchiveDraft, batch: Batch) -> Piece | RowProblem:
        months = _months(draft)
        if draft.warranty_until and months is None:
            said = draft.warranty_until.isoformat()
            return self.bad(draft, Fact.WARRANTY_UNTIL, RowCode.WARRANTY_ODD, said)
        found = self._numbered(draft) if draft.serial else None
        party = found.party if found and _is_silent(draft) else self.who(draft, batch)
        if isinstance(party, RowProblem):
            return party
        found = found or self._unnumbered(draft, party) or self._new(draft, party)
        if found.party is not party or found.is_gone:
            where = self._where(found)
            return self.bad(draft, Fact.SERIAL, where.code, draft.serial, **where.details)
        batch.differences += found.take(draft, months)
        return found

    def _where(self, piece: Piece) -> Problem:
        """Where a piece is that is not where the row says."""
        if piece.asset is not None:
            return life.elsewhere(self.uow, "serial", piece.asset)
        return Problem("serial", "piece_with", {"customer": piece.party.name})

    def _new(self, draft: ArchiveDraft, party: Party) -> Piece:
        product = self.product(draft)
        months = product.warranty_months if product else USUAL_MONTHS
        return self._keep(Piece(None, draft, party, months))

    def _keep(self, piece: Piece) -> Piece:
        self._pieces[_key(piece.draft, piece.party)] = piece
        return piece

    def _on_file(self, draft: ArchiveDraft, asset: Asset) -> Piece:
        party = self.parties.of(asset.customer, draft)
        piece = Piece(asset, draft, party, warranty.months_of(asset))
        piece.purchased_on, piece.warranty_until = asset.purchased_on, asset.warranty_until
        return self._keep(piece)

    def _numbered(self, draft: ArchiveDraft) -> Piece | None:
        """The piece of the row's number, as the file told it before or as it is on file."""
        told, product = self._pieces.get(_key(draft, None)), self.product(draft)
        if told or product is None:
            return told
        found = life.known(self.uow, product.id, draft.serial)
        return self._on_file(draft, found) if found else None

    def _unnumbered(self, draft: ArchiveDraft, party: Party) -> Piece | None:
        """Without a number it is the one of its kind that the customer has."""
        told, product = self._pieces.get(_key(draft, party)), self.product(draft)
        if told or draft.serial or product is None or party.id is None:
            return told
        own = (Asset.customer_id == party.id, Asset.product_id == product.id)
        mine = (*own, Asset.serial.is_(None), Asset.status.in_(OWNED))
        query = life.select_pieces(self.uow.actor).where(*mine, Asset.joined_into_id.is_(None))
        found = self.uow.session.scalars(query.order_by(Asset.id)).first()
        return self._on_file(draft, found) if found else None


def _months(draft: ArchiveDraft) -> int | None:
    """The months of warranty by which it ends on the day that the row tells, or a day before."""
    bought, until = draft.purchased_on, draft.warranty_until
    if bought is None or until is None:
        return None
    about = (until.year - bought.year) * 12 + until.month - bought.month
    ends = {months: warranty_end(bought, months) for months in range(max(0, about - 1), about + 2)}
    exact = next((months for months, end in ends.items() if end == until), None)
    if exact is not None:
        return exact
    # Many write the day of the purchase once more, which is the first day without.
    return next((m for m, end in ends.items() if end and (until - end).days == 1), None)


def _key(draft: ArchiveDraft, party: Party | None) -> str:
    if draft.serial:
        return piece_key(draft.serial, draft.brand, draft.model)
    product = product_key(draft.brand, draft.model)
    return f"{id(party)} {product} {draft.specification}"


def _is_silent(draft: ArchiveDraft) -> bool:
    """Whether a row says nothing of whose it is."""
    return not (draft.customer_name or draft.customer_ref or draft.phone)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
