"""after how many days what goes by itself"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0041"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the days; where none are said, the usual ones hold."""
    days = sa.Column("retention", db.types.Json, nullable=False, server_default="{}")
    op.add_column("company", days)


def downgrade() -> None:
    """Take them away."""
    op.drop_column("company", "retention")
