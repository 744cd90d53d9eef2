"""room on the pages of the sums, so that adding to one writes no index (PostgreSQL)"""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

SUMS = ("figure_days", "figure_months")


def upgrade() -> None:
    """Leave room on pages that are written from now on."""
    _each("SET (fillfactor = 60)")


def downgrade() -> None:
    """Fill pages again."""
    _each("RESET (fillfactor)")


def _each(change: str) -> None:
    if op.get_context().dialect.name == "postgresql":
        for table in SUMS:
            op.execute(f"ALTER TABLE {table} {change}")
