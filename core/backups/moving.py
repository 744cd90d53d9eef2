"""Moving house: a company goes over to another database, SQLite or PostgreSQL, and is compared."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Result, String, Table, func, select, text
from sqlalchemy.orm import Session

from core.backups.errors import BackupRefused, in_words
from core.backups.making import named, store
from core.kernel import database
from core.kernel.database import Standing
from core.kernel.unit_of_work import of_one_moment
from db import files, migrate, words
from db.codes import BackupProblem
from db.session import make_engine
from db.tables import Base, History

PART = 2000
EMPTY = frozenset({Standing.NO_FILE, Standing.NO_TABLES, Standing.NO_COMPANY})


@dataclass(frozen=True)
class Moved:
    """What went over: rows of how many tables, and files where they went along."""

    rows: int
    tables: int
    files: int
    lost: tuple[str, ...]


def move(source: Engine, to: str, *, folder: Path | None = None) -> Moved:
    """Copy every row to an address where no company is, and read both again side by side.

    All or nothing: what fails leaves the target without a company. With a folder the files go along
    too. BackupRefused where the address is none or holds a company, where a row is not the same
    over there, and where somebody wrote to the source meanwhile: people must not work while their
    house moves.
    """
    _must_be_empty(to)
    with in_words():
        target = make_engine(to)
        try:
            return _move(source, target, folder)
        finally:
            target.dispose()


def _move(source: Engine, target: Engine, folder: Path | None) -> Moved:
    migrate.upgrade(target)
    with of_one_moment(source).begin() as rows, _copying(target) as there:
        before = _newest(rows)
        copied = sum(_copy(table, rows, there) for table in _tables())
        _count_on(there)
        _must_be_alike(rows, there)
        with source.connect() as since:
            if _newest(since) != before:
                raise BackupRefused(BackupProblem.DATABASE, "people work in it: end the tool first")
        kept = sorted(named(Session(rows))[0]) if folder else []
        lost = tuple(each for each in kept if folder and not store(_place(folder, each), each))
    return Moved(copied, len(_tables()), len(kept), lost)


def _must_be_empty(to: str) -> None:
    standing, why = database.standing(to)
    if standing in (Standing.NO_ADDRESS, Standing.UNREADABLE):
        said = why or "that is no address of a SQLite or PostgreSQL database"
        raise BackupRefused(BackupProblem.DATABASE, said)
    if standing not in EMPTY:
        raise BackupRefused(BackupProblem.NOT_EMPTY, database.place(to))


@cache
def _tables() -> tuple[Table, ...]:
    """All tables, those that others refer to first; the words of the searches come last."""
    return (*Base.metadata.sorted_tables, *map(words.index_table, words.NAMES))


@contextmanager
def _copying(engine: Engine) -> Iterator[Connection]:
    with engine.execution_options(immediate=True).begin() as connection:
        for table in reversed(_tables()):  # what the making of the tables left in them
            if connection.scalar(select(func.count()).select_from(table)):
                connection.execute(table.delete())
        yield connection


def _newest(connection: Connection) -> Any:
    return connection.execute(select(func.max(History.id), func.count()).select_from(History)).one()


def _read(table: Table, connection: Connection) -> Result[Any]:
    """All rows by their key; texts by their bytes, as every database has them alike."""
    by_bytes = connection.dialect.name == "postgresql"
    keys = (
        key.collate("C") if by_bytes and isinstance(key.type, String) else key
        for key in table.primary_key.columns
    )
    statement = select(table).order_by(*keys).execution_options(yield_per=PART)
    return connection.execute(statement)


def _copy(table: Table, rows: Connection, there: Connection) -> int:
    """A row that refers to one of the same table comes after that."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    count, later = 0, dict[int, dict[str, Any]]()
    for part in _read(table, rows).mappings().partitions():
        values = [dict(row) for row in part]
        later |= {row["id"]: row for row in values if any(row[name] for name in own)}
        if first := [row for row in values if row.get("id") not in later]:
            there.execute(table.insert(), first)
        count += len(values)
    while later:
        ready = [id for id, row in later.items() if not any(row[name] in later for name in own)]
        # Rows that refer to each other in a ring are refused by the database.
        there.execute(table.insert(), [later.pop(id) for id in ready or list(later)])
    return count


def _count_on(connection: Connection) -> None:
    """The next row gets the number after the last one, as it would have at home."""
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        key = table.autoincrement_column
        if key is None:
            continue
        given = {"table": table.name, "key": key.name}
        sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :key)"), given)
        newest = connection.scalar(select(func.max(key)))
        if sequence and newest:
            connection.execute(
                text("SELECT setval(:name, :last)"), {"name": sequence, "last": newest}
            )


def _must_be_alike(rows: Connection, there: Connection) -> None:
    for table in _tables():
        for ours, theirs in zip_longest(_read(table, rows), _read(table, there)):
            if ours is None or theirs is None or tuple(ours) != tuple(theirs):
                which = tuple(ours or theirs or ())[:1]
                raise BackupRefused(BackupProblem.DAMAGED, f"{table.name} {which}")


def _place(folder: Path, digest: str) -> Path:
    return files.within(folder / files.CONTENT, digest)
