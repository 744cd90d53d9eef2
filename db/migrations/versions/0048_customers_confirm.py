"""acceptance slips that are confirmed by a link"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0048"
down_revision = "0044"
branch_labels = None
depends_on = None

JOBS = "jobs"


def upgrade() -> None:
    """Add the columns."""
    op.add_column(JOBS, sa.Column("accepted_at", db.types.UtcInstant(), nullable=True))
    for name, length in (("accepted_by", 120), ("accepted_what", 64)):
        kind = sa.String(length)
        op.add_column(JOBS, sa.Column(name, kind, nullable=False, server_default=""))


def downgrade() -> None:
    """Take them away."""
    for name in ("accepted_what", "accepted_by", "accepted_at"):
        op.drop_column(JOBS, name)
