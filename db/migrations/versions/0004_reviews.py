"""complaint reviews, quality feedback, suggestions, improvements, attachments"""

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CALLS = ("due", "answered", "unreachable")
NOTICES = ("escalation", "emergency", "resource_asked", "resource_decided")
NEW_NOTICES = (
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault"),
)
# Complaints, quality feedback and suggestions that were registered before: what was answered is
# closed, what runs starts at its first step.
ON_FILE = (
    """
    INSERT INTO complaints (request_id, status, named, case_part, department, cause, loss_cents,
        approvers, level, lesson, version, closed_at)
    SELECT id, CASE status WHEN 'resolved' THEN 'closed' WHEN 'closed' THEN 'closed'
        WHEN 'cancelled' THEN 'withdrawn' ELSE 'recorded' END,
        '[]', '', '', '', 0, '[]', 0, '', 1,
        CASE WHEN status IN ('resolved', 'closed') THEN resolved_at END
    FROM requests WHERE kind = 'complaint' ORDER BY id
    """,
    """
    INSERT INTO quality_feedback (request_id, status, nature, used_for, place, sample,
        sample_quantity, tested_quantity, defect_quantity, finding, cause, department,
        solution_note, report, version, closed_at)
    SELECT id, CASE status WHEN 'resolved' THEN 'closed' WHEN 'closed' THEN 'closed'
        WHEN 'cancelled' THEN 'withdrawn' ELSE 'recorded' END,
        '', '', '', '', 0, 0, 0, '', '', '', '', '', 1,
        CASE WHEN status IN ('resolved', 'closed') THEN resolved_at END
    FROM requests WHERE kind = 'quality_feedback' ORDER BY id
    """,
    """
    INSERT INTO suggestions (request_id, status, department, decision, version)
    SELECT id, CASE status WHEN 'resolved' THEN 'answered' WHEN 'closed' THEN 'answered'
        WHEN 'cancelled' THEN 'withdrawn' ELSE 'collected' END, '', '', 1
    FROM requests WHERE kind = 'suggestion' ORDER BY id
    """,
)


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("mime", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", db.types.UtcInstant(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachments_not_empty")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["people.id"], name=op.f("fk_attachments_added_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_attachments_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("request_id", "digest", name=op.f("uq_attachments_request_id_digest")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_digest"), ["digest"], unique=False)

    op.create_table(
        "complaints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "recorded",
                "judged",
                "assigned",
                "investigated",
                "proposed",
                "approved",
                "refused",
                "notified",
                "penalised",
                "closed",
                "merged",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("named", db.types.Json, nullable=False),
        sa.Column("case_part", sa.String(length=40), nullable=False),
        sa.Column("founded", sa.Boolean(), nullable=True),
        sa.Column("reason_sufficient", sa.Boolean(), nullable=True),
        sa.Column("demand_reasonable", sa.Boolean(), nullable=True),
        sa.Column("judged_at", db.types.UtcInstant(), nullable=True),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("cause", sa.String(length=4000), nullable=False),
        sa.Column(
            "cause_kind",
            sa.Enum(
                "design",
                "material",
                "production",
                "installation",
                "service",
                "transport",
                "use",
                "information",
                "other",
                name="cause_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "cause_scope",
            sa.Enum(
                "company",
                "customer",
                "outside",
                name="cause_scope",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("loss_cents", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("approvers", db.types.Json, nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "reaction",
            sa.Enum(
                "satisfied",
                "accepted",
                "dissatisfied",
                "not_reached",
                name="reaction",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("notified_at", db.types.UtcInstant(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("lesson", sa.String(length=4000), nullable=False),
        sa.Column("closed_at", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'merged') = (merged_into_id IS NOT NULL)",
            name=op.f("ck_complaints_merged_into"),
        ),
        sa.CheckConstraint(
            "approved_by_id <> proposed_by_id", name=op.f("ck_complaints_approved_by_another")
        ),
        sa.CheckConstraint("level BETWEEN 0 AND 2", name=op.f("ck_complaints_level_range")),
        sa.CheckConstraint("loss_cents >= 0", name=op.f("ck_complaints_loss_not_negative")),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_complaints_merged_into_another")),
        sa.ForeignKeyConstraint(
            ["about_id"], ["people.id"], name=op.f("fk_complaints_about_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name=op.f("fk_complaints_approved_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["handler_id"], ["people.id"], name=op.f("fk_complaints_handler_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["complaints.id"],
            name=op.f("fk_complaints_merged_into_id_complaints"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_complaints_proposed_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_complaints_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("request_id", name=op.f("uq_complaints_request_id")),
    )
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaints_about_id"), ["about_id"], unique=False)
        batch_op.create_index("ix_complaints_closed", ["closed_at"], unique=False)
        batch_op.create_index("ix_complaints_handler", ["handler_id", "status"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_complaints_merged_into_id"), ["merged_into_id"], unique=False
        )
        batch_op.create_index("ix_complaints_status", ["status", "department"], unique=False)

    op.create_table(
        "improvements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "corrective",
                "preventive",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("measure", sa.String(length=4000), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "done",
                "effective",
                "ineffective",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column(
            "fault_area",
            sa.Enum(
                "power",
                "noise",
                "leak",
                "function",
                "control",
                "appearance",
                "installation",
                "service",
                "delivery",
                "other",
                name="fault_area",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("planned_at", db.types.UtcInstant(), nullable=False),
        sa.Column("done_at", db.types.UtcInstant(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("finding", sa.String(length=4000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'planned') = (done_at IS NULL)", name=op.f("ck_improvements_done_when")
        ),
        sa.CheckConstraint(
            "(status IN ('effective', 'ineffective')) = (checked_by_id IS NOT NULL)",
            name=op.f("ck_improvements_checked_when"),
        ),
        sa.CheckConstraint(
            "checked_by_id <> owner_id", name=op.f("ck_improvements_checked_by_another")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["people.id"], name=op.f("fk_improvements_checked_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_improvements_owner_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_improvements_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_improvements_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_improvements")),
    )
    with op.batch_alter_table("improvements", schema=None) as batch_op:
        batch_op.create_index("ix_improvements_due", ["status", "due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_improvements_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_improvements_product", ["product_id", "fault_area"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_improvements_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "quality_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "recorded",
                "assessed",
                "sampled",
                "tested",
                "analysed",
                "solved",
                "closed",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "severity",
            sa.Enum(
                "minor",
                "major",
                "critical",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("nature", sa.String(length=4000), nullable=False),
        sa.Column("used_for", sa.String(length=300), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("sample", sa.String(length=300), nullable=False),
        sa.Column("sample_quantity", sa.Integer(), nullable=False),
        sa.Column("tested_quantity", sa.Integer(), nullable=False),
        sa.Column("defect_quantity", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(length=4000), nullable=False),
        sa.Column("defect_confirmed", sa.Boolean(), nullable=True),
        sa.Column(
            "cause_kind",
            sa.Enum(
                "design",
                "material",
                "production",
                "installation",
                "service",
                "transport",
                "use",
                "information",
                "other",
                name="cause_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("cause", sa.String(length=4000), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column(
            "solution",
            sa.Enum(
                "repair",
                "replace",
                "refund",
                "compensate",
                "apologise",
                "other",
                name="solution",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("solution_note", sa.String(length=4000), nullable=False),
        sa.Column("report", sa.String(length=4000), nullable=False),
        sa.Column("closed_at", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "sample_quantity >= 0", name=op.f("ck_quality_feedback_sample_not_negative")
        ),
        sa.CheckConstraint(
            "tested_quantity >= 0 AND defect_quantity BETWEEN 0 AND tested_quantity",
            name=op.f("ck_quality_feedback_defects_within_tested"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_quality_feedback_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_feedback")),
        sa.UniqueConstraint("request_id", name=op.f("uq_quality_feedback_request_id")),
    )
    with op.batch_alter_table("quality_feedback", schema=None) as batch_op:
        batch_op.create_index("ix_quality_feedback_status", ["status"], unique=False)

    op.create_table(
        "repeat_faults",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column(
            "fault_area",
            sa.Enum(
                "power",
                "noise",
                "leak",
                "function",
                "control",
                "appearance",
                "installation",
                "service",
                "delivery",
                "other",
                name="fault_area",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("raised_at", db.types.UtcInstant(), nullable=False),
        sa.Column("settled_at", db.types.UtcInstant(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0 AND days > 0", name=op.f("ck_repeat_faults_counted")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_repeat_faults_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_repeat_faults_request_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["people.id"], name=op.f("fk_repeat_faults_settled_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repeat_faults")),
    )
    with op.batch_alter_table("repeat_faults", schema=None) as batch_op:
        batch_op.create_index("ix_repeat_faults_raised", ["raised_at"], unique=False)
        batch_op.create_index(
            "uq_repeat_faults_open",
            ["product_id", "fault_area"],
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "collected",
                "passed_on",
                "adopted",
                "declined",
                "answered",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("adopted", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.String(length=4000), nullable=False),
        sa.Column("decided_at", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["handler_id"], ["people.id"], name=op.f("fk_suggestions_handler_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_suggestions_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("request_id", name=op.f("uq_suggestions_request_id")),
    )
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.create_index("ix_suggestions_status", ["status", "department"], unique=False)

    op.create_table(
        "complaint_measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "repair",
                "replace",
                "refund",
                "compensate",
                "apologise",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("cost_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("cost_cents >= 0", name=op.f("ck_complaint_measures_cost_not_negative")),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaints.id"],
            name=op.f("fk_complaint_measures_complaint_id_complaints"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_measures")),
    )
    with op.batch_alter_table("complaint_measures", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_complaint_measures_complaint_id"), ["complaint_id"], unique=False
        )

    op.create_table(
        "complaint_responsibles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("share_percent", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "share_percent BETWEEN 1 AND 100", name=op.f("ck_complaint_responsibles_share_range")
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaints.id"],
            name=op.f("fk_complaint_responsibles_complaint_id_complaints"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_complaint_responsibles_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_responsibles")),
        sa.UniqueConstraint(
            "complaint_id",
            "department",
            "person_id",
            name=op.f("uq_complaint_responsibles_complaint_id_department_person_id"),
        ),
    )
    with op.batch_alter_table("complaint_responsibles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_complaint_responsibles_complaint_id"), ["complaint_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_complaint_responsibles_person_id"), ["person_id"], unique=False
        )

    op.create_table(
        "penalties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "person",
                "head",
                "delay",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "share_of",
            sa.Enum(
                "bonus",
                "wage",
                name="share_of",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("percent", sa.Double(), nullable=False),
        sa.Column("loss_cents", sa.BigInteger(), nullable=False),
        sa.Column("clause", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "imposed",
                "appealed",
                "upheld",
                "reduced",
                "lifted",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", db.types.UtcInstant(), nullable=False),
        sa.Column("appeal", sa.String(length=4000), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("review", sa.String(length=4000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('imposed', 'appealed')) = (reviewed_by_id IS NULL)",
            name=op.f("ck_penalties_reviewed_when"),
        ),
        sa.CheckConstraint(
            "status = 'imposed' OR appeal <> ''", name=op.f("ck_penalties_appealed_with_words")
        ),
        sa.CheckConstraint(
            "decided_by_id <> person_id", name=op.f("ck_penalties_decided_by_another")
        ),
        sa.CheckConstraint("loss_cents >= 0", name=op.f("ck_penalties_loss_not_negative")),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_penalties_percent_range")),
        sa.CheckConstraint(
            "reviewed_by_id <> decided_by_id AND reviewed_by_id <> person_id",
            name=op.f("ck_penalties_reviewed_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_penalties_complaint_id_complaints")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_penalties_decided_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_penalties_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["people.id"], name=op.f("fk_penalties_reviewed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalties")),
    )
    with op.batch_alter_table("penalties", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_penalties_complaint_id"), ["complaint_id"], unique=False
        )
        batch_op.create_index("ix_penalties_person", ["person_id", "decided_at"], unique=False)

    codes.allow("follow_ups", "status", *CALLS, "dropped")
    codes.allow("notices", "kind", *NOTICES, *NEW_NOTICES)
    # A case that was opened again is called again.
    codes.drop_unique("follow_ups", "request_id")
    is_due = sa.text("status = 'due'")
    op.create_index("ix_follow_ups_request", "follow_ups", ["request_id"])
    op.create_index(
        "uq_follow_ups_open_request",
        "follow_ups",
        ["request_id"],
        unique=True,
        sqlite_where=is_due,
        postgresql_where=is_due,
    )
    op.add_column(
        "people", sa.Column("department", sa.String(length=40), nullable=False, server_default="")
    )
    op.add_column(
        "people", sa.Column("is_head", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "requests", sa.Column("batch", sa.String(length=60), nullable=False, server_default="")
    )
    op.create_index("ix_requests_batch", "requests", ["batch"])
    for statement in ON_FILE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_requests_batch", "requests")
    op.drop_column("requests", "batch")
    op.drop_column("people", "is_head")
    op.drop_column("people", "department")
    op.drop_index("uq_follow_ups_open_request", "follow_ups")
    op.drop_index("ix_follow_ups_request", "follow_ups")
    op.execute("DELETE FROM notices WHERE kind NOT IN " + _listed(NOTICES))
    # The tables of before hold one call a case: the last one is kept.
    later = "SELECT request_id, max(id) AS id FROM follow_ups GROUP BY request_id"
    gone = f"SELECT id FROM follow_ups WHERE id NOT IN (SELECT id FROM ({later}) AS kept)"
    op.execute(f"DELETE FROM survey_answers WHERE follow_up_id IN ({gone})")
    op.execute(f"DELETE FROM follow_ups WHERE id NOT IN (SELECT id FROM ({later}) AS kept)")
    op.execute("UPDATE follow_ups SET status = 'unreachable' WHERE status = 'dropped'")
    codes.allow("notices", "kind", *NOTICES)
    codes.allow("follow_ups", "status", *CALLS)
    codes.add_unique("follow_ups", "request_id")
    with op.batch_alter_table("penalties", schema=None) as batch_op:
        batch_op.drop_index("ix_penalties_person")
        batch_op.drop_index(batch_op.f("ix_penalties_complaint_id"))

    op.drop_table("penalties")
    with op.batch_alter_table("complaint_responsibles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_responsibles_person_id"))
        batch_op.drop_index(batch_op.f("ix_complaint_responsibles_complaint_id"))

    op.drop_table("complaint_responsibles")
    with op.batch_alter_table("complaint_measures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaint_measures_complaint_id"))

    op.drop_table("complaint_measures")
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.drop_index("ix_suggestions_status")

    op.drop_table("suggestions")
    with op.batch_alter_table("repeat_faults", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_repeat_faults_open",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.drop_index("ix_repeat_faults_raised")

    op.drop_table("repeat_faults")
    with op.batch_alter_table("quality_feedback", schema=None) as batch_op:
        batch_op.drop_index("ix_quality_feedback_status")

    op.drop_table("quality_feedback")
    with op.batch_alter_table("improvements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_improvements_request_id"))
        batch_op.drop_index("ix_improvements_product")
        batch_op.drop_index(batch_op.f("ix_improvements_owner_id"))
        batch_op.drop_index("ix_improvements_due")

    op.drop_table("improvements")
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_index("ix_complaints_status")
        batch_op.drop_index(batch_op.f("ix_complaints_merged_into_id"))
        batch_op.drop_index("ix_complaints_handler")
        batch_op.drop_index("ix_complaints_closed")
        batch_op.drop_index(batch_op.f("ix_complaints_about_id"))

    op.drop_table("complaints")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_digest"))

    op.drop_table("attachments")


def _listed(codes: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{each}'" for each in codes) + ")"
