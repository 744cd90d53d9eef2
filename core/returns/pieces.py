"""Which piece a return is about: one that came back, or is under way, is not taken again (C8)."""

from collections.abc import Iterator

from sqlalchemy import Select, exists, func, select

from core.errors import InvalidInput, Problem
from core.inputs import plain_serial
from core.permissions import visible_requests
from core.returns.inputs import AppliedLine
from core.unit_of_work import UnitOfWork
from db.codes import ReturnStatus
from db.keys import invoice_key, piece_key, plain_number, product_key
from db.tables import (
    Asset,
    GoodsReturn,
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


def said(line: AppliedLine, bought: PurchaseLine) -> str:
    """The piece that a line of an application means: as told, or as the purchase has it."""
    return plain_serial(line.serial) or serial_on(bought)


def is_old_double(purchase: Purchase) -> bool:
    """Whether its invoice had been written down before, when that was not yet refused."""
    return bool(invoice_key(purchase.invoice_no)) and not purchase.invoice_key


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
    elif serial and not line.again and (before := _settled_before(uow, number, serial, bought)):
        yield before


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


def stand_for(bought: PurchaseLine, asset: Asset | None) -> None:
    """After an exchange the purchase of a single piece stands for the one that was sent."""
    if bought.quantity == 1:
        bought.asset = asset
        bought.piece = key_of(asset.serial or "", bought.product) if asset else ""


def is_known(uow: UnitOfWork, piece: str) -> bool:
    """Whether a piece stands on a purchase, or in a return."""
    on_purchase = exists().where(PurchaseLine.piece == piece)
    in_return = exists().where(ReturnLine.piece == piece)
    return bool(piece and uow.session.scalar(select(on_purchase | in_return)))


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
    # Few returns come in from elsewhere, and their pieces have no key of their own.
    spelled = func.replace(Asset.serial, "-", "")
    return (
        select(Product, ServiceRequest.number, visible_requests(uow.actor))
        .select_from(GoodsReturn)
        .join(ServiceRequest, ServiceRequest.id == GoodsReturn.request_id)
        .join(Asset, Asset.id == ServiceRequest.asset_id)
        .join(Asset.product)
        .where(
            spelled == plain_number(serial).upper(),
            GoodsReturn.status == ReturnStatus.CLOSED,
            ServiceRequest.source.is_not(None),
            ~exists().where(ReturnLine.return_id == GoodsReturn.id),
        )
        .order_by(ServiceRequest.id.desc())
    )
