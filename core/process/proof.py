"""The history proves itself: it is played forward and compared with the rows and the files.

Nothing is written. What is found names its place: a row of history, a row of a table, a file.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from core.kernel import recorded, sealing
from core.kernel.recorded import ADDED, REMOVED, SECRET, Noted, Values
from core.kernel.unit_of_work import UnitOfWork
from core.process import heads, history
from core.process.permissions import require
from db import files
from db.codes import Flaw
from db.tables import Base, History, HistoryOpening, RecordChange
from db.types import FileDigest

PART = 2000
LOCKS = {"sqlite": 4, "postgresql": 2}
# A row by its id: what the history says of it, and what is there.
Difference = tuple[int, Values | None, Values | None]
Tell = Callable[[str, int, int], None]


# For the command line.
SAID = {
    Flaw.NO_KEY: "the key is not there, so that no seal could be checked",
    Flaw.UNLOCKED: "the locks against changing and deleting it are gone",
    Flaw.ALTERED: "row {where} is not as it was written, or the row before it is gone",
    Flaw.CUT: "row {where} has not all of its changes",
    Flaw.FORGED: "row {where} was not sealed with this key",
    Flaw.ROW_DIFFERS: "{where} is {found!r}, the history says {said!r}",
    Flaw.ROW_ADDED: "the history knows of no such row",
    Flaw.ROW_GONE: "the row is gone, the history knows it",
    Flaw.FILE_GONE: "the file that {where} names is missing",
    Flaw.FILE_DIFFERS: "the file that {where} names is damaged",
    Flaw.HEAD_DIFFERS: "head {where} does not fit the history up to it",
}


@dataclass(frozen=True)
class Finding:
    """One bad place: what is wrong with which row or file, what history says and what is there."""

    flaw: Flaw
    subject: str
    id: int = 0
    # The number of a row of history within its subject, or a column.
    where: str = ""
    said: Any = None
    found: Any = None

    def __str__(self) -> str:
        values = {"said": self.said, "found": self.found, "where": self.where}
        return f"{self.subject} {self.id or ''}".strip() + ": " + SAID[self.flaw].format(**values)


def verify(uow: UnitOfWork, *, tell: Tell = lambda *_: None) -> tuple[Finding, ...]:
    """Every bad place; `tell` hears which step is at which part of how many."""
    require(uow, "history:verify")
    return tuple(_findings(uow, tell))


def _findings(uow: UnitOfWork, tell: Tell) -> Iterator[Finding]:
    session = uow.session
    if not sealing.has_key():
        yield Finding(Flaw.NO_KEY, "key")
    yield from _locks(session)
    yield from _chains(uow, tell)
    yield from _seals(session, tell)
    yield from _rows(session, tell)
    yield from _files(session, tell)
    if sealing.has_key():
        yield from (
            Finding(Flaw.HEAD_DIFFERS, "history", where=str(n)) for n in heads.wrong(session)
        )


def _locks(session: Session) -> Iterator[Finding]:
    """What refuses to change the history must be there."""
    dialect = session.get_bind().dialect.name
    if dialect == "sqlite":
        query = (
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' "
            "AND tbl_name IN ('history', 'record_changes')"
        )
    else:
        query = (
            "SELECT count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE relname IN ('history', 'record_changes') AND NOT tgisinternal "
            "AND tgenabled <> 'D'"
        )
    is_open = session.scalar(select(func.count()).select_from(HistoryOpening))
    if is_open or session.scalar(text(query)) != LOCKS[dialect]:
        yield Finding(Flaw.UNLOCKED, "history")


def _chains(uow: UnitOfWork, tell: Tell) -> Iterator[Finding]:
    tell("chains", 0, 1)
    for row in history.verify(uow):
        yield Finding(Flaw.ALTERED, row.subject, row.subject_id, str(row.sequence))


def _seals(session: Session, tell: Tell) -> Iterator[Finding]:
    """Each row of history has all of its changes, and each is sealed with the key."""
    total = session.scalar(select(func.max(History.id))) or 0
    first, vouched = _first_sealed(session), history.vouched_for(session, history.VOUCHED_SEALS)
    for low in range(0, total, PART):
        tell("seals", low, total)
        rows = session.execute(
            select(History, RecordChange)
            .outerjoin(RecordChange, RecordChange.history_id == History.id)
            .where(History.id > low, History.id <= low + PART)
            .order_by(History.id, RecordChange.place)
        )
        for row, both in groupby(rows, key=lambda pair: pair[0]):
            changes = [change for _, change in both if change]
            flaw = _flaw_of(row, changes, first, vouched)
            if flaw:
                yield Finding(flaw, row.subject, row.subject_id, str(row.sequence))
        session.expunge_all()
    lost = select(RecordChange.id).where(RecordChange.history_id.not_in(select(History.id)))
    for id in session.scalars(lost):
        yield Finding(Flaw.CUT, "record_changes", id)


def _first_sealed(session: Session) -> History | None:
    """The row of history with which seals began in a company that is older than they are."""
    query = select(History).where(History.action == history.ADOPTED).order_by(History.id)
    row = session.scalars(query.limit(1)).one_or_none()
    return row if row and "before" in row.data else None


def _flaw_of(
    row: History,
    changes: list[RecordChange],
    first: History | None,
    vouched: Mapping[int, set[str]],
) -> Flaw | None:
    if not changes and first and row.id < first.id:
        return None  # written before there were seals; the first head speaks of them
    if not changes or [each.place for each in changes] != [*range(1, changes[0].count + 1)]:
        return Flaw.CUT
    if sealing.has_key() and any(
        (said := seal_now(row, each)) != each.seal and said not in vouched.get(each.id, ())
        for each in changes
    ):
        return Flaw.FORGED
    return None


def seal_now(row: History, change: RecordChange) -> str:
    """The seal of a change as it stands there."""
    noted = Noted(change.noun, change.row_id, change.fact, change.old, change.new)
    return recorded.seal_of(row.hash, change.count, change.place, noted)


def _rows(session: Session, tell: Tell) -> Iterator[Finding]:
    """Each row of each table is as the history says."""
    tables = recorded.kept_tables()
    for number, table in enumerate(tables.values()):
        tell("rows", number, len(tables))
        for id, said, found in differences(session, table):
            yield from _told(table, id, said, found)


def _told(table: Table, id: int, said: Values | None, found: Values | None) -> Iterator[Finding]:
    if said is None or found is None:
        yield Finding(Flaw.ROW_ADDED if said is None else Flaw.ROW_GONE, table.name, id)
        return
    for name, value in found.items():
        if name not in said or said[name] != value:
            yield Finding(Flaw.ROW_DIFFERS, table.name, id, name, said.get(name), value)


def differences(session: Session, table: Table) -> Iterator[Difference]:
    """The rows that are not as the history says."""
    for low in parts(session, table):
        yield from differences_in(session, table, low)


def parts(session: Session, table: Table) -> range:
    """A table in parts, each by the id before it."""
    of_table = RecordChange.noun == table.name
    there = session.scalar(select(func.max(table.c["id"])))
    said = session.scalar(select(func.max(RecordChange.row_id)).where(of_table))
    return range(0, max(there or 0, said or 0), PART)


def differences_in(session: Session, table: Table, low: int) -> list[Difference]:
    """The rows of one part that are not as the history says."""
    change, id = RecordChange, table.c["id"]
    query = select(change.row_id, change.fact, change.new).where(
        change.noun == table.name, change.row_id > low, change.row_id <= low + PART
    )
    said = _played(session.execute(query.order_by(change.row_id, change.id)))
    found = recorded.read_table(session, table, (id > low) & (id <= low + PART))
    if not sealing.has_key():  # then nothing can be said about these
        found = {id: {n: v for n, v in row.items() if n not in SECRET} for id, row in found.items()}
    each = ((id, said.get(id), found.get(id)) for id in sorted(said.keys() | found.keys()))
    return [it for it in each if not _agree(*it[1:])]


def _played(changes: Any) -> dict[int, Values]:
    """The rows as they came to be, change by change."""
    rows: dict[int, Values] = {}
    for id, fact, new in changes:
        if fact == ADDED:
            rows[id] = dict(new)
        elif fact == REMOVED:
            rows.pop(id, None)
        else:
            rows.setdefault(id, {}).update(new)
    return rows


def _agree(said: Values | None, found: Values | None) -> bool:
    if said is None or found is None:
        return said is found
    return all(name in said and said[name] == value for name, value in found.items())


def _files(session: Session, tell: Tell) -> Iterator[Finding]:
    """Each file that a row names is there and holds what its name says, or went with a person."""
    seen, gone = set[str](), history.erased_files(session)
    for column in naming():
        tell("files", len(seen), 0)
        rows = session.execute(select(column.table.c.id, column).where(column.is_not(None)))
        for id, digest in rows:
            if digest and digest not in seen:
                seen.add(digest)
                content = files.load(digest)
                if content is None and digest in gone:
                    continue
                if content is None or files.sha256(content) != digest:
                    flaw = Flaw.FILE_GONE if content is None else Flaw.FILE_DIFFERS
                    yield Finding(flaw, column.table.name, id, column.name)


def naming() -> Iterator[Any]:
    """Every column that names a file beside the database."""
    for table in Base.metadata.sorted_tables:
        yield from (each for each in table.columns if isinstance(each.type, FileDigest))
