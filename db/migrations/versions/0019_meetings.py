"""meetings, the cases of their figures, and decisions"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NOTICES = (
    *("escalation", "emergency", "resource_asked", "resource_decided"),
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault", "your_turn", "withdrawn", "imported_late"),
    *("absence", "renewal", "maintenance"),
)
NEW = "decision"
KINDS = (
    *("consultation", "repair", "installation", "cleaning", "parts", "complaint"),
    *("quality_feedback", "return", "suggestion", "training"),
)


def _code(name: str, *members: str, nullable: bool = False) -> sa.Column[Any]:
    kind = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, db.types.UtcInstant(), nullable=nullable)


def _to(table: str, name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}_{target}"))


def _check(table: str, name: str, says: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(says, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _meetings()
    _cases()
    _decisions()
    codes.allow("notices", "kind", *NOTICES, NEW)


def _meetings() -> None:
    table = "meetings"
    op.create_table(
        table,
        _number("id"),
        _text("topic", 120),
        _code("status", "open", "closed"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        _number("station_id", nullable=True),
        _code("kind", *KINDS, nullable=True),
        sa.Column("frozen", db.types.Json, nullable=False),
        _number("started_by_id"),
        _at("started_at"),
        _at("closed_at", nullable=True),
        _number("version"),
        _check(table, "in_order", "since <= until"),
        _check(table, "closed_when", "(status = 'closed') = (closed_at IS NOT NULL)"),
        _to(table, "station_id", "stations"),
        _to(table, "started_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_station", table, ["station_id", "started_at"])


def _cases() -> None:
    table = "meeting_cases"
    key = ("meeting_id", "figure", "side")
    op.create_table(
        table,
        _number("id"),
        _number("meeting_id"),
        _text("figure", 40),
        _text("side", 16),
        sa.Column("ids", db.types.Json, nullable=False),
        _number("total"),
        _check(table, "total_not_negative", "total >= 0"),
        _to(table, "meeting_id", "meetings"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(*key, name=op.f(f"uq_{table}_{'_'.join(key)}")),
    )


def _decisions() -> None:
    table = "decisions"
    op.create_table(
        table,
        _number("id"),
        _number("meeting_id"),
        _text("figure", 40, nullable=True),
        _text("text", 300),
        _number("owner_id"),
        sa.Column("due_on", sa.Date(), nullable=False),
        _code("status", "open", "done", "dropped"),
        _number("taken_by_id"),
        _at("taken_at"),
        _number("settled_by_id", nullable=True),
        _at("settled_at", nullable=True),
        _text("note", 4000),
        _at("told_at", nullable=True),
        _number("version"),
        _check(table, "settled_when", "(status = 'open') = (settled_at IS NULL)"),
        _check(table, "settled_how", "status = 'open' OR note <> ''"),
        _check(table, "says_something", "text <> ''"),
        _to(table, "meeting_id", "meetings"),
        *(_to(table, name, "people") for name in ("owner_id", "taken_by_id", "settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_meeting_id"), table, ["meeting_id"])
    op.create_index(f"ix_{table}_owner", table, ["owner_id", "status"])
    op.create_index(f"ix_{table}_due", table, ["status", "due_on"])


def downgrade() -> None:
    op.execute(f"DELETE FROM notices WHERE kind = '{NEW}'")
    codes.allow("notices", "kind", *NOTICES)
    for table in ("decisions", "meeting_cases", "meetings"):
        op.drop_table(table)
