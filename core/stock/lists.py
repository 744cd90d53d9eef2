"""What lies where: what is short first, then by part; what a technician may take from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import joinedload

from core.customers.catalogue import plain_name
from core.kernel.errors import NotFound
from core.kernel.inputs import clean_search
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require
from core.stock import catalogue, ledger, sight
from core.stock.sight import READ, STORE, VAN, Place
from db.codes import MoveReason
from db.tables import (
    Asset,
    Part,
    PartBalance,
    PartLot,
    PartMinimum,
    PartMove,
    PartProduct,
    Person,
    StockPlace,
)
from db.types import LARGEST_ID

MOST = 1000
# So long before its day a lot is about to expire.
AHEAD = timedelta(days=30)


@dataclass(frozen=True)
class StockFilter:
    """What narrows the stock; empty fields do not. `only` is what is to be looked after."""

    text: str = ""
    place_id: int | None = None
    part_id: int | None = None
    only: bool = False


@dataclass(frozen=True)
class StockRow:
    """How many of a part lie at a place, in all its lots, and whether that is too few."""

    place_id: int
    part_id: int
    place: Place
    part: str
    number: str
    unit: str
    quantity: int
    minimum: int
    # The first day on which some of it expires; what has expired counts for nothing.
    expires_on: date | None
    expired: int
    is_short: bool
    is_old: bool

    @property
    def id(self) -> int:
        """One number for the place and the part."""
        return self.place_id * (LARGEST_ID + 1) + self.part_id


@dataclass(frozen=True)
class Balance:
    """So many of a lot at a place, to be taken from."""

    id: int
    place_id: int
    lot_id: int
    part_id: int
    place: Place
    part: str
    batch: str
    expires_on: date | None
    quantity: int


@dataclass(frozen=True)
class MoveRow:
    """One line of the ledger."""

    at: Any
    person: str
    part: str
    batch: str
    quantity: int
    reason: MoveReason
    source: Place | None
    target: Place | None
    note: str


def listed(uow: UnitOfWork, *, filters: StockFilter) -> tuple[StockRow, ...]:
    """What lies at the places that the actor sees: too few or too old first; three queries."""
    require(uow, READ)
    return found(uow, filters)


def found(uow: UnitOfWork, filters: StockFilter) -> tuple[StockRow, ...]:
    """As `listed`, for the tool itself."""
    rows = sorted(
        _rows(uow, filters), key=lambda r: (not r.is_short, not r.is_old, r.part, r.number)
    )
    return tuple(row for row in rows if not filters.only or row.is_short or row.is_old)[:MOST]


def is_short(uow: UnitOfWork) -> ColumnElement[bool]:
    """Whether fewer of a part lie at a place than its minimum there; what has expired is none."""
    lies = (
        select(func.coalesce(func.sum(PartBalance.quantity), 0))
        .join(PartLot, PartLot.id == PartBalance.lot_id)
        .where(PartBalance.place_id == PartMinimum.place_id, ledger.is_good(uow.today))
        .where(PartLot.part_id == PartMinimum.part_id)
        .correlate(PartMinimum)
        .scalar_subquery()
    )
    return PartMinimum.quantity > lies


def how_many_short(uow: UnitOfWork) -> Select[int, int]:
    """How many parts are below their minimum at the places that the actor sees; none is late."""
    query = select(func.count(), literal(0)).select_from(PartMinimum)
    here = StockPlace.id == PartMinimum.place_id
    return query.join(StockPlace, here).where(is_short(uow), sight.visible(uow.actor))


def of_part(uow: UnitOfWork, *, part_id: int) -> tuple[StockRow, ...]:
    """Where a part lies, or is to lie, of the places that the actor sees."""
    require(uow, READ)
    return found(uow, StockFilter(part_id=part_id))


def places(uow: UnitOfWork) -> Mapping[int, Place]:
    """The places that the actor sees: stores first, then vans."""
    require(uow, READ)
    return _places(uow)


def _places(uow: UnitOfWork) -> Mapping[int, Place]:
    rows = uow.session.scalars(
        select(StockPlace)
        .where(sight.visible(uow.actor))
        .options(joinedload(StockPlace.station), joinedload(StockPlace.person))
    )
    named = {row.id: sight.name_of(row) for row in rows}
    order = sorted(named, key=lambda id: (named[id].kind, named[id].station, named[id].person))
    return {id: named[id] for id in order}


def mine(uow: UnitOfWork) -> int | None:
    """The van of the actor, if there ever was something in it."""
    return uow.session.scalar(select(StockPlace.id).where(StockPlace.person_id == uow.actor.id))


def balance(uow: UnitOfWork, id: int) -> Balance:
    """What lies at a place that the actor sees; NotFound otherwise."""
    known = 0 < id <= LARGEST_ID
    found = _balances(uow, PartBalance.id == id) if known else ()
    if not found:
        raise NotFound(subject="part_balance", id=id)
    return found[0]


def balances(uow: UnitOfWork) -> tuple[Balance, ...]:
    """All that lies in the stores and vans that the actor sees."""
    require(uow, READ)
    return _balances(uow, StockPlace.kind.in_((STORE, VAN)), PartBalance.quantity > 0)


def in_reach(uow: UnitOfWork, person_id: int, product_id: int | None) -> tuple[Balance, ...]:
    """What a technician may build in: of the own van first, then of the own station's store.

    What fits the product comes first, then what fits any, then what is made for others.
    """
    station = select(Person.station_id).where(Person.id == person_id).scalar_subquery()
    own = StockPlace.person_id == person_id
    here = own | ((StockPlace.kind == STORE) & (StockPlace.station_id == station))
    found = _balances(uow, here, PartBalance.quantity > 0, ledger.is_good(uow.today), all_=True)
    rank = _ranks(uow, product_id)

    def order(row: Balance) -> tuple[int, bool, str, date]:
        is_far, until = row.place.kind is not VAN, row.expires_on or date.max
        return rank(row.part_id), is_far, row.part, until

    return tuple(sorted(found, key=order))


def to_order(uow: UnitOfWork, asset_id: int | None, person_id: int) -> Mapping[int, str]:
    """The parts that may be asked for, as `in_reach` orders them, each with what the store has."""
    product = select(Asset.product_id).where(Asset.id == asset_id)
    rank = _ranks(uow, uow.session.scalar(product) if asset_id else None)
    station = select(Person.station_id).where(Person.id == person_id).scalar_subquery()
    here = (StockPlace.kind == STORE) & (StockPlace.station_id == station)
    rows = uow.session.execute(
        select(PartLot.part_id, func.sum(PartBalance.quantity))
        .join(PartLot, PartLot.id == PartBalance.lot_id)
        .join(StockPlace, StockPlace.id == PartBalance.place_id)
        .where(here, ledger.is_good(uow.today))
        .group_by(PartLot.part_id)
    )
    lies: dict[int, int] = {part_id: int(count) for part_id, count in rows}
    names = select(Part).where(Part.active).order_by(Part.name, Part.number).limit(MOST)
    found = sorted(uow.session.scalars(names), key=lambda part: rank(part.id))
    return {
        part.id: f"{catalogue.label(part)} · {lies.get(part.id, 0)}{part.unit}" for part in found
    }


def _ranks(uow: UnitOfWork, product_id: int | None) -> Callable[[int], int]:
    """What fits a product comes first, then what fits any, then what is made for others."""
    fits: dict[int, set[int]] = {}
    for part_id, fitted in uow.session.execute(select(PartProduct.part_id, PartProduct.product_id)):
        fits.setdefault(part_id, set()).add(fitted)

    def rank(part_id: int) -> int:
        known = fits.get(part_id)
        return 1 if known is None else 0 if product_id in known else 2

    return rank


def moves(uow: UnitOfWork, *, place_id: int, part_id: int) -> tuple[MoveRow, ...]:
    """What came to and went from a place of a part, the newest first."""
    require(uow, READ)
    sight.place(uow, place_id)
    here = (PartMove.from_id == place_id) | (PartMove.to_id == place_id)
    rows = uow.session.scalars(
        select(PartMove)
        .join(PartMove.lot)
        .where(here, PartLot.part_id == part_id)
        .options(joinedload(PartMove.person), joinedload(PartMove.lot).joinedload(PartLot.part))
        .order_by(PartMove.id.desc())
        .limit(50)
    )
    return tuple(_move(row, _names(uow)) for row in rows)


def _names(uow: UnitOfWork) -> Mapping[int, Place]:
    both = (joinedload(StockPlace.station), joinedload(StockPlace.person))
    return {
        row.id: sight.name_of(row) for row in uow.session.scalars(select(StockPlace).options(*both))
    }


def _move(row: PartMove, names: Mapping[int, Place]) -> MoveRow:
    return MoveRow(
        at=row.at,
        person=row.person.name if row.person else "",
        part=catalogue.label(row.lot.part),
        batch=row.lot.batch,
        quantity=row.quantity,
        reason=row.reason,
        source=names[row.from_id] if row.from_id else None,
        target=names[row.to_id] if row.to_id else None,
        note=row.note,
    )


def _rows(uow: UnitOfWork, filters: StockFilter) -> list[StockRow]:
    names = _places(uow)
    wanted = {filters.place_id} & set(names) if filters.place_id else set(names)
    sums = {(place, part): row for place, part, *row in uow.session.execute(_sums(uow))}
    minimums = {
        (place, part): quantity
        for place, part, quantity in uow.session.execute(
            select(PartMinimum.place_id, PartMinimum.part_id, PartMinimum.quantity)
        )
    }
    query = select(Part).where(_named(filters.text))
    if filters.part_id:
        query = query.where(Part.id == filters.part_id)
    parts = {row.id: row for row in uow.session.scalars(query)}
    return [
        _row(uow, key, names[key[0]], parts[key[1]], sums.get(key), minimums.get(key, 0))
        for key in sorted(sums.keys() | minimums.keys())
        if key[0] in wanted and key[1] in parts
    ]


def _sums(uow: UnitOfWork) -> Select[int, int, int, int, date | None]:
    good = ledger.is_good(uow.today)
    return (
        select(
            PartBalance.place_id,
            PartLot.part_id,
            func.coalesce(func.sum(PartBalance.quantity).filter(good), 0),
            func.coalesce(func.sum(PartBalance.quantity).filter(~good), 0),
            func.min(PartLot.expires_on),
        )
        .join(PartLot, PartLot.id == PartBalance.lot_id)
        .where(PartBalance.quantity > 0)
        .group_by(PartBalance.place_id, PartLot.part_id)
    )


def _row(
    uow: UnitOfWork, key: tuple[int, int], place: Place, part: Part, lies: Any, minimum: int
) -> StockRow:
    quantity, expired, expires_on = lies or (0, 0, None)
    return StockRow(
        place_id=key[0],
        part_id=key[1],
        place=place,
        part=part.name,
        number=part.number,
        unit=part.unit,
        quantity=int(quantity),
        minimum=minimum,
        expires_on=expires_on,
        expired=int(expired),
        is_short=quantity < minimum,
        is_old=expires_on is not None and expires_on <= uow.today + AHEAD,
    )


def _named(text: str) -> ColumnElement[bool]:
    sought = clean_search(text)
    key = plain_name(sought)
    return Part.name.contains(sought, autoescape=True) | Part.key.contains(key, autoescape=True)


def _balances(uow: UnitOfWork, *which: Any, all_: bool = False) -> tuple[Balance, ...]:
    query = (
        select(PartBalance.id, PartBalance.quantity, PartLot, StockPlace)
        .join(PartLot, PartLot.id == PartBalance.lot_id)
        .join(StockPlace, StockPlace.id == PartBalance.place_id)
        .where(*which)
        .options(
            joinedload(PartLot.part),
            joinedload(StockPlace.station),
            joinedload(StockPlace.person),
        )
        .order_by(PartBalance.id)
        .limit(MOST)
    )
    if not all_:
        query = query.where(sight.visible(uow.actor))
    return tuple(_balance(*row) for row in uow.session.execute(query))


def _balance(id: int, quantity: int, lot: PartLot, place: StockPlace) -> Balance:
    return Balance(
        id=id,
        place_id=place.id,
        lot_id=lot.id,
        part_id=lot.part_id,
        place=sight.name_of(place),
        part=catalogue.label(lot.part),
        batch=lot.batch,
        expires_on=lot.expires_on,
        quantity=quantity,
    )
