"""escalations, notices, deliveries and emergencies; when a limit's next step is"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unread = sa.text("read_at IS NULL")
    to_climb = sa.text("met_at IS NULL AND dropped_at IS NULL AND next_step_at IS NOT NULL")
    to_plan = sa.text(
        "met_at IS NULL AND dropped_at IS NULL"
        " AND (planned_due_at IS NULL OR planned_due_at <> due_at)"
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("at", db.types.UtcInstant(), nullable=False),
        sa.Column("failed_at", db.types.UtcInstant(), nullable=True),
        sa.Column("sent_at", db.types.UtcInstant(), nullable=True),
        sa.CheckConstraint("attempts > 0", name=op.f("ck_deliveries_attempted")),
        sa.CheckConstraint(
            "sent_at IS NULL OR failed_at IS NULL", name=op.f("ck_deliveries_sent_or_failed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("source", "channel", name=op.f("uq_deliveries_source_channel")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_at", ["at"], unique=False)

    op.create_table(
        "emergencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "declared",
                "responded",
                "handled",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("happened", sa.String(length=4000), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("declared_at", db.types.UtcInstant(), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=True),
        sa.Column("told", db.types.Json, nullable=False),
        sa.Column("lesson", sa.String(length=4000), nullable=False),
        sa.Column("closed_at", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_emergencies_closed_when")
        ),
        sa.CheckConstraint(
            "status <> 'closed' OR lesson <> ''", name=op.f("ck_emergencies_closed_with_lesson")
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_emergencies_level_range")),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["people.id"], name=op.f("fk_emergencies_declared_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_emergencies_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergencies")),
        sa.UniqueConstraint("request_id", name=op.f("uq_emergencies_request_id")),
    )
    with op.batch_alter_table("emergencies", schema=None) as batch_op:
        batch_op.create_index("ix_emergencies_status", ["status", "declared_at"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "escalation",
                "emergency",
                "resource_asked",
                "resource_decided",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("data", db.types.Json, nullable=False),
        sa.Column("at", db.types.UtcInstant(), nullable=False),
        sa.Column("read_at", db.types.UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["requests.id"], name=op.f("fk_notices_case_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_notices_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("person_id", "source", name=op.f("uq_notices_person_id_source")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_at", ["at"], unique=False)
        batch_op.create_index("ix_notices_inbox", ["person_id", "at"], unique=False)
        batch_op.create_index(
            "ix_notices_unread",
            ["person_id"],
            unique=False,
            sqlite_where=unread,
            postgresql_where=unread,
        )

    op.create_table(
        "emergency_resources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("emergency_id", sa.Integer(), nullable=False),
        sa.Column("resource", sa.String(length=120), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("asked_cents", sa.BigInteger(), nullable=False),
        sa.Column("used_cents", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "approved",
                "refused",
                "used",
                "returned",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'asked') = (decided_by_id IS NULL)",
            name=op.f("ck_emergency_resources_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "asked_cents >= 0 AND used_cents >= 0",
            name=op.f("ck_emergency_resources_money_not_negative"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> asked_by_id", name=op.f("ck_emergency_resources_decided_by_another")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_emergency_resources_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["people.id"], name=op.f("fk_emergency_resources_asked_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["people.id"],
            name=op.f("fk_emergency_resources_decided_by_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["emergency_id"],
            ["emergencies.id"],
            name=op.f("fk_emergency_resources_emergency_id_emergencies"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_resources")),
    )
    with op.batch_alter_table("emergency_resources", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_emergency_resources_emergency_id"), ["emergency_id"], unique=False
        )

    op.create_table(
        "escalations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("limit_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "receiver",
            sa.Enum(
                "owner",
                "station_head",
                "manager",
                "leader",
                name="receiver",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", db.types.UtcInstant(), nullable=False),
        sa.CheckConstraint("step >= 0", name=op.f("ck_escalations_step_not_negative")),
        sa.ForeignKeyConstraint(
            ["limit_id"], ["limits.id"], name=op.f("fk_escalations_limit_id_limits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
        sa.UniqueConstraint("limit_id", "step", name=op.f("uq_escalations_limit_id_step")),
    )
    with op.batch_alter_table("limits", schema=None) as batch_op:
        batch_op.add_column(sa.Column("next_step_at", db.types.UtcInstant(), nullable=True))
        batch_op.add_column(sa.Column("planned_due_at", db.types.UtcInstant(), nullable=True))
        batch_op.create_index(
            "ix_limits_next_step",
            ["next_step_at"],
            unique=False,
            sqlite_where=to_climb,
            postgresql_where=to_climb,
        )
        batch_op.create_index(
            "ix_limits_to_plan",
            ["id"],
            unique=False,
            sqlite_where=to_plan,
            postgresql_where=to_plan,
        )


def downgrade() -> None:
    with op.batch_alter_table("limits", schema=None) as batch_op:
        batch_op.drop_index("ix_limits_to_plan")
        batch_op.drop_index("ix_limits_next_step")

    # Not in batch mode: it would copy the table and leave its CHECKs behind.
    op.drop_column("limits", "planned_due_at")
    op.drop_column("limits", "next_step_at")

    op.drop_table("escalations")
    with op.batch_alter_table("emergency_resources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_emergency_resources_emergency_id"))

    op.drop_table("emergency_resources")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_unread")
        batch_op.drop_index("ix_notices_inbox")
        batch_op.drop_index("ix_notices_at")

    op.drop_table("notices")
    with op.batch_alter_table("emergencies", schema=None) as batch_op:
        batch_op.drop_index("ix_emergencies_status")

    op.drop_table("emergencies")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_at")

    op.drop_table("deliveries")
