"""Stations and people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload

from core.kernel.errors import InvalidInput, NotAllowed, Problem
from core.kernel.inputs import (
    AddressLine,
    Choice,
    Input,
    Latitude,
    LineText,
    Longitude,
    Phone,
    RequiredLine,
    WideLine,
)
from core.kernel.unit_of_work import UnitOfWork, seen
from core.norms.revisions import in_force, norm_of
from core.people import outside, sign_ins
from core.people.attempts import clean_name
from core.people.passwords import Password, hash_password, refuse_common
from core.process import changes, history
from core.process.permissions import require, require_recent, sees_all_stations
from db.codes import Language, Role
from db.tables import Person, Station


def _username(value: str) -> str:
    if not value.replace(".", "").replace("_", "").replace("-", "").isalnum():
        raise PydanticCustomError("username", "letters and digits only")
    value = clean_name(value)
    if len(value) > 40:  # a lower case letter may be longer than its upper case
        raise PydanticCustomError("string_too_long", "too long", {"max_length": 40})
    return value


# As the company's own sign-in service says it: an address, as a rule.
OutsideName = Annotated[WideLine, Field(max_length=254)]
Username = Annotated[RequiredLine, Field(max_length=40), AfterValidator(_username)]


class AddStation(Input):
    """A new service station."""

    name: RequiredLine
    region: LineText = ""
    phone: Phone = ""
    # Where its technicians set out from.
    address: AddressLine = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class EditStation(AddStation):
    """A station's facts; a closed station takes no new work."""

    active: bool = True


class EditPerson(Input):
    """A person's facts, as the administrator keeps them."""

    name: RequiredLine
    role: Role
    station_id: Annotated[int | None, Choice("stations")] = None
    department: Annotated[str | None, Choice("departments")] = None
    is_head: bool = False
    phone: Phone = ""
    outside_name: OutsideName = ""
    active: bool = True


class AddPerson(Input):
    """A new person with a first password."""

    username: Username
    name: RequiredLine
    role: Role
    station_id: Annotated[int | None, Choice("stations")] = None
    department: Annotated[str | None, Choice("departments")] = None
    is_head: bool = False
    phone: Phone = ""
    password: Password


class ChooseLanguage(Input):
    """The language of one's own screens."""

    language: Language


@dataclass(frozen=True)
class PersonView:
    """A person as lists show them."""

    id: int
    username: str
    name: str
    role: Role
    station_id: int | None
    station: str
    department: str
    is_head: bool
    phone: str
    outside_name: str
    active: bool
    version: int


@dataclass(frozen=True)
class StationView:
    """A station as lists show it."""

    id: int
    name: str
    region: str
    phone: str
    active: bool
    version: int
    address: str
    latitude: float | None
    longitude: float | None


def add_station(uow: UnitOfWork, command: AddStation) -> int:
    """Open a station; InvalidInput when the name is taken."""
    require(uow, "people:edit")
    _refuse_taken(uow, Station.name == command.name, "name")
    station = Station(**command.model_dump())
    uow.session.add(station)
    uow.session.flush()
    history.record(uow, subject="station", subject_id=station.id, action="added")
    return station.id


def edit_station(uow: UnitOfWork, *, id: int, command: EditStation, seen_version: int) -> None:
    """Change a station's facts."""
    require(uow, "people:edit")
    station = seen(uow.session.get(Station, id), seen_version)
    _refuse_taken(uow, (Station.name == command.name) & (Station.id != id), "name")
    data = changes.write(station, command.model_dump())
    history.record(uow, subject="station", subject_id=id, action="edited", data=data)


def add_person(uow: UnitOfWork, command: AddPerson) -> int:
    """Add a person; InvalidInput when the user name is taken."""
    require(uow, "people:edit")
    require_recent(uow)
    return admit(uow, command, is_given=True)


def admit(
    uow: UnitOfWork,
    command: AddPerson,
    *,
    password_hash: str | None = None,
    is_given: bool = False,
) -> int:
    """Add a person without asking who does it: for the first administrator and demo data.

    A hash that was made before spares thirty demo people a quarter of a second each. A password
    that was given by somebody else is changed at the first sign-in.
    """
    if password_hash is None:
        refuse_common(command.password, command.username, command.name)
    _refuse_taken(uow, Person.username == command.username, "username")
    check_station(uow, command.station_id)
    _check_department(uow, command.department)
    facts = command.model_dump(exclude={"password"}) | {"department": command.department or ""}
    person = Person(
        **facts,
        password_hash=password_hash or hash_password(command.password),
        password_is_given=is_given,
    )
    uow.session.add(person)
    uow.session.flush()
    history.record(uow, subject="person", subject_id=person.id, action="added")
    return person.id


def edit_person(uow: UnitOfWork, *, id: int, command: EditPerson, seen_version: int) -> None:
    """Change a person's facts. Who loses access is signed out at once."""
    require(uow, "people:edit")
    require_recent(uow)
    if id == uow.actor.id and (not command.active or command.role is not uow.actor.role):
        # The last administrator would lock the company out of its own tool.
        raise NotAllowed(reason="own_access")
    person = seen(uow.session.get(Person, id), seen_version)
    check_station(uow, command.station_id, before=person.station_id)
    _check_department(uow, command.department, before=person.department)
    facts = command.model_dump() | {"department": command.department or ""}
    if outside_name := outside.clean(command.outside_name):
        _refuse_taken(
            uow, (Person.outside_name == outside_name) & (Person.id != id), "outside_name"
        )
    data = changes.write(person, facts | {"outside_name": outside_name})
    if not command.active or "outside_name" in data:
        sign_ins.end_all(uow.session, id, uow.now)
    history.record(uow, subject="person", subject_id=id, action="edited", data=data)


def is_known(uow: UnitOfWork, *, username: str) -> bool:
    """Whether somebody has this user name."""
    found = select(Person.id).where(Person.username == clean_name(username))
    return uow.session.scalar(found) is not None


def choose_language(uow: UnitOfWork, command: ChooseLanguage) -> None:
    """Keep the actor's language of the screens."""
    person = uow.session.get_one(Person, uow.actor.id)
    person.language = command.language


def list_people(uow: UnitOfWork) -> tuple[PersonView, ...]:
    """Everybody, by name; for administrators."""
    require(uow, "people:edit")
    people = uow.session.scalars(
        select(Person).options(joinedload(Person.station)).order_by(Person.name, Person.id)
    )
    return tuple(_person_view(person) for person in people)


def list_stations(uow: UnitOfWork) -> tuple[StationView, ...]:
    """All stations by name, closed ones too."""
    return tuple(
        StationView(
            *(s.id, s.name, s.region, s.phone, s.active, s.version),
            *(s.address, s.latitude, s.longitude),
        )
        for s in uow.session.scalars(select(Station).order_by(Station.name))
    )


def station_options(uow: UnitOfWork, _record: object = None) -> Mapping[int, str]:
    """The stations that take work, by id."""
    rows = uow.session.execute(
        select(Station.id, Station.name).where(Station.active).order_by(Station.name)
    )
    return dict(rows.all())


def own_station_options(uow: UnitOfWork, _record: object = None) -> Mapping[int, str]:
    """As `station_options`: the actor's own station, or all for who sees all."""
    stations = station_options(uow)
    if sees_all_stations(uow.actor):
        return stations
    return {id: name for id, name in stations.items() if id == uow.actor.station_id}


def department_options(uow: UnitOfWork, _record: object = None) -> Mapping[str, str]:
    """The departments of the rule book in force, by name, in the actor's language."""
    departments = norm_of(in_force(uow)).departments
    return {each.name: each.text[uow.actor.language] for each in departments}


def check_station(uow: UnitOfWork, station_id: int | None, *, before: int | None = None) -> None:
    """InvalidInput unless the station takes work or was the record's own before."""
    if station_id not in (None, before) and station_id not in station_options(uow):
        raise InvalidInput(Problem("station_id", "not_an_option"))


def _check_department(uow: UnitOfWork, name: str | None, *, before: str = "") -> None:
    if name and name != before and name not in department_options(uow):
        raise InvalidInput(Problem("department", "not_an_option"))


def _refuse_taken(uow: UnitOfWork, condition: ColumnElement[bool], field: str) -> None:
    if uow.session.scalar(select(exists().where(condition))):
        raise InvalidInput(Problem(field, "taken"))


def _person_view(person: Person) -> PersonView:
    return PersonView(
        id=person.id,
        username=person.username,
        name=person.name,
        role=person.role,
        station_id=person.station_id,
        station=person.station.name if person.station else "",
        department=person.department,
        is_head=person.is_head,
        phone=person.phone,
        outside_name=person.outside_name or "",
        active=person.active,
        version=person.version,
    )
