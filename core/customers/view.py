"""The page of a piece: its facts, whose it is, its life; with its cases the warranty card (E11)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.customers import readings, warranty
from core.customers.customers import AssetView, asset_view
from core.customers.life import PROCESS
from core.kernel.unit_of_work import UnitOfWork
from core.process import changes, fairness, workflow
from core.process.changes import Change
from core.process.fairness import Barred
from core.process.permissions import require
from core.process.rules import Rule
from db.codes import PieceStatus, PurchaseStatus
from db.tables import Asset, Customer, History, Person, Purchase, PurchaseLine

MOST = 100


@dataclass(frozen=True)
class Step:
    """One step of a piece's life: what happened, when, by whom, why."""

    action: str
    status: PieceStatus | None
    at: datetime
    actor: str
    note: str
    # To whom it went, if to somebody.
    to: str


@dataclass(frozen=True)
class Sale:
    """A purchase that the piece stands on."""

    invoice_no: str
    purchased_on: date
    customer: str
    paid_cents: int


@dataclass(frozen=True)
class PieceView:
    """Everything about a piece besides its cases."""

    id: int
    version: int
    asset: AssetView
    owner: str
    owner_id: int
    warranty_months: int
    repair_days: int
    sales: tuple[Sale, ...]
    life: tuple[Step, ...]
    edits: tuple[Change, ...]
    actions: tuple[Rule, ...]
    barred: tuple[Barred, ...]


def view(uow: UnitOfWork, *, id: int) -> PieceView:
    """A piece; NotFound where there is none. Of another station's only what a call needs (C10)."""
    require(uow, "search:use")
    piece: Asset = workflow.fetch(uow, PROCESS, id)
    reads = readings.may_read(uow, piece.customer)
    return PieceView(
        id=id,
        version=piece.version,
        asset=asset_view(piece, uow.today),
        owner=piece.customer.name,
        owner_id=piece.customer_id,
        warranty_months=warranty.months_of(piece),
        repair_days=piece.repair_days,
        sales=_sales(uow, id) if reads else (),
        life=_life(uow, id) if reads else (),
        edits=changes.of_record(uow, subject="asset", subject_id=id) if reads else (),
        actions=PROCESS.allowed(uow.actor, piece),
        barred=fairness.barred(uow, PROCESS, piece),
    )


def _sales(uow: UnitOfWork, id: int) -> tuple[Sale, ...]:
    """The purchases that name the piece, the latest first."""
    rows = uow.session.scalars(
        select(PurchaseLine)
        .join(PurchaseLine.purchase)
        .where(PurchaseLine.asset_id == id, Purchase.status == PurchaseStatus.ON_FILE)
        .options(joinedload(PurchaseLine.purchase))
        .order_by(PurchaseLine.id.desc())
        .limit(MOST)
    ).all()
    ids = {row.purchase.customer_id for row in rows}
    names = _names(uow, ids)
    return tuple(
        Sale(
            row.purchase.invoice_no,
            row.purchase.purchased_on,
            names[row.purchase.customer_id],
            row.total_cents,
        )
        for row in rows
    )


def _names(uow: UnitOfWork, ids: set[int]) -> dict[int, str]:
    rows = uow.session.execute(select(Customer.id, Customer.name).where(Customer.id.in_(ids)))
    return dict(rows.all())


def _life(uow: UnitOfWork, id: int) -> tuple[Step, ...]:
    """What happened to the piece, the latest first."""
    rows = uow.session.execute(
        select(History, Person.name)
        .outerjoin(Person, Person.id == History.actor_id)
        .where(History.subject == "asset", History.subject_id == id)
        .order_by(History.sequence.desc())
        .limit(MOST)
    )
    return tuple(_step(row, name) for row, name in rows)


def _step(row: History, name: str | None) -> Step:
    status = PieceStatus(row.new) if row.new else None
    said: Any = row.data.get("to_name", "")
    return Step(row.action, status, row.at, name or "", row.note, said)
