"""surveys of calls on a plan that customers answer by a link"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

CALLS = "care_calls"


def upgrade() -> None:
    """Add the columns."""
    op.add_column(CALLS, sa.Column("link_digest", sa.String(64), nullable=True))
    op.add_column(CALLS, sa.Column("link_until", db.types.UtcInstant(), nullable=True))
    op.create_index(f"ix_{CALLS}_link", CALLS, ["link_digest"], unique=True)


def downgrade() -> None:
    """Take them away."""
    op.drop_index(f"ix_{CALLS}_link", CALLS)
    for name in ("link_until", "link_digest"):
        op.drop_column(CALLS, name)
