"""figures by month: the days added up, so that a long period is a few rows"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0024"
branch_labels = None
depends_on = None

KEY = ("dimension", "source", "day", "value", "station_id", "part")


def upgrade() -> None:
    """Add the table and add up the days that there are."""
    op.create_table(
        "figure_months",
        sa.Column("dimension", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("station_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_figure_months")),
        sqlite_with_rowid=False,
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    month = "date(day, 'start of month')" if is_sqlite else "CAST(date_trunc('month', day) AS DATE)"
    op.execute(
        f"INSERT INTO figure_months SELECT dimension, source, {month}, value, station_id, part, "
        "sum(cases), sum(hits), sum(total) FROM figure_days "
        f"GROUP BY dimension, source, {month}, value, station_id, part"
    )


def downgrade() -> None:
    """Drop the table: the days are all there."""
    op.drop_table("figure_months")
