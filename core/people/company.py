"""The company: first set-up, and its own facts."""

import secrets
from dataclasses import dataclass, fields, replace
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.kernel.errors import InvalidInput, NotAllowed, Problem
from core.kernel.inputs import Choice, Input, LineText, Phone, RequiredLine
from core.kernel.unit_of_work import UnitOfWork, seen, system_actor
from core.norms import revisions
from core.people import people, records
from core.people.passwords import Password
from core.people.people import AddPerson, Username
from core.process import changes, history
from core.process.changes import Change
from core.process.permissions import require, require_recent
from db import migrate
from db.codes import Language, Role
from db.tables import Company
from db.tables import FirstStart as FirstStartRow


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise PydanticCustomError("time_zone", "unknown time zone")
    return value


def _pack(value: str) -> str:
    if value not in revisions.pack_names():
        raise PydanticCustomError("not_an_option", "unknown pack")
    return value


Zone = Annotated[RequiredLine, AfterValidator(_zone), Choice("zones")]
Pack = Annotated[RequiredLine, AfterValidator(_pack), Choice("packs")]


class SetUp(Input):
    """What the tool asks at its first start."""

    company: RequiredLine
    time_zone: Zone
    language: Language
    pack: Pack
    hotline: Phone = ""
    station: LineText = ""
    admin_name: RequiredLine
    username: Username
    password: Password


class FirstStart(SetUp):
    """The same with the token that the server has put into its log: whoever reads it, may."""

    token: RequiredLine


class EditSafety(Input):
    """How people sign in: when they must anew, and who gives a code of the telephone as well."""

    idle_hours: Annotated[int, Field(ge=1, le=168)]
    code_roles: tuple[Role, ...] = ()


class EditCompany(Input):
    """The company's own facts."""

    name: RequiredLine
    time_zone: Zone
    language: Language
    hotline: Phone = ""
    # Pages for customers, by links that open for so many days.
    customer_pages: bool = True
    link_days: Annotated[int, Field(ge=1, le=3650)] = 180


@dataclass(frozen=True)
class CompanyView:
    """The company, as screens need it."""

    name: str
    time_zone: str
    language: Language
    hotline: str
    cookie_key: str
    version: int
    customer_pages: bool
    link_days: int


@dataclass(frozen=True)
class SafetyView:
    """How people sign in, as its form needs it."""

    idle_hours: int
    code_roles: tuple[Role, ...]
    version: int


def find(session: Session) -> CompanyView | None:
    """The company; None before the first set-up."""
    row = session.get(Company, 1)
    return _view(row) if row else None


def view(uow: UnitOfWork) -> CompanyView:
    """The company, for its administrator."""
    require(uow, "company:edit")
    return _view(uow.session.get_one(Company, 1))


def _view(row: Company) -> CompanyView:
    shown = {field.name: getattr(row, field.name) for field in fields(CompanyView)}
    return CompanyView(**shown)


def token(session: Session) -> str | None:
    """The token of the first start, the same until it is used; None once there is a company."""
    if session.get(Company, 1) is not None:
        return None
    row = session.get(FirstStartRow, 1)
    if row is None:
        row = FirstStartRow(id=1, token=secrets.token_hex(12))
        session.add(row)
        session.flush()
    return row.token


def first_start(uow: UnitOfWork, command: FirstStart) -> int:
    """Set up by whoever has read the token in the log; InvalidInput for another one."""
    right = token(uow.session)
    if right is None:
        raise NotAllowed(reason="already_set_up")
    if not secrets.compare_digest(right.encode(), command.token.encode()):
        raise InvalidInput(Problem("token", "wrong_token"))
    made = set_up(uow, command)
    uow.session.execute(delete(FirstStartRow))
    return made


def set_up(uow: UnitOfWork, command: SetUp) -> int:
    """Found the company with its rule book and first administrator; NotAllowed the second time."""
    if uow.session.get(Company, 1) is not None:
        raise NotAllowed(reason="already_set_up")
    company = Company(
        id=1,
        name=command.company,
        time_zone=command.time_zone,
        language=command.language,
        hotline=command.hotline,
        cookie_key=secrets.token_urlsafe(48),
        set_up_at=uow.now,
    )
    uow.session.add(company)
    uow.session.flush()
    local = replace(uow, actor=system_actor(command.time_zone, command.company))
    norm = revisions.shipped(command.pack)
    revisions.adopt(local, norm=norm, on=local.today, signed_by=command.admin_name)
    if command.station:
        people.add_station(local, people.AddStation(name=command.station))
    data = {"tables": migrate.revision(uow.session.connection())}
    history.record(local, subject="company", subject_id=1, action=history.SET_UP, data=data)
    return people.admit(local, _administrator(command))


def _administrator(command: SetUp) -> AddPerson:
    return AddPerson(
        username=command.username,
        name=command.admin_name,
        role=Role.ADMIN,
        password=command.password,
    )


def edit(uow: UnitOfWork, command: EditCompany, *, seen_version: int) -> None:
    """Change the company's facts."""
    require(uow, "company:edit")
    row = seen(uow.session.get(Company, 1), seen_version)
    data = changes.write(row, command.model_dump())
    uow.session.flush()
    history.record(uow, subject="company", subject_id=1, action="edited", data=data)


def safety(uow: UnitOfWork) -> SafetyView:
    """How people sign in."""
    require(uow, records.READ)
    row = uow.session.get_one(Company, 1)
    roles = tuple(Role(each) for each in row.code_roles)
    return SafetyView(row.idle_hours, roles, row.version)


def edit_safety(uow: UnitOfWork, command: EditSafety, *, seen_version: int) -> None:
    """Change how people sign in."""
    require(uow, records.EDIT)
    require_recent(uow)
    row = seen(uow.session.get(Company, 1), seen_version)
    roles = [role.value for role in Role if role in command.code_roles]
    data = changes.write(row, {"idle_hours": command.idle_hours, "code_roles": roles})
    uow.session.flush()
    history.record(uow, subject="company", subject_id=1, action="edited", data=data)


def edits(uow: UnitOfWork) -> tuple[Change, ...]:
    """What was changed of the company's facts, for its administrator."""
    require(uow, "company:edit")
    return changes.of_record(uow, subject="company", subject_id=1)
