"""Many rows of one noun at once, with ids that are known beforehand."""

from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from core.kernel import known, recorded, touched
from db.base import Base

Row = dict[str, Any]


def add(session: Session, noun: type[Base], rows: list[Row]) -> list[int]:
    """Add rows and give their ids in the order of the rows; each row learns its own."""
    ids = _next_ids(session, cast(Table, noun.__table__), len(rows)) if rows else []
    for row, id in zip(rows, ids, strict=True):
        row["id"] = id
    if rows:
        known.fill(session, noun, rows)
        session.connection().execute(insert(cast(Table, noun.__table__)), rows)
        known.remember(session, noun, rows)
        touched.note_rows(session, noun, rows)
        recorded.note_rows(session, noun, rows)
    return ids


def _next_ids(session: Session, table: Table, count: int) -> list[int]:
    # Taken beforehand: asking each new row for its id costs a statement per row on SQLite.
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        # This transaction holds the only write lock from its start.
        last = connection.scalar(select(func.max(table.c.id))) or 0
        return list(range(last + 1, last + 1 + count))
    sequence = func.pg_get_serial_sequence(table.name, "id")
    numbers = func.generate_series(1, count).table_valued("number")
    return list(connection.scalars(select(func.nextval(sequence)).select_from(numbers)))
