"""what is told of a visit: where, photos before and after, the review of the form, kept sheets"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# In words of SQL: as columns of their own the CHECKs are added, and dropped, on SQLite too.
CODES = (
    ("attachments", "moment", ("before", "after")),
    ("jobs", "symptom_found", ("as_told", "other", "not_seen")),
)
PLACE_WHOLE = (
    "ALTER TABLE visits ADD COLUMN longitude {type}"
    " CONSTRAINT ck_visits_place_whole CHECK ((latitude IS NULL) = (longitude IS NULL))"
)
TEXTS = ("form_fault", "explained")
SHEETS = ("kept", "taken_over", "set_aside")


def upgrade() -> None:
    """Add the columns and the table."""
    for table, name, members in CODES:
        listed = ", ".join(f"'{member}'" for member in members)
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {name} VARCHAR(32)"
            f" CONSTRAINT ck_{table}_{name} CHECK ({name} IN ({listed}))"
        )
    for name in TEXTS:
        kind = sa.String(length=4000)
        op.add_column("jobs", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column("jobs", sa.Column("reviewed_at", db.types.UtcInstant(), nullable=True))
    # Before there was a review, handing in was all of it: nobody goes through them again.
    op.execute("UPDATE jobs SET reviewed_at = filed_at")
    op.add_column("visits", sa.Column("latitude", sa.Double(), nullable=True))
    op.execute(PLACE_WHOLE.format(type=sa.Double().compile(dialect=op.get_bind().dialect)))
    _add_sheets()


def _add_sheets() -> None:
    kind = sa.Enum(*SHEETS, name="status", native_enum=False, create_constraint=True, length=32)
    owners = (("job_id", "jobs"), ("case_id", "requests"), ("person_id", "people"))
    op.create_table(
        "job_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", kind, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name, _table in owners),
        sa.Column("typed", db.types.Json, nullable=False),
        sa.Column("refused", sa.String(length=120), nullable=False),
        sa.Column("received_at", db.types.UtcInstant(), nullable=False),
        sa.Column("decided_at", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'kept') = (decided_at IS NULL)", name=op.f("ck_job_sheets_decided_when")
        ),
        *(
            sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_job_sheets_{name}_{to}"))
            for name, to in owners
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_sheets")),
    )
    for name, _table in owners:
        op.create_index(op.f(f"ix_job_sheets_{name}"), "job_sheets", [name])
    op.create_index("ix_job_sheets_status", "job_sheets", ["status", "person_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("job_sheets")
    for table, name in (("visits", "longitude"), ("visits", "latitude"), ("jobs", "reviewed_at")):
        op.drop_column(table, name)
    for name in TEXTS:
        op.drop_column("jobs", name)
    for table, name, _members in CODES:
        op.drop_column(table, name)
