"""The company: first set-up, and its own facts."""

import secrets
from dataclasses import dataclass, replace
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError
from sqlalchemy.orm import Session

from core.kernel.errors import NotAllowed
from core.kernel.inputs import Choice, Input, LineText, Phone, RequiredLine
from core.kernel.unit_of_work import UnitOfWork, seen, system_actor
from core.norms import revisions
from core.people import people
from core.people.people import AddPerson, Password, Username
from core.process import changes, history
from core.process.changes import Change
from core.process.permissions import require
from db.codes import Language, Role
from db.tables import Company


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


class EditCompany(Input):
    """The company's own facts."""

    name: RequiredLine
    time_zone: Zone
    language: Language
    hotline: Phone = ""


@dataclass(frozen=True)
class CompanyView:
    """The company, as screens need it."""

    name: str
    time_zone: str
    language: Language
    hotline: str
    cookie_key: str
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
    return CompanyView(
        row.name, row.time_zone, row.language, row.hotline, row.cookie_key, row.version
    )


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
    history.record(local, subject="company", subject_id=1, action="set_up")
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


def edits(uow: UnitOfWork) -> tuple[Change, ...]:
    """What was changed of the company's facts, for its administrator."""
    require(uow, "company:edit")
    return changes.of_record(uow, subject="company", subject_id=1)
