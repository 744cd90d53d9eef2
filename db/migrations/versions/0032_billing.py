"""prices, quotes, payments, and what was handed in to finance"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "labour",
                "part",
                "travel",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column(
            "request_kind",
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
                name="request_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("part_id", sa.Integer(), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'part') = (part_id IS NOT NULL)", name=op.f("ck_prices_part_of_catalogue")
        ),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_prices_not_negative")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_prices_period_in_order")),
        sa.ForeignKeyConstraint(["part_id"], ["parts.id"], name=op.f("fk_prices_part_id_parts")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_prices_product_id_products")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prices")),
        sa.UniqueConstraint("key", "valid_from", name=op.f("uq_prices_key_valid_from")),
    )
    op.create_index(op.f("ix_prices_part_id"), "prices", ["part_id"], unique=False)
    op.create_index(op.f("ix_prices_product_id"), "prices", ["product_id"], unique=False)
    op.create_table(
        "hand_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "handed_in",
                "counted",
                "sent_back",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("handed_at", db.types.UtcInstant(), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=4000), nullable=False),
        sa.Column("cash_cents", sa.BigInteger(), nullable=False),
        sa.Column("transfer_cents", sa.BigInteger(), nullable=False),
        sa.Column("code_cents", sa.BigInteger(), nullable=False),
        sa.Column("counted_cash_cents", sa.BigInteger(), nullable=True),
        sa.Column("counted_transfer_cents", sa.BigInteger(), nullable=True),
        sa.Column("counted_code_cents", sa.BigInteger(), nullable=True),
        sa.Column("counted_by_id", sa.Integer(), nullable=True),
        sa.Column("counted_at", db.types.UtcInstant(), nullable=True),
        sa.Column("difference_reason", sa.String(length=4000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status <> 'counted' OR (counted_at IS NOT NULL AND counted_cash_cents IS NOT NULL AND counted_transfer_cents IS NOT NULL AND counted_code_cents IS NOT NULL)",
            name=op.f("ck_hand_ins_counted_what"),
        ),
        sa.CheckConstraint(
            "cash_cents >= 0 AND transfer_cents >= 0 AND code_cents >= 0",
            name=op.f("ck_hand_ins_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["counted_by_id"], ["people.id"], name=op.f("fk_hand_ins_counted_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_hand_ins_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_ins")),
    )
    op.create_index(op.f("ix_hand_ins_counted_by_id"), "hand_ins", ["counted_by_id"], unique=False)
    op.create_index("ix_hand_ins_day", "hand_ins", ["handed_on"], unique=False)
    op.create_index("ix_hand_ins_person", "hand_ins", ["person_id", "status"], unique=False)
    op.create_table(
        "payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "held",
                "handed_in",
                "counted",
                "undone",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "means",
            sa.Enum(
                "cash",
                "transfer",
                "code",
                name="means",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=4000), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", db.types.UtcInstant(), nullable=False),
        sa.Column("hand_in_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status <> 'handed_in' OR hand_in_id IS NOT NULL",
            name=op.f("ck_payments_handed_in_how"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('held', 'undone') OR hand_in_id IS NULL",
            name=op.f("ck_payments_held_by_who_took_it"),
        ),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_payments_of_something")),
        sa.ForeignKeyConstraint(
            ["hand_in_id"], ["hand_ins.id"], name=op.f("fk_payments_hand_in_id_hand_ins")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_payments_request_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["people.id"], name=op.f("fk_payments_taken_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("number", name=op.f("uq_payments_number")),
    )
    op.create_index(op.f("ix_payments_hand_in_id"), "payments", ["hand_in_id"], unique=False)
    op.create_index("ix_payments_request", "payments", ["request_id"], unique=False)
    op.create_index("ix_payments_taken_by", "payments", ["taken_by_id", "status"], unique=False)
    op.create_table(
        "quotes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "agreed",
                "declined",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("discount_cents", sa.BigInteger(), nullable=False),
        sa.Column("discount_reason", sa.String(length=4000), nullable=False),
        sa.Column("agreed_at", db.types.UtcInstant(), nullable=True),
        sa.Column("agreed_by", sa.String(length=120), nullable=False),
        sa.Column(
            "agreed_how",
            sa.Enum(
                "hotline",
                "online",
                "email",
                "letter",
                "counter",
                "on_site",
                "branch",
                "inspection",
                name="agreed_how",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("signature", sa.String(length=64), nullable=True),
        sa.Column("agreed_what", sa.String(length=64), nullable=False),
        sa.Column("invoice", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'agreed') = (agreed_at IS NOT NULL)", name=op.f("ck_quotes_agreed_when")
        ),
        sa.CheckConstraint(
            "invoice = '' OR status = 'agreed'", name=op.f("ck_quotes_invoice_of_agreed")
        ),
        sa.CheckConstraint(
            "cents >= 0 AND discount_cents >= 0", name=op.f("ck_quotes_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_quotes_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.UniqueConstraint("request_id", name=op.f("uq_quotes_request_id")),
    )
    op.create_table(
        "quote_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "labour",
                "part",
                "travel",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=120), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_cents", sa.BigInteger(), nullable=False),
        sa.Column("price_id", sa.Integer(), nullable=True),
        sa.Column("part_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_quote_lines_quantity_positive")),
        sa.CheckConstraint("unit_cents >= 0", name=op.f("ck_quote_lines_not_negative")),
        sa.ForeignKeyConstraint(
            ["part_id"], ["parts.id"], name=op.f("fk_quote_lines_part_id_parts")
        ),
        sa.ForeignKeyConstraint(
            ["price_id"], ["prices.id"], name=op.f("fk_quote_lines_price_id_prices")
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quotes.id"], name=op.f("fk_quote_lines_quote_id_quotes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_lines")),
    )
    op.create_index(op.f("ix_quote_lines_part_id"), "quote_lines", ["part_id"], unique=False)
    op.create_index(op.f("ix_quote_lines_price_id"), "quote_lines", ["price_id"], unique=False)
    op.create_index("ix_quote_lines_quote", "quote_lines", ["quote_id"], unique=False)


def downgrade() -> None:
    op.drop_table("quote_lines")
    op.drop_table("quotes")
    op.drop_table("payments")
    op.drop_table("hand_ins")
    op.drop_table("prices")
