"""What a transaction writes, row by row with old and new values, beside the history.

The doors are the flush of a session and its statements that change rows; what is added in bulk
is told here by itself. At the commit all of it is stored under the rows of history of the same
transaction, each sealed: so the history can be played forward and compared with the rows.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Column, Delete, Table, Update, event, insert, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, object_session

from core.kernel import chain, sealing
from db import tables
from db.base import Base
from db.tables import History, RecordChange
from db.types import UtcInstant

ADDED, CHANGED, REMOVED, NOTHING = "added", "changed", "removed", ""
# Not played forward: what is reckoned from other rows, what ends by itself, what is no fact of the
# business, and what has a record of its own (sign-ins).
APART: frozenset[type[Base]] = frozenset(
    {tables.FigureDay, tables.FigureFact, tables.FigureMark, tables.FigureMonth}
    | {tables.FigureState, tables.FormKey, tables.Draft, tables.NormDraft, tables.Counter}
    | {tables.SignIn, tables.SignInAttempt, tables.RecoveryCode, tables.SecondStep}
    | {tables.AccessEvent, tables.FirstStart, tables.Notice, tables.Delivery}
    | {
        tables.MailBox,
        tables.Escalation,
        tables.BackupRun,
        tables.HistoryCheck,
        tables.HistoryOpening,
    }
    | {History, RecordChange}
)
# Columns of the same kind: keys made of other columns, and what the sweep notes for itself.
LEFT_OUT = frozenset({"name_key", "phone_key", "phone_end", "serial_key", "serial_end"})
LEFT_OUT |= {"next_step_at", "planned_due_at"}
SWEPT = frozenset({"maintenance_rounds.told_at", "decisions.told_at", "care_calls.told_late_at"})
SWEPT |= {"customer_messages.claimed_at"}
SWEPT |= {"articles.told_ending_at"}
# Kept as a seal: whoever reads the history must not learn them.
SECRET = frozenset({"password_hash", "cookie_key"})
# Longer values are kept as a digest.
LONGEST = 2000
# How many rows are asked for by their ids at once.
MOST_ASKED = 500
CASES = tables.ServiceRequest.__tablename__
NOTED, WRITTEN = "recorded", "written"

Values = dict[str, Any]


@dataclass(frozen=True)
class Noted:
    """One row that was added, changed or removed."""

    noun: str
    id: int
    fact: str
    old: Values
    new: Values


@dataclass
class _Notes:
    """What a session has noted: of each row of history so far, and since the last one."""

    at: datetime
    actor_id: int | None = None
    told: list[tuple[int, str, list[Noted]]] = field(default_factory=list)
    since: list[Noted] = field(default_factory=list)
    # How far it was at each savepoint: what is rolled back was not written.
    marks: dict[SessionTransaction, tuple[int, list[Noted]]] = field(default_factory=dict)


@cache
def kept_tables() -> dict[str, Table]:
    """The tables that are played forward, by name."""
    apart = {noun.__tablename__ for noun in APART}
    return {name: t for name, t in sorted(Base.metadata.tables.items()) if name not in apart}


@cache
def columns(table: Table) -> list[Column[Any]]:
    """The columns that are played forward."""
    left_out = LEFT_OUT | {"id"}
    return [c for c in table.columns if c.name not in left_out and str(c) not in SWEPT]


def plain(column: Column[Any], value: Any) -> Any:
    """A value as it is kept and compared, the same before and after it was stored."""
    if value is None:
        return None
    if isinstance(value, bool | int):
        return value
    if column.name in SECRET:
        return {"seal": sealing.seal_if_known([column.table.name, value])}
    if isinstance(column.type, UtcInstant) and isinstance(value, datetime):
        return round(value.timestamp() * 1_000_000)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and len(value) < LONGEST // 4:
        return str(value)
    content = value if isinstance(value, bytes) else sealing.canonical(_evened(value))
    if isinstance(value, bytes) or len(content) > LONGEST:
        return {"sha256": hashlib.sha256(content).hexdigest()}
    return _evened(value)


def _evened(value: Any) -> Any:
    # 7 and 7.0 are one number: a database may give back either.
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(name): _evened(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_evened(each) for each in value]
    return value


def of_row(table: Table, row: Mapping[str, Any]) -> Values:
    """All that is kept of a row."""
    return {each.name: plain(each, row.get(each.name)) for each in columns(table)}


def watch(session: Session, at: datetime, *, write: bool) -> None:
    """Note, in the same transaction, what the session writes from now on."""
    if write:
        sealing.ensure()
    session.info[NOTED] = _Notes(at)


def acts(session: Session, actor_id: int | None, at: datetime) -> None:
    """Who writes from now on, and when."""
    notes = _notes(session)
    notes.actor_id, notes.at = actor_id, at


def tell(session: Session, id: int, hash: str) -> None:
    """A row of history was written: what was noted since the one before belongs to it."""
    notes = _notes(session)
    notes.told.append((id, hash, notes.since))
    notes.since = []


def belongs(session: Session) -> None:
    """What was noted since the last row of history belongs to it too."""
    notes = _notes(session)
    notes.told[-1][2].extend(notes.since)
    notes.since = []


def reword(session: Session, said: Callable[[Noted], Noted]) -> None:
    """Tell what this transaction has noted so far in other words, before it is sealed."""
    session.flush()
    notes = _notes(session)
    for _id, _hash, noted in notes.told:
        noted[:] = map(said, noted)
    notes.since[:] = map(said, notes.since)


def note_rows(session: Session, noun: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Note rows that were added in bulk, with their ids."""
    table = cast(Table, noun.__table__)
    if noun is History:
        _tell_rows(_notes(session), rows)
    elif noun not in APART:
        for start in range(0, len(rows), MOST_ASKED):
            ids = [row["id"] for row in rows[start : start + MOST_ASKED]]
            added = read_table(session, table, table.c.id.in_(ids))
            noted = (Noted(table.name, id, ADDED, {}, row) for id, row in added.items())
            _notes(session).since.extend(noted)


def _tell_rows(notes: _Notes, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows of history that were added in bulk: the first of each case has what was noted of it."""
    of_case: dict[int | None, list[Noted]] = {}
    for row in rows:
        mine: list[Noted] = []
        of_case.setdefault(row["case_id"], mine)
        notes.told.append((row["id"], row["hash"], mine))
    of_case.pop(None, None)
    since, notes.since = notes.since, []
    for each in since:
        case_id = each.id if each.noun == CASES else each.new.get("request_id")
        of_case.get(case_id, notes.since).append(each)


def note_from(session: Session, table: Table, before: dict[int, Values], which: Any) -> None:
    """Note what became of rows since they were read: `which` finds them and those that are new."""
    after = read_table(session, table, which)
    for id in sorted(before | after):
        old, new = before.get(id), after.get(id)
        if old is None and new is not None:
            note(session, Noted(table.name, id, ADDED, {}, new))
        elif new is None and old is not None:
            note(session, Noted(table.name, id, REMOVED, old, {}))
        elif old and new and old != new:
            names = [name for name in new if old[name] != new[name]]
            was, now = ({name: each[name] for name in names} for each in (old, new))
            note(session, Noted(table.name, id, CHANGED, was, now))


def read(session: Session, noun: type[Base], which: Any) -> dict[int, Values]:
    """Rows as they are kept, by id; none of a noun that is not played forward."""
    return {} if noun in APART else read_table(session, cast(Table, noun.__table__), which)


def read_table(session: Session, table: Table, which: Any) -> dict[int, Values]:
    """Rows of a table as they are kept, by id."""
    rows = session.connection().execute(select(table).where(which)).mappings()
    return {row["id"]: of_row(table, dict(row)) for row in rows}


def _notes(session: Session) -> _Notes:
    return cast(_Notes, session.info[NOTED])


def note(session: Session, noted: Noted) -> None:
    """Note one row that was added, changed or removed."""
    _notes(session).since.append(noted)


def _note_added(_mapper: object, _connection: object, row: Any) -> None:
    _note_row(row, lambda: _whole(row, ADDED))


def _note_changed(_mapper: object, _connection: object, row: Any) -> None:
    _note_row(row, lambda: _changed(row))


def _note_removed(_mapper: object, _connection: object, row: Any) -> None:
    _note_row(row, lambda: _whole(row, REMOVED))


def _note_row(row: Any, noted: Callable[[], Noted | None]) -> None:
    session = object_session(row)
    if session is not None and NOTED in session.info and type(row) not in APART:
        said = noted()
        if said:
            note(session, said)


def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested and NOTED in session.info:
        notes = _notes(session)
        notes.marks[transaction] = len(notes.told), list(notes.since)


def _go_back(session: Session, transaction: SessionTransaction) -> None:
    mark = _notes(session).marks.pop(transaction, None) if NOTED in session.info else None
    if mark:
        notes = _notes(session)
        del notes.told[mark[0] :]
        notes.since = mark[1]


def _whole(row: Any, fact: str) -> Noted:
    table, facts = cast(Table, row.__table__), inspect(row).dict
    values = of_row(table, facts)
    old, new = ({}, values) if fact == ADDED else (values, {})
    return Noted(table.name, facts["id"], fact, old, new)


def _changed(row: Any) -> Noted | None:
    table, state = cast(Table, row.__table__), inspect(row)
    old: Values = {}
    new: Values = {}
    for column in columns(table):
        changed = state.attrs[column.name].history
        if changed.added:
            new[column.name] = plain(column, changed.added[0])
            if changed.deleted:
                old[column.name] = plain(column, changed.deleted[0])
    if state.mapper.version_id_col is not None:
        new["version"] = state.dict["version"]
    return Noted(table.name, row.id, CHANGED, old, new) if new else None


def _note_statement(state: ORMExecuteState) -> Any:
    """A statement that changes or removes rows: what they were, and what became of them."""
    statement = state.statement
    if not isinstance(statement, Update | Delete) or NOTED not in state.session.info:
        return None
    table = statement.entity_description["table"]
    if table.name not in kept_tables():
        return None
    session = state.session
    session.flush()
    found = select(table).where(*statement._where_criteria)
    bound = cast("Mapping[str, Any]", state.parameters or {})
    rows = session.connection().execute(found, bound).mappings()
    before = {row["id"]: of_row(table, dict(row)) for row in rows}
    done = state.invoke_statement()
    note_from(session, table, before, table.c.id.in_(list(before)))
    return done


def _write(session: Session) -> None:
    """Store what was noted under the rows of history, each with a seal over all of it."""
    if NOTED not in session.info or session.in_nested_transaction():
        return
    session.flush()
    notes = _notes(session)
    if notes.since and not notes.told:
        row = _row_without_a_fact(session, notes)
        notes.told.append((row.id, row.hash, []))
    if notes.since:
        belongs(session)
    rows = [each for about in notes.told for each in _sealed(*about)]
    if rows:
        session.connection().execute(insert(RecordChange), rows)
    session.info[NOTED] = _Notes(notes.at, notes.actor_id)


def _row_without_a_fact(session: Session, notes: _Notes) -> History:
    """What is written without a fact of the business, as a reminder that was sent."""
    about = notes.since[0]
    facts: Values = {"case_id": None, "old": None, "new": None, "note": "", "data": {}}
    return chain.add(
        session,
        subject=about.noun,
        subject_id=about.id,
        at=notes.at,
        actor_id=notes.actor_id,
        action=WRITTEN,
        **facts,
    )


def _sealed(id: int, hash: str, noted: list[Noted]) -> list[dict[str, Any]]:
    """The rows that are stored under a row of history: at least one, so that none can be cut."""
    noted = noted or [Noted(NOTHING, 0, NOTHING, {}, {})]
    count = len(noted)
    return [
        {
            "history_id": id,
            "noun": each.noun,
            "row_id": each.id,
            "fact": each.fact,
            "old": each.old,
            "new": each.new,
            "count": count,
            "place": place,
            "seal": seal_of(hash, count, place, each),
        }
        for place, each in enumerate(noted, 1)
    ]


def seal_of(hash: str, count: int, place: int, noted: Noted) -> str:
    """The seal of one change, bound to its row of history and to how many changes it has."""
    facts = [noted.noun, noted.id, noted.fact, noted.old, noted.new]
    return sealing.seal([hash, count, place, *facts])


# The doors; a session that is not watched notes nothing.
event.listen(Base, "after_insert", _note_added, propagate=True)
event.listen(Base, "after_update", _note_changed, propagate=True)
event.listen(Base, "after_delete", _note_removed, propagate=True)
event.listen(Session, "do_orm_execute", _note_statement)
event.listen(Session, "after_transaction_create", _mark)
event.listen(Session, "after_soft_rollback", _go_back)
event.listen(Session, "before_commit", _write)
