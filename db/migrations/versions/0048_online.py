"""requests that come online, labels of pieces, acceptance slips that are confirmed by a link"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

JOBS = "jobs"
REQUESTS, FILES, LABELS = "online_requests", "online_files", "piece_labels"


def _code(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    """Make the tables, and add the columns."""
    kinds = (
        *("consultation", "repair", "installation", "cleaning", "parts", "complaint"),
        *("quality_feedback", "return", "suggestion", "training"),
    )
    texts = ("name", 120), ("phone", 40), ("phone_key", 60), ("email", 300), ("address", 300)
    op.create_table(
        REQUESTS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "status", _code("status", "waiting", "accepted", "attached", "set_aside"), nullable=False
        ),
        sa.Column("kind", _code("kind", *kinds), nullable=False),
        sa.Column("language", _code("language", "zh_CN", "en"), nullable=False),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in texts),
        sa.Column("product", sa.String(120), nullable=False),
        sa.Column("body", sa.String(4000), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("came_from", sa.String(64), nullable=False),
        sa.Column("taken_at", db.types.UtcInstant(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("handled_at", db.types.UtcInstant(), nullable=True),
        sa.Column("reason", sa.String(4000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('accepted', 'attached')) = (request_id IS NOT NULL)",
            name=op.f(f"ck_{REQUESTS}_of_a_case"),
        ),
        _key(REQUESTS, "asset_id", "assets"),
        _key(REQUESTS, "request_id", "requests"),
        _key(REQUESTS, "handled_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{REQUESTS}")),
    )
    op.create_index(f"ix_{REQUESTS}_status", REQUESTS, ["status", "taken_at"])
    op.create_index(f"ix_{REQUESTS}_phone", REQUESTS, ["phone_key", "taken_at"])
    op.create_index(f"ix_{REQUESTS}_request", REQUESTS, ["request_id"])
    op.create_index(f"ix_{REQUESTS}_asset", REQUESTS, ["asset_id"])
    op.create_index(op.f(f"ix_{REQUESTS}_handled_by_id"), REQUESTS, ["handled_by_id"])
    op.create_table(
        FILES,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("online_request_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("mime", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", db.types.FileDigest(), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f(f"ck_{FILES}_size_not_negative")),
        _key(FILES, "online_request_id", REQUESTS),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{FILES}")),
        sa.UniqueConstraint(
            "online_request_id", "digest", name=op.f(f"uq_{FILES}_online_request_id_digest")
        ),
    )
    op.create_index(op.f(f"ix_{FILES}_digest"), FILES, ["digest"])
    op.create_table(
        LABELS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("status", _code("status", "given", "revoked"), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", db.types.UtcInstant(), nullable=False),
        sa.Column("revoked_at", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'revoked') = (revoked_at IS NOT NULL)",
            name=op.f(f"ck_{LABELS}_revoked_when"),
        ),
        _key(LABELS, "asset_id", "assets"),
        _key(LABELS, "made_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{LABELS}")),
        sa.UniqueConstraint("digest", name=op.f(f"uq_{LABELS}_digest")),
    )
    op.create_index(f"ix_{LABELS}_asset", LABELS, ["asset_id"])
    op.create_index(op.f(f"ix_{LABELS}_made_by_id"), LABELS, ["made_by_id"])
    op.add_column(JOBS, sa.Column("accepted_at", db.types.UtcInstant(), nullable=True))
    for name, length in (("accepted_by", 120), ("accepted_what", 64)):
        kind = sa.String(length)
        op.add_column(JOBS, sa.Column(name, kind, nullable=False, server_default=""))


def downgrade() -> None:
    """Take them away."""
    for name in ("accepted_what", "accepted_by", "accepted_at"):
        op.drop_column(JOBS, name)
    for name in (LABELS, FILES, REQUESTS):
        op.drop_table(name)
