"""messages to customers, their texts, and how customers want to be written to"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TEMPLATES, MESSAGES = "message_templates", "customer_messages"
OCCASIONS = (
    *("registered", "progress", "visit_agreed", "visit_moved", "promised", "resolved"),
    *("goods_sent", "quoted", "own"),
)
UNSENT = (
    *("no_address", "not_set_up", "declined", "erased", "over", "late", "replaced", "withdrawn"),
    *("away", "busy", "refused", "silent", "garbled"),
)
WAITS = sa.text("status = 'waiting'")
# In words of SQL: as a column of its own the check is added, and dropped, on SQLite too.
LANGUAGE = (
    "ALTER TABLE customers ADD COLUMN language VARCHAR(32)"
    " CONSTRAINT ck_customers_language CHECK (language IN ('zh_CN', 'en'))"
)


def upgrade() -> None:
    """Make the tables, and add the columns."""
    op.create_table(
        TEMPLATES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion", _code("occasion", *OCCASIONS), nullable=False),
        sa.Column("language", _code("language", "zh_CN", "en"), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("text", sa.String(4000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TEMPLATES}")),
        sa.UniqueConstraint("occasion", "language", name=op.f(f"uq_{TEMPLATES}_occasion_language")),
    )
    op.create_table(
        MESSAGES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("occasion", _code("occasion", *OCCASIONS), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("way", _code("way", "email", "sms", "wecom", "by_hand"), nullable=False),
        sa.Column(
            "status",
            _code("status", "waiting", "sent", "failed", "unknown", "dropped"),
            nullable=False,
        ),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("text", sa.String(4000), nullable=False),
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("answers", sa.String(300), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", db.types.UtcInstant(), nullable=False),
        sa.Column("due_at", db.types.UtcInstant(), nullable=False),
        sa.Column("claimed_at", db.types.UtcInstant(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ended_at", db.types.UtcInstant(), nullable=True),
        sa.Column("why", _code("why", *UNSENT), nullable=True),
        sa.Column("said", sa.String(300), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'waiting') = (ended_at IS NULL)", name=op.f(f"ck_{MESSAGES}_ended_when")
        ),
        sa.CheckConstraint(
            "claimed_at IS NULL OR status = 'waiting'", name=op.f(f"ck_{MESSAGES}_claimed_waiting")
        ),
        sa.CheckConstraint("tries >= 0", name=op.f(f"ck_{MESSAGES}_tries_not_negative")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f(f"fk_{MESSAGES}_request_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f(f"fk_{MESSAGES}_made_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["customer_links.id"], name=op.f(f"fk_{MESSAGES}_link_id_customer_links")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{MESSAGES}")),
        sa.UniqueConstraint("reference", name=op.f(f"uq_{MESSAGES}_reference")),
    )
    op.create_index(f"ix_{MESSAGES}_request", MESSAGES, ["request_id"])
    op.create_index(
        f"ix_{MESSAGES}_due", MESSAGES, ["due_at"], sqlite_where=WAITS, postgresql_where=WAITS
    )
    op.create_index(op.f(f"ix_{MESSAGES}_made_by_id"), MESSAGES, ["made_by_id"])
    op.create_index(op.f(f"ix_{MESSAGES}_link_id"), MESSAGES, ["link_id"])
    _add("customers", "email", sa.String(254), "")
    op.create_index(op.f("ix_customers_email"), "customers", ["email"])
    op.execute(LANGUAGE)
    _add("customers", "no_messages", sa.Boolean(), sa.false())
    _add("company", "quiet_from", sa.String(5), "")
    _add("company", "quiet_to", sa.String(5), "")
    _add("company", "public_address", sa.String(200), "")
    _add("company", "occasions", db.types.Json, "[]")


def downgrade() -> None:
    """Take all of it away."""
    for name in ("occasions", "public_address", "quiet_to", "quiet_from"):
        op.drop_column("company", name)
    op.drop_index(op.f("ix_customers_email"), "customers")
    for name in ("no_messages", "language", "email"):
        op.drop_column("customers", name)
    op.drop_table(MESSAGES)
    op.drop_table(TEMPLATES)


def _add(table: str, name: str, kind: Any, usual: Any) -> None:
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=usual))


def _code(name: str, *members: str) -> Any:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)
