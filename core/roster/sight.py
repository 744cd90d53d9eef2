"""Whose time and papers the actor may see, and keep (C15)."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, select, true

from core.kernel.errors import NotAllowed, NotFound
from core.kernel.inputs import Input
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process.permissions import may, require, sees_all_stations
from db.codes import Role
from db.tables import Person
from db.types import LARGEST_ID

READ, EDIT = "roster:read", "roster:edit"


class Remove(Input):
    """Take a record of the roster out; history keeps what it was."""


def visible_people(actor: Actor) -> ColumnElement[bool]:
    """Everybody for who keeps the roster, of the own station or of all; oneself for the others."""
    if not may(actor, READ):
        return Person.id == actor.id
    if sees_all_stations(actor):
        return true()
    return (Person.station_id == actor.station_id) | (Person.id == actor.id)


def person(uow: UnitOfWork, id: int) -> Person:
    """Somebody whom the actor may see; NotFound otherwise."""
    who = select(Person).where(Person.id == id, visible_people(uow.actor))
    found = uow.session.scalar(who) if 0 < id <= LARGEST_ID else None
    if found is None:
        raise NotFound(subject="person", id=id)
    return found


def person_to_keep(uow: UnitOfWork, id: int) -> Person:
    """Somebody whose papers and time the actor keeps; NotAllowed or NotFound otherwise."""
    require(uow, EDIT)
    return person(uow, id)


def require_station(uow: UnitOfWork, station_id: int | None) -> None:
    """NotAllowed unless the actor keeps the roster of the station; None is the whole company."""
    require(uow, EDIT)
    if not keeps_all(uow.actor) and station_id != uow.actor.station_id:
        raise NotAllowed(permission=EDIT)


def keeps_all(actor: Actor) -> bool:
    """Whether the actor keeps the roster of the whole company."""
    return may(actor, EDIT) and sees_all_stations(actor)


def options(uow: UnitOfWork) -> Mapping[int, str]:
    """Those whose roster the actor sees, by id: who is sent first, then by name."""
    rows = uow.session.execute(
        select(Person.id, Person.name)
        .where(Person.active, visible_people(uow.actor))
        .order_by(Person.role != Role.TECHNICIAN, Person.name, Person.id)
    )
    return dict(rows.all())
