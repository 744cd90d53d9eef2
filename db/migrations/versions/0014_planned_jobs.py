"""the time that a job is planned for, and when the technician confirmed it"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# In words of SQL: as a column of its own the CHECK is added, and dropped, on SQLite too.
PLANNED_TO = (
    "ALTER TABLE jobs ADD COLUMN planned_to {type}"
    " CONSTRAINT ck_jobs_plan_in_order CHECK (planned_to > planned_from)"
)


def upgrade() -> None:
    op.add_column("jobs", sa.Column("planned_from", db.types.UtcInstant(), nullable=True))
    instant = db.types.UtcInstant().compile(dialect=op.get_bind().dialect)
    op.execute(PLANNED_TO.format(type=instant))
    op.add_column("jobs", sa.Column("confirmed_at", db.types.UtcInstant(), nullable=True))
    op.create_index("ix_jobs_planned", "jobs", ["planned_from"])


def downgrade() -> None:
    op.drop_index("ix_jobs_planned", "jobs")
    for name in ("confirmed_at", "planned_to", "planned_from"):
        op.drop_column("jobs", name)
