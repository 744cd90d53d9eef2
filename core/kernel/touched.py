"""Which cases and customers a transaction writes about: a mark on each, for who keeps figures.

The one door is the flush of a session; rows that are added in bulk are told here by themselves.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, event, except_, insert, inspect, select
from sqlalchemy.orm import Session

from db.base import Base
from db.codes import RequestStatus
from db.tables import Asset, Customer, Emergency, FigureMark, Purchase, ServiceRequest

# By what a row of any other table names the case that it belongs to.
NAMES = ("request_id", "case_id")
SUBJECTS = ((FigureMark.request_id, ServiceRequest), (FigureMark.customer_id, Customer))
# What makes a case a repeat of another one, or rework after it.
SAME_FAULT = ("asset_id", "fault_area", "received_at", "charge_reason")
NOTED = "marked"


def watch(session: Session) -> None:
    """Mark, in the same transaction, what the session writes about from now on."""
    event.listen(session, "after_flush", _note_flushed)


def note_rows(session: Session, noun: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Mark what rows that were added in bulk are about."""
    rows = list(rows)
    pieces = {row["asset_id"] for row in rows} if noun is ServiceRequest else set()
    marks = {mark for row in rows for mark in _about(noun, row.get)}
    _mark(session, marks | _cases_of(session, pieces))


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
    new = session.new
    pieces: set[int | None] = {r.id for r in changed if isinstance(r, Asset) and r not in new}
    pieces |= {id for row in changed if isinstance(row, ServiceRequest) for id in _repeated(row)}
    # Drills are repeats of nothing.
    drills = [row.request_id for row in changed if isinstance(row, Emergency)]
    if drills:
        of_drills = select(ServiceRequest.asset_id).where(ServiceRequest.id.in_(drills))
        pieces |= {*session.connection().scalars(of_drills)}
    _mark(session, marks | _cases_of(session, pieces))


def _repeated(case: ServiceRequest) -> set[int | None]:
    """The pieces whose cases are repeats now, or no longer, by what happens to one of them (S8)."""
    attributes = inspect(case).attrs
    is_new = any(attributes[name].history.has_changes() for name in SAME_FAULT)
    if not is_new and not (
        case.status is RequestStatus.CANCELLED and attributes.status.history.has_changes()
    ):
        return set()
    return {id for ids in attributes.asset_id.history for id in ids or ()}


def _cases_of(session: Session, pieces: Iterable[int | None]) -> set[tuple[str, int]]:
    known = {id for id in pieces if id is not None}
    cases = select(ServiceRequest.id).where(ServiceRequest.asset_id.in_(known))
    return {("request_id", id) for id in session.connection().scalars(cases)} if known else set()


def _reader(row: object) -> Any:
    return lambda name: getattr(row, name, None)


def _about(noun: type[Any], value: Any) -> list[tuple[str, int]]:
    if issubclass(noun, ServiceRequest):
        named = [("request_id", value("id"))]
    elif issubclass(noun, Customer):
        named = [("customer_id", value("id"))]
    elif issubclass(noun, Purchase):
        named = [("customer_id", value("customer_id"))]
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
