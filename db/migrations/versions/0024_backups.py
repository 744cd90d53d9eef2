"""a plan of backups, and what came of each"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

OUTCOMES = ("made", "failed", "cut_off")
PROBLEMS = (
    *("not_absolute", "inside_files", "is_there", "no_company", "damaged", "program_missing"),
    *("program_failed", "disk", "database", "no_backup", "unreadable", "other_kind"),
    *("not_empty", "newer"),
)


def _code(name: str, *members: str) -> "sa.Column[str]":
    kind = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=True)


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "backup_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=300), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("keep", sa.Integer(), nullable=False),
        sa.Column("asked_at", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_backup_plans_only_one")),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_backup_plans_hour_of_day")),
        sa.CheckConstraint("keep BETWEEN 1 AND 400", name=op.f("ck_backup_plans_keep_some")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_plans")),
    )
    op.create_table(
        "backup_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("began_at", db.types.UtcInstant(), nullable=False),
        sa.Column("ended_at", db.types.UtcInstant(), nullable=True),
        _code("outcome", *OUTCOMES),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        _code("problem", *PROBLEMS),
        sa.Column("said", sa.String(length=1000), nullable=False),
        sa.CheckConstraint("ended_at >= began_at", name=op.f("ck_backup_runs_ended_after")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (outcome IS NULL)", name=op.f("ck_backup_runs_ended_with_outcome")
        ),
        sa.CheckConstraint(
            "(outcome IS NOT NULL AND outcome = 'failed') = (problem IS NOT NULL)",
            name=op.f("ck_backup_runs_failed_why"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_runs")),
    )
    op.create_index(op.f("ix_backup_runs_began_at"), "backup_runs", ["began_at"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("backup_runs")
    op.drop_table("backup_plans")
