"""norm drafts"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "norm_drafts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("data", db.types.Json, nullable=False),
        sa.Column("at", db.types.UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_norm_drafts_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_norm_drafts")),
    )


def downgrade() -> None:
    op.drop_table("norm_drafts")
