"""maintenance plans, the pieces that a contract names, and the rounds"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NOTICES = (
    *("escalation", "emergency", "resource_asked", "resource_decided"),
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault", "your_turn", "withdrawn", "imported_late"),
    *("absence", "renewal"),
)
NEW = "maintenance"
KINDS = (
    *("consultation", "repair", "installation", "cleaning", "parts", "complaint"),
    *("quality_feedback", "return", "suggestion", "training"),
)


def _code(name: str, *members: str) -> sa.Column[Any]:
    kind = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _to(table: str, name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_{target}"))


def upgrade() -> None:
    _plans()
    _pieces()
    _rounds()
    codes.allow("notices", "kind", *NOTICES, NEW)


def _plans() -> None:
    table = "maintenance_plans"
    op.create_table(
        table,
        _number("id"),
        sa.Column("title", sa.String(length=120), nullable=False),
        _code("status", "active", "paused", "ended"),
        _number("product_id", nullable=True),
        _number("customer_id", nullable=True),
        sa.Column("contract", sa.String(length=120), nullable=False),
        _number("station_id", nullable=True),
        _code("kind", *KINDS),
        sa.Column("task", sa.String(length=4000), nullable=False),
        _number("interval_length"),
        _code("interval_unit", "weeks", "months"),
        _code("counted_from", "purchase", "installation", "first_day"),
        _day("first_on", nullable=True),
        _code("next_round", "fixed", "floating"),
        _number("days_ahead"),
        _day("valid_from"),
        _day("valid_until", nullable=True),
        _day("since"),
        _number("version"),
        sa.CheckConstraint(
            "(product_id IS NULL) <> (customer_id IS NULL)", name=op.f(f"ck_{table}_covers_one")
        ),
        sa.CheckConstraint("interval_length > 0", name=op.f(f"ck_{table}_interval_positive")),
        sa.CheckConstraint("days_ahead >= 0", name=op.f(f"ck_{table}_ahead_not_negative")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f(f"ck_{table}_valid_in_order")),
        sa.CheckConstraint(
            "counted_from <> 'first_day' OR first_on IS NOT NULL",
            name=op.f(f"ck_{table}_first_day_known"),
        ),
        _to(table, "product_id", "products"),
        _to(table, "customer_id", "customers"),
        _to(table, "station_id", "stations"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for name in ("product_id", "customer_id", "station_id"):
        op.create_index(op.f(f"ix_{table}_{name}"), table, [name])


def _pieces() -> None:
    table = "maintenance_pieces"
    op.create_table(
        table,
        _number("id"),
        _number("plan_id"),
        _number("asset_id"),
        _to(table, "plan_id", "maintenance_plans"),
        _to(table, "asset_id", "assets"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("plan_id", "asset_id", name=op.f(f"uq_{table}_plan_id_asset_id")),
    )
    op.create_index(op.f(f"ix_{table}_asset_id"), table, ["asset_id"])


def _rounds() -> None:
    table = "maintenance_rounds"
    op.create_table(
        table,
        _number("id"),
        _number("plan_id"),
        _number("asset_id"),
        _number("station_id", nullable=True),
        _day("due_on"),
        _day("make_on"),
        _code("status", "planned", "made", "done", "skipped"),
        _number("request_id", nullable=True),
        _day("done_on", nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=False),
        sa.Column("told_at", db.types.UtcInstant(), nullable=True),
        sa.Column("told_late_at", db.types.UtcInstant(), nullable=True),
        _number("version"),
        sa.CheckConstraint("make_on <= due_on", name=op.f(f"ck_{table}_made_ahead")),
        sa.CheckConstraint(
            "status NOT IN ('made', 'done') OR request_id IS NOT NULL",
            name=op.f(f"ck_{table}_has_case"),
        ),
        sa.CheckConstraint(
            "(status = 'done') = (done_on IS NOT NULL)", name=op.f(f"ck_{table}_done_when")
        ),
        sa.CheckConstraint(
            "status <> 'skipped' OR note <> ''", name=op.f(f"ck_{table}_skipped_why")
        ),
        _to(table, "plan_id", "maintenance_plans"),
        _to(table, "asset_id", "assets"),
        _to(table, "station_id", "stations"),
        _to(table, "request_id", "requests"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            "plan_id", "asset_id", "due_on", name=op.f(f"uq_{table}_plan_id_asset_id_due_on")
        ),
        sa.UniqueConstraint("request_id", name=op.f(f"uq_{table}_request_id")),
    )
    op.create_index(op.f(f"ix_{table}_asset_id"), table, ["asset_id"])
    op.create_index(f"ix_{table}_make", table, ["status", "make_on"])
    op.create_index(f"ix_{table}_station", table, ["station_id", "due_on"])


def downgrade() -> None:
    op.execute(f"DELETE FROM notices WHERE kind = '{NEW}'")
    codes.allow("notices", "kind", *NOTICES)
    for table in ("maintenance_rounds", "maintenance_pieces", "maintenance_plans"):
        op.drop_table(table)
