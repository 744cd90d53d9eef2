"""What goes to the customer: replacements, pieces that were not accepted, the result."""

from collections.abc import Callable, Iterable
from typing import Any

from core.customers import life, pieces
from core.kernel.errors import Problem
from core.kernel.inputs import plain_serial
from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Done
from core.returns.holding import release
from core.returns.inputs import CloseReturn, SendGoodsBack, SendReplacement, SentLine, TellResult
from core.returns.losses import book_freight
from core.returns.receipt import parcel
from core.returns.rows import plain, refuse
from core.returns.rules import PAID, to_replace, to_send_back
from db.codes import Direction, Payer
from db.keys import serial_key
from db.tables import (
    Asset,
    GoodsReturn,
    Product,
    PurchaseLine,
    Replacement,
    ReturnLine,
    ReturnParcel,
)


def send_replacement(uow: UnitOfWork, row: GoodsReturn, command: SendReplacement) -> Done:
    """Pieces in exchange; one with a serial number becomes a product of the customer."""
    lines = {line.id: line for line in row.lines}
    problems = list(_too_many(lines, command.lines, to_replace))
    serials = [plain_serial(given.serial) for given in command.lines]
    for number, given in enumerate(command.lines):
        field = f"lines.{number}.serial"
        line = lines[given.line_id]
        if line.other_product_id and row.status not in PAID:
            problems.append(Problem(field, "settle_first"))
        elif serials[number] and given.quantity > 1:
            problems.append(Problem(field, "one_piece_only"))
        elif serials[number] and serial_key(serials[number]) in map(serial_key, serials[:number]):
            problems.append(Problem(field, "line_twice"))
        else:
            problems += _known(uow, field, _product(uow, line), serials[number])
    refuse(problems)
    sent = _send(uow, row, command)
    for given in command.lines:
        line = lines[given.line_id]
        asset = _asset(uow, row, line, given)
        line.replacements.append(
            Replacement(parcel_id=sent.id, quantity=given.quantity, asset=asset)
        )
        _stands_on(uow, line, given, asset)
    uow.session.flush()
    return Done(data={"lines": plain(command.lines), "parcel": sent.id})


def send_back(uow: UnitOfWork, row: GoodsReturn, command: SendGoodsBack) -> Done:
    """The customer's own pieces that were not accepted."""
    lines = {line.id: line for line in row.lines}
    refuse(list(_too_many(lines, command.lines, to_send_back)))
    for given in command.lines:
        lines[given.line_id].sent_back += given.quantity
    sent = _send(uow, row, command)
    return Done(data={"lines": plain(command.lines), "parcel": sent.id})


def tell_result(_uow: UnitOfWork, row: GoodsReturn, command: TellResult) -> Done:
    """The customer knows what became of it, and how it was taken is on file (E16)."""
    row.request.answer = command.answer
    data = {"channel": command.channel.value, "reaction": command.reaction.value}
    return Done(note=command.answer, data=data | {"remark": command.note})


def close(uow: UnitOfWork, row: GoodsReturn, command: CloseReturn) -> Done:
    """Filed; what was refused may be asked for anew."""
    release(uow, row)
    row.closed_at = uow.now
    return Done(note=command.lesson)


def propose_replacements(_uow: UnitOfWork, row: GoodsReturn) -> dict[str, Any]:
    """Everything that is still to be sent in exchange."""
    return {"lines": _waiting(row, to_replace)}


def propose_send_back(_uow: UnitOfWork, row: GoodsReturn) -> dict[str, Any]:
    """Everything that was not accepted."""
    return {"lines": _waiting(row, to_send_back)}


def propose_channel(_uow: UnitOfWork, row: GoodsReturn) -> dict[str, Any]:
    """The customer is told the way the application came."""
    return {"channel": row.request.channel}


def _waiting(row: GoodsReturn, most: Callable[[ReturnLine], int]) -> list[dict[str, Any]]:
    return [{"line_id": line.id, "quantity": most(line)} for line in row.lines if most(line)]


def _too_many(
    lines: dict[int, ReturnLine], given: Iterable[Any], most: Callable[[ReturnLine], int]
) -> Iterable[Problem]:
    asked: dict[int, int] = {}
    for number, each in enumerate(given):
        asked[each.line_id] = asked.get(each.line_id, 0) + each.quantity
        left = most(lines[each.line_id])
        if asked[each.line_id] > left:
            yield Problem(f"lines.{number}.quantity", "more_than_left", {"most": left})


def _send(
    uow: UnitOfWork, row: GoodsReturn, command: SendReplacement | SendGoodsBack
) -> ReturnParcel:
    sent = parcel(row, Direction.OUT, command)
    sent.sent_at, sent.after_refund = uow.now, row.status in PAID
    row.parcels.append(sent)
    uow.session.flush()
    if sent.after_refund and command.paid_by is Payer.COMPANY and command.freight_cents:
        # The settlement is closed: what is paid from here on is the company's.
        ids = {given.line_id for given in command.lines}
        book_freight(uow, [line for line in row.lines if line.id in ids], command.freight_cents)
    return sent


def _known(uow: UnitOfWork, place: str, product: Product, serial: str) -> list[Problem]:
    """What keeps a serial number from being sent: another piece has it, or a return took it."""
    if not serial:
        return []
    piece = life.known(uow, product.id, serial)
    if piece is not None:
        return [life.elsewhere(uow, place, piece)]
    taken = pieces.taken_back(uow, place, pieces.key_of(serial, product))
    return [taken] if taken else []


def _product(uow: UnitOfWork, line: ReturnLine) -> Product:
    """What is given in exchange for a line."""
    if line.other_product_id is None:
        return line.purchase_line.product
    return uow.session.get_one(Product, line.other_product_id)


def _asset(uow: UnitOfWork, row: GoodsReturn, line: ReturnLine, given: SentLine) -> Asset | None:
    serial = plain_serial(given.serial)
    if not serial:
        return None
    # What was exchanged is warranted from the day of the exchange.
    piece = Asset(customer_id=row.request.customer_id, serial=serial, purchased_on=uow.today)
    return life.begin(uow, piece, product=_product(uow, line))


def _stands_on(uow: UnitOfWork, line: ReturnLine, given: SentLine, asset: Asset | None) -> None:
    """The purchase goes on for the same model; another one stands on a line of its own."""
    if line.other_cents is None:
        pieces.stand_for(line.purchase_line, asset)
        return
    product = _product(uow, line)
    uow.session.add(
        PurchaseLine(
            purchase_id=line.purchase_line.purchase_id,
            product_id=product.id,
            asset_id=asset.id if asset else None,
            piece=pieces.key_of(asset.serial or "", product) if asset else "",
            quantity=given.quantity,
            unit_cents=line.other_cents,
            total_cents=line.other_cents * given.quantity,
        )
    )
