"""what the company's own sign-in service calls a person, and sign-ins that it vouched for"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("outside_name", sa.String(254), nullable=True))
        people.create_unique_constraint(op.f("uq_people_outside_name"), ["outside_name"])
    op.add_column(
        "sign_ins", sa.Column("outside", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("sign_ins", "outside")
    with op.batch_alter_table("people") as people:
        people.drop_constraint(op.f("uq_people_outside_name"), type_="unique")
        people.drop_column("outside_name")
