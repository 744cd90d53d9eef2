"""Rows by table, written in bulk: the parents first, and mutable until they are written."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text

from db import case_words, known, phones
from db.tables import Base

Row = dict[str, Any]

# Parents before children: both databases check foreign keys at once.
ORDER = (
    *("stations", "people", "products", "customers", "assets", "purchases", "purchase_lines"),
    *("requests", "jobs", "visits", "returns", "return_lines", "return_parcels"),
    *("stock_moves", "return_losses"),
    *("complaints", "complaint_responsibles", "complaint_measures", "quality_feedback"),
    *("suggestions", "follow_ups", "survey_answers", "limits", "history", "counters"),
)
FULL = 5_000


class Sheets:
    """What is to be written; ids are given out here, because children name their parents."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.tables = {name: Base.metadata.tables[name] for name in ORDER}
        self.rows: dict[str, list[Row]] = {name: [] for name in ORDER}
        self.ids = {name: self._last_id(name) for name in ORDER if name != "counters"}
        self.written = dict.fromkeys(ORDER, 0)

    def _last_id(self, name: str) -> int:
        return self.connection.scalar(select(func.max(self.tables[name].c.id))) or 0

    def add(self, table: str, **facts: Any) -> Row:
        """A new row; it may be altered until the sheets are written."""
        self.ids[table] += 1
        row = {"id": self.ids[table], **facts}
        self.rows[table].append(row)
        return row

    @property
    def is_full(self) -> bool:
        """Whether it is time to write."""
        return len(self.rows["history"]) >= FULL

    def write(self) -> None:
        """Write all rows and forget them."""
        for name, rows in self.rows.items():
            if rows:
                self._know(name, rows)
                self.connection.execute(insert(self.tables[name]), rows)
                self.written[name] += len(rows)
                if name == "requests":
                    texts = [(row["id"], row["symptom"]) for row in rows]
                    case_words.write(self.connection, texts)
                if name == "customers":
                    known.remember(self.connection, {row["id"]: row for row in rows})
                rows.clear()

    def _know(self, name: str, rows: list[Row]) -> None:
        """Give customers, pieces and cases the keys by which they are known again."""
        noun = next((noun for noun in known.KEYED_BY if noun.__tablename__ == name), None)
        for row in rows if noun else ():
            row |= known.keys_of(noun, row, phones.USUAL)


@contextmanager
def opened(engine: Engine) -> Iterator[Sheets]:
    """Sheets in one transaction; at the end the database knows which ids are taken."""
    with engine.execution_options(immediate=True).begin() as connection:
        sheets = Sheets(connection)
        yield sheets
        sheets.write()
        if engine.dialect.name == "postgresql":
            for name in sheets.ids:
                connection.execute(_SEQUENCE, {"table": name, "last": max(1, sheets.ids[name])})


_SEQUENCE = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")
