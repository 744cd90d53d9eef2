"""Pieces of a purchase: how each is known, and how many may still come back (C8)."""

from sqlalchemy import select

from core.kernel.errors import Problem
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import visible_requests
from db.keys import invoice_key, piece_key
from db.tables import (
    Asset,
    GoodsReturn,
    History,
    Product,
    Purchase,
    PurchaseLine,
    ReturnLine,
    ServiceRequest,
)


def key_of(serial: str, product: Product) -> str:
    """A piece as it is compared; empty without a serial number."""
    return piece_key(serial, product.brand, product.model)


def serial_on(bought: PurchaseLine) -> str:
    """The serial number on a purchase; empty where none is known."""
    return (bought.asset.serial or "") if bought.asset else ""


def is_old_double(purchase: Purchase) -> bool:
    """Whether its invoice had been written down before, when that was not yet refused."""
    return bool(invoice_key(purchase.invoice_no)) and not purchase.invoice_key


def taken_back(
    uow: UnitOfWork, place: str, piece: str, *, but: int | None = None
) -> Problem | None:
    """The return that has a piece already; of another station's nothing is told."""
    query = (
        select(ReturnLine.accepted, ServiceRequest.number, visible_requests(uow.actor))
        .join(GoodsReturn, GoodsReturn.id == ReturnLine.return_id)
        .join(ServiceRequest, ServiceRequest.id == GoodsReturn.request_id)
        .where(ReturnLine.piece == piece)
    )
    if but is not None:
        query = query.where(ReturnLine.return_id != but)
    found = uow.session.execute(query).first() if piece else None
    if found is None:
        return None
    accepted, number, is_visible = found
    if not is_visible:
        return Problem(place, "piece_elsewhere")
    if accepted:
        return Problem(place, "piece_came_back", {"number": number})
    return Problem(place, "piece_under_way", {"number": number})


def why_gone(uow: UnitOfWork, asset: Asset) -> str:
    """Why a piece is its customer's no more: the return, or the reason told."""
    ended = ("taken_back", "scrapped", "recycled")
    query = (
        select(History.note)
        .where(History.subject == "asset", History.subject_id == asset.id)
        .where(History.action.in_(ended))
        .order_by(History.sequence.desc())
        .limit(1)
    )
    return uow.session.scalar(query) or str(asset.left_on)


def stand_for(bought: PurchaseLine, asset: Asset | None) -> None:
    """After an exchange the purchase of a single piece stands for the one that was sent."""
    if bought.quantity == 1:
        bought.asset = asset
        bought.piece = key_of(asset.serial or "", bought.product) if asset else ""


def returnable(*, bought: int, returned: int, under_way: int) -> int:
    """Pieces of a purchase that may still come back.

    `returned` are those refunded for good: a piece that was exchanged or repaired is with the
    customer again. `under_way` are those of returns that are still open.
    """
    return max(0, bought - returned - under_way)
