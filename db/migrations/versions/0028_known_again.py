"""customers, pieces and cases are known again by keys, and doubles can be joined"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from db import known
from db.tables import Asset, Customer, ServiceRequest
from db.types import KeyText

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

BATCH = 1_000
# The keys of each table, and the facts that they come from.
KEYS = (
    (Customer, ("name_key", "phone_key", "phone_end"), ("name", "phone", "contact", "address")),
    (Asset, ("serial_key", "serial_end"), ("serial",)),
    (ServiceRequest, ("phone_key", "phone_end"), ("phone",)),
)
JOINED = (
    "ALTER TABLE {table} ADD COLUMN joined_into_id INTEGER"
    " CONSTRAINT ck_{table}_joined_into_another CHECK (joined_into_id <> id)"
    " CONSTRAINT fk_{table}_joined_into_id_{table} REFERENCES {table} (id)"
)
IS_JOINED = sa.text("joined_into_id IS NOT NULL")
SQLITE = (
    "CREATE VIRTUAL TABLE customer_words USING fts5(pieces, tokenize = 'ascii', columnsize = 0)",
)
POSTGRESQL = (
    "CREATE TABLE customer_words ("
    " rowid INTEGER NOT NULL,"
    " pieces TEXT NOT NULL,"
    " CONSTRAINT pk_customer_words PRIMARY KEY (rowid),"
    " CONSTRAINT fk_customer_words_rowid_customers FOREIGN KEY (rowid)"
    " REFERENCES customers (id) ON DELETE CASCADE)",
    "CREATE INDEX ix_customer_words_pieces ON customer_words"
    " USING gin (string_to_array(pieces, ' '))",
)
# The dot of a plate number is one more sign that does not count.
DOTS = "\u00b7\u2022\u2027\u30fb"
COMPARED = (("purchases", "invoice_key"), ("purchase_lines", "piece"), ("return_lines", "piece"))


def upgrade() -> None:
    connection = op.get_bind()
    for noun, keys, _ in KEYS:
        for name in keys:
            kind = sa.Column(name, KeyText, nullable=False, server_default="")
            op.add_column(noun.__tablename__, kind)
    for table in ("customers", "assets"):
        op.execute(JOINED.format(table=table))
        op.create_index(
            f"ix_{table}_joined_into_id",
            table,
            ["joined_into_id"],
            sqlite_where=IS_JOINED,
            postgresql_where=IS_JOINED,
        )
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    for noun, keys, facts in KEYS:
        _fill(noun, keys, facts)
    for table, column in COMPARED:
        _without_dots(table, column)
    op.create_index("ix_customers_name_key", "customers", ["name_key", "address"])
    for table, name in (
        *(("customers", "phone_key"), ("customers", "phone_end")),
        *(("assets", "serial_key"), ("assets", "serial_end")),
        *(("requests", "phone_key"), ("requests", "phone_end")),
    ):
        op.create_index(f"ix_{table}_{name}", table, [name])
    for name in ("name", "address"):
        op.drop_index(f"ix_customers_{name}", "customers")
    for table in ("customers", "requests"):
        op.drop_index(f"ix_{table}_phone_digits", table)
        op.drop_column(table, "phone_digits")


def downgrade() -> None:
    for table in ("customers", "requests"):
        kind = sa.Column("phone_digits", sa.String(length=40), nullable=False, server_default="")
        op.add_column(table, kind)
        update = sa.text(f"UPDATE {table} SET phone_digits = :digits WHERE id = :id")
        for rows in _batches(table, ("phone",)):
            digits = [
                {"id": row.id, "digits": "".join(filter(str.isdecimal, row.phone))} for row in rows
            ]
            op.get_bind().execute(update, digits)
        op.create_index(f"ix_{table}_phone_digits", table, ["phone_digits"])
    for name in ("name", "address"):
        op.create_index(f"ix_customers_{name}", "customers", [name])
    op.execute("DROP TABLE customer_words")
    for noun, keys, _ in KEYS:
        for name in keys:
            op.drop_index(f"ix_{noun.__tablename__}_{name}", noun.__tablename__)
            op.drop_column(noun.__tablename__, name)
    for table in ("customers", "assets"):
        op.drop_index(f"ix_{table}_joined_into_id", table)
        op.drop_column(table, "joined_into_id")


def _fill(noun: Any, names: tuple[str, ...], facts: tuple[str, ...]) -> None:
    connection = op.get_bind()
    country = known.country(connection)
    values = ", ".join(f"{name} = :{name}" for name in names)
    update = sa.text(f"UPDATE {noun.__tablename__} SET {values} WHERE id = :id")
    for rows in _batches(noun.__tablename__, facts):
        told = {row.id: row._mapping for row in rows}
        keys = [{"id": id} | known.keys_of(noun, row, country) for id, row in told.items()]
        connection.execute(update, keys)
        if noun is Customer:
            known.remember(connection, told)


def _batches(table: str, facts: tuple[str, ...]) -> Iterator[list[Any]]:
    last = 0
    query = sa.text(
        f"SELECT id, {', '.join(facts)} FROM {table} WHERE id > :last ORDER BY id LIMIT {BATCH}"
    )
    while rows := list(op.get_bind().execute(query, {"last": last})):
        yield rows
        last = rows[-1].id


def _without_dots(table: str, column: str) -> None:
    run = op.get_bind().execute
    key = f"REPLACE(REPLACE(REPLACE(REPLACE({column}, :a, ''), :b, ''), :c, ''), :d, '')"
    dots = dict(zip("abcd", DOTS, strict=True))
    owner = "AND o.customer_id = t.customer_id" if table == "purchases" else ""
    # One that would be another's key keeps the one that it has.
    taken = f"SELECT 1 FROM {table} o WHERE o.{column} = :key AND o.id <> t.id {owner}"
    changed = run(sa.text(f"SELECT id, {key} FROM {table} WHERE {column} <> {key}"), dots).all()
    update = f"UPDATE {table} AS t SET {column} = :key WHERE id = :id AND NOT EXISTS ({taken})"
    for id, plain in changed:
        run(sa.text(update), {"id": id, "key": plain})
