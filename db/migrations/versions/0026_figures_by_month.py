"""figures by month: the days added up; no sums of what says nothing in a dimension"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# What a fact is under that says nothing in a dimension.
UNSAID = {
    **dict.fromkeys(("imported", "cancelled", "product", "technician"), "0"),
    **dict.fromkeys(("case_class", "fault_area"), ""),
}
# Facts whose sums are kept by nothing but the kind or the product.
FEW = ("answers", "customers", "tools", "sold")
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
    for dimension, value in UNSAID.items():
        # It is what the whole has beyond all others.
        op.execute(
            f"DELETE FROM figure_days WHERE dimension = '{dimension}' AND value = '{value}'"
        )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    month = "date(day, 'start of month')" if is_sqlite else "CAST(date_trunc('month', day) AS DATE)"
    op.execute(
        f"INSERT INTO figure_months SELECT dimension, source, {month}, value, station_id, part, "
        "sum(cases), sum(hits), sum(total) FROM figure_days "
        f"GROUP BY dimension, source, {month}, value, station_id, part"
    )


def downgrade() -> None:
    """Drop the table, and put back what the whole has beyond all others."""
    op.drop_table("figure_months")
    few = ", ".join(f"'{source}'" for source in FEW)
    for dimension, value in UNSAID.items():
        op.execute(
            f"INSERT INTO figure_days SELECT '{dimension}', source, day, '{value}', station_id, "
            "part, sum(sign * cases), sum(sign * hits), sum(sign * total) FROM ("
            "SELECT 1 AS sign, days.* FROM figure_days AS days WHERE dimension = '' UNION ALL "
            f"SELECT -1, days.* FROM figure_days AS days WHERE dimension = '{dimension}'"
            f") AS kept WHERE source NOT IN ({few}) GROUP BY source, day, station_id, part "
            "HAVING sum(sign * cases) <> 0"
        )
