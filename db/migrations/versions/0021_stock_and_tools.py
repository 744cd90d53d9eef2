"""parts with their stock, orders, uses and counts; tools with their faults"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NOTICES = (
    *("escalation", "emergency", "resource_asked", "resource_decided"),
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault", "your_turn", "withdrawn", "imported_late"),
    *("absence", "renewal", "maintenance", "decision", "report"),
)
NEW = ("stock", "tool")
TABLES = ("tool_faults", "tools", "part_moves", "stock_count_lines", "stock_counts", "part_uses", "part_order_lines", "part_orders", "part_balances", "part_lots", "part_minimums", "stock_places", "part_products", "part_substitutes", "parts", "suppliers")
OPEN_COUNT = sa.text("status IN ('counting', 'counted')")


def _code(name: str, *members: str) -> sa.Column[Any]:
    kind = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, db.types.UtcInstant(), nullable=nullable)


def _to(table: str, name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_{target}"))


def _check(table: str, name: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))


def _once(table: str, *names: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*names, name=op.f(f"uq_{table}_{'_'.join(names)}"))


def _index(table: str, *names: str) -> None:
    for name in names:
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])


def upgrade() -> None:
    _suppliers()
    _parts()
    _part_substitutes()
    _part_products()
    _stock_places()
    _part_minimums()
    _part_lots()
    _part_balances()
    _part_orders()
    _part_order_lines()
    _part_uses()
    _stock_counts()
    _stock_count_lines()
    _part_moves()
    _tools()
    _tool_faults()
    codes.allow("notices", "kind", *NOTICES, *NEW)


def downgrade() -> None:
    op.execute("DELETE FROM notices WHERE kind IN ('stock', 'tool')")
    codes.allow("notices", "kind", *NOTICES)
    for table in TABLES:
        op.drop_table(table)


def _suppliers() -> None:
    table = "suppliers"
    op.create_table(
        table,
        _number("id"),
        _text("name", 120),
        _text("phone", 120),
        sa.Column("is_regular", sa.Boolean(), nullable=False),
        _number("version"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _once(table, "name"),
    )


def _parts() -> None:
    table = "parts"
    op.create_table(
        table,
        _number("id"),
        _text("number", 120),
        _text("key", 120),
        _text("name", 120),
        _text("unit", 120),
        sa.Column("price_cents", sa.BigInteger(), nullable=True),
        sa.Column("expires", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        _number("version"),
        _check(table, "price_not_negative", "price_cents >= 0"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _once(table, "key"),
    )


def _part_substitutes() -> None:
    table = "part_substitutes"
    op.create_table(
        table,
        _number("id"),
        _number("part_id"),
        _number("substitute_id"),
        _check(table, "of_another", "part_id <> substitute_id"),
        _to(table, "part_id", "parts"),
        _to(table, "substitute_id", "parts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _once(table, "part_id", "substitute_id"),
    )
    _index(table, "substitute_id")


def _part_products() -> None:
    table = "part_products"
    op.create_table(
        table,
        _number("id"),
        _number("part_id"),
        _number("product_id"),
        _to(table, "part_id", "parts"),
        _to(table, "product_id", "products"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _once(table, "part_id", "product_id"),
    )
    _index(table, "product_id")


def _stock_places() -> None:
    table = "stock_places"
    op.create_table(
        table,
        _number("id"),
        _code("kind", "store", "aside", "van"),
        _text("key", 24),
        _number("station_id", nullable=True),
        _number("person_id", nullable=True),
        _day("told_on", nullable=True),
        _check(table, "van_of_somebody", "(kind = 'van') = (person_id IS NOT NULL)"),
        _to(table, "station_id", "stations"),
        _to(table, "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _once(table, "key"),
    )
    _index(table, "person_id", "station_id")


def _part_minimums() -> None:
    table = "part_minimums"
    op.create_table(
        table,
        _number("id"),
        _number("place_id"),
        _number("part_id"),
        _number("quantity"),
        _check(table, "quantity_positive", "quantity > 0"),
        _to(table, "place_id", "stock_places"),
        _to(table, "part_id", "parts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _once(table, "place_id", "part_id"),
    )
    _index(table, "part_id")


def _part_lots() -> None:
    table = "part_lots"
    op.create_table(
        table,
        _number("id"),
        _number("part_id"),
        _text("batch", 120),
        _day("expires_on", nullable=True),
        _to(table, "part_id", "parts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _once(table, "part_id", "batch"),
    )


def _part_balances() -> None:
    table = "part_balances"
    op.create_table(
        table,
        _number("id"),
        _number("place_id"),
        _number("lot_id"),
        _number("quantity"),
        _check(table, "quantity_not_negative", "quantity >= 0"),
        _to(table, "place_id", "stock_places"),
        _to(table, "lot_id", "part_lots"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _once(table, "place_id", "lot_id"),
    )
    _index(table, "lot_id")


def _part_orders() -> None:
    table = "part_orders"
    op.create_table(
        table,
        _number("id"),
        _code("status", "asked", "approved", "picked", "issued", "refused", "withdrawn"),
        _number("technician_id"),
        _number("station_id", nullable=True),
        _number("job_id", nullable=True),
        _number("case_id", nullable=True),
        _text("note", 4000),
        _at("asked_at"),
        _number("decided_by_id", nullable=True),
        _at("decided_at", nullable=True),
        _at("ready_at", nullable=True),
        _at("issued_at", nullable=True),
        _number("version"),
        _check(table, "decided_when", "(decided_by_id IS NULL) = (decided_at IS NULL)"),
        _check(table, "ready_when", "status NOT IN ('picked', 'issued') OR ready_at IS NOT NULL"),
        _check(table, "job_of_case", "(job_id IS NULL) = (case_id IS NULL)"),
        _check(table, "issued_when", "status <> 'issued' OR issued_at IS NOT NULL"),
        _to(table, "technician_id", "people"),
        _to(table, "station_id", "stations"),
        _to(table, "job_id", "jobs"),
        _to(table, "case_id", "requests"),
        _to(table, "decided_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _index(table, "case_id", "decided_by_id", "job_id", "station_id", "technician_id")
    op.create_index("ix_part_orders_status", table, ["status", "asked_at"])


def _part_order_lines() -> None:
    table = "part_order_lines"
    op.create_table(
        table,
        _number("id"),
        _number("order_id"),
        _number("part_id"),
        _number("quantity"),
        _check(table, "quantity_positive", "quantity > 0"),
        _to(table, "order_id", "part_orders"),
        _to(table, "part_id", "parts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _index(table, "order_id", "part_id")


def _part_uses() -> None:
    table = "part_uses"
    op.create_table(
        table,
        _number("id"),
        _code("status", "used", "old_owed", "old_in_store", "old_sent", "undone"),
        _number("job_id"),
        _number("case_id"),
        _number("place_id"),
        _number("lot_id"),
        _number("quantity"),
        _text("old_serial", 120),
        _text("new_serial", 120),
        _code("old_part", "none", "left", "scrapped", "to_maker"),
        _number("used_by_id"),
        _at("used_at"),
        _number("version"),
        _check(table, "old_to_maker", "old_part = 'to_maker' OR status IN ('used', 'undone')"),
        _check(table, "quantity_positive", "quantity > 0"),
        _to(table, "job_id", "jobs"),
        _to(table, "case_id", "requests"),
        _to(table, "place_id", "stock_places"),
        _to(table, "lot_id", "part_lots"),
        _to(table, "used_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _index(table, "case_id", "job_id", "lot_id", "place_id", "used_by_id")
    op.create_index("ix_part_uses_status", table, ["status"])


def _stock_counts() -> None:
    table = "stock_counts"
    op.create_table(
        table,
        _number("id"),
        _code("status", "counting", "counted", "settled", "dropped"),
        _number("place_id"),
        _at("begun_at"),
        _number("counted_by_id"),
        _number("settled_by_id", nullable=True),
        _at("settled_at", nullable=True),
        _number("version"),
        _check(table, "settled_when", "(settled_by_id IS NULL) = (settled_at IS NULL)"),
        _check(table, "settled_by_another", "settled_by_id <> counted_by_id"),
        _to(table, "place_id", "stock_places"),
        _to(table, "counted_by_id", "people"),
        _to(table, "settled_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _index(table, "counted_by_id", "place_id", "settled_by_id")
    op.create_index(
        "uq_stock_counts_open_place",
        table,
        ["place_id"],
        unique=True,
        sqlite_where=OPEN_COUNT,
        postgresql_where=OPEN_COUNT,
    )


def _stock_count_lines() -> None:
    table = "stock_count_lines"
    op.create_table(
        table,
        _number("id"),
        _number("count_id"),
        _number("lot_id"),
        _number("expected"),
        _number("counted", nullable=True),
        _text("reason", 300),
        _check(table, "counted_not_negative", "counted >= 0"),
        _to(table, "count_id", "stock_counts"),
        _to(table, "lot_id", "part_lots"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _once(table, "count_id", "lot_id"),
    )
    _index(table, "lot_id")


def _part_moves() -> None:
    table = "part_moves"
    op.create_table(
        table,
        _number("id"),
        _number("lot_id"),
        _number("from_id", nullable=True),
        _number("to_id", nullable=True),
        _number("quantity"),
        _code("reason", "received", "moved", "picked", "put_back", "issued", "given_back", "used", "undone", "counted"),
        _text("note", 300),
        _number("supplier_id", nullable=True),
        _number("order_id", nullable=True),
        _number("use_id", nullable=True),
        _number("count_id", nullable=True),
        _number("person_id", nullable=True),
        _at("at"),
        _check(table, "has_source", "reason <> 'received' OR supplier_id IS NOT NULL"),
        _check(table, "elsewhere", "from_id <> to_id"),
        _check(table, "quantity_positive", "quantity > 0"),
        _check(table, "somewhere", "from_id IS NOT NULL OR to_id IS NOT NULL"),
        _to(table, "lot_id", "part_lots"),
        _to(table, "from_id", "stock_places"),
        _to(table, "to_id", "stock_places"),
        _to(table, "supplier_id", "suppliers"),
        _to(table, "order_id", "part_orders"),
        _to(table, "use_id", "part_uses"),
        _to(table, "count_id", "stock_counts"),
        _to(table, "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _index(table, "count_id", "from_id", "lot_id", "order_id", "person_id", "supplier_id", "to_id", "use_id")


def _tools() -> None:
    table = "tools"
    op.create_table(
        table,
        _number("id"),
        _text("number", 120),
        _text("key", 120),
        _text("name", 120),
        _number("station_id", nullable=True),
        _code("status", "in_store", "out", "faulty", "retired"),
        _number("holder_id", nullable=True),
        _text("qualification", 120),
        _number("check_months", nullable=True),
        _day("checked_on", nullable=True),
        _day("check_due_on", nullable=True),
        _day("told_of", nullable=True),
        _number("version"),
        _check(table, "check_months_positive", "check_months > 0"),
        _check(table, "out_to_somebody", "(status = 'out') = (holder_id IS NOT NULL)"),
        _to(table, "station_id", "stations"),
        _to(table, "holder_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        _once(table, "key"),
    )
    _index(table, "holder_id", "station_id")


def _tool_faults() -> None:
    table = "tool_faults"
    op.create_table(
        table,
        _number("id"),
        _number("tool_id"),
        _at("found_at"),
        _text("what", 4000),
        _at("repaired_at", nullable=True),
        _check(table, "repaired_after", "repaired_at >= found_at"),
        _to(table, "tool_id", "tools"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _index(table, "tool_id")
