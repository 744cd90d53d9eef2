"""Who is told: the owner of a case, the head of its station, managers, leaders (norms 8, E17).

No role is called station head: the dispatchers of a station lead its work, and the managers who
sit there. A case without a station belongs to head office, as do people without one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from core.kernel.unit_of_work import UnitOfWork
from db.codes import Receiver, Role
from db.tables import Person, ServiceRequest

STATION_HEADS = (Role.DISPATCHER, Role.MANAGER)


@dataclass(frozen=True)
class Reached:
    """Who was found, and as what; nobody when there is no leader either."""

    receiver: Receiver
    people: tuple[int, ...]


def find(
    uow: UnitOfWork, request: ServiceRequest, receiver: Receiver, *, without: int | None = None
) -> Reached:
    """The receiver of a case; where nobody is there, the next higher one."""
    order = list(Receiver)
    for higher in order[order.index(receiver) :]:
        people = _active(uow, _is(higher, request.station_id, request.owner_id), without)
        if people:
            return Reached(higher, people)
    return Reached(Receiver.LEADER, ())


def heads(
    uow: UnitOfWork, station_id: int | None, *, without: int | None = None
) -> tuple[int, ...]:
    """Who heads a station; where nobody does, the managers, else the leaders."""
    for receiver in (Receiver.STATION_HEAD, Receiver.MANAGER, Receiver.LEADER):
        if people := _active(uow, _is(receiver, station_id), without):
            return people
    return ()


def heads_at(uow: UnitOfWork, station_id: int) -> tuple[int, ...]:
    """Who heads a station; nobody where nobody does."""
    return _active(uow, _is(Receiver.STATION_HEAD, station_id), None)


def everywhere(uow: UnitOfWork, roles: Iterable[Role]) -> tuple[int, ...]:
    """The people of some roles, wherever they sit."""
    return _active(uow, Person.role.in_(tuple(roles)), None)


def of_roles(
    uow: UnitOfWork, request: ServiceRequest, roles: Iterable[Role], *, without: int | None = None
) -> tuple[int, ...]:
    """The people of some roles at the case's station and at head office; leaders of anywhere."""
    near = (
        _at_station(request.station_id) | Person.station_id.is_(None) | (Person.role == Role.LEADER)
    )
    return _active(uow, Person.role.in_(tuple(roles)) & near, without)


def of_station(uow: UnitOfWork, request: ServiceRequest) -> tuple[int, ...]:
    """Who takes on what comes to a station: its dispatchers, else its agents, else its head."""
    for role in (Role.DISPATCHER, Role.AGENT):
        if people := _active(uow, (Person.role == role) & _at_station(request.station_id), None):
            return people
    return find(uow, request, Receiver.STATION_HEAD).people


def of_department(uow: UnitOfWork, department: str) -> tuple[int, ...]:
    """The heads of a department; everybody in it where nobody heads it."""
    if not department:
        return ()
    inside = Person.department == department
    return _active(uow, inside & Person.is_head, None) or _active(uow, inside, None)


def _active(uow: UnitOfWork, who: ColumnElement[bool], without: int | None) -> tuple[int, ...]:
    people = select(Person.id).where(Person.active, who).order_by(Person.id)
    if without is not None:
        people = people.where(Person.id != without)
    return tuple(uow.session.scalars(people))


def _is(
    receiver: Receiver, station_id: int | None, owner_id: int | None = None
) -> ColumnElement[bool]:
    here = _at_station(station_id)
    if receiver is Receiver.OWNER:
        return Person.id == owner_id
    if receiver is Receiver.STATION_HEAD:
        return Person.role.in_(STATION_HEADS) & here
    if receiver is Receiver.MANAGER:
        return (Person.role == Role.MANAGER) & (here | Person.station_id.is_(None))
    return Person.role == Role.LEADER


def _at_station(station_id: int | None) -> ColumnElement[bool]:
    return Person.station_id.is_not_distinct_from(station_id)
