"""sums of figures told apart by kind, so that one kind of request costs no more than all"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLES = ("figure_days", "figure_months")
# How a dimension is written in sums, and which facts say something in it.
DIMENSIONS = {
    "": ("''", "1 = 1"),
    "technician": ("CAST(technician_id AS VARCHAR(40))", "technician_id <> 0"),
    "product": ("CAST(product_id AS VARCHAR(40))", "product_id <> 0"),
    "fault_area": ("fault_area", "fault_area <> ''"),
    "channel": ("channel", "1 = 1"),
    "kind": ("kind", "1 = 1"),
    "case_class": ("case_class", "case_class <> ''"),
    "imported": ("'1'", "imported"),
    "cancelled": ("'1'", "cancelled"),
}
# Facts whose sums are kept by few dimensions.
FEW = {"answers": ("", "kind"), "customers": ("",), "tools": ("",), "sold": ("", "product")}
DAY, KEY = "day", ("dimension", "source", "day", "value", "station_id", "part")


def upgrade() -> None:
    """Make the tables anew with the kind in their key, and add up the facts."""
    _make((*KEY[:-1], "kind", "part"))
    # The kind is no dimension of its own any more: it is in every sum.
    for dimension in set(DIMENSIONS) - {"kind"}:
        _add_up(dimension, ("station_id", "kind", "part"))
    _add_up_months("station_id, kind, part")


def downgrade() -> None:
    """Make the tables of before, and add up the facts as they were."""
    _make(KEY)
    for dimension in DIMENSIONS:
        _add_up(dimension, ("station_id", "part"))
    _add_up_months("station_id, part")


def _make(key: tuple[str, ...]) -> None:
    lengths = {"dimension": 16, "source": 24, "value": 40, "kind": 32, "part": 40}
    for table in TABLES:
        op.drop_table(table)
        op.create_table(
            table,
            *(
                sa.Column(name, sa.String(length=lengths[name]), nullable=False)
                if name in lengths
                else sa.Column(name, sa.Date(), nullable=False)
                if name == DAY
                else sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)
                for name in key
            ),
            sa.Column("cases", sa.Integer(), nullable=False),
            sa.Column("hits", sa.Integer(), nullable=False),
            sa.Column("total", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
            sqlite_with_rowid=False,
        )


def _add_up(dimension: str, apart: tuple[str, ...]) -> None:
    value, says = DIMENSIONS[dimension]
    without = [f"'{source}'" for source, kept in FEW.items() if dimension not in kept]
    others = f" AND source NOT IN ({', '.join(without)})" if without else ""
    columns = ", ".join(apart)
    own = "" if value.startswith("'") else f"{value}, "
    op.execute(
        f"INSERT INTO figure_days SELECT '{dimension}', source, day, {value}, {columns}, "
        "count(*), sum(CASE WHEN hit THEN 1 ELSE 0 END), sum(total) "
        f"FROM figure_facts WHERE {says}{others} GROUP BY source, day, {own}{columns}"
    )


def _add_up_months(apart: str) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    month = "date(day, 'start of month')" if is_sqlite else "CAST(date_trunc('month', day) AS DATE)"
    op.execute(
        f"INSERT INTO figure_months SELECT dimension, source, {month}, value, {apart}, "
        "sum(cases), sum(hits), sum(total) FROM figure_days "
        f"GROUP BY dimension, source, {month}, value, {apart}"
    )
