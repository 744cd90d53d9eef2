"""an alarm of a repeat fault has a status like every record that moves"""

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


def upgrade() -> None:
    op.execute(STATUS)
    op.execute("UPDATE repeat_faults SET status = 'settled' WHERE settled_at IS NOT NULL")


def downgrade() -> None:
    op.drop_column("repeat_faults", "status")
