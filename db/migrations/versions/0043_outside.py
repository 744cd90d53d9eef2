"""what the company's own sign-in service calls a person, and sign-ins that it vouched for"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("people", sa.Column("outside_name", sa.String(254), nullable=True))
    op.create_index(op.f("ix_people_outside_name"), "people", ["outside_name"], unique=True)
    op.add_column(
        "sign_ins", sa.Column("outside", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("sign_ins", "outside")
    op.drop_index(op.f("ix_people_outside_name"), "people")
    op.drop_column("people", "outside_name")
