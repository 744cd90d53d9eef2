"""What goes by itself when it is old: the company says after how many days, and sees what would go.

Cases, customers and their history are no part of it: a person is erased on request.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import delete, func, select
from sqlalchemy.orm import InstrumentedAttribute

from core.kernel import drafts, form_keys
from core.kernel.inputs import Input
from core.kernel.unit_of_work import UnitOfWork, seen
from core.people import records, sign_ins
from core.process import changes, history
from core.process.permissions import require, require_recent
from db.tables import AccessEvent, Company, Draft, FormKey, Notice, SignIn


class Aged(StrEnum):
    """What goes when it is old."""

    NOTICES = "notices"
    ACCESS_EVENTS = "access_events"
    SIGN_INS = "sign_ins"
    FORM_KEYS = "form_keys"
    DRAFTS = "drafts"


# By what the age counts, and the days where the company says nothing. A sign-in that is still good
# is younger than the least that may be said.
RULES: dict[Aged, tuple[InstrumentedAttribute[datetime], int]] = {
    Aged.NOTICES: (Notice.at, 730),
    Aged.ACCESS_EVENTS: (AccessEvent.at, records.KEPT.days),
    Aged.SIGN_INS: (SignIn.started_at, sign_ins.KNOWN.days),
    Aged.FORM_KEYS: (FormKey.at, form_keys.KEPT.days),
    Aged.DRAFTS: (Draft.saved_at, drafts.KEPT.days),
}
# What no rule takes, however old: a notice that nobody has read.
NEVER: dict[Aged, Any] = {Aged.NOTICES: Notice.read_at.is_(None)}


class EditRetention(Input):
    """After how many days what goes by itself."""

    notices: Annotated[int, Field(ge=90, le=3650)]
    access_events: Annotated[int, Field(ge=90, le=3650)]
    sign_ins: Annotated[int, Field(ge=sign_ins.DAYS + 1, le=730)]
    form_keys: Annotated[int, Field(ge=7, le=365)]
    drafts: Annotated[int, Field(ge=1, le=365)]


@dataclass(frozen=True)
class Going:
    """How much there is of a kind, and how much of it would go now."""

    kind: Aged
    days: int
    there: int
    goes: int
    oldest: datetime | None


def view(uow: UnitOfWork) -> tuple[dict[str, int], int]:
    """The days of each kind, and the version of the company."""
    require(uow, records.READ)
    company = uow.session.get_one(Company, 1)
    return {kind.value: _days(company, kind) for kind in Aged}, company.version


def preview(uow: UnitOfWork, *, days: dict[str, int]) -> tuple[Going, ...]:
    """What would go now by these days; nothing is changed."""
    require(uow, records.READ)
    return tuple(_going(uow, kind, days[kind]) for kind in Aged)


def edit(uow: UnitOfWork, command: EditRetention, *, seen_version: int) -> None:
    """Say after how many days what goes; the next minute's sweep goes by it."""
    require(uow, records.EDIT)
    require_recent(uow)
    row = seen(uow.session.get(Company, 1), seen_version)
    data = changes.write(row, {"retention": command.model_dump()})
    uow.session.flush()
    history.record(uow, subject="company", subject_id=1, action="edited", data=data)


def sweep(uow: UnitOfWork, company: Company | None) -> None:
    """Drop what is older than the company keeps it."""
    for kind, (at, _usual) in RULES.items():
        old = delete(at.class_).where(*_old(uow, kind, _days(company, kind)))
        uow.session.execute(old.execution_options(synchronize_session=False))


def _going(uow: UnitOfWork, kind: Aged, days: int) -> Going:
    at, _usual = RULES[kind]
    there, oldest = uow.session.execute(select(func.count(at), func.min(at))).one()
    goes = select(func.count(at)).where(*_old(uow, kind, days))
    return Going(kind, days, there, uow.session.scalar(goes) or 0, oldest)


def _old(uow: UnitOfWork, kind: Aged, days: int) -> list[Any]:
    at, _usual = RULES[kind]
    kept = [~NEVER[kind]] if kind in NEVER else []
    return [at < uow.now - timedelta(days=days), *kept]


def _days(company: Company | None, kind: Aged) -> int:
    said = company.retention if company else {}
    return int(said.get(kind, RULES[kind][1]))
