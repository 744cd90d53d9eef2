"""What a return comes to: settled by one person, confirmed by finance as another (C8)."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.customers import catalogue
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Done
from core.returns import money, pieces
from core.returns.holding import keep, let_go, price_of, worth_of
from core.returns.inputs import (
    ConfirmRefund,
    RecordPayment,
    ReviseSettlement,
    Settle,
    SettledLine,
)
from core.returns.losses import book, worth
from core.returns.money import Deduction, Freight, Settlement
from core.returns.rows import by_line, plain, refuse, too_many
from core.returns.rules import comes, to_replace
from db.codes import Payer
from db.tables import GoodsReturn, ReturnDeduction, ReturnLine


def reckon(
    row: GoodsReturn, *, deductions: Sequence[Deduction], replaced: Mapping[int, SettledLine]
) -> Settlement:
    """What a return would come to; InvalidInput where a line takes more than there is."""
    lines = [_line(row, line, replaced) for line in row.lines if comes(line)]
    freights = [
        Freight(each.freight_cents, each.paid_by) for each in row.parcels if not each.after_refund
    ]
    return money.settle(lines, deductions=deductions, freights=freights)


def settlement_of(row: GoodsReturn) -> Settlement:
    """What a return comes to by the deductions and replacements that are on file."""
    deductions = [
        Deduction(line.id, each.kind, each.reason, cents=each.cents, percent=each.percent)
        for line in row.lines
        for each in line.deductions
    ]
    return reckon(row, deductions=deductions, replaced={})


def plan(row: GoodsReturn, command: Settle) -> Settlement:
    """What a return would come to by what was typed; nothing is written."""
    replaced = {given.line_id: given for _, given, _ in _replaced(row, command)}
    deductions = [
        Deduction(each.line_id, each.kind, each.reason, cents=each.cents, percent=each.percent)
        for each in command.deductions
    ]
    return reckon(row, deductions=deductions, replaced=replaced)


def settle(uow: UnitOfWork, row: GoodsReturn, command: Settle) -> Done:
    """Price, deductions and freight, to be confirmed by finance."""
    settlement = plan(row, command)
    lines = {line.id: line for line in row.lines}
    for given in command.lines:
        _exchange(lines[given.line_id], given)
    for line in row.lines:
        line.price_cents = _price(row, line)
        line.deductions.clear()
    for cut in settlement.cuts:
        facts = {name: getattr(cut.deduction, name) for name in _DEDUCTION}
        lines[cut.deduction.line].deductions.append(
            ReturnDeduction(**facts, amount_cents=cut.cents)
        )
    for name, value in _stored(settlement).items():
        setattr(row, name, value)
    row.refund_method, row.settled_by_id = command.refund_method, uow.actor.id
    data = _stored(settlement) | {"method": command.refund_method.value}
    return Done(note=command.note, data=data | {"deductions": plain(command.deductions)})


def revise(_uow: UnitOfWork, row: GoodsReturn, command: ReviseSettlement) -> Done:
    """Reckon again; the deductions stay as a proposal."""
    for name in _stored_names():
        setattr(row, name, 0)
    row.settled_by_id = None
    return Done(note=command.note)


def confirm(uow: UnitOfWork, row: GoodsReturn, command: ConfirmRefund) -> Done:
    """Pay it out, once more reckoned; pieces that were refunded are returned for good."""
    keep(uow, [line.purchase_line_id for line in row.lines])
    settlement = settlement_of(row)
    stored = _stored(settlement)
    if any(getattr(row, name) != value for name, value in stored.items()):
        raise InvalidInput(Problem("refund_ref", "settlement_changed"))
    if settlement.refund_cents and not command.refund_ref:
        raise InvalidInput(Problem("refund_ref", "missing"))
    pieces.keep_paid(uow, row)
    for line in row.lines:
        line.price_cents = _price(row, line)
    row.confirmed_by_id, row.refunded_at = uow.actor.id, uow.now
    row.refund_ref = command.refund_ref
    _give_back(row)
    book(uow, row.lines, settlement)
    data = stored | {"loss_cents": settlement.total.loss_cents, "ref": command.refund_ref}
    return Done(note=command.note, data=data)


def products(uow: UnitOfWork, _row: GoodsReturn) -> Mapping[int, str]:
    """What may be given in exchange."""
    return catalogue.names(uow)


def record_payment(uow: UnitOfWork, row: GoodsReturn, command: RecordPayment) -> Done:
    """What the customer owed is paid."""
    row.paid_at = uow.now
    return Done(note=command.reference, data={"cents": row.owed_cents})


def propose_settlement(_uow: UnitOfWork, row: GoodsReturn) -> dict[str, Any]:
    """What is exchanged by the customer's wish; deductions as they were reckoned before."""
    lines = [
        {
            "line_id": line.id,
            "replaced": line.replaced,
            "product_id": line.other_product_id,
            "other_cents": line.other_cents,
        }
        for line in row.lines
        if line.accepted
    ]
    names = ("kind", "reason", "cents", "percent")
    deductions = [
        {"line_id": line.id} | {name: getattr(each, name) for name in names}
        for line in row.lines
        for each in line.deductions
    ]
    return {"lines": lines, "deductions": deductions}


_DEDUCTION = ("kind", "reason", "cents", "percent")


def _replaced(row: GoodsReturn, command: Settle) -> list[tuple[int, SettledLine, ReturnLine]]:
    rows = list(by_line(row, command.lines))
    problems = []
    for number, given, line in rows:
        if given.replaced > line.accepted:
            problems.append(too_many(number, "replaced", "more_than_taken_back", line.accepted))
        sent = line.replaced - to_replace(line)
        if given.replaced < sent:
            problems.append(Problem(f"lines.{number}.replaced", "sent_already", {"least": sent}))
        if given.product_id and (sent or not given.replaced):
            problems.append(Problem(f"lines.{number}.product_id", "nothing_exchanged"))
    refuse(problems)
    return rows


def _exchange(line: ReturnLine, given: SettledLine) -> None:
    """So many are exchanged; for the same model, or for another one at its price."""
    line.replaced, line.other_cents = given.replaced, _other(line, given)
    line.other_product_id = None if line.other_cents is None else given.product_id


def _other(line: ReturnLine, given: SettledLine) -> int | None:
    """The price of another model; None where the same one is given."""
    return None if given.product_id == line.purchase_line.product_id else given.other_cents


def _price(row: GoodsReturn, line: ReturnLine) -> int:
    """What was paid for the line: as it stands on the purchase until the money is paid back."""
    is_paid = row.refunded_at is not None
    return line.price_cents if is_paid else price_of(line.purchase_line, line.quantity)


def _line(row: GoodsReturn, line: ReturnLine, replaced: Mapping[int, SettledLine]) -> money.Line:
    given = replaced.get(line.id)
    return money.Line(
        line=line.id,
        quantity=line.quantity,
        price_cents=_price(row, line),
        received=line.received,
        taken_back=line.accepted,
        payer=line.payer or Payer.CUSTOMER,
        replaced=given.replaced if given else line.replaced,
        other_cents=_other(line, given) if given else line.other_cents,
        salvage_cents=worth(line.moves),
        without_goods=row.without_goods,
    )


def _stored(settlement: Settlement) -> dict[str, int]:
    return {
        # A cheaper model in exchange pays back the rest.
        "taken_cents": settlement.total.refundable_cents
        + max(0, -settlement.total.difference_cents),
        "advanced_cents": settlement.total.freight_repaid_cents,
        "refund_cents": settlement.refund_cents,
        "owed_cents": settlement.owed_cents,
    }


def _stored_names() -> tuple[str, ...]:
    return "taken_cents", "advanced_cents", "refund_cents", "owed_cents"


def _give_back(row: GoodsReturn) -> None:
    for line in row.lines:
        # What was exchanged for the same model goes on under the same purchase.
        gone = line.accepted - (line.replaced if line.other_product_id is None else 0)
        purchase = line.purchase_line
        purchase.under_way -= line.held
        purchase.returned += gone
        purchase.refunded_cents += worth_of(line, gone)
        line.held = 0
        let_go(line)
