"""what a visit that ended unfinished lacks"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    wide = sa.String(length=300)
    op.add_column("visits", sa.Column("tools_wanted", wide, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("visits", "tools_wanted")
