"""What a return costs the company: booked once at the refund, corrected by later moves (C14)."""

from collections.abc import Iterable, Sequence

from core.kernel.shares import split
from core.kernel.unit_of_work import UnitOfWork
from core.returns.money import Amounts, Settlement
from db.codes import Destination
from db.tables import ReturnLine, ReturnLoss, StockMove


def worth(moves: Sequence[StockMove]) -> int:
    """What the pieces of a line are still worth where they lie now, in cents.

    A move out of quarantine takes its part of the value along; the odd cent stays behind.
    """
    return sum(_left(move, moves) for move in moves)


def book(uow: UnitOfWork, lines: Iterable[ReturnLine], settlement: Settlement) -> None:
    """Book the loss of every line; what comes to nothing is not booked."""
    for line in lines:
        if line.id in settlement.lines:
            amounts = settlement.lines[line.id]
            _book(
                uow,
                line,
                value=amounts.value_lost_cents,
                freight=_borne(amounts),
                deducted=amounts.deducted_cents,
            )


def book_move(uow: UnitOfWork, line: ReturnLine, *, lost: int) -> None:
    """Pieces that were moved on turned out to be worth less, or more."""
    _book(uow, line, value=lost)


def book_freight(uow: UnitOfWork, lines: Sequence[ReturnLine], cents: int) -> None:
    """Freight that the company paid after the settlement, shared out by price."""
    weights = {line.id: line.price_cents for line in lines}
    pieces = {line.id: line.quantity for line in lines}
    shares = split(cents, weights if any(weights.values()) else pieces)
    for line in lines:
        _book(uow, line, freight=shares[line.id])


def _left(move: StockMove, moves: Sequence[StockMove]) -> int:
    if move.destination is not Destination.QUARANTINE:
        return move.value_cents
    moved = sum(each.quantity for each in moves if each.moved_from_id == move.id)
    return move.value_cents - move.value_cents * moved // move.quantity


def _borne(amounts: Amounts) -> int:
    return amounts.freight_company_cents + amounts.freight_repaid_cents


def _book(
    uow: UnitOfWork, line: ReturnLine, *, value: int = 0, freight: int = 0, deducted: int = 0
) -> None:
    if not (value or freight or deducted):
        return
    loss = ReturnLoss(
        line_id=line.id,
        booked_on=uow.today,
        value_cents=value,
        freight_cents=freight,
        deducted_cents=deducted,
        loss_cents=value + freight - deducted,
    )
    uow.session.add(loss)
    uow.session.flush()
