"""Parts that are delivered, brought from place to place, and how many a place is to have."""

from datetime import date

from sqlalchemy import delete, select

from core.kernel import once
from core.kernel.errors import InvalidInput, NotAllowed, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.process import history
from core.process.permissions import require
from core.stock import catalogue, ledger, lists, sight
from core.stock.inputs import MoveParts, ReceiveParts, SetMinimum, TakeOut
from core.stock.ledger import Taken
from core.stock.sight import KEEP
from db.codes import MoveReason
from db.tables import Part, PartLot, PartMinimum


def receive(uow: UnitOfWork, command: ReceiveParts) -> int:
    """Put delivered parts into a store; gives their lot."""
    require(uow, KEEP)
    part = _check(uow, command)
    lot_id = lot_of(uow, part, command.batch, command.expires_on)
    store_id = sight.store(uow, command.station_id)
    taken = Taken(lot_id, command.quantity)
    ledger.move(
        *(uow, taken, MoveReason.RECEIVED),
        target=store_id,
        supplier_id=command.supplier_id,
        note=command.note,
    )
    return lot_id


def bring(uow: UnitOfWork, command: MoveParts) -> None:
    """Bring parts to another place that the actor keeps."""
    require(uow, KEEP)
    balance = lists.balance(uow, command.balance_id)
    if command.to_place not in sight.targets(uow):
        raise InvalidInput(Problem("to_place", "not_an_option"))
    target = sight.at(uow, command.to_place)
    if target == balance.place_id:
        raise InvalidInput(Problem("to_place", "same_place"))
    taken = Taken(balance.lot_id, command.quantity)
    ledger.move(
        uow, taken, MoveReason.MOVED, source=balance.place_id, target=target, note=command.note
    )


def take_out(uow: UnitOfWork, command: TakeOut) -> None:
    """Send parts back to a source, or throw away what has expired; history says why.

    What is broken or gone is a difference of a count: another person settles it.
    """
    require(uow, KEEP)
    balance = lists.balance(uow, command.balance_id)
    wrong = []
    if balance.place.kind is sight.ASIDE:
        wrong.append(Problem("balance_id", "not_an_option"))
    if command.supplier_id and command.supplier_id not in catalogue.sources(uow):
        wrong.append(Problem("supplier_id", "not_an_option"))
    elif not command.supplier_id and not _has_expired(uow, balance.expires_on):
        wrong.append(Problem("supplier_id", "not_expired"))
    if wrong:
        raise InvalidInput(*wrong)
    ledger.move(
        *(uow, Taken(balance.lot_id, command.quantity)),
        MoveReason.SENT_BACK if command.supplier_id else MoveReason.SCRAPPED,
        source=balance.place_id,
        supplier_id=command.supplier_id,
        note=command.note,
    )


def _has_expired(uow: UnitOfWork, until: date | None) -> bool:
    return until is not None and until < uow.today


def set_minimum(uow: UnitOfWork, command: SetMinimum) -> None:
    """Say how many of a part a store or a van is to have at least."""
    require(uow, KEEP)
    if command.at_place not in sight.targets(uow):
        raise InvalidInput(Problem("at_place", "not_an_option"))
    part = catalogue.part_of(uow, command.part_id)
    place_id = sight.at(uow, command.at_place)
    here = (PartMinimum.place_id == place_id) & (PartMinimum.part_id == part.id)
    old = uow.session.scalar(select(PartMinimum.quantity).where(here)) or 0
    uow.session.execute(delete(PartMinimum).where(here))
    if command.minimum:
        once.add(
            uow.session,
            PartMinimum,
            place_id=place_id,
            part_id=part.id,
            quantity=command.minimum,
        )
    data = {"minimum": [old, command.minimum], "place": place_id}
    history.record(uow, subject="part", subject_id=part.id, action="minimum_set", data=data)


def _check(uow: UnitOfWork, command: ReceiveParts) -> Part:
    _refuse_other_station(uow, command.station_id)
    part, wrong = catalogue.part_of(uow, command.part_id), []
    if command.supplier_id not in catalogue.regular(uow):
        wrong.append(Problem("supplier_id", "not_regular"))
    wrong += lacks_of_lot(part, command.batch, command.expires_on)
    if command.expires_on is not None and command.expires_on < uow.today:
        wrong.append(Problem("expires_on", "expired", {"on": command.expires_on.isoformat()}))
    if wrong:
        raise InvalidInput(*wrong)
    return part


def _refuse_other_station(uow: UnitOfWork, station_id: int) -> None:
    if station_id not in sight.stores(uow):
        raise NotAllowed(permission=KEEP)


def lacks_of_lot(part: Part, batch: str, expires_on: date | None) -> list[Problem]:
    """What a lot of a part is not told apart without."""
    # Without a batch number the days of two deliveries could not be told apart.
    wrong = [Problem("batch", "missing")] if (part.expires or expires_on) and not batch else []
    return wrong + ([Problem("expires_on", "missing")] if part.expires and not expires_on else [])


def lot_of(uow: UnitOfWork, part: Part, batch: str, expires_on: date | None) -> int:
    """The lot of a batch, as it came first: one batch has one day of expiry."""
    key = {"part_id": part.id, "batch": batch}
    once.add(uow.session, PartLot, **key, expires_on=expires_on)
    lot = uow.session.scalars(select(PartLot).filter_by(**key)).one()
    if lot.expires_on != expires_on:
        day = lot.expires_on.isoformat() if lot.expires_on else ""
        raise InvalidInput(Problem("expires_on", "other_expiry", {"on": day}))
    return lot.id
