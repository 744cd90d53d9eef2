"""reports as they were made, and the notices about them"""

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NOTICES = (
    *("escalation", "emergency", "resource_asked", "resource_decided"),
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault", "your_turn", "withdrawn", "imported_late"),
    *("absence", "renewal", "maintenance", "decision"),
)
NEW = "report"
ONCE = {"company": " AND station_id IS NULL", "station": ""}


def _code(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("content", _code("content", "figures", "feedback", "quality"), nullable=False),
        sa.Column("every", _code("every", "week", "month", "quarter"), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("made_at", db.types.UtcInstant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("data", db.types.Json, nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_reports_in_order")),
        sa.CheckConstraint("(name = '') = (every IS NULL)", name=op.f("ck_reports_by_rule")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.id"], name=op.f("fk_reports_station_id_stations")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_reports_made_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_station_id"), "reports", ["station_id"])
    op.create_index("ix_reports_until", "reports", ["until", "made_at"])
    for of, station in ONCE.items():
        where = sa.text("name <> ''" + station)
        key = ["name", "since", "until"] + ([] if station else ["station_id"])
        op.create_index(
            f"uq_reports_{of}",
            "reports",
            key,
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    codes.allow("notices", "kind", *NOTICES, NEW)


def downgrade() -> None:
    op.execute(f"DELETE FROM notices WHERE kind = '{NEW}'")
    codes.allow("notices", "kind", *NOTICES)
    op.drop_table("reports")
