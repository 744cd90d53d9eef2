"""Rows that are written once, however many processes write them at the same time."""

from typing import Any, cast

from sqlalchemy import Table, and_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.kernel import recorded
from db.base import Base


def add(session: Session, noun: type[Base], **facts: Any) -> bool:
    """Add a row unless one with the same key is there; whether it was added.

    A second process waits for the first one's transaction and then adds nothing.
    """
    table = cast(Table, noun.__table__)
    statement = _dialect(session).insert(table).values(**facts).on_conflict_do_nothing()
    added = session.execute(statement.returning(table.c.id)).scalar_one_or_none()
    if added is not None:
        recorded.note_rows(session, noun, [{"id": added}])
    return added is not None


def put(session: Session, noun: type[Base], **facts: Any) -> None:
    """Write the row of a key, over the one that is there."""
    table = cast(Table, noun.__table__)
    statement = _dialect(session).insert(table).values(**facts)
    keys = [column.name for column in table.primary_key]
    new = {name: statement.excluded[name] for name in facts if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=new))


def add_up(session: Session, noun: type[Base], name: str, count: int, **key: Any) -> None:
    """Add to a number of the row of a key, which begins with it where there is none."""
    table = cast(Table, noun.__table__)
    statement = _dialect(session).insert(table).values(**key, **{name: count})
    more = {name: table.c[name] + count}
    which = and_(*(table.c[name] == value for name, value in key.items()))
    before = recorded.read(session, noun, which)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=more))
    recorded.note_from(session, table, before, which)


def _dialect(session: Session) -> Any:
    return sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
