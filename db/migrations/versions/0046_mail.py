"""mailboxes that are read, the mails that came in, and their files"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

BOXES, MAILS, FILES = "mail_boxes", "mails", "mail_files"


def _code(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    """Make the tables."""
    faults = ("address", "unreachable", "refused", "no_folder", "not_safe", "broken")
    op.create_table(
        BOXES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("series", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("busy_until", db.types.UtcInstant(), nullable=True),
        sa.Column("read_at", db.types.UtcInstant(), nullable=True),
        sa.Column("failed_at", db.types.UtcInstant(), nullable=True),
        sa.Column("fault", _code("fault", *faults), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(fault IS NULL) = (failed_at IS NULL)", name=op.f(f"ck_{BOXES}_failed_why")
        ),
        sa.CheckConstraint("failures >= 0", name=op.f(f"ck_{BOXES}_failures_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{BOXES}")),
        sa.UniqueConstraint("address", name=op.f(f"uq_{BOXES}_address")),
    )
    statuses = ("waiting", "accepted", "attached", "set_aside", "left")
    op.create_table(
        MAILS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", _code("status", *statuses), nullable=False),
        sa.Column("letter_hash", sa.String(64), nullable=False),
        sa.Column("message_id", sa.String(300), nullable=False),
        sa.Column("sender", sa.String(300), nullable=False),
        sa.Column("sender_name", sa.String(120), nullable=False),
        sa.Column("sender_key", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("body", sa.String(20_000), nullable=False),
        sa.Column("is_cut", sa.Boolean(), nullable=False),
        sa.Column("received_at", db.types.UtcInstant(), nullable=False),
        sa.Column("taken_at", db.types.UtcInstant(), nullable=False),
        sa.Column(
            "machine", _code("machine", "own", "bounce", "automatic", "list", "flood"), nullable=True
        ),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("is_their_address", sa.Boolean(), nullable=False),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("handled_at", db.types.UtcInstant(), nullable=True),
        sa.Column("reason", sa.String(4000), nullable=False),
        sa.Column("answered_at", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'left') = (machine IS NOT NULL)", name=op.f(f"ck_{MAILS}_left_why")
        ),
        sa.CheckConstraint(
            "(status IN ('accepted', 'attached')) = (request_id IS NOT NULL)",
            name=op.f(f"ck_{MAILS}_of_a_case"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f(f"fk_{MAILS}_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f(f"fk_{MAILS}_request_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["handled_by_id"], ["people.id"], name=op.f(f"fk_{MAILS}_handled_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{MAILS}")),
        sa.UniqueConstraint("letter_hash", name=op.f(f"uq_{MAILS}_letter_hash")),
    )
    op.create_index(f"ix_{MAILS}_status", MAILS, ["status", "received_at"])
    op.create_index(f"ix_{MAILS}_sender", MAILS, ["sender_key", "received_at"])
    op.create_index(f"ix_{MAILS}_message", MAILS, ["message_id"])
    op.create_index(f"ix_{MAILS}_request", MAILS, ["request_id"])
    op.create_index(f"ix_{MAILS}_customer", MAILS, ["customer_id"])
    op.create_index(op.f(f"ix_{MAILS}_handled_by_id"), MAILS, ["handled_by_id"])
    op.create_table(
        FILES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("mime", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", db.types.FileDigest(), nullable=True),
        sa.Column(
            "flaw", _code("flaw", "empty", "too_large", "unknown_type", "too_many"), nullable=True
        ),
        sa.CheckConstraint(
            "digest IS NULL OR flaw IS NULL", name=op.f(f"ck_{FILES}_kept_or_refused")
        ),
        sa.CheckConstraint("size >= 0", name=op.f(f"ck_{FILES}_size_not_negative")),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mails.id"], name=op.f(f"fk_{FILES}_mail_id_mails")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{FILES}")),
        sa.UniqueConstraint("mail_id", "place", name=op.f(f"uq_{FILES}_mail_id_place")),
    )
    op.create_index(op.f(f"ix_{FILES}_digest"), FILES, ["digest"])


def downgrade() -> None:
    """Take them away."""
    for name in (FILES, MAILS, BOXES):
        op.drop_table(name)
