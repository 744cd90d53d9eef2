"""Which cases and customers a transaction writes about: a mark on each, for who keeps figures.

The one door is the flush of a session; rows that are added in bulk are told here by themselves.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, event, except_, insert, select
from sqlalchemy.orm import Session

from db.base import Base
from db.tables import Asset, Customer, FigureMark, ServiceRequest

# By what a row of any other table names the case that it belongs to.
NAMES = ("request_id", "case_id")
SUBJECTS = ((FigureMark.request_id, ServiceRequest), (FigureMark.customer_id, Customer))
NOTED = "marked"


def watch(session: Session) -> None:
    """Mark, in the same transaction, what the session writes about from now on."""
    event.listen(session, "after_flush", _note_flushed)


def note_rows(session: Session, noun: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Mark what rows that were added in bulk are about."""
    _mark(session, {mark for row in rows for mark in _about(noun, row.get)})


def mark_all(connection: Connection) -> None:
    """Mark every case and every customer that has no mark yet."""
    for column, noun in (
        (FigureMark.request_id, ServiceRequest),
        (FigureMark.customer_id, Customer),
    ):
        # A difference of sets: without an index, asking for each would grow with the square.
        rest: Any = except_(select(noun.id), select(column).where(column.is_not(None)))
        connection.execute(insert(FigureMark).from_select([column.key], rest))


def _note_flushed(session: Session, _context: object) -> None:
    changed = {*session.new, *session.deleted, *filter(session.is_modified, session.dirty)}
    marks = {mark for row in changed for mark in _about(type(row), _reader(row))}
    # A piece that turns out to be another product is one in all its cases.
    pieces = [row.id for row in changed if isinstance(row, Asset) and row not in session.new]
    if pieces:
        cases = select(ServiceRequest.id).where(ServiceRequest.asset_id.in_(pieces))
        marks |= {("request_id", id) for id in session.connection().scalars(cases)}
    _mark(session, marks)


def _reader(row: object) -> Any:
    return lambda name: getattr(row, name, None)


def _about(noun: type[Any], value: Any) -> list[tuple[str, int]]:
    if issubclass(noun, ServiceRequest):
        named = [("request_id", value("id"))]
    elif issubclass(noun, Customer):
        named = [("customer_id", value("id"))]
    else:
        named = [("request_id", value(name)) for name in NAMES]
    return [(column, id) for column, id in named if id is not None]


def _mark(session: Session, marks: set[tuple[str, int]]) -> None:
    noted: set[tuple[str, int]] = session.info.setdefault(NOTED, set())
    fresh = sorted(marks - noted)
    noted |= marks
    if fresh:
        both = {"request_id": None, "customer_id": None}
        rows = [both | {column: id} for column, id in fresh]
        session.connection().execute(insert(FigureMark), rows)
