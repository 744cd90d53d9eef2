"""Engines and transactions for SQLite and PostgreSQL."""

import os
import sqlite3
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import make_url

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_URL = f"sqlite:///{ROOT / 'var' / 'aftercare.db'}"


def database_url() -> str:
    """The address of the database: DATABASE_URL, else a file below var/."""
    return os.environ.get("DATABASE_URL") or DEFAULT_URL


def make_engine(url: str | None = None) -> Engine:
    """An engine whose transactions keep what they read (see `_begin`)."""
    address = make_url(url or database_url())
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
        return create_engine(address, pool_pre_ping=True, pool_size=10, max_overflow=20)
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    # One connection per running script and some spare: the 16th would wait with the default pool.
    # A large import holds the write lock for a minute: other writers wait for it, and do not fail.
    engine = create_engine(address, pool_size=20, max_overflow=40, connect_args={"timeout": 120})
    event.listen(engine, "connect", _connect)
    event.listen(engine, "begin", _begin)
    return engine


def reading_engine(url: str | None = None) -> Engine:
    """An engine that writes nothing: neither rows nor tables, and no file where there is none."""
    address = make_url(url or database_url())
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
        return create_engine(address, execution_options={"postgresql_readonly": True})
    # mode=rw and not ro: what reads only leaves an empty -wal file behind.
    file = f"{Path(address.database or '').absolute().as_uri()}?mode=rw"
    made = {"creator": lambda: sqlite3.connect(file, uri=True, timeout=120), "poolclass": NullPool}
    engine = create_engine(address, **made)
    event.listen(engine, "connect", _connect_to_read)
    event.listen(engine, "begin", _begin)
    return engine


def _connect_to_read(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.create_function("local_day", 2, _local_day, deterministic=True)
    connection.execute("PRAGMA query_only = ON").close()


def _connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver would begin a transaction too late
    connection.create_function("local_day", 2, _local_day, deterministic=True)
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Who was told that a case is registered finds it after a power cut: NORMAL syncs only now and
    # then, and the commits since are gone. In WAL mode EXTRA is no more than FULL.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA cache_size = -65536")
    cursor.close()


def _local_day(at: str, zone: str) -> str:
    """The day of a stored instant in a zone: PostgreSQL knows zones, SQLite does not."""
    return _day_of_minute(at[:16], zone)


# One case asks a dozen times for the same few instants.
@lru_cache(maxsize=1 << 16)
def _day_of_minute(minute: str, zone: str) -> str:
    moment = datetime.fromisoformat(minute).replace(tzinfo=UTC)
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()


def _begin(connection: Connection) -> None:
    # A transaction that reads and then writes must hold the write lock from its start: with a
    # deferred BEGIN two of them read the same state and one update is lost or refused.
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
