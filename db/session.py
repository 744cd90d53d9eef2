"""Engines and transactions for SQLite and PostgreSQL."""

import os
import sqlite3
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url

ROOT = Path(__file__).resolve().parent.parent
# Seconds. A large import holds the write lock for a minute: other writers wait, and do not fail.
PATIENCE = 120
# Names, addresses and money: for the account that runs the tool, and for nobody else.
FOLDER_MODE, FILE_MODE = 0o700, 0o600
DEFAULT_URL = f"sqlite:///{ROOT / 'var' / 'aftercare.db'}"


def database_url() -> str:
    """The address of the database: DATABASE_URL, else a file below var/."""
    return os.environ.get("DATABASE_URL") or DEFAULT_URL


def make_engine(url: str | None = None) -> Engine:
    """An engine whose transactions keep what they read (see `_begin`)."""
    address = make_url(url or database_url())
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
        # Neither a server that does not answer nor a lock that is held is waited for without end.
        given = {"connect_timeout": 10, "options": f"-c lock_timeout={PATIENCE}s"}
        pool = {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 20}
        engine = create_engine(address, connect_args=given, hide_parameters=True, **pool)
        event.listen(engine, "handle_error", _name_nobody)
        return engine
    if address.database:
        Path(address.database).parent.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
    # One connection per running script and some spare: the 16th would wait with the default pool.
    given = {"timeout": PATIENCE}
    pool = {"pool_size": 20, "max_overflow": 40}
    engine = create_engine(address, connect_args=given, hide_parameters=True, **pool)
    event.listen(engine, "do_connect", _keep_private)
    event.listen(engine, "connect", _connect)
    event.listen(engine, "begin", _begin)
    return engine


def reading_engine(url: str | None = None) -> Engine:
    """An engine that writes nothing: neither rows nor tables, and no file where there is none."""
    address = make_url(url or database_url())
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
        reads = {"postgresql_readonly": True}
        engine = create_engine(address, execution_options=reads, hide_parameters=True)
        event.listen(engine, "handle_error", _name_nobody)
        return engine
    # mode=rw and not ro: what reads only leaves an empty -wal file behind.
    file = f"{Path(address.database or '').absolute().as_uri()}?mode=rw"
    made = {
        "creator": lambda: sqlite3.connect(file, uri=True, timeout=PATIENCE),
        "poolclass": NullPool,
    }
    engine = create_engine(address, hide_parameters=True, **made)
    event.listen(engine, "connect", _connect_to_read)
    event.listen(engine, "begin", _begin)
    return engine


def _name_nobody(context: ExceptionContext) -> None:
    """PostgreSQL tells the whole row that it refuses: names and numbers, for the log to keep."""
    told = getattr(context.original_exception, "diag", None)
    if told is not None and told.message_detail:
        said = told.message_primary or ""
        context.original_exception.args = (said,)
        if context.sqlalchemy_exception:
            context.sqlalchemy_exception.args = (said,)


def _keep_private(_dialect: Any, _record: Any, given: list[Any], _named: Any) -> None:
    """The file is its owner's alone before anything is in it; what lies beside it follows it."""
    place = Path(given[0]) if given else None
    if place is None or str(place) == ":memory:":
        return
    try:
        os.close(os.open(place, os.O_RDWR | os.O_CREAT, FILE_MODE))
        if place.stat().st_uid == os.getuid():
            place.chmod(FILE_MODE)
    except (OSError, AttributeError):  # SQLite says itself what is wrong; Windows has no owners
        return


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
    options = connection.get_execution_options()
    immediate = options.get("immediate", False)
    patience = options.get("patience", PATIENCE)
    if connection.info.get("patience", PATIENCE) != patience:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience * 1000}")
        connection.info["patience"] = patience
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
