"""Two archives of one customer become one, or two rows of one piece; and the way back (C9).

What belonged to the other one is with the first from then on. The other one stays: it leads to the
first, and its history says what was moved, so that both can be parted again.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, select

from core.customers.customers import EDITS, require_own
from core.kernel.errors import InvalidInput, NotFound, Problem, Stale
from core.kernel.inputs import Input, RecordId, RequiredLine
from core.kernel.unit_of_work import UnitOfWork, seen
from core.process import changes, history
from core.process.permissions import require
from db.codes import RoundStatus
from db.keys import invoice_key
from db.tables import (
    Asset,
    Base,
    CareCall,
    Contact,
    Contract,
    ContractPiece,
    CourseSeat,
    Customer,
    Handover,
    History,
    KeyCustomer,
    Mail,
    MaintenancePiece,
    MaintenancePlan,
    MaintenanceRound,
    OnlineRequest,
    PieceLabel,
    PointEntry,
    Purchase,
    PurchaseLine,
    Reading,
    RecallOwner,
    Replacement,
    ServiceRequest,
    ShopPiece,
)
from db.types import LARGEST_ID

Noun = type[Customer] | type[Asset]
SUBJECTS: dict[Noun, str] = {Customer: "customer", Asset: "asset"}
# What belongs to a customer, and to a piece, and by which column.
BELONGS: dict[Noun, tuple[tuple[type[Base], str], ...]] = {
    Customer: (
        (ServiceRequest, "customer_id"),
        (Asset, "customer_id"),
        (Purchase, "customer_id"),
        (MaintenancePlan, "customer_id"),
        (RecallOwner, "customer_id"),
        (Handover, "customer_id"),
        (Reading, "customer_id"),
        (Contact, "customer_id"),
        (KeyCustomer, "customer_id"),
        (CareCall, "customer_id"),
        (Contract, "customer_id"),
        (CourseSeat, "customer_id"),
        (PointEntry, "customer_id"),
        (Mail, "customer_id"),
        (Customer, "joined_into_id"),
    ),
    Asset: (
        (ServiceRequest, "asset_id"),
        (PurchaseLine, "asset_id"),
        (ContractPiece, "asset_id"),
        (MaintenancePiece, "asset_id"),
        (MaintenanceRound, "asset_id"),
        (Replacement, "asset_id"),
        (ShopPiece, "asset_id"),
        (OnlineRequest, "asset_id"),
        (PieceLabel, "asset_id"),
        (Asset, "joined_into_id"),
    ),
}
# Of these each has one: what the first one has already stays with the other.
ONCE: dict[type[Base], tuple[str, ...]] = {
    RecallOwner: ("emergency_id",),
    Handover: ("from_station_id", "status"),
    KeyCustomer: (),
    CareCall: ("plan", "due_on"),
    Contract: ("number",),
    ContractPiece: ("contract_id",),
    MaintenancePiece: ("plan_id",),
    MaintenanceRound: ("plan_id", "due_on"),
}
# What the first piece learns of the other.
LEARNT = ("purchased_on", "warranty_until")


class JoinDouble(Input):
    """The other one is the same as this one."""

    other_id: RecordId
    reason: RequiredLine


class KeepApart(Input):
    """The other one is somebody or something else, however alike."""

    other_id: RecordId
    reason: RequiredLine


class PartAgain(Input):
    """They are two after all."""

    reason: RequiredLine


def join(uow: UnitOfWork, *, noun: Noun, id: int, command: JoinDouble, seen_version: int) -> None:
    """Make one out of two: what belonged to the other belongs to this one."""
    require(uow, EDITS)
    first = seen(_held(uow, noun, id), seen_version)
    other = _held(uow, noun, command.other_id)
    if first.joined_into_id or other.joined_into_id:
        raise Stale()
    _check(first, other)
    data = {"into": first.id, "moved": _move(uow, noun, other.id, first.id)}
    if isinstance(first, Asset) and isinstance(other, Asset):
        data["learnt"] = _learn(uow, first, other)
    other.joined_into_id = first.id
    _record(uow, noun, other.id, "joined", command.reason, data)
    _record(uow, noun, first.id, "took_in", command.reason, {"other": other.id})


def part(uow: UnitOfWork, *, noun: Noun, id: int, command: PartAgain) -> None:
    """Make two of them again: what was moved and is still with the first one goes back."""
    require(uow, EDITS)
    other = _held(uow, noun, id)
    joined = _last_joined(uow, noun, other.id)
    if other.joined_into_id is None or joined is None:
        raise Stale()
    first = _held(uow, noun, other.joined_into_id)
    other.joined_into_id = None
    uow.session.flush()
    _move_back(uow, noun, first.id, other.id, joined["moved"])
    for name, value in joined.get("learnt", {}).items():
        known = getattr(first, name)
        if known is not None and known.isoformat() == value:
            setattr(first, name, None)
    _record(uow, noun, other.id, "parted", command.reason, {"from": first.id})
    _record(uow, noun, first.id, "gave_back", command.reason, {"other": other.id})


def keep_apart(uow: UnitOfWork, *, noun: Noun, id: int, command: KeepApart) -> None:
    """They are alike and two: the list of doubles names them no more."""
    require(uow, EDITS)
    one, other = (_held(uow, noun, each).id for each in sorted((id, command.other_id)))
    _record(uow, noun, one, "kept_apart", command.reason, {"other": other})


def _held(uow: UnitOfWork, noun: Noun, id: int) -> Any:
    """The record, held until the end, if its customer is of the actor's station."""
    row: Any = uow.session.get(noun, id, with_for_update=True) if 0 < id <= LARGEST_ID else None
    if row is None:
        raise NotFound(subject=SUBJECTS[noun], id=id)
    owner_id = row.customer_id if isinstance(row, Asset) else row.id
    require_own(uow, uow.session.get_one(Customer, owner_id))
    return row


def _check(first: Any, other: Any) -> None:
    if first.id == other.id:
        raise InvalidInput(Problem("other_id", "the_same_one"))
    if isinstance(first, Asset) and first.customer_id != other.customer_id:
        raise InvalidInput(Problem("other_id", "of_another_customer"))
    if isinstance(first, Asset) and other.serial and not first.serial:
        raise InvalidInput(Problem("other_id", "keep_the_numbered"))


def _move(uow: UnitOfWork, noun: Noun, source: int, target: int) -> dict[str, list[int]]:
    moved: dict[str, list[int]] = {}
    if noun is Asset:  # forecasts, which the plan makes anew for the piece that stays
        planned = MaintenanceRound.status == RoundStatus.PLANNED
        uow.session.execute(
            delete(MaintenanceRound).where(MaintenanceRound.asset_id == source, planned)
        )
    for table, column in BELONGS[noun]:
        taken = _taken(uow, table, column, target)
        for row in _rows(uow, table, column, source):
            if _once(table, row) in taken:
                continue
            if isinstance(row, Purchase):
                row.invoice_key = _free_key(uow, row, target)
            setattr(row, column, target)
            moved.setdefault(table.__tablename__, []).append(_id(row))
    uow.session.flush()
    return moved


def _move_back(
    uow: UnitOfWork, noun: Noun, source: int, target: int, moved: dict[str, list[int]]
) -> None:
    for table, column in BELONGS[noun]:
        ids = set(moved.get(table.__tablename__, ()))
        for row in _rows(uow, table, column, source):
            if _id(row) in ids:
                if isinstance(row, Purchase):
                    row.invoice_key = _free_key(uow, row, target)
                setattr(row, column, target)
    uow.session.flush()


def _rows(uow: UnitOfWork, table: Any, column: str, id: int) -> Iterator[Any]:
    yield from uow.session.scalars(select(table).where(getattr(table, column) == id)).all()


def _id(row: Any) -> int:
    return int(row.id)


def _once(table: type[Base], row: Base) -> tuple[Any, ...] | None:
    names = ONCE.get(table)
    return None if names is None else tuple(getattr(row, name) for name in names)


def _taken(uow: UnitOfWork, table: type[Base], column: str, id: int) -> set[tuple[Any, ...] | None]:
    if table not in ONCE:
        return set()
    return {_once(table, row) for row in _rows(uow, table, column, id)}


def _free_key(uow: UnitOfWork, row: Purchase, customer_id: int) -> str:
    """An invoice that was typed for both is one: the second has no key (pieces.is_old_double)."""
    key = invoice_key(row.invoice_no)
    same = select(Purchase.id).where(
        Purchase.invoice_key == key, Purchase.customer_id == customer_id, Purchase.id != row.id
    )
    return "" if uow.session.scalar(same.limit(1)) else key


def _learn(uow: UnitOfWork, first: Asset, other: Asset) -> dict[str, str]:
    facts = {name: getattr(other, name) for name in LEARNT if getattr(first, name) is None}
    known = {name: value for name, value in facts.items() if value is not None}
    if data := changes.write(first, known):
        _record(uow, Asset, first.id, "edited", "", data)
    return {name: value.isoformat() for name, value in known.items()}


def _last_joined(uow: UnitOfWork, noun: Noun, id: int) -> dict[str, Any] | None:
    query = select(History.data).where(
        History.subject == SUBJECTS[noun], History.subject_id == id, History.action == "joined"
    )
    return uow.session.scalar(query.order_by(History.sequence.desc()).limit(1))


def _record(
    uow: UnitOfWork, noun: Noun, id: int, action: str, note: str, data: dict[str, Any]
) -> None:
    history.record(uow, subject=SUBJECTS[noun], subject_id=id, action=action, note=note, data=data)
