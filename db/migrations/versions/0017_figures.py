"""figures by day, and the facts that they are added up from"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
TABLES = ("figure_state", "figure_marks", "figure_days", "figure_facts")


def upgrade() -> None:
    op.create_table(
        "figure_facts",
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hit", sa.Boolean(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("case_class", sa.String(length=40), nullable=False),
        sa.Column("fault_area", sa.String(length=32), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "subject_id", "source", "part", "row_id", name=op.f("pk_figure_facts")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_figure_facts_day", "figure_facts", ["source", "day"])
    op.create_table(
        "figure_days",
        sa.Column("dimension", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("station_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "dimension",
            "source",
            "day",
            "value",
            "station_id",
            "part",
            name=op.f("pk_figure_days"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "figure_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(request_id IS NULL) <> (customer_id IS NULL)",
            name=op.f("ck_figure_marks_one_subject"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_marks")),
    )
    op.create_table(
        "figure_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counted_at", db.types.UtcInstant(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("unhappy_below", sa.Double(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_figure_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_state")),
    )
    _count_everything()


def _count_everything() -> None:
    # The minute's sweep counts what is marked, some thousand cases at a time.
    op.execute("INSERT INTO figure_marks (request_id) SELECT id FROM requests")
    op.execute("INSERT INTO figure_marks (customer_id) SELECT id FROM customers")
    zone = op.get_bind().scalar(sa.text("SELECT time_zone FROM company"))
    op.bulk_insert(
        sa.table(
            "figure_state",
            sa.column("id", sa.Integer()),
            sa.column("counted_at", db.types.UtcInstant()),
            sa.column("zone", sa.String()),
            sa.column("unhappy_below", sa.Double()),
        ),
        [{"id": 1, "counted_at": BEGINNING, "zone": zone or "", "unhappy_below": 0.0}],
    )


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)
