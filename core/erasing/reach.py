"""The rows that belong to a customer: the archive, the cases, and whatever hangs on them."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Enum, String, inspect, select
from sqlalchemy.orm import Session

from core.house import HOUSE
from db.base import Base
from db.tables import (
    Asset,
    Attachment,
    Course,
    CourseFile,
    CourseSeat,
    Customer,
    Draft,
    History,
    Mail,
    OnlineRequest,
    Purchase,
    ServiceRequest,
)

MANY = 500
# Kept by themselves, or those of others too: what hangs on a piece may be its next owner's.
APART = frozenset({History})
ENDS = frozenset({Asset, Course})
# Keys follow from what they are worked out of; numbers and digests name no person.
KEYS = ("_key", "_end")
NAMELESS = frozenset({"number", "hash", "previous_hash", "source", "source_ref", "region"})
# The subjects of history that are no process.
SUBJECTS: dict[str, type[Base]] = {
    "customer": Customer,
    "asset": Asset,
    "purchase": Purchase,
    "attachment": Attachment,
}


def batched(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Ids in parts that a statement takes."""
    return (ids[start : start + MANY] for start in range(0, len(ids), MANY))


def of_customers(session: Session, ids: Sequence[int]) -> list[Base]:
    """The rows of some customers, and all that hang on them; forms that nobody has sent too."""
    rows = list(_rows(session, Customer, "id", ids))
    rows += _written(session, rows)
    rows += _courses(session, ids)
    found = {inspect(row).identity_key: row for row in rows}
    level: list[Base] = rows
    while level:
        below = [row for parent, ids in ids_of(level) for row in _below(session, parent, ids)]
        new = {key: row for row in below if (key := inspect(row).identity_key) not in found}
        found |= new
        level = list(new.values())
    return [*found.values(), *session.scalars(select(Draft))]


def _written(session: Session, rows: Sequence[Base]) -> list[Base]:
    """What they wrote to us that nobody has said to be of theirs, by mailbox and by number."""
    customers = [each for each in rows if isinstance(each, Customer)]
    boxes = [each.email for each in customers if each.email]
    phones = [each.phone_key for each in customers if each.phone_key]
    mails = session.scalars(select(Mail).where(Mail.sender_key.in_(boxes)))
    by_form = OnlineRequest.phone_key.in_(phones) | OnlineRequest.email.in_(boxes)
    return [*mails, *session.scalars(select(OnlineRequest).where(by_form))]


def _courses(session: Session, ids: Sequence[int]) -> list[Base]:
    """The courses that their people took part in; the files of those that were theirs alone."""
    theirs = CourseSeat.customer_id.in_(ids)
    of_theirs = select(CourseSeat.course_id).where(theirs)
    of_others = select(CourseSeat.course_id).where(~theirs)
    courses = session.scalars(select(Course).where(Course.id.in_(of_theirs)))
    own = CourseFile.course_id.in_(of_theirs) & CourseFile.course_id.not_in(of_others)
    return [*courses, *session.scalars(select(CourseFile).where(own))]


def history_of(session: Session, rows: Sequence[Base]) -> list[History]:
    """What history tells of these rows and of their cases."""
    named = {process.table: process.subject for process in HOUSE.processes}
    named |= {table: subject for subject, table in SUBJECTS.items()}
    found: dict[int, History] = {}
    for table, ids in ids_of(rows):
        ways = [History.case_id] if table is ServiceRequest else []
        for some in batched(ids):
            of_it = (History.subject == named.get(table, "")) & History.subject_id.in_(some)
            for way in (of_it, *(column.in_(some) for column in ways)):
                found |= {row.id: row for row in session.scalars(select(History).where(way))}
    return [found[id] for id in sorted(found)]


def texts_of(table: type[Base]) -> tuple[str, ...]:
    """The attributes of a table in which a person may be named."""
    return tuple(
        name
        for name, column in inspect(table).columns.items()
        if isinstance(column.type, String | JSON)
        and not isinstance(column.type, Enum)
        and not column.primary_key
        and name not in NAMELESS
        and not name.endswith(KEYS)
    )


def ids_of(rows: Sequence[Base]) -> Iterator[tuple[type[Base], list[int]]]:
    """Each table of some rows, with the ids of its rows."""
    ids: dict[type[Base], list[int]] = {}
    for row in rows:
        if isinstance(id := getattr(row, "id", None), int):
            ids.setdefault(type(row), []).append(id)
    yield from ids.items()


def _below(session: Session, parent: type[Base], ids: Sequence[int]) -> Iterator[Base]:
    for table, column in _children(parent) if parent not in ENDS else ():
        yield from _rows(session, table, column, ids)


def _rows(session: Session, table: Any, column: str, ids: Sequence[int]) -> Iterator[Base]:
    for some in batched(ids):
        yield from session.scalars(select(table).where(getattr(table, column).in_(some)))


@lru_cache
def _children(parent: type[Base]) -> tuple[tuple[type[Base], str], ...]:
    return tuple(
        (mapper.class_, name)
        for mapper in Base.registry.mappers
        if mapper.class_ is not parent and mapper.class_ not in APART
        for name, column in mapper.columns.items()
        if any(key.column.table is parent.__table__ for key in column.foreign_keys)
    )
