"""purchases, returns and exchanges"""

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MEASURES = ("response", "appointment", "resolution", "follow_up")
NOTICES = (
    *("escalation", "emergency", "resource_asked", "resource_decided"),
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault"),
)
# Returns that were registered before: what was answered is closed, what runs starts at its first
# step, its lines to be entered. The day of asking is that of UTC; nothing is judged by it yet.
ON_FILE = """
    INSERT INTO returns (request_id, status, asked_on, without_goods, approvers, decision, appeal,
        address, taken_cents, advanced_cents, refund_cents, owed_cents, refund_ref, version,
        closed_at)
    SELECT id, CASE status WHEN 'resolved' THEN 'closed' WHEN 'closed' THEN 'closed'
        WHEN 'cancelled' THEN 'cancelled' ELSE 'applied' END,
        date(received_at), false, '[]', '', '', address, 0, 0, 0, 0, '', 1,
        CASE WHEN status IN ('resolved', 'closed') THEN resolved_at END
    FROM requests WHERE kind = 'return' ORDER BY id
"""


def upgrade() -> None:
    op.create_table(
        "purchases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("invoice_no", sa.String(length=120), nullable=False),
        sa.Column("purchased_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("at_a_distance", sa.Boolean(), nullable=True),
        sa.Column("added_at", db.types.UtcInstant(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_ref", sa.String(length=80), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("received_on >= purchased_on", name=op.f("ck_purchases_received_after")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_purchases_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchases")),
        sa.UniqueConstraint("source", "source_ref", name=op.f("uq_purchases_source_source_ref")),
    )
    with op.batch_alter_table("purchases", schema=None) as batch_op:
        batch_op.create_index(
            "ix_purchases_customer", ["customer_id", "purchased_on"], unique=False
        )

    op.create_table(
        "purchase_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("batch", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_cents", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("under_way", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_purchase_lines_quantity_positive")),
        sa.CheckConstraint(
            "returned >= 0 AND under_way >= 0 AND returned + under_way <= quantity",
            name=op.f("ck_purchase_lines_returned_within_bought"),
        ),
        sa.CheckConstraint("unit_cents >= 0", name=op.f("ck_purchase_lines_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_purchase_lines_asset_id_assets")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_purchase_lines_product_id_products")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_purchase_lines_purchase_id_purchases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_lines")),
    )
    with op.batch_alter_table("purchase_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_lines_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_purchase_lines_product_id"), ["product_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_purchase_lines_purchase_id"), ["purchase_id"], unique=False
        )

    op.create_table(
        "returns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "applied",
                "screened",
                "inspected",
                "approved",
                "refused",
                "appealed",
                "awaited",
                "received",
                "tested",
                "stored",
                "settled",
                "refunded",
                "told",
                "closed",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("mileage_km", sa.Integer(), nullable=True),
        sa.Column("without_goods", sa.Boolean(), nullable=False),
        sa.Column("approvers", db.types.Json, nullable=False),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("screened_by_id", sa.Integer(), nullable=True),
        sa.Column("inspected_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("refused_by_id", sa.Integer(), nullable=True),
        sa.Column("appeal_by_id", sa.Integer(), nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=4000), nullable=False),
        sa.Column("appeal", sa.String(length=4000), nullable=False),
        sa.Column(
            "way_back",
            sa.Enum(
                "pick_up",
                "sent_in",
                name="way_back",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("taken_cents", sa.BigInteger(), nullable=False),
        sa.Column("advanced_cents", sa.BigInteger(), nullable=False),
        sa.Column("refund_cents", sa.BigInteger(), nullable=False),
        sa.Column("owed_cents", sa.BigInteger(), nullable=False),
        sa.Column(
            "refund_method",
            sa.Enum(
                "original",
                "transfer",
                "cash",
                "credit",
                name="refund_method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("refund_ref", sa.String(length=120), nullable=False),
        sa.Column("refunded_at", db.types.UtcInstant(), nullable=True),
        sa.Column("paid_at", db.types.UtcInstant(), nullable=True),
        sa.Column("closed_at", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(confirmed_by_id IS NULL) = (refunded_at IS NULL)",
            name=op.f("ck_returns_refunded_when_confirmed"),
        ),
        sa.CheckConstraint(
            "appeal_by_id <> refused_by_id", name=op.f("ck_returns_appeal_by_another")
        ),
        sa.CheckConstraint(
            "approved_by_id <> applied_by_id", name=op.f("ck_returns_approved_by_another")
        ),
        sa.CheckConstraint(
            "approved_by_id <> inspected_by_id", name=op.f("ck_returns_approved_not_inspected")
        ),
        sa.CheckConstraint(
            "approved_by_id <> screened_by_id", name=op.f("ck_returns_approved_not_screened")
        ),
        sa.CheckConstraint(
            "confirmed_by_id <> approved_by_id", name=op.f("ck_returns_confirmed_not_approved")
        ),
        sa.CheckConstraint(
            "confirmed_by_id <> settled_by_id", name=op.f("ck_returns_confirmed_by_another")
        ),
        sa.CheckConstraint("mileage_km >= 0", name=op.f("ck_returns_mileage_not_negative")),
        sa.CheckConstraint("owed_cents >= 0", name=op.f("ck_returns_owed_not_negative")),
        sa.CheckConstraint(
            "paid_at IS NULL OR owed_cents > 0", name=op.f("ck_returns_paid_what_was_owed")
        ),
        sa.CheckConstraint(
            "refund_cents = 0 OR owed_cents = 0", name=op.f("ck_returns_refund_or_owed")
        ),
        sa.CheckConstraint(
            "refund_cents >= 0 AND refund_cents <= taken_cents + advanced_cents",
            name=op.f("ck_returns_refund_within_paid"),
        ),
        sa.CheckConstraint(
            "taken_cents >= 0 AND advanced_cents >= 0", name=op.f("ck_returns_paid_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["appeal_by_id"], ["people.id"], name=op.f("fk_returns_appeal_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["applied_by_id"], ["people.id"], name=op.f("fk_returns_applied_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name=op.f("fk_returns_approved_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["people.id"], name=op.f("fk_returns_confirmed_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["inspected_by_id"], ["people.id"], name=op.f("fk_returns_inspected_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["people.id"], name=op.f("fk_returns_received_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["refused_by_id"], ["people.id"], name=op.f("fk_returns_refused_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_returns_request_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["screened_by_id"], ["people.id"], name=op.f("fk_returns_screened_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["people.id"], name=op.f("fk_returns_settled_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
        sa.UniqueConstraint("request_id", name=op.f("uq_returns_request_id")),
    )
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.create_index("ix_returns_refunded", ["refunded_at"], unique=False)
        batch_op.create_index("ix_returns_status", ["status"], unique=False)

    op.create_table(
        "return_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column("purchase_line_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.String(length=60), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "quality",
                "own",
                "law",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "wish",
            sa.Enum(
                "return",
                "exchange",
                "repair",
                name="wish",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "goods",
            sa.Enum(
                "unused",
                "fit_for_resale",
                "used",
                "damaged",
                name="goods",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("repairs", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_cents", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column(
            "fit",
            sa.Enum(
                "fits",
                "open",
                "fails",
                name="fit",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("condition", sa.String(length=40), nullable=False),
        sa.Column(
            "payer",
            sa.Enum(
                "company",
                "customer",
                name="payer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("sample", sa.String(length=300), nullable=False),
        sa.Column("finding", sa.String(length=4000), nullable=False),
        sa.Column("defect", sa.Boolean(), nullable=True),
        sa.Column(
            "goods_found",
            sa.Enum(
                "unused",
                "fit_for_resale",
                "used",
                "damaged",
                name="goods_found",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("named", sa.String(length=40), nullable=False),
        sa.Column("approved", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("specification_ok", sa.Boolean(), nullable=True),
        sa.Column(
            "appearance",
            sa.Enum(
                "unused",
                "fit_for_resale",
                "used",
                "damaged",
                name="appearance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("difference", sa.String(length=300), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("retest", sa.String(length=4000), nullable=False),
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
        sa.Column("replaced", sa.Integer(), nullable=False),
        sa.Column("sent_back", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "accepted BETWEEN 0 AND approved", name=op.f("ck_return_lines_accepted_within_approved")
        ),
        sa.CheckConstraint(
            "approved BETWEEN 0 AND quantity", name=op.f("ck_return_lines_approved_within_asked")
        ),
        sa.CheckConstraint(
            "held BETWEEN 0 AND quantity", name=op.f("ck_return_lines_held_within_asked")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_lines_quantity_positive")),
        sa.CheckConstraint(
            "received >= 0 AND repairs >= 0", name=op.f("ck_return_lines_counts_not_negative")
        ),
        sa.CheckConstraint(
            "replaced BETWEEN 0 AND accepted", name=op.f("ck_return_lines_replaced_within_accepted")
        ),
        sa.CheckConstraint(
            "sent_back = 0 OR sent_back BETWEEN 0 AND received - accepted",
            name=op.f("ck_return_lines_sent_back_within_received"),
        ),
        sa.ForeignKeyConstraint(
            ["purchase_line_id"],
            ["purchase_lines.id"],
            name=op.f("fk_return_lines_purchase_line_id_purchase_lines"),
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["returns.id"], name=op.f("fk_return_lines_return_id_returns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_lines")),
        sa.UniqueConstraint(
            "return_id", "purchase_line_id", name=op.f("uq_return_lines_return_id_purchase_line_id")
        ),
    )
    with op.batch_alter_table("return_lines", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_return_lines_purchase_line_id"), ["purchase_line_id"], unique=False
        )

    op.create_table(
        "return_parcels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "in", "out", name="direction", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=32), nullable=False),
        sa.Column("carrier", sa.String(length=120), nullable=False),
        sa.Column("tracking", sa.String(length=120), nullable=False),
        sa.Column(
            "paid_by",
            sa.Enum(
                "company",
                "customer",
                name="paid_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("freight_cents", sa.BigInteger(), nullable=False),
        sa.Column("after_refund", sa.Boolean(), nullable=False),
        sa.Column("sent_at", db.types.UtcInstant(), nullable=True),
        sa.Column("arrived_at", db.types.UtcInstant(), nullable=True),
        sa.CheckConstraint(
            "freight_cents >= 0", name=op.f("ck_return_parcels_freight_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["returns.id"], name=op.f("fk_return_parcels_return_id_returns")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_parcels")),
        sa.UniqueConstraint("label", name=op.f("uq_return_parcels_label")),
    )
    with op.batch_alter_table("return_parcels", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_return_parcels_return_id"), ["return_id"], unique=False
        )

    op.create_table(
        "replacements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("parcel_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_replacements_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["assets.id"], name=op.f("fk_replacements_asset_id_assets")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["return_lines.id"], name=op.f("fk_replacements_line_id_return_lines")
        ),
        sa.ForeignKeyConstraint(
            ["parcel_id"],
            ["return_parcels.id"],
            name=op.f("fk_replacements_parcel_id_return_parcels"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replacements")),
    )
    with op.batch_alter_table("replacements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_replacements_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_replacements_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_replacements_parcel_id"), ["parcel_id"], unique=False)

    op.create_table(
        "return_deductions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "used",
                "damaged",
                "missing_accessory",
                "packaging",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(cents = 0) <> (percent = 0)", name=op.f("ck_return_deductions_cents_or_percent")
        ),
        sa.CheckConstraint(
            "amount_cents >= 0", name=op.f("ck_return_deductions_amount_not_negative")
        ),
        sa.CheckConstraint(
            "cents >= 0 AND percent BETWEEN 0 AND 100", name=op.f("ck_return_deductions_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["return_lines.id"], name=op.f("fk_return_deductions_line_id_return_lines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_deductions")),
    )
    with op.batch_alter_table("return_deductions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_return_deductions_line_id"), ["line_id"], unique=False)

    op.create_table(
        "return_losses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("value_cents", sa.BigInteger(), nullable=False),
        sa.Column("freight_cents", sa.BigInteger(), nullable=False),
        sa.Column("deducted_cents", sa.BigInteger(), nullable=False),
        sa.Column("loss_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "loss_cents = value_cents + freight_cents - deducted_cents",
            name=op.f("ck_return_losses_adds_up"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["return_lines.id"], name=op.f("fk_return_losses_line_id_return_lines")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_losses")),
    )
    with op.batch_alter_table("return_losses", schema=None) as batch_op:
        batch_op.create_index("ix_return_losses_booked", ["booked_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_return_losses_line_id"), ["line_id"], unique=False)

    op.create_table(
        "stock_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("moved_from_id", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column(
            "destination",
            sa.Enum(
                "quarantine",
                "resale",
                "scrap",
                "maker",
                name="destination",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value_cents", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", db.types.UtcInstant(), nullable=False),
        sa.CheckConstraint(
            "destination <> 'scrap' OR value_cents = 0",
            name=op.f("ck_stock_moves_scrap_worth_nothing"),
        ),
        sa.CheckConstraint(
            "moved_from_id IS NULL OR destination <> 'quarantine'",
            name=op.f("ck_stock_moves_out_of_quarantine"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_moves_quantity_positive")),
        sa.CheckConstraint("value_cents >= 0", name=op.f("ck_stock_moves_value_not_negative")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_stock_moves_by_id_people")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["return_lines.id"], name=op.f("fk_stock_moves_line_id_return_lines")
        ),
        sa.ForeignKeyConstraint(
            ["moved_from_id"],
            ["stock_moves.id"],
            name=op.f("fk_stock_moves_moved_from_id_stock_moves"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_moves")),
    )
    with op.batch_alter_table("stock_moves", schema=None) as batch_op:
        batch_op.create_index("ix_stock_moves_destination", ["destination", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_moves_line_id"), ["line_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_stock_moves_moved_from_id"), ["moved_from_id"], unique=False
        )

    codes.allow("notices", "kind", *NOTICES, "your_turn")
    codes.allow("limits", "measure", *MEASURES, "step")
    op.execute(ON_FILE)


def downgrade() -> None:
    op.execute("DELETE FROM notices WHERE kind = 'your_turn'")
    # Steps inside a case have no limit in the tables of before.
    steps = "SELECT id FROM limits WHERE measure = 'step'"
    op.execute(f"DELETE FROM escalations WHERE limit_id IN ({steps})")
    op.execute("DELETE FROM limits WHERE measure = 'step'")
    codes.allow("limits", "measure", *MEASURES)
    codes.allow("notices", "kind", *NOTICES)
    with op.batch_alter_table("stock_moves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_moves_moved_from_id"))
        batch_op.drop_index(batch_op.f("ix_stock_moves_line_id"))
        batch_op.drop_index("ix_stock_moves_destination")

    op.drop_table("stock_moves")
    with op.batch_alter_table("return_losses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_losses_line_id"))
        batch_op.drop_index("ix_return_losses_booked")

    op.drop_table("return_losses")
    with op.batch_alter_table("return_deductions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_deductions_line_id"))

    op.drop_table("return_deductions")
    with op.batch_alter_table("replacements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_replacements_parcel_id"))
        batch_op.drop_index(batch_op.f("ix_replacements_line_id"))
        batch_op.drop_index(batch_op.f("ix_replacements_asset_id"))

    op.drop_table("replacements")
    with op.batch_alter_table("return_parcels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_parcels_return_id"))

    op.drop_table("return_parcels")
    with op.batch_alter_table("return_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_return_lines_purchase_line_id"))

    op.drop_table("return_lines")
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.drop_index("ix_returns_status")
        batch_op.drop_index("ix_returns_refunded")

    op.drop_table("returns")
    with op.batch_alter_table("purchase_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_purchase_lines_purchase_id"))
        batch_op.drop_index(batch_op.f("ix_purchase_lines_product_id"))
        batch_op.drop_index(batch_op.f("ix_purchase_lines_asset_id"))

    op.drop_table("purchase_lines")
    with op.batch_alter_table("purchases", schema=None) as batch_op:
        batch_op.drop_index("ix_purchases_customer")

    op.drop_table("purchases")
