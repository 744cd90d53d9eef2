"""when the customer was told, notices of what was taken back and of what came in late"""

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NOTICES = (
    *("escalation", "emergency", "resource_asked", "resource_decided"),
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault", "your_turn"),
)
NEW = ("withdrawn", "imported_late")
# Whoever was told by somebody, or has the answer. What the first step of a file used to write by
# itself, in the same instant, told nobody: such a case may still be acknowledged.
TOLD = """
    UPDATE requests SET acknowledged_at = (
        SELECT min(told.at) FROM history told
        WHERE told.subject = 'request' AND told.subject_id = requests.id
        AND told.action IN ('acknowledged', 'answered', 'answered_at_once')
        AND NOT (told.action = 'acknowledged' AND EXISTS (
            SELECT 1 FROM history step
            WHERE step.case_id = told.case_id AND step.at = told.at
            AND step.subject IN ('complaint', 'quality', 'suggestion', 'return')
        ))
    )
"""


def upgrade() -> None:
    op.add_column("requests", sa.Column("acknowledged_at", db.types.UtcInstant(), nullable=True))
    op.execute(TOLD)
    codes.allow("notices", "kind", *NOTICES, *NEW)


def downgrade() -> None:
    op.execute("DELETE FROM notices WHERE kind IN ('withdrawn', 'imported_late')")
    codes.allow("notices", "kind", *NOTICES)
    op.drop_column("requests", "acknowledged_at")
