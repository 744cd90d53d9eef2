"""by which facts the figures are counted"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NAMES = ("edition", "repeat_days")


def upgrade() -> None:
    for name in NAMES:
        op.add_column("figure_state", sa.Column(name, sa.Integer(), nullable=True))
    # What was counted was counted by the first edition: the sweep counts it anew.
    op.execute(
        "UPDATE figure_state SET edition = 1 WHERE EXISTS (SELECT 1 FROM figure_facts)"
    )


def downgrade() -> None:
    with op.batch_alter_table("figure_state") as table:
        for name in NAMES:
            table.drop_column(name)
