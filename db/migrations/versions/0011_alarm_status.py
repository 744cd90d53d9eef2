"""an alarm of a repeat fault has a status; what a case asked of people is found by the case"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# In words of SQL: as a column of its own the CHECK is added, and dropped, on SQLite too.
STATUS = (
    "ALTER TABLE repeat_faults ADD COLUMN status VARCHAR(32) DEFAULT 'open' NOT NULL"
    " CONSTRAINT ck_repeat_faults_status CHECK (status IN ('open', 'settled'))"
)

UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    op.execute(STATUS)
    op.execute("UPDATE repeat_faults SET status = 'settled' WHERE settled_at IS NOT NULL")
    op.create_index(
        "ix_notices_case", "notices", ["case_id"], sqlite_where=UNREAD, postgresql_where=UNREAD
    )


def downgrade() -> None:
    op.drop_index("ix_notices_case", "notices")
    op.drop_column("repeat_faults", "status")
