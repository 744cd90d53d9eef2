"""Behind the tool's back: what the owner of a database can do to it with SQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

TOUCHED: list[int] = []


@contextmanager
def back(engine: Engine) -> Iterator[Session]:
    """A session past every lock: triggers and foreign keys are off and come back afterwards."""
    TOUCHED.append(1)
    with engine.execution_options(immediate=True).connect() as connection:
        if engine.dialect.name == "postgresql":
            with Session(connection) as session, session.begin():
                session.execute(text("SET LOCAL session_replication_role = replica"))
                yield session
            return
        connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        try:
            with Session(connection) as session, session.begin():
                locks = _unlock(session.connection())
                yield session
                session.flush()
                for lock in locks:
                    session.connection().exec_driver_sql(lock)
        finally:
            connection.connection.cursor().execute("PRAGMA foreign_keys = ON")


def _unlock(connection: Connection) -> list[str]:
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    locks = [tuple(row) for row in connection.exec_driver_sql(query)]
    for name, _ in locks:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    return [sql for _, sql in locks]
