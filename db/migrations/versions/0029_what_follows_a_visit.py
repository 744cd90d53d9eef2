"""what a visit that ended unfinished lacks, and when a waiting ends by itself"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0029"
down_revision = "0024"
branch_labels = None
depends_on = None

# In words of SQL: as a column of its own the CHECK is added, and dropped, on SQLite too.
WAIT_UNTIL = (
    "ALTER TABLE requests ADD COLUMN wait_until {type} CONSTRAINT ck_requests_waits_until"
    " CHECK (wait_until IS NULL OR wait_reason IS NOT NULL)"
)


def upgrade() -> None:
    """Add the columns."""
    wide = sa.String(length=300)
    op.add_column("visits", sa.Column("tools_wanted", wide, nullable=False, server_default=""))
    instant = db.types.UtcInstant().compile(dialect=op.get_bind().dialect)
    op.execute(WAIT_UNTIL.format(type=instant))
    op.create_index(op.f("ix_requests_wait_until"), "requests", ["wait_until"])


def downgrade() -> None:
    """Drop the columns."""
    op.drop_index(op.f("ix_requests_wait_until"), "requests")
    op.drop_column("requests", "wait_until")
    op.drop_column("visits", "tools_wanted")
