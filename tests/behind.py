"""Behind the tool's back: what the owner of a database can do to it with SQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session


@contextmanager
def back(engine: Engine) -> Iterator[Session]:
    """A session past every lock, which come back afterwards: triggers, foreign keys, checks."""
    with _unlocked(engine) as session:
        locks = _drop_locks(session.connection())
        yield session
        session.flush()
        for lock in locks:
            session.connection().exec_driver_sql(lock)
        session.commit()


@contextmanager
def tried(engine: Engine) -> Iterator[Session]:
    """The same, but whatever is done in it is undone."""
    with _unlocked(engine) as session:
        _drop_locks(session.connection())
        yield session
        session.rollback()


@contextmanager
def _unlocked(engine: Engine) -> Iterator[Session]:
    with engine.execution_options(immediate=True).connect() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        run = connection.connection.cursor().execute
        if is_sqlite:
            run("PRAGMA foreign_keys = OFF")
            run("PRAGMA ignore_check_constraints = ON")
        try:
            with Session(connection) as session:
                if not is_sqlite:
                    session.execute(text("SET LOCAL session_replication_role = replica"))
                yield session
        finally:
            if is_sqlite:
                run("PRAGMA foreign_keys = ON")
                run("PRAGMA ignore_check_constraints = OFF")


def _drop_locks(connection: Connection) -> list[str]:
    if connection.dialect.name == "postgresql":
        return []
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    locks = [tuple(row) for row in connection.exec_driver_sql(query)]
    for name, _ in locks:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    return [sql for _, sql in locks]
