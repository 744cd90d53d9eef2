"""Who may see and keep which places of stock: those of the own station, or all (C15)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import joinedload

from core.kernel import once
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.people.people import own_station_options
from core.process.permissions import sees_all_stations
from db.codes import PlaceKind, Role
from db.tables import Person, StockPlace
from db.types import LARGEST_ID

READ, ASK, APPROVE, KEEP = "stock:read", "stock:ask", "stock:approve", "stock:keep"
EDIT = "part:edit"
STORE, ASIDE, VAN = PlaceKind
# A form names the store of head office by a number; no station has this one.
HEAD_OFFICE = 0


def visible(actor: Actor) -> ColumnElement[bool]:
    """The places that the actor sees."""
    if sees_all_stations(actor):
        return true()
    return StockPlace.station_id == actor.station_id


def stores(uow: UnitOfWork, _record: object = None) -> Mapping[int, str]:
    """The stations whose stores the actor sees, and head office, by name; its own name is none."""
    head_office = {HEAD_OFFICE: ""} if sees_all_stations(uow.actor) else {}
    return {**head_office, **own_station_options(uow)}


def technicians(uow: UnitOfWork) -> Mapping[int, str]:
    """Those whose vans the actor sees, by name."""
    query = select(Person.id, Person.name).where(Person.active, Person.role == Role.TECHNICIAN)
    if not sees_all_stations(uow.actor):
        query = query.where(Person.station_id == uow.actor.station_id)
    return dict(uow.session.execute(query.order_by(Person.name, Person.id)).all())


@dataclass(frozen=True)
class Place:
    """A place as a screen names it; the store of head office has no station."""

    kind: PlaceKind
    station: str
    person: str = ""


def targets(uow: UnitOfWork) -> Mapping[str, Place]:
    """Where the actor may have parts brought, by the key of the place."""
    names = {f"{STORE}:{id}": Place(STORE, name) for id, name in stores(uow).items()}
    vans = {f"{VAN}:{id}": Place(VAN, "", name) for id, name in technicians(uow).items()}
    return names | vans


def at(uow: UnitOfWork, key: str) -> int:
    """The place of a key that was offered."""
    kind, _, number = key.partition(":")
    return van(uow, int(number)) if kind == VAN else store(uow, int(number))


def name_of(row: StockPlace) -> Place:
    """A stored place, with its station and person in view."""
    station = row.station.name if row.station else ""
    return Place(row.kind, station, row.person.name if row.person else "")


def place(uow: UnitOfWork, id: int) -> StockPlace:
    """A place that the actor sees; NotFound otherwise."""
    query = select(StockPlace).where(StockPlace.id == id, visible(uow.actor))
    query = query.options(joinedload(StockPlace.station), joinedload(StockPlace.person))
    found = uow.session.scalar(query) if 0 < id <= LARGEST_ID else None
    if found is None:
        raise NotFound(subject="stock_place", id=id)
    return found


def store(uow: UnitOfWork, station_id: int | None, kind: PlaceKind = STORE) -> int:
    """The store of a station, or what is put aside there."""
    key = f"{kind.value}:{station_id or HEAD_OFFICE}"
    return _known(uow, key, kind, station_id or None, None)


def van(uow: UnitOfWork, person_id: int) -> int:
    """The van of a technician."""
    station_id = uow.session.scalars(select(Person.station_id).where(Person.id == person_id)).one()
    place_id = _known(uow, f"van:{person_id}", VAN, station_id, person_id)
    row = uow.session.get_one(StockPlace, place_id)
    row.station_id = station_id  # it goes with whoever drives it
    return place_id


def _known(
    uow: UnitOfWork, key: str, kind: PlaceKind, station_id: int | None, person_id: int | None
) -> int:
    facts = {"kind": kind, "station_id": station_id, "person_id": person_id}
    once.add(uow.session, StockPlace, key=key, **facts)
    return uow.session.scalars(select(StockPlace.id).where(StockPlace.key == key)).one()
