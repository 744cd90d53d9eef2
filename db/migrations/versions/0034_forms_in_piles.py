"""service forms to review and those sent back, found without reading all jobs"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

PILES = {
    "ix_jobs_to_review": "filed_at IS NOT NULL AND reviewed_at IS NULL",
    "ix_jobs_sent_back": "form_fault <> ''",
}


def upgrade() -> None:
    """Add the indexes."""
    for name, which in PILES.items():
        where = sa.text(which)
        columns = ["request_id"]
        op.create_index(name, "jobs", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop them."""
    for name in PILES:
        op.drop_index(name, table_name="jobs")
