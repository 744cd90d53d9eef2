"""Stations, people, passwords and sign-ins."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import bcrypt
from pydantic import AfterValidator, Field, SecretStr
from pydantic_core import PydanticCustomError
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Problem
from core.kernel.inputs import (
    AddressLine,
    Choice,
    Input,
    Latitude,
    LineText,
    Longitude,
    Phone,
    RequiredLine,
    Shown,
)
from core.kernel.unit_of_work import UnitOfWork, seen
from core.norms.revisions import in_force, norm_of
from core.people import attempts, sign_ins
from core.people.attempts import clean_name
from core.process import changes, history
from core.process.permissions import require, sees_all_stations
from db.codes import Language, Role
from db.tables import Person, Station


def _password(value: SecretStr) -> SecretStr:
    text = value.get_secret_value().strip()
    if len(text) < 8:
        raise PydanticCustomError("password_short", "too short")
    # bcrypt reads 72 bytes and no more; a silently cut password would be a weaker one.
    if len(text.encode()) > 72:
        raise PydanticCustomError("password_long", "too long")
    return SecretStr(text)


def _username(value: str) -> str:
    if not value.replace(".", "").replace("_", "").replace("-", "").isalnum():
        raise PydanticCustomError("username", "letters and digits only")
    value = clean_name(value)
    if len(value) > 40:  # a lower case letter may be longer than its upper case
        raise PydanticCustomError("string_too_long", "too long", {"max_length": 40})
    return value


Password = Annotated[SecretStr, AfterValidator(_password), Shown("password")]
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


class ChangePassword(Input):
    """One's own new password."""

    current: Annotated[SecretStr, Shown("password")]
    password: Password


class ChooseLanguage(Input):
    """The language of one's own screens."""

    language: Language


class SetPassword(Input):
    """A new password given by the administrator."""

    password: Password


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


def hash_password(password: SecretStr) -> str:
    """The bcrypt hash of a checked password."""
    return bcrypt.hashpw(password.get_secret_value().encode(), bcrypt.gensalt()).decode()


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
    return admit(uow, command)


def admit(uow: UnitOfWork, command: AddPerson, *, password_hash: str | None = None) -> int:
    """Add a person without asking who does it: for the first administrator and demo data.

    A hash that was made before spares thirty demo people a quarter of a second each.
    """
    _refuse_taken(uow, Person.username == command.username, "username")
    check_station(uow, command.station_id)
    _check_department(uow, command.department)
    facts = command.model_dump(exclude={"password"}) | {"department": command.department or ""}
    person = Person(
        **facts,
        password_hash=password_hash or hash_password(command.password),
    )
    uow.session.add(person)
    uow.session.flush()
    history.record(uow, subject="person", subject_id=person.id, action="added")
    return person.id


def edit_person(uow: UnitOfWork, *, id: int, command: EditPerson, seen_version: int) -> None:
    """Change a person's facts. Who loses access is signed out at once."""
    require(uow, "people:edit")
    if id == uow.actor.id and (not command.active or command.role is not uow.actor.role):
        # The last administrator would lock the company out of its own tool.
        raise NotAllowed(reason="own_access")
    person = seen(uow.session.get(Person, id), seen_version)
    check_station(uow, command.station_id, before=person.station_id)
    _check_department(uow, command.department, before=person.department)
    facts = command.model_dump() | {"department": command.department or ""}
    data = changes.write(person, facts)
    if not command.active:
        sign_ins.end_all(uow.session, id, uow.now)
    history.record(uow, subject="person", subject_id=id, action="edited", data=data)


def set_password(uow: UnitOfWork, *, id: int, command: SetPassword, seen_version: int) -> None:
    """Give a person a new password; all their sign-ins end."""
    require(uow, "people:edit")
    person = seen(uow.session.get(Person, id), seen_version)
    _new_password(uow, person, command.password)


def change_password(uow: UnitOfWork, command: ChangePassword) -> None:
    """Change one's own password; all one's sign-ins end, this one too."""
    person = uow.session.get_one(Person, uow.actor.id)
    given = command.current.get_secret_value().strip().encode()
    if len(given) > 72 or not bcrypt.checkpw(given, person.password_hash.encode()):
        raise InvalidInput(Problem("current", "wrong_password"))
    _new_password(uow, person, command.password)


def renew_password(uow: UnitOfWork, *, username: str) -> str:
    """Make a new password on the server, for whoever lost the way in; NotFound for nobody's name.

    The person may sign in again at once, also when disabled or locked.
    """
    person = uow.session.scalar(select(Person).where(Person.username == clean_name(username)))
    if person is None:
        raise NotFound(subject="person")
    # Read off a terminal and typed: no letters that look like others.
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    password = "-".join("".join(secrets.choice(signs) for _ in range(4)) for _ in range(4))
    changes: dict[str, list[object]] = {} if person.active else {"active": [False, True]}
    person.active = True
    _new_password(uow, person, SecretStr(password), changes)
    return password


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


def _new_password(
    uow: UnitOfWork,
    person: Person,
    password: SecretStr,
    changes: dict[str, list[object]] | None = None,
) -> None:
    person.password_hash = hash_password(password)
    attempts.unlock(uow.session, person.username)
    sign_ins.end_all(uow.session, person.id, uow.now)
    uow.session.flush()
    history.record(
        uow, subject="person", subject_id=person.id, action="password_changed", data=changes
    )


def _refuse_taken(uow: UnitOfWork, condition: object, field: str) -> None:
    table = Person if field == "username" else Station
    if uow.session.scalar(select(table.id).where(condition)):  # type: ignore[arg-type]
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
        active=person.active,
        version=person.version,
    )
