"""What a file tells of the archive is written down, by the ways of the forms."""

from typing import Any

from core.customers import catalogue, life, purchases
from core.imports.owners import Party
from core.imports.piece_judge import Piece
from core.imports.purchase_judge import Bought
from core.imports.tallies import Batch
from core.kernel.unit_of_work import UnitOfWork
from core.process import changes, history
from db.tables import Asset, Contact, Customer


class ArchiveWriter:
    """Writes customers, pieces and purchases, and what completes those on file."""

    def __init__(self, uow: UnitOfWork, *, source: str, run_id: int, file_name: str) -> None:
        self.uow = uow
        self.source = source
        self.run_id = run_id
        self.file_name = file_name

    def write(self, batch: Batch) -> None:
        """One batch, in the order of the file."""
        for placed in batch.placed:
            if isinstance(placed, Party):
                self._party(placed)
            elif isinstance(placed, Piece):
                self._piece(placed)
            elif isinstance(placed, Bought):
                self._purchase(placed)

    def _party(self, party: Party) -> int:
        if party.id is None:
            row = Customer(**party.facts, created_at=self.uow.now)
            row.source, row.source_ref = self.source, party.source_ref or None
            self.uow.session.add(row)
            self.uow.session.flush()
            party.id = row.id
            self._tell(row.id, "added", {"source": self.source, "run": self.run_id})
        elif party.brought:
            row = self.uow.session.get_one(Customer, party.id)
            data = changes.write(row, party.brought)
            self.uow.session.flush()
            self._tell(party.id, "edited", data)
        self._contacts(party)
        party.brought = {}
        return party.id

    def _contacts(self, party: Party) -> None:
        if not party.contacts:
            return
        for name, phone in party.contacts:
            self.uow.session.add(Contact(customer_id=party.id, name=name, phone=phone))
        self.uow.session.flush()
        said = ", ".join(" ".join(filter(None, contact)) for contact in party.contacts)
        assert party.id is not None  # written just now
        self._tell(party.id, "edited", {"contacts": ["", said]})
        party.contacts = []

    def _tell(self, id: int, action: str, data: dict[str, Any]) -> None:
        note = self.file_name if action == "edited" else ""
        about: dict[str, Any] = {"subject": "customer", "subject_id": id}
        history.record(self.uow, **about, action=action, note=note, data=data)

    def _piece(self, piece: Piece) -> None:
        owner_id, draft = self._party(piece.party), piece.draft
        if piece.asset is not None:
            if piece.brought:
                life.complete(self.uow, piece.asset, piece.brought)
            return
        names = (draft.brand, draft.model, draft.specification)
        product = catalogue.product_of(self.uow.session, *names)
        asset = Asset(customer_id=owner_id, serial=draft.serial or None, **piece.brought)
        life.begin(self.uow, asset, product=product)

    def _purchase(self, bought: Bought) -> None:
        command = bought.command.model_copy(update={"customer_id": self._party(bought.party)})
        purchases.enter(self.uow, command, {}, source=self.source, ref=bought.ref)
