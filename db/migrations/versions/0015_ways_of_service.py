"""how a case is served: from afar, at the station, or at the customer's place"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# In words of SQL: as a column of its own the CHECK is added, and dropped, on SQLite too.
WAY = (
    "ALTER TABLE requests ADD COLUMN way VARCHAR(32) DEFAULT 'site' NOT NULL"
    " CONSTRAINT ck_requests_way CHECK (way IN ('remote', 'station', 'site'))"
)


def upgrade() -> None:
    op.execute(WAY)


def downgrade() -> None:
    op.drop_column("requests", "way")
