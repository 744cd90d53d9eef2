"""what is ticked on a job's check-lists, and the customer's signature below its report"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# In words of SQL: as a column of its own the CHECK is added, and dropped, on SQLite too.
SIGNED_AT = (
    "ALTER TABLE jobs ADD COLUMN signed_at {type}"
    " CONSTRAINT ck_jobs_signed_when CHECK ((signed_at IS NULL) = (signature IS NULL))"
)
TEXTS = (("unticked_reason", 4000), ("signed_by", 120), ("signed_what", 64))


def upgrade() -> None:
    for name, length in TEXTS:
        kind = sa.String(length=length)
        op.add_column("jobs", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column("jobs", sa.Column("signature", sa.String(length=64), nullable=True))
    instant = db.types.UtcInstant().compile(dialect=op.get_bind().dialect)
    op.execute(SIGNED_AT.format(type=instant))
    op.create_table(
        "job_ticks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("check_list", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("ticked_by_id", sa.Integer(), nullable=False),
        sa.Column("ticked_at", db.types.UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_ticks_job_id_jobs")),
        sa.ForeignKeyConstraint(
            ["ticked_by_id"], ["people.id"], name=op.f("fk_job_ticks_ticked_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_ticks")),
        sa.UniqueConstraint(
            "job_id", "check_list", "item", name=op.f("uq_job_ticks_job_id_check_list_item")
        ),
    )


def downgrade() -> None:
    op.drop_table("job_ticks")
    for name in ("signed_at", "signature", *(name for name, _length in TEXTS)):
        op.drop_column("jobs", name)
