"""key customers, and calls and visits on a plan"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

NOTICES = (
    *("escalation", "emergency", "resource_asked", "resource_decided"),
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault", "your_turn", "withdrawn", "imported_late"),
    *("absence", "renewal", "maintenance", "decision", "report", "stock", "tool", "workshop"),
    "access",
)
NEW = "care"
CALLS, KEYS = "care_calls", "key_customers"
CHECKS = {
    "attempts_not_negative": "attempts >= 0",
    "ended_when": "(status = 'due') = (ended_at IS NULL)",
    "score_range": "score BETWEEN 0 AND 10",
}
INDEXES = (
    ("ix_assets_purchased_on", "assets", ["purchased_on", "customer_id"]),
    ("ix_purchases_day", "purchases", ["purchased_on", "customer_id"]),
)


def _code(name: str, *members: str) -> sa.Column[Any]:
    kind = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=False)


def _text(name: str, length: int = 4000) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _to(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"))
        for name, to in targets.items()
    ]


def _add_calls() -> None:
    op.create_table(
        CALLS,
        *(_id("id"), _id("customer_id")),
        _code("status", "due", "done", "unreachable", "skipped", "dropped"),
        *(_text("plan", 40), _text("clause", 16)),
        *(_code("whom", "buyer", "key"), _code("means", "call", "visit")),
        *(_day("counted_from"), _day("due_on"), _day("next_on")),
        *(_id("attempts"), _id("caller_id", nullable=True)),
        sa.Column("ended_at", db.types.UtcInstant(), nullable=True),
        _text("result"),
        sa.Column("scores", db.types.Json, nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        *(_text("opinion"), _text("other_needs"), _id("complaint_id", nullable=True)),
        sa.Column("told_late_at", db.types.UtcInstant(), nullable=True),
        _id("version"),
        *(sa.CheckConstraint(said, name=op.f(f"ck_{CALLS}_{n}")) for n, said in CHECKS.items()),
        *_to(CALLS, customer_id="customers", caller_id="people", complaint_id="requests"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{CALLS}")),
        sa.UniqueConstraint(
            "customer_id", "plan", "due_on", name=op.f(f"uq_{CALLS}_customer_id_plan_due_on")
        ),
    )
    for name in ("caller_id", "complaint_id"):
        op.create_index(op.f(f"ix_{CALLS}_{name}"), CALLS, [name])
    op.create_index(f"ix_{CALLS}_open", CALLS, ["status", "next_on"])


def _add_keys() -> None:
    op.create_table(
        KEYS,
        *(_id("id"), _id("customer_id"), _code("status", "key", "former")),
        *(_day("since"), _text("reason"), _id("version")),
        *_to(KEYS, customer_id="customers"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{KEYS}")),
        sa.UniqueConstraint("customer_id", name=op.f(f"uq_{KEYS}_customer_id")),
    )
    op.create_index(op.f(f"ix_{KEYS}_since"), KEYS, ["since"])


def upgrade() -> None:
    """Add the tables, the notice, and what finds who bought something on a day."""
    _add_calls()
    _add_keys()
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    codes.allow("notices", "kind", *NOTICES, NEW)


def downgrade() -> None:
    """Drop them; what was told of them goes."""
    op.execute("DELETE FROM notices WHERE kind = 'care'")
    codes.allow("notices", "kind", *NOTICES)
    for name, table, _columns in INDEXES:
        op.drop_index(name, table)
    op.drop_table(CALLS)
    op.drop_table(KEYS)
