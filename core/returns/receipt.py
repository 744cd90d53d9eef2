"""The way back: agreed, reminded of, received, tested again, put into stock."""

import secrets
from collections.abc import Mapping
from typing import Any

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.process.rules import Done
from core.returns.holding import release, worth_of
from core.returns.inputs import (
    AgreeWayBack,
    MoveStock,
    PutAway,
    Receive,
    Remind,
    Retest,
    StoredLine,
    Track,
)
from core.returns.inspection import report_defects
from core.returns.losses import book_move, worth
from core.returns.rows import by_line, label, plain, refuse, too_many
from core.returns.rules import OVER, comes, lies, quarantined, to_store
from db.codes import CauseKind, Destination, Direction, Wish
from db.tables import GoodsReturn, ReturnLine, ReturnParcel, StockMove

# Causes that lie with the product itself.
OWN_MAKING = frozenset({CauseKind.DESIGN, CauseKind.MATERIAL, CauseKind.PRODUCTION})


def agree_way_back(uow: UnitOfWork, row: GoodsReturn, command: AgreeWayBack) -> Done:
    """How the goods come back; the first parcel gets its label."""
    row.way_back = command.way_back
    row.address = command.address or row.address
    row.parcels.append(parcel(row, Direction.IN, command))
    uow.session.flush()
    return Done(data=command.model_dump(mode="json"))


def parcel(row: GoodsReturn, direction: Direction, command: Any) -> ReturnParcel:
    """A parcel with a label of its own, which nobody can guess."""
    facts = command.model_dump(include={"carrier", "tracking", "paid_by", "freight_cents"})
    label = secrets.token_hex(10)
    return ReturnParcel(return_id=row.id, direction=direction, label=label, **facts)


def track(uow: UnitOfWork, row: GoodsReturn, command: Track) -> Done:
    """Carrier, number and freight of a parcel; another one where none is chosen."""
    facts = command.model_dump(exclude={"parcel_id"})
    known = next((each for each in row.parcels if each.id == command.parcel_id), None)
    if known is None:
        row.parcels.append(parcel(row, Direction.IN, command))
    else:
        for name, value in facts.items():
            setattr(known, name, value)
    uow.session.flush()
    return Done(data=command.model_dump(mode="json"))


def remind(_uow: UnitOfWork, _row: GoodsReturn, command: Remind) -> Done:
    """The customer was asked where the goods are."""
    return Done(note=command.note, data={"channel": command.channel.value})


def receive(uow: UnitOfWork, row: GoodsReturn, command: Receive) -> Done:
    """What came; a part of it is normal, and more may follow."""
    rows = list(by_line(row, command.lines))
    if not any(given.received for _, given, _ in rows):
        raise InvalidInput(Problem("lines", "nothing_received"))
    for _, given, line in rows:
        line.received += given.received
        line.specification_ok = given.specification_ok and line.specification_ok is not False
        line.appearance = given.appearance
        line.difference = "; ".join(filter(None, (line.difference, given.difference)))[:300]
    row.received_by_id = uow.actor.id
    for each in row.parcels:
        if each.id == command.parcel_id or (command.parcel_id is None and len(row.parcels) == 1):
            each.arrived_at = each.arrived_at or uow.now
    short = sum(max(0, line.approved - line.received) for line in row.lines if comes(line))
    return Done(note=command.note, data={"lines": plain(command.lines), "short": short})


def retest(uow: UnitOfWork, row: GoodsReturn, command: Retest) -> Done:
    """What is taken back; a cause in the product itself opens quality feedback."""
    rows = list(by_line(row, command.lines))
    refuse(
        [
            too_many(number, "accepted", "more_than_received", _most(line))
            for number, given, line in rows
            if given.accepted > _most(line)
        ]
    )
    for _, given, line in rows:
        line.accepted, line.retest = given.accepted, given.retest
        line.cause_kind = given.cause_kind
        line.replaced = given.accepted if line.wish is Wish.EXCHANGE else 0
    found = [line for _, _, line in rows if line.cause_kind in OWN_MAKING and not line.defect]
    report_defects(uow, row, found)
    return Done(note=command.note, data={"lines": plain(command.lines)})


def put_away(uow: UnitOfWork, row: GoodsReturn, command: PutAway) -> Done:
    """Every piece that was taken back has its place."""
    lines = {line.id: line for line in row.lines}
    problems = [
        problem
        for number, given in enumerate(command.lines)
        if (problem := _price(f"lines.{number}.", lines[given.line_id], given))
    ]
    for line in row.lines:
        stored = sum(each.quantity for each in command.lines if each.line_id == line.id)
        if stored != to_store(line):
            details = {"line": label(line), "most": to_store(line)}
            problems.append(Problem("lines", "not_as_taken_back", details))
    refuse(problems)
    for given in command.lines:
        facts = given.model_dump(exclude={"line_id"})
        lines[given.line_id].moves.append(_move(uow, **facts))
    uow.session.flush()
    return Done(note=command.note, data={"lines": plain(command.lines)})


def move_stock(uow: UnitOfWork, row: GoodsReturn, command: MoveStock) -> Done:
    """Out of quarantine; after the refund the difference in value is booked."""
    line, move = next(
        (line, move) for line in row.lines for move in line.moves if move.id == command.move_id
    )
    left = lies(move, line.moves)
    problems = [each for each in (_price("", line, command),) if each]
    if command.quantity > left:
        problems.append(Problem("quantity", "more_than_stored", {"most": left}))
    if command.destination is Destination.QUARANTINE:
        problems.append(Problem("destination", "same_place"))
    refuse(problems)
    before = worth(line.moves)
    facts = command.model_dump(include={"quantity", "destination", "value_cents"})
    line.moves.append(_move(uow, moved_from_id=move.id, **facts))
    uow.session.flush()
    if row.status in OVER:
        book_move(uow, line, lost=before - worth(line.moves))
    return Done(note=command.note, data=command.model_dump(mode="json", exclude={"note"}))


def expire(uow: UnitOfWork, row: GoodsReturn) -> None:
    """The goods never came: the pieces may be asked for again."""
    release(uow, row)
    row.closed_at = uow.now


def parcels(_uow: UnitOfWork, row: GoodsReturn) -> Mapping[int, str]:
    """The parcels from the customer."""
    coming = (each for each in row.parcels if each.direction is Direction.IN)
    return {each.id: _parcel_label(number, each) for number, each in enumerate(coming, 1)}


def in_quarantine(_uow: UnitOfWork, row: GoodsReturn) -> Mapping[int, str]:
    """The moves into quarantine that still hold pieces."""
    lines = {line.id: line for line in row.lines}
    return {
        move.id: f"{label(lines[move.line_id])} · {lies(move, lines[move.line_id].moves)}"
        for move in quarantined(row)
    }


def propose_way_back(_uow: UnitOfWork, row: GoodsReturn) -> dict[str, Any]:
    """From where the customer lives, at the cost of whoever the conditions name."""
    payers = {line.payer for line in row.lines if comes(line)}
    return {"paid_by": payers.pop() if len(payers) == 1 else None}


def propose_receipt(_uow: UnitOfWork, row: GoodsReturn) -> dict[str, Any]:
    """Everything that has not come yet; whether it is what it should be is for eyes to say."""
    lines = [
        {
            "line_id": line.id,
            "received": max(0, line.approved - line.received),
            "appearance": line.goods_found or line.goods,
        }
        for line in row.lines
        if comes(line)
    ]
    return {"lines": lines}


def propose_retest(_uow: UnitOfWork, row: GoodsReturn) -> dict[str, Any]:
    """Everything that came and was approved."""
    lines = [{"line_id": line.id, "accepted": _most(line)} for line in row.lines if line.received]
    return {"lines": lines}


def propose_stock(_uow: UnitOfWork, row: GoodsReturn) -> dict[str, Any]:
    """Defects wait in quarantine; the rest goes to resale at its price."""
    return {"lines": [_proposed(line) for line in row.lines if to_store(line)]}


def _proposed(line: ReturnLine) -> dict[str, Any]:
    is_sound = not line.defect and line.cause_kind not in OWN_MAKING
    destination = Destination.RESALE if is_sound else Destination.QUARANTINE
    value = worth_of(line, to_store(line)) if is_sound else 0
    place = {"quantity": to_store(line), "destination": destination, "value_cents": value}
    return {"line_id": line.id} | place


def _most(line: ReturnLine) -> int:
    return min(line.approved, line.received) if comes(line) else 0


def _price(prefix: str, line: ReturnLine, given: StoredLine | MoveStock) -> Problem | None:
    if given.destination is Destination.SCRAP and given.value_cents:
        return Problem(f"{prefix}value_cents", "scrap_is_worth_nothing")
    if given.value_cents > worth_of(line, given.quantity):
        return Problem(f"{prefix}value_cents", "more_than_paid")
    return None


def _move(uow: UnitOfWork, **facts: Any) -> StockMove:
    return StockMove(by_id=uow.actor.id, at=uow.now, **facts)


def _parcel_label(number: int, each: ReturnParcel) -> str:
    return " · ".join(filter(None, (f"#{number}", each.carrier, each.tracking)))
