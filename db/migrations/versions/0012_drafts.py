"""what people have typed into forms and not sent yet; an address is found by its text"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=120), nullable=False),
        sa.Column("data", db.types.Json, nullable=False),
        sa.Column("saved_at", db.types.UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_drafts_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "form", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_saved_at", "drafts", ["saved_at"])
    op.create_index("ix_customers_address", "customers", ["address"])
    op.create_index("ix_requests_address", "requests", ["address"])


def downgrade() -> None:
    op.drop_index("ix_requests_address", "requests")
    op.drop_index("ix_customers_address", "customers")
    op.drop_table("drafts")
