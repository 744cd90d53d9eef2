"""What a session writes is known again: its keys are kept beside what was typed.

The one door is the flush of a session; rows that are added in bulk are told here by themselves.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from db import known
from db.base import Base
from db.tables import Customer

COUNTRY = "country"


def watch(session: Session) -> None:
    """Keep the keys of what the session writes from now on."""
    event.listen(session, "before_flush", _keep_keys)
    event.listen(session, "after_flush", _keep_words)


def fill(session: Session, noun: type[Base], rows: list[dict[str, Any]]) -> None:
    """Give rows that are to be added in bulk their keys."""
    if noun in known.KEYED_BY:
        for row in rows:
            row |= known.keys_of(noun, row, country(session))


def remember(session: Session, noun: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    """Let rows that were added in bulk be found by their words."""
    if noun is Customer:
        known.remember(session.connection(), {row["id"]: row for row in rows})


def country(session: Session) -> str:
    """The company's country, asked for once."""
    if COUNTRY not in session.info:
        session.info[COUNTRY] = known.country(session.connection())
    return str(session.info[COUNTRY])


def _keep_keys(session: Session, *_rest: object) -> None:
    for row in (*session.new, *session.dirty):
        noun = type(row)
        if _is_new(row, known.KEYED_BY.get(noun, ())):
            for name, key in known.keys_of(noun, _Facts(row), country(session)).items():
                setattr(row, name, key)


def _keep_words(session: Session, *_rest: object) -> None:
    changed = (row for row in (*session.new, *session.dirty) if isinstance(row, Customer))
    told = {row.id: _Facts(row) for row in changed if _is_new(row, known.SAID)}
    known.remember(session.connection(), told)


def _is_new(row: object, names: Iterable[str]) -> bool:
    attributes = inspect(row, raiseerr=True).attrs
    return any(attributes[name].history.has_changes() for name in names)


class _Facts(dict[str, Any]):
    """A record's facts by name; what nobody has set yet is nothing."""

    def __init__(self, row: object) -> None:
        self.row = row

    def __missing__(self, name: str) -> Any:
        return getattr(self.row, name)
