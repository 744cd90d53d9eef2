"""What an edit changed: each fact with its old and its new value, as history keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.process import masked
from db.tables import History, Person

MOST = 100


@dataclass(frozen=True)
class Change:
    """One edit: who changed what, and when; each field with its old and its new value."""

    at: datetime
    actor: str
    fields: dict[str, tuple[Any, Any]]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The values that differ, as [old, new]; what is missing on one side is None there."""
    names = [*old, *(name for name in new if name not in old)]
    return {
        name: [_plain(old.get(name)), _plain(new.get(name))]
        for name in names
        if old.get(name) != new.get(name)
    }


def write(record: Any, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set these facts of a record; gives the changes. Nothing secret goes through here."""
    changed = differences({name: getattr(record, name) for name in values}, values)
    for name in changed:
        setattr(record, name, values[name])
    return changed


def of_record(uow: UnitOfWork, *, subject: str, subject_id: int) -> tuple[Change, ...]:
    """The edits of a record that told old and new, the newest first; the caller asks who may."""
    rows = uow.session.execute(
        select(History.at, Person.name, History.data)
        .outerjoin(Person, Person.id == History.actor_id)
        .where(
            History.subject == subject,
            History.subject_id == subject_id,
            History.action == "edited",
        )
        .order_by(History.sequence.desc())
        .limit(MOST)
    )
    return tuple(
        Change(at, name or "", {field: (pair[0], pair[1]) for field, pair in data.items()})
        for at, name, data in ((at, name, masked.data(uow.actor, kept)) for at, name, kept in rows)
        if data
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
