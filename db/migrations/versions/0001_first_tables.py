"""first tables"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column(
            "language",
            sa.Enum(
                "zh_CN", "en", name="language", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("hotline", sa.String(length=40), nullable=False),
        sa.Column("cookie_key", sa.String(length=128), nullable=False),
        sa.Column("set_up_at", db.types.UtcInstant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_company_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    op.create_table(
        "counters",
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_counters")),
    )
    op.create_table(
        "import_maps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("data", db.types.Json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_maps")),
        sa.UniqueConstraint("name", name=op.f("uq_import_maps_name")),
    )
    op.create_table(
        "norm_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pack", sa.String(length=32), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("signed_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", db.types.UtcInstant(), nullable=False),
        sa.Column("data", db.types.Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_norm_revisions")),
        sa.UniqueConstraint("number", name=op.f("uq_norm_revisions_number")),
    )
    with op.batch_alter_table("norm_revisions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_norm_revisions_in_force_on"), ["in_force_on"], unique=False
        )

    op.create_table(
        "paper_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=32), nullable=False),
        sa.Column(
            "language",
            sa.Enum(
                "zh_CN", "en", name="language", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("replaced_at", db.types.UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_templates")),
        sa.UniqueConstraint("paper", "language", name=op.f("uq_paper_templates_paper_language")),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brand", sa.String(length=120), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("specification", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("warranty_months", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("warranty_months >= 0", name=op.f("ck_products_warranty_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint(
            "brand", "model", "specification", name=op.f("uq_products_brand_model_specification")
        ),
    )
    op.create_table(
        "stations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stations")),
        sa.UniqueConstraint("name", name=op.f("uq_stations_name")),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("phone_digits", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_ref", sa.String(length=80), nullable=True),
        sa.Column("created_at", db.types.UtcInstant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.id"], name=op.f("fk_customers_station_id_stations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("source", "source_ref", name=op.f("uq_customers_source_source_ref")),
    )
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.create_index("ix_customers_name", ["name"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_customers_phone_digits"), ["phone_digits"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_customers_station_id"), ["station_id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "agent",
                "dispatcher",
                "technician",
                "support",
                "quality",
                "warehouse",
                "finance",
                "handler",
                "manager",
                "leader",
                "auditor",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column(
            "language",
            sa.Enum(
                "zh_CN", "en", name="language", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("password_hash", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("username = lower(username)", name=op.f("ck_people_username_lower")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.id"], name=op.f("fk_people_station_id_stations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("username", name=op.f("uq_people_username")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_station_id"), ["station_id"], unique=False)

    op.create_table(
        "assets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=60), nullable=True),
        sa.Column("purchased_on", sa.Date(), nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_assets_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_assets_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
        sa.UniqueConstraint("product_id", "serial", name=op.f("uq_assets_product_id_serial")),
    )
    with op.batch_alter_table("assets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assets_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assets_serial"), ["serial"], unique=False)

    op.create_table(
        "form_keys",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("result", db.types.Json, nullable=True),
        sa.Column("at", db.types.UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_form_keys_actor_id_people")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_keys")),
    )
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.create_index("ix_form_keys_at", ["at"], unique=False)

    op.create_table(
        "import_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("map_name", sa.String(length=60), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", db.types.UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_import_runs_actor_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
    )
    with op.batch_alter_table("import_runs", schema=None) as batch_op:
        batch_op.create_index("ix_import_runs_at", ["at"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", db.types.UtcInstant(), nullable=False),
        sa.Column("expires_at", db.types.UtcInstant(), nullable=False),
        sa.Column("ended_at", db.types.UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id_people")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_ins")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_person_id"), ["person_id"], unique=False)

    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "consultation",
                "repair",
                "installation",
                "cleaning",
                "parts",
                "complaint",
                "quality_feedback",
                "return",
                "suggestion",
                "training",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "registered",
                "in_progress",
                "resolved",
                "closed",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "hotline",
                "online",
                "email",
                "letter",
                "counter",
                "on_site",
                "branch",
                "inspection",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum(
                "normal",
                "urgent",
                "critical",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("phone_digits", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("symptom", sa.String(length=4000), nullable=False),
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
        sa.Column("fault_codes", sa.String(length=200), nullable=False),
        sa.Column("case_class", sa.String(length=40), nullable=False),
        sa.Column("extra", db.types.Json, nullable=False),
        sa.Column(
            "charge",
            sa.Enum(
                "free", "paid", name="charge", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "charge_reason",
            sa.Enum(
                "in_warranty",
                "out_of_warranty",
                "not_makers_fault",
                "no_warranty_data",
                "no_charge_kind",
                "rework",
                "goodwill",
                name="charge_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("wanted_from", db.types.UtcInstant(), nullable=True),
        sa.Column("wanted_to", db.types.UtcInstant(), nullable=True),
        sa.Column("promised_at", db.types.UtcInstant(), nullable=True),
        sa.Column(
            "wait_reason",
            sa.Enum(
                "customer",
                "part",
                "force_majeure",
                name="wait_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer", sa.String(length=4000), nullable=False),
        sa.Column("received_at", db.types.UtcInstant(), nullable=False),
        sa.Column("registered_at", db.types.UtcInstant(), nullable=False),
        sa.Column("resolved_at", db.types.UtcInstant(), nullable=True),
        sa.Column("closed_at", db.types.UtcInstant(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_ref", sa.String(length=80), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status NOT IN ('resolved', 'closed') OR resolved_at IS NOT NULL",
            name=op.f("ck_requests_resolved_when"),
        ),
        sa.CheckConstraint(
            "wait_reason IS NULL OR status IN ('registered', 'in_progress')",
            name=op.f("ck_requests_waits_open"),
        ),
        sa.CheckConstraint(
            "resolved_at IS NULL OR resolved_at >= received_at",
            name=op.f("ck_requests_resolved_after"),
        ),
        sa.CheckConstraint(
            "wanted_to IS NULL OR wanted_to > wanted_from", name=op.f("ck_requests_wanted_window")
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_requests_asset_id_assets")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_requests_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["origin_id"], ["requests.id"], name=op.f("fk_requests_origin_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_requests_owner_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["norm_revisions.id"],
            name=op.f("fk_requests_revision_id_norm_revisions"),
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.id"], name=op.f("fk_requests_station_id_stations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_requests_number")),
        sa.UniqueConstraint("source", "source_ref", name=op.f("uq_requests_source_source_ref")),
    )
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.create_index("ix_requests_asset", ["asset_id", "received_at"], unique=False)
        batch_op.create_index("ix_requests_customer", ["customer_id", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_origin_id"), ["origin_id"], unique=False)
        batch_op.create_index("ix_requests_owner", ["owner_id", "status"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_requests_phone_digits"), ["phone_digits"], unique=False
        )
        batch_op.create_index(
            "ix_requests_queue", ["status", "station_id", "received_at"], unique=False
        )
        batch_op.create_index("ix_requests_received", ["received_at"], unique=False)
        batch_op.create_index("ix_requests_resolved", ["resolved_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_revision_id"), ["revision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_requests_station_id"), ["station_id"], unique=False)

    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "due",
                "answered",
                "unreachable",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ended_at", db.types.UtcInstant(), nullable=True),
        sa.Column("caller_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("opinion", sa.String(length=4000), nullable=False),
        sa.Column("other_needs", sa.String(length=4000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'due') = (ended_at IS NULL)", name=op.f("ck_follow_ups_ended_when")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_follow_ups_attempts_not_negative")),
        sa.CheckConstraint("score BETWEEN 0 AND 10", name=op.f("ck_follow_ups_score_range")),
        sa.ForeignKeyConstraint(
            ["caller_id"], ["people.id"], name=op.f("fk_follow_ups_caller_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_follow_ups_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("request_id", name=op.f("uq_follow_ups_request_id")),
    )
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_ups_caller_id"), ["caller_id"], unique=False)
        batch_op.create_index("ix_follow_ups_due", ["status", "due_on"], unique=False)
        batch_op.create_index("ix_follow_ups_ended", ["ended_at"], unique=False)

    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=48), nullable=False),
        sa.Column("old", sa.String(length=32), nullable=True),
        sa.Column("new", sa.String(length=32), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", db.types.UtcInstant(), nullable=False),
        sa.Column("note", sa.String(length=4000), nullable=False),
        sa.Column("data", db.types.Json, nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_history_actor_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["requests.id"], name=op.f("fk_history_case_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
        sa.UniqueConstraint(
            "subject", "subject_id", "sequence", name=op.f("uq_history_subject_subject_id_sequence")
        ),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index("ix_history_actor", ["actor_id", "at"], unique=False)
        batch_op.create_index("ix_history_case", ["case_id", "at"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "assigned",
                "agreed",
                "on_site",
                "unfinished",
                "done",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("instructions", sa.String(length=300), nullable=False),
        sa.Column("assigned_at", db.types.UtcInstant(), nullable=False),
        sa.Column("finished_at", db.types.UtcInstant(), nullable=True),
        sa.Column("filed_at", db.types.UtcInstant(), nullable=True),
        sa.Column("cause", sa.String(length=4000), nullable=False),
        sa.Column("work_done", sa.String(length=4000), nullable=False),
        sa.Column("parts", sa.String(length=4000), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "fixed",
                "installed",
                "advised",
                "no_fault_found",
                "not_repairable",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("labour_cents", sa.BigInteger(), nullable=False),
        sa.Column("parts_cents", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status <> 'done' OR (finished_at IS NOT NULL AND result IS NOT NULL)",
            name=op.f("ck_jobs_done_has_report"),
        ),
        sa.CheckConstraint(
            "labour_cents >= 0 AND parts_cents >= 0", name=op.f("ck_jobs_money_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_jobs_request_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["people.id"], name=op.f("fk_jobs_technician_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_finished", ["finished_at"], unique=False)
        batch_op.create_index("ix_jobs_request", ["request_id"], unique=False)
        batch_op.create_index("ix_jobs_technician", ["technician_id", "status"], unique=False)
        batch_op.create_index(
            "uq_jobs_open_request",
            ["request_id"],
            unique=True,
            sqlite_where=sa.text("status NOT IN ('done', 'cancelled')"),
            postgresql_where=sa.text("status NOT IN ('done', 'cancelled')"),
        )

    op.create_table(
        "limits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("clause", sa.String(length=16), nullable=False),
        sa.Column(
            "measure",
            sa.Enum(
                "response",
                "appointment",
                "resolution",
                "follow_up",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "unit",
            sa.Enum(
                "working_minutes",
                "working_days",
                "clock_minutes",
                "moment",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("started_at", db.types.UtcInstant(), nullable=False),
        sa.Column("due_at", db.types.UtcInstant(), nullable=False),
        sa.Column("pauses", db.types.Json, nullable=False),
        sa.Column("met_at", db.types.UtcInstant(), nullable=True),
        sa.Column("dropped_at", db.types.UtcInstant(), nullable=True),
        sa.CheckConstraint("due_at >= started_at", name=op.f("ck_limits_due_after_start")),
        sa.CheckConstraint(
            "met_at IS NULL OR dropped_at IS NULL", name=op.f("ck_limits_met_or_dropped")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_limits_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limits")),
    )
    with op.batch_alter_table("limits", schema=None) as batch_op:
        batch_op.create_index("ix_limits_due", ["measure", "due_at"], unique=False)
        batch_op.create_index("ix_limits_request", ["request_id"], unique=False)
        batch_op.create_index(
            "ix_limits_running",
            ["request_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("met_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=sa.text("met_at IS NULL AND dropped_at IS NULL"),
        )

    op.create_table(
        "survey_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 10", name=op.f("ck_survey_answers_score_range")),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_ups.id"],
            name=op.f("fk_survey_answers_follow_up_id_follow_ups"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
        sa.UniqueConstraint(
            "follow_up_id", "question", name=op.f("uq_survey_answers_follow_up_id_question")
        ),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("technician_id", sa.Integer(), nullable=False),
        sa.Column("agreed_from", db.types.UtcInstant(), nullable=False),
        sa.Column("agreed_to", db.types.UtcInstant(), nullable=False),
        sa.Column("arrived_at", db.types.UtcInstant(), nullable=True),
        sa.Column("ended_at", db.types.UtcInstant(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "done",
                "unfinished",
                "no_access",
                "moved",
                "cancelled",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=4000), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (outcome IS NULL)", name=op.f("ck_visits_ended_how")
        ),
        sa.CheckConstraint("agreed_to > agreed_from", name=op.f("ck_visits_window")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_visits_job_id_jobs")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["people.id"], name=op.f("fk_visits_technician_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("job_id", "sequence", name=op.f("uq_visits_job_id_sequence")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index("ix_visits_agreed", ["agreed_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_visits_technician_id"), ["technician_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visits_technician_id"))
        batch_op.drop_index("ix_visits_agreed")

    op.drop_table("visits")
    op.drop_table("survey_answers")
    with op.batch_alter_table("limits", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_limits_running",
            sqlite_where=sa.text("met_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=sa.text("met_at IS NULL AND dropped_at IS NULL"),
        )
        batch_op.drop_index("ix_limits_request")
        batch_op.drop_index("ix_limits_due")

    op.drop_table("limits")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_jobs_open_request",
            sqlite_where=sa.text("status NOT IN ('done', 'cancelled')"),
            postgresql_where=sa.text("status NOT IN ('done', 'cancelled')"),
        )
        batch_op.drop_index("ix_jobs_technician")
        batch_op.drop_index("ix_jobs_request")
        batch_op.drop_index("ix_jobs_finished")

    op.drop_table("jobs")
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_index("ix_history_case")
        batch_op.drop_index("ix_history_actor")

    op.drop_table("history")
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.drop_index("ix_follow_ups_ended")
        batch_op.drop_index("ix_follow_ups_due")
        batch_op.drop_index(batch_op.f("ix_follow_ups_caller_id"))

    op.drop_table("follow_ups")
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_requests_station_id"))
        batch_op.drop_index(batch_op.f("ix_requests_revision_id"))
        batch_op.drop_index("ix_requests_resolved")
        batch_op.drop_index("ix_requests_received")
        batch_op.drop_index("ix_requests_queue")
        batch_op.drop_index(batch_op.f("ix_requests_phone_digits"))
        batch_op.drop_index("ix_requests_owner")
        batch_op.drop_index(batch_op.f("ix_requests_origin_id"))
        batch_op.drop_index("ix_requests_customer")
        batch_op.drop_index("ix_requests_asset")

    op.drop_table("requests")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_person_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("import_runs", schema=None) as batch_op:
        batch_op.drop_index("ix_import_runs_at")

    op.drop_table("import_runs")
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.drop_index("ix_form_keys_at")

    op.drop_table("form_keys")
    with op.batch_alter_table("assets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assets_serial"))
        batch_op.drop_index(batch_op.f("ix_assets_customer_id"))

    op.drop_table("assets")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_station_id"))

    op.drop_table("people")
    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customers_station_id"))
        batch_op.drop_index(batch_op.f("ix_customers_phone_digits"))
        batch_op.drop_index("ix_customers_name")

    op.drop_table("customers")
    op.drop_table("stations")
    op.drop_table("products")
    op.drop_table("paper_templates")
    with op.batch_alter_table("norm_revisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_norm_revisions_in_force_on"))

    op.drop_table("norm_revisions")
    op.drop_table("import_maps")
    op.drop_table("counters")
    op.drop_table("company")
