"""Which piece a return is about: one that came back, or is under way, is not taken again (C8)."""

from collections.abc import Iterator

from sqlalchemy import Select, exists, select

from core.customers import life
from core.customers.paid_elsewhere import told_by_complaints
from core.customers.pieces import is_old_double, key_of, serial_on, taken_back
from core.customers.warranty import OWNED
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import plain_serial
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import visible_requests
from core.process.rules import Happening
from core.returns.inputs import AppliedLine
from core.returns.rules import to_store
from db.codes import Destination, ReturnStatus
from db.keys import plain_number, product_key, serial_key
from db.tables import (
    Asset,
    GoodsReturn,
    Product,
    PurchaseLine,
    ReturnLine,
    ServiceRequest,
)


def said(line: AppliedLine, bought: PurchaseLine) -> str:
    """The piece that a line of an application means: as told, or as the purchase has it."""
    return plain_serial(line.serial) or serial_on(bought)


def problems(
    uow: UnitOfWork, number: int, line: AppliedLine, bought: PurchaseLine, *, but: int | None = None
) -> Iterator[Problem]:
    """What is wrong with the piece that a line names; `but` is the return that it stands in."""
    place, serial, known = f"lines.{number}.serial", said(line, bought), serial_on(bought)
    if not line.again and is_old_double(bought.purchase):
        yield Problem(f"lines.{number}.again", "invoice_twice")
    if line.serial and line.quantity > 1:
        yield Problem(place, "one_piece_only")
    elif known and plain_number(serial) != plain_number(known):
        yield Problem(place, "not_the_piece_bought", {"serial": known})
    elif serial and (taken := taken_back(uow, place, key_of(serial, bought.product), but=but)):
        yield taken
    elif gone := _gone(bought):
        yield life.elsewhere(uow, place, gone)
    elif not line.again and (paid := told_by_complaints(uow, bought.asset_id)):
        yield Problem(f"lines.{number}.again", "paid_by_complaint", {"number": paid[0][1]})
    elif serial and not line.again and (before := _settled_before(uow, number, serial, bought)):
        yield before


def _gone(bought: PurchaseLine) -> Asset | None:
    """The piece of a purchase, where its buyer has it no more: moved, scrapped, recycled."""
    piece = bought.asset
    if piece is None:
        return None
    is_theirs = piece.customer_id == bought.purchase.customer_id
    return None if is_theirs and piece.status in OWNED else piece


def take_back(uow: UnitOfWork, refunded: Happening) -> None:
    """What was paid back is the company's, and no service on it is free any more."""
    row = refunded.record
    for line in row.lines:
        if line.quantity == 1 and to_store(line) and (piece := _piece(uow, row, line)):
            life.take_back(uow, piece, row.request.number)


def follow_goods(uow: UnitOfWork, moved: Happening) -> None:
    """A piece that lies in the scrap is no more."""
    row = moved.record
    for line in row.lines:
        is_scrap = any(move.destination is Destination.SCRAP for move in line.moves)
        if line.quantity == 1 and is_scrap and (piece := _piece(uow, row, line)):
            life.scrap(uow, piece, row.request.number)


def _piece(uow: UnitOfWork, row: GoodsReturn, line: ReturnLine) -> Asset | None:
    """The piece that came back; one that was known by its number alone is written down."""
    if not line.serial:
        return None
    bought = line.purchase_line
    piece = life.known(uow, bought.product_id, line.serial)
    if piece is None and line.piece:
        fresh = Asset(
            customer_id=row.request.customer_id,
            serial=line.serial,
            purchased_on=bought.purchase.purchased_on,
        )
        piece = life.begin(uow, fresh, product=bought.product)
    is_theirs = piece is not None and piece.customer_id == row.request.customer_id
    return piece if is_theirs else None


def keep_paid(uow: UnitOfWork, row: GoodsReturn) -> None:
    """What is paid now is kept from all other returns; InvalidInput where one paid it before.

    The lines of old returns may name a piece without keeping it.
    """
    wrong = []
    for line in row.lines:
        if line.quantity == 1 and line.accepted and not line.piece:
            serial = line.serial or serial_on(line.purchase_line)
            piece = key_of(serial, line.purchase_line.product)
            if taken := taken_back(uow, "refund_ref", piece, but=row.id):
                wrong.append(taken)
            else:
                line.piece = piece
    if wrong:
        raise InvalidInput(*wrong)


def _settled_before(
    uow: UnitOfWork, number: int, serial: str, bought: PurchaseLine
) -> Problem | None:
    """A return of the piece that was over when it came in from elsewhere: what it paid is unknown.

    Such a return has no lines; somebody has to say why the piece may come back once more.
    """
    same = product_key(bought.product.brand, bought.product.model)
    for product, case_number, is_visible in uow.session.execute(_came_in(uow, serial)):
        if product_key(product.brand, product.model) == same:
            place = f"lines.{number}.again"
            if is_visible:
                return Problem(place, "settled_before", {"number": case_number})
            return Problem(place, "settled_elsewhere")
    return None


def _came_in(uow: UnitOfWork, serial: str) -> Select[Product, str, bool]:
    return (
        select(Product, ServiceRequest.number, visible_requests(uow.actor))
        .select_from(GoodsReturn)
        .join(ServiceRequest, ServiceRequest.id == GoodsReturn.request_id)
        .join(Asset, Asset.id == ServiceRequest.asset_id)
        .join(Asset.product)
        .where(
            Asset.serial_key == serial_key(serial),
            GoodsReturn.status == ReturnStatus.CLOSED,
            ServiceRequest.source.is_not(None),
            ~exists().where(ReturnLine.return_id == GoodsReturn.id),
        )
        .order_by(ServiceRequest.id.desc())
    )
