"""The database as one file, made while people work, and a database made of such a file."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, text
from sqlalchemy.orm import Session

from core.backups.errors import BackupRefused
from db.codes import BackupProblem
from db.session import reading_engine

SQLITE, POSTGRESQL = "sqlite", "postgresql"
NAMES = {SQLITE: "database.sqlite", POSTGRESQL: "database.dump"}


def kind(engine: Engine) -> str:
    """Which of the two databases it is."""
    return engine.dialect.name


@contextmanager
def copied(engine: Engine, target: Path) -> Iterator[Session]:
    """Write all that is saved now into a file; gives a session in which the copied rows are read.

    SQLite's copy is read itself. A dump of PostgreSQL holds the snapshot that the session reads.
    """
    if kind(engine) == SQLITE:
        _vacuum(engine, target)
        with opened(target) as session:
            yield session
        return
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        _run("pg_dump", engine.url, "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
        with Session(connection) as session:
            yield session


@contextmanager
def opened(copy: Path) -> Iterator[Session]:
    """A SQLite copy, to read; it is left as it is."""
    engine = reading_engine(f"{SQLITE}:///{copy}")
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def is_sound(copy: Path) -> bool:
    """Whether the file can be read to its end as a copy of its kind."""
    if copy.name == NAMES[POSTGRESQL]:
        return _says("pg_restore", "--list", str(copy)).returncode == 0
    address = f"{copy.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False


def bring_back(copy: Path, url: URL) -> None:
    """Make a database of a copy where there is none; BackupRefused for the other kind."""
    wanted = url.get_backend_name()
    if copy.name != NAMES.get(wanted):
        raise BackupRefused(BackupProblem.OTHER_KIND, copy.name)
    if wanted == POSTGRESQL:
        _run("pg_restore", url, "--exit-on-error", "--single-transaction", "--no-owner", str(copy))
        return
    place = Path(url.database or "")
    place.parent.mkdir(0o700, parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.restored")
    shutil.copyfile(copy, draft)
    draft.chmod(0o600)
    draft.replace(place)


def _vacuum(engine: Engine, target: Path) -> None:
    # Not inside a transaction, and on a connection of its own: it ends however much is written.
    address = f"{Path(engine.url.database or '').absolute().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=120)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise BackupRefused(BackupProblem.DATABASE, error) from error


def _run(program: str, url: URL, *arguments: str) -> None:
    said = _says(program, f"--dbname={_address(url)}", "--no-password", *arguments, url=url)
    if said.returncode:
        raise BackupRefused(BackupProblem.PROGRAM_FAILED, said.stderr.strip()[-500:])


def _address(url: URL) -> str:
    # The password goes by the environment: the arguments of a program are everybody's to read.
    return url.set(drivername="postgresql", password=None).render_as_string()


def _says(
    program: str, *arguments: str, url: URL | None = None
) -> "subprocess.CompletedProcess[str]":
    env = dict(os.environ)
    if url is not None and url.password:
        env["PGPASSWORD"] = str(url.password)
    try:
        return subprocess.run(
            [program, *arguments], env=env, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BackupRefused(BackupProblem.PROGRAM_MISSING, program) from error


def schema(connection: Connection) -> str:
    """The number of the tables of a database."""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
