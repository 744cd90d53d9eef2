"""owners of a recalled batch"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLE = "recall_owners"
CHANNELS = (
    *("hotline", "online", "email", "letter", "counter", "on_site", "branch", "inspection"),
)
CHECKS = {
    "told_when": "(status = 'told') = (told_at IS NOT NULL)",
    "told_by_somebody": "(told_at IS NULL) = (told_by_id IS NULL)",
    "attempts_not_negative": "attempts >= 0",
}
TARGETS = {"emergency_id": "emergencies", "customer_id": "customers", "told_by_id": "people"}


def _code(name: str, *members: str, nullable: bool = False) -> "sa.Column[str]":
    kind = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=nullable)


def upgrade() -> None:
    """Make the table, and find purchases by their batch."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("emergency_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=60), nullable=False),
        _code("status", "to_tell", "missed", "told"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _code("channel", *CHANNELS, nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=False),
        sa.Column("told_at", db.types.UtcInstant(), nullable=True),
        sa.Column("told_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(said, name=op.f(f"ck_{TABLE}_{n}")) for n, said in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{TABLE}_{name}_{to}"))
            for name, to in TARGETS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "emergency_id", "customer_id", name=op.f(f"uq_{TABLE}_emergency_id_customer_id")
        ),
    )
    for name in ("customer_id", "told_by_id"):
        op.create_index(op.f(f"ix_{TABLE}_{name}"), TABLE, [name])
    op.create_index(f"ix_{TABLE}_status", TABLE, ["status"])
    op.create_index("ix_purchase_lines_batch", "purchase_lines", ["batch"])


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_purchase_lines_batch", table_name="purchase_lines")
    op.drop_table(TABLE)
