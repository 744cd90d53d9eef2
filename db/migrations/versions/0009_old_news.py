"""the notice of an import that brings late cases"""

from alembic import op

from db.migrations import codes

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None

NOTICES = (
    *("escalation", "emergency", "resource_asked", "resource_decided"),
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault", "your_turn"),
)


def upgrade() -> None:
    codes.allow("notices", "kind", *NOTICES, "imported_late")


def downgrade() -> None:
    op.execute("DELETE FROM notices WHERE kind = 'imported_late'")
    codes.allow("notices", "kind", *NOTICES)
