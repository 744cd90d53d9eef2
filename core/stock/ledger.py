"""The ledger of parts: every move is written down, and with it what lies where. Never below none.

The balance is taken from by one guarded statement, so that of many who take at once nobody takes
what another has taken. Balances are read by column and never through mapped objects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, CursorResult, func, select, update

from core.kernel import once
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from db.codes import MoveReason
from db.tables import Part, PartBalance, PartLot, PartMove


@dataclass(frozen=True)
class Taken:
    """So many of a lot."""

    lot_id: int
    quantity: int


def move(
    uow: UnitOfWork,
    taken: Taken,
    reason: MoveReason,
    *,
    source: int | None = None,
    target: int | None = None,
    field: str = "quantity",
    note: str = "",
    supplier_id: int | None = None,
    order_id: int | None = None,
    use_id: int | None = None,
    count_id: int | None = None,
) -> None:
    """Move parts; InvalidInput of `field` where fewer lie there."""
    if source is not None:
        _take(uow, taken, source, field)
    if target is not None:
        key = {"place_id": target, "lot_id": taken.lot_id}
        once.add_up(uow.session, PartBalance, "quantity", taken.quantity, **key)
    row = PartMove(
        lot_id=taken.lot_id,
        from_id=source,
        to_id=target,
        quantity=taken.quantity,
        reason=reason,
        person_id=uow.actor.id,
        at=uow.now,
        note=note,
        supplier_id=supplier_id,
        order_id=order_id,
        use_id=use_id,
        count_id=count_id,
    )
    uow.session.add(row)
    uow.session.flush()


def left(uow: UnitOfWork, place_id: int, lot_id: int) -> int:
    """How many of a lot lie at a place."""
    here = (PartBalance.place_id == place_id) & (PartBalance.lot_id == lot_id)
    return uow.session.scalar(select(PartBalance.quantity).where(here)) or 0


def of_part(uow: UnitOfWork, place_id: int, part_id: int) -> Sequence[tuple[int, int]]:
    """The lots of a part that may be given out of a place: what expires first goes first."""
    rows = uow.session.execute(
        select(PartLot.id, PartBalance.quantity)
        .join(PartBalance, PartBalance.lot_id == PartLot.id)
        .where(PartBalance.place_id == place_id, PartLot.part_id == part_id)
        .where(PartBalance.quantity > 0, is_good(uow.today))
        .order_by(PartLot.expires_on.is_(None), PartLot.expires_on, PartLot.id)
    )
    return [(lot_id, quantity) for lot_id, quantity in rows]


def lots(uow: UnitOfWork, part_id: int) -> Sequence[int]:
    """Every lot of a part."""
    return uow.session.scalars(select(PartLot.id).where(PartLot.part_id == part_id)).all()


def is_good(day: date) -> ColumnElement[bool]:
    """A lot that may still be used on a day."""
    return PartLot.expires_on.is_(None) | (PartLot.expires_on >= day)


def require_good(uow: UnitOfWork, lot_id: int, field: str) -> None:
    """InvalidInput of `field` where the lot has expired: it is given out no more (D13)."""
    day = uow.session.scalars(select(PartLot.expires_on).where(PartLot.id == lot_id)).one()
    if day is not None and day < uow.today:
        raise InvalidInput(Problem(field, "expired", {"on": day.isoformat()}))


def choose(uow: UnitOfWork, place_id: int, part: Part, quantity: int) -> Sequence[Taken]:
    """So many of a part out of the lots of a place; InvalidInput where there are fewer."""
    chosen, wanted = [], quantity
    for lot_id, there in of_part(uow, place_id, part.id):
        if wanted:
            chosen.append(Taken(lot_id, min(wanted, there)))
            wanted -= chosen[-1].quantity
    if wanted:
        told = {"name": f"{part.number} {part.name}", "count": quantity - wanted}
        raise InvalidInput(Problem("form", "too_few_of", told))
    return chosen


def of_order(uow: UnitOfWork, order_id: int, place_id: int) -> Mapping[int, int]:
    """How many of each lot an order has brought to a place and left there."""
    found: dict[int, int] = {}
    for side, sign in ((PartMove.to_id, 1), (PartMove.from_id, -1)):
        rows = uow.session.execute(
            select(PartMove.lot_id, func.sum(PartMove.quantity))
            .where(PartMove.order_id == order_id, side == place_id)
            .group_by(PartMove.lot_id)
        )
        for lot_id, quantity in rows:
            found[lot_id] = found.get(lot_id, 0) + sign * int(quantity)
    return {lot_id: quantity for lot_id, quantity in sorted(found.items()) if quantity > 0}


def _take(uow: UnitOfWork, taken: Taken, place_id: int, field: str) -> None:
    enough = PartBalance.quantity >= taken.quantity
    here = (PartBalance.place_id == place_id) & (PartBalance.lot_id == taken.lot_id)
    less = update(PartBalance).where(here, enough)
    less = less.values(quantity=PartBalance.quantity - taken.quantity)
    result = uow.session.execute(less.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)
    if not result.rowcount:
        count = left(uow, place_id, taken.lot_id)
        raise InvalidInput(Problem(field, "too_few_left", {"count": count}))
