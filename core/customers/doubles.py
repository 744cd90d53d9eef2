"""Whether a purchase is on file already: refused, or asked about (C9)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from core.customers import catalogue, life, pieces
from core.customers.bought import AddPurchase, BoughtLine
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from db.codes import PieceStatus, PurchaseStatus
from db.keys import invoice_key, piece_key, product_key, serial_key
from db.tables import Asset, Purchase, PurchaseLine


def check(uow: UnitOfWork, command: AddPurchase) -> dict[str, Any]:
    """InvalidInput for an invoice or a piece that is on file, and for what nobody answers for.

    Gives what history keeps: the purchases that it is not, if it was asked.
    """
    sold = {n for n, line in enumerate(command.lines) if _is_sold_again(uow, command, line)}
    refused = [*_same_invoice(uow, command), *_known_pieces(uow, command, sold)]
    if refused:
        raise InvalidInput(*refused)
    like = list(_questions(uow, command, sold))
    if not like:
        return {}
    if not command.another_purchase:
        raise InvalidInput(*(problem for problem, _ in like))
    if not command.why:
        raise InvalidInput(Problem("why", "missing"))
    return {"not_the_same_as": sorted({id for _, id in like})}


def _same_invoice(uow: UnitOfWork, command: AddPurchase) -> Iterator[Problem]:
    row = of_invoice(uow, command.invoice_no, command.customer_id)
    if row:
        yield Problem("invoice_no", "invoice_known", facts_of(row))


def of_invoice(uow: UnitOfWork, number: str, customer_id: int) -> Purchase | None:
    """The purchase of a customer that is on file under an invoice's number."""
    key = invoice_key(number)
    mine = _told().where(Purchase.invoice_key == key, Purchase.customer_id == customer_id)
    return uow.session.scalar(mine) if key else None


def _known_pieces(uow: UnitOfWork, command: AddPurchase, sold: set[int]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, line in enumerate(command.lines):
        place, piece = f"lines.{number}.serial", piece_key(line.serial, line.brand, line.model)
        if not piece:
            continue
        if piece in seen:
            yield Problem(place, "line_twice")
        elif number in sold:
            pass
        elif taken := pieces.taken_back(uow, place, piece):
            yield taken
        elif known := _stands_on(uow, place, piece, command.customer_id):
            yield known
        seen.add(piece)


def is_for_sale(piece: Asset, on: date) -> bool:
    """Whether the company had a piece on a day, after its customer had given it back."""
    return piece.status is PieceStatus.HELD and piece.left_on is not None and piece.left_on <= on


def _is_sold_again(uow: UnitOfWork, command: AddPurchase, line: BoughtLine) -> bool:
    if not line.serial:
        return False
    product = catalogue.find(uow.session, line.brand, line.model, line.specification)
    piece = life.known(uow, product.id, line.serial) if product else None
    return piece is not None and is_for_sale(piece, command.purchased_on)


def _stands_on(uow: UnitOfWork, place: str, piece: str, customer_id: int) -> Problem | None:
    row = uow.session.scalar(
        _told()
        .join(PurchaseLine, PurchaseLine.purchase_id == Purchase.id)
        .where(PurchaseLine.piece == piece)
    )
    if row is None:
        return None
    if row.customer_id != customer_id:
        (asset,) = (line.asset for line in row.lines if line.piece == piece)
        return life.elsewhere(uow, place, asset) if asset else Problem(place, "taken")
    return Problem(place, "piece_bought", facts_of(row))


def _questions(
    uow: UnitOfWork, command: AddPurchase, sold: set[int]
) -> Iterator[tuple[Problem, int]]:
    """What it may be the same as: each with the purchase, or the piece's one, that is on file."""
    key = invoice_key(command.invoice_no)
    others = _told().where(Purchase.invoice_key == key, Purchase.customer_id != command.customer_id)
    row = uow.session.scalars(others.limit(1)).first() if key else None
    if row:
        yield Problem("another_purchase", "invoice_of_another", facts_of(row)), row.id
    for row in uow.session.scalars(_same_day(command)):
        if not (key and row.invoice_key) and _is_alike(row, command):
            yield Problem("another_purchase", "bought_alike", facts_of(row)), row.id
            break
    for number, line in enumerate(command.lines):
        is_other = line.serial and number not in sold
        if is_other and (row := _of_another_product(uow, line)):
            yield Problem("another_purchase", "serial_on_another", facts_of(row)), row.id


def _told() -> Select[Purchase]:
    line = selectinload(Purchase.lines)
    return select(Purchase).options(
        line.joinedload(PurchaseLine.product), line.joinedload(PurchaseLine.asset)
    )


def _same_day(command: AddPurchase) -> Select[Purchase]:
    return _told().where(
        Purchase.status == PurchaseStatus.ON_FILE,
        Purchase.customer_id == command.customer_id,
        Purchase.purchased_on == command.purchased_on,
    )


def _is_alike(row: Purchase, command: AddPurchase) -> bool:
    """Whether a product stands on both, as many of it at the same price.

    Two pieces that have their numbers are two.
    """
    return any(
        (line.quantity, line.unit_cents) == (given.quantity, given.unit_cents)
        and product_key(line.product.brand, line.product.model)
        == product_key(given.brand, given.model)
        and not (line.piece and given.serial)
        for line in row.lines
        for given in command.lines
    )


def _of_another_product(uow: UnitOfWork, line: BoughtLine) -> Purchase | None:
    named = (
        _told()
        .join(PurchaseLine, PurchaseLine.purchase_id == Purchase.id)
        .join(Asset, Asset.id == PurchaseLine.asset_id)
        .where(
            Asset.serial_key == serial_key(line.serial), Purchase.status == PurchaseStatus.ON_FILE
        )
    )
    return uow.session.scalars(named.limit(1)).first()


def facts_of(row: Purchase) -> dict[str, Any]:
    """By what a person knows a purchase again: its day, its products, its invoice."""
    products = tuple(
        f"{line.product.brand} {line.product.model} × {line.quantity}" for line in row.lines
    )
    facts = {"day": row.purchased_on.isoformat(), "products": products}
    return facts | {"invoice": row.invoice_no or "—"}
