"""a record of sign-ins, codes of the telephone, idle time, and the token of the first start"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NOTICES = (
    *("escalation", "emergency", "resource_asked", "resource_decided"),
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault", "your_turn", "withdrawn", "imported_late"),
    *("absence", "renewal", "maintenance", "decision", "report", "stock", "tool", "workshop"),
)
NEW = "access"
KINDS = (
    *("signed_in", "signed_out", "failed", "held_back", "code_failed", "attacked", "confirmed"),
    *("not_allowed", "unlocked", "password_changed", "ended_elsewhere", "codes_on", "codes_off"),
)
LONG_AGO = "2000-01-01 00:00:00+00:00"


def upgrade() -> None:
    """Add the tables and columns; a sign-in of before was last used when it was opened."""
    codes.allow("notices", "kind", *NOTICES, NEW)
    _add("people", "password_is_given", sa.Boolean(), sa.false())
    _add("company", "idle_hours", sa.Integer(), "12")
    _add("company", "code_roles", db.types.Json, "[]")
    _widen_sign_ins()
    op.create_table(
        "first_starts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_first_starts_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_starts")),
    )
    _add_codes()
    _add_record()


def _add(table: str, name: str, kind: Any, default: Any) -> None:
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))


def _widen_sign_ins() -> None:
    for name in ("seen_at", "confirmed_at"):
        _add("sign_ins", name, db.types.UtcInstant(), LONG_AGO)
    op.execute("UPDATE sign_ins SET seen_at = started_at, confirmed_at = started_at")
    op.add_column("sign_ins", sa.Column("code_at", db.types.UtcInstant(), nullable=True))
    for name, length in (("address", 64), ("agent", 300)):
        _add("sign_ins", name, sa.String(length=length), "")


def _person(table: str, column: str = "person_id") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_people")
    return sa.ForeignKeyConstraint([column], ["people.id"], name=name)


def _add_codes() -> None:
    op.create_table(
        "second_steps",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", db.types.UtcInstant(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("wrong_at", db.types.UtcInstant(), nullable=True),
        _person("second_steps"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_steps")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _person("recovery_codes"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"])


def _add_record() -> None:
    kind = sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "access_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", db.types.UtcInstant(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=300), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_access_events_happened")),
        _person("access_events"),
        _person("access_events", "by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_events")),
    )
    op.create_index(op.f("ix_access_events_at"), "access_events", ["at"])
    op.create_index("ix_access_events_person", "access_events", ["person_id", "id"])
    op.create_index("ix_access_events_kind", "access_events", ["kind", "id"])


def downgrade() -> None:
    """Drop the tables and columns."""
    for table in ("access_events", "recovery_codes", "second_steps", "first_starts"):
        op.drop_table(table)
    for name in ("seen_at", "confirmed_at", "code_at", "address", "agent"):
        op.drop_column("sign_ins", name)
    for name in ("idle_hours", "code_roles"):
        op.drop_column("company", name)
    op.drop_column("people", "password_is_given")
    op.execute(f"DELETE FROM notices WHERE kind = '{NEW}'")
    codes.allow("notices", "kind", *NOTICES)
