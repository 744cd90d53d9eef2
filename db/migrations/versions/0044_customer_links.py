"""links by which customers look at their case, and what comes by them: answers, wishes"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

LINKS, CALLS = "customer_links", "follow_ups"
# In words of SQL: as a column of its own the key is added, and dropped, on SQLite too.
OF_CALL = (
    "ALTER TABLE follow_ups ADD COLUMN link_id INTEGER"
    " CONSTRAINT fk_follow_ups_link_id_customer_links REFERENCES customer_links (id)"
)


def upgrade() -> None:
    """Make the table, and add the columns."""
    op.create_table(
        LINKS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                *("given", "revoked"),
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", db.types.UtcInstant(), nullable=False),
        sa.Column("expires_at", db.types.UtcInstant(), nullable=False),
        sa.Column("revoked_at", db.types.UtcInstant(), nullable=True),
        sa.Column(
            "wish",
            sa.Enum(
                *("time", "cancel"),
                name="wish",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("wished_at", db.types.UtcInstant(), nullable=True),
        sa.Column("wish_text", sa.String(4000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(wish IS NULL) = (wished_at IS NULL)", name=op.f(f"ck_{LINKS}_wished_when")
        ),
        sa.CheckConstraint(
            "(status = 'revoked') = (revoked_at IS NOT NULL)",
            name=op.f(f"ck_{LINKS}_revoked_when"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f(f"fk_{LINKS}_request_id_requests")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f(f"fk_{LINKS}_made_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{LINKS}")),
        sa.UniqueConstraint("digest", name=op.f(f"uq_{LINKS}_digest")),
    )
    op.create_index(f"ix_{LINKS}_request", LINKS, ["request_id"])
    op.create_index(op.f(f"ix_{LINKS}_made_by_id"), LINKS, ["made_by_id"])
    op.execute(OF_CALL)
    op.create_index(op.f(f"ix_{CALLS}_link_id"), CALLS, ["link_id"])
    op.add_column("visits", sa.Column("confirmed_at", db.types.UtcInstant(), nullable=True))
    op.add_column(
        "company",
        sa.Column("customer_pages", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column(
        "company", sa.Column("link_days", sa.Integer(), nullable=False, server_default="180")
    )


def downgrade() -> None:
    """Take all of it away."""
    op.drop_column("company", "link_days")
    op.drop_column("company", "customer_pages")
    op.drop_column("visits", "confirmed_at")
    op.drop_index(op.f(f"ix_{CALLS}_link_id"), CALLS)
    op.drop_column(CALLS, "link_id")
    op.drop_table(LINKS)
