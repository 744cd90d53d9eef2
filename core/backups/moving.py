"""Moving house: a company goes over to another database, SQLite or PostgreSQL, and is compared."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Result,
    String,
    Table,
    Text,
    func,
    select,
    text,
)
from sqlalchemy.orm import Session

from core.backups.errors import BackupRefused
from core.backups.making import named
from db import files, migrate, words
from db.codes import BackupProblem
from db.migrate import Tables
from db.tables import Base, Company, History

PART = 2000


@dataclass(frozen=True)
class Moved:
    """What went over: rows of how many tables, and files where they went along."""

    rows: int
    tables: int
    files: int
    lost: tuple[str, ...]


def move(source: Engine, target: Engine, *, folder: Path | None = None) -> Moved:
    """Copy every row to a place where no company is, and read both again side by side.

    All or nothing: what fails leaves the target without a company. With a folder the files go along
    too. BackupRefused where the target holds a company, where a row is not the same over there,
    and where somebody wrote to the source meanwhile: people must not work while their house moves.
    """
    _must_be_empty(target)
    migrate.upgrade(target)
    with _of_one_moment(source) as rows, _copying(target) as there:
        before = _newest(rows)
        copied = sum(_copy(table, rows, there) for table in _tables())
        _count_on(there)
        _must_be_alike(rows, there)
        with _of_one_moment(source) as since:
            if _newest(since) != before:
                raise BackupRefused(BackupProblem.DATABASE, "people work in it: end the tool first")
        names = set(named(Session(rows))) if folder else set[str]()
        lost = tuple(sorted(each for each in names if not _carry(each, folder)))
    return Moved(copied, len(_tables()), len(names), lost)


def _must_be_empty(target: Engine) -> None:
    found = migrate.tables(target)
    if found is Tables.NEWEST:
        with target.connect() as connection:
            if not connection.scalar(select(func.count()).select_from(Company)):
                return
    if found is not Tables.NONE:
        raise BackupRefused(BackupProblem.NOT_EMPTY, target.url.render_as_string())


def _tables() -> Sequence[Table]:
    """All tables, those that others refer to first; the words of the searches come last."""
    found = [
        Table(
            name,
            MetaData(),
            Column("rowid", Integer, primary_key=True, autoincrement=False),
            Column("pieces", Text, nullable=False),
        )
        for name in words.NAMES
    ]
    return [*Base.metadata.sorted_tables, *found]


@contextmanager
def _of_one_moment(engine: Engine) -> Iterator[Connection]:
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection, connection.begin():
        yield connection


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


def _carry(digest: str, folder: Path | None) -> bool:
    """Copy a file that rows name; False where it was missing or damaged already."""
    content = files.load(digest)
    if folder is None or content is None or files.sha256(content) != digest:
        return False
    files.write(files.within(folder / files.CONTENT, digest), content)
    return True
