"""purchases that may be put right, and withdrawn"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the status: all that are there are on file."""
    # In words of SQL: as a column of its own the CHECK is added, and dropped, on SQLite too.
    op.execute(
        "ALTER TABLE purchases ADD COLUMN status VARCHAR(32) DEFAULT 'on_file' NOT NULL"
        " CONSTRAINT ck_purchases_status CHECK (status IN ('on_file', 'withdrawn'))"
    )


def downgrade() -> None:
    """Drop it: what was withdrawn is on file again, under no invoice number."""
    op.execute("ALTER TABLE purchases DROP COLUMN status")
