"""Brings a database to the newest tables, or back."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from db.tables import Base
from db.words import is_declared

SCRIPTS = Path(__file__).parent / "migrations"


class Tables(StrEnum):
    """Which tables a database has, beside those that this version of the tool knows."""

    NONE = "none"
    OLDER = "older"
    NEWEST = "newest"
    UNKNOWN = "unknown"


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _whole(engine: Engine) -> Iterator[Connection]:
    """One transaction that may replace tables to which others refer."""
    with engine.execution_options(immediate=True).connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        # Where SQLite cannot alter a table it is copied and dropped; with foreign keys on, the
        # drop would delete what refers to it. The switch works outside transactions only.
        if sqlite:
            connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                if sqlite:
                    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                    if broken:
                        raise RuntimeError(f"rows that refer to nothing: {broken[:5]}")
        finally:
            if sqlite:
                connection.connection.cursor().execute("PRAGMA foreign_keys = ON")


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate up; one transaction, so that a failure leaves the old tables."""
    with _whole(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Migrate down."""
    with _whole(engine) as connection:
        command.downgrade(_config(connection), revision)


def tables(engine: Engine) -> Tables:
    """Which tables the database has; nothing is written."""
    with engine.connect() as connection:
        found = revision(connection)
    if found is None:
        return Tables.NONE
    if found == ScriptDirectory(str(SCRIPTS)).get_current_head():
        return Tables.NEWEST
    return Tables.OLDER if knows(found) else Tables.UNKNOWN


def revision(connection: Connection) -> str | None:
    """The newest migration that a database has had."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether this version of the tool can bring such tables up to date."""
    scripts = ScriptDirectory(str(SCRIPTS)).walk_revisions()
    return revision in {script.revision for script in scripts}


def differences(engine: Engine) -> list[Any]:
    """Where the migrated database differs from the tables as declared; empty when they agree."""
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_name": is_declared}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, Base.metadata))
