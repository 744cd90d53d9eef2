"""what a visit that ended unfinished lacks, when a waiting ends, goods that are recycled"""

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# In words of SQL: as a column of its own the CHECK is added, and dropped, on SQLite too.
WAIT_UNTIL = (
    "ALTER TABLE requests ADD COLUMN wait_until {type} CONSTRAINT ck_requests_waits_until"
    " CHECK (wait_until IS NULL OR wait_reason IS NOT NULL)"
)

SHOP = "shop_pieces"
REASONS = (
    *("received", "moved", "picked", "put_back", "issued", "given_back", "used", "undone"),
    "counted",
)
OUT = ("sent_back", "scrapped")
STATUSES = (
    *("received", "diagnosed", "quoted", "agreed", "declined"),
    *("repaired", "tested", "ready", "given_back"),
)
PURPOSE = (
    f"ALTER TABLE {SHOP} ADD COLUMN purpose VARCHAR(32) DEFAULT 'repair' NOT NULL"
    " CONSTRAINT ck_shop_pieces_purpose CHECK (purpose IN ('repair', 'recycling'))"
)
RECYCLED_AT = (
    f"ALTER TABLE {SHOP} ADD COLUMN recycled_at {{type}} CONSTRAINT ck_shop_pieces_recycled_when"
    " CHECK ((status = 'recycled') = (recycled_at IS NOT NULL))"
)

# Whoever recycled it had it in the end.
GIVEN_AWAY = (
    f"UPDATE {SHOP} SET status = 'given_back', given_to = recycled_to, given_at = recycled_at,"
    " ready_at = coalesce(ready_at, recycled_at), recycled_at = NULL WHERE status = 'recycled'"
)


def _once(where: "sa.TextClause") -> None:
    """The goods of a case are there once at a time, as far as this holds."""
    index = "uq_shop_pieces_in_shop"
    op.drop_index(index, SHOP)
    op.create_index(
        index, SHOP, ["request_id"], unique=True, sqlite_where=where, postgresql_where=where
    )


def upgrade() -> None:
    """Add the columns."""
    wide, name = sa.String(length=300), sa.String(length=120)
    op.add_column("visits", sa.Column("tools_wanted", wide, nullable=False, server_default=""))
    instant = db.types.UtcInstant().compile(dialect=op.get_bind().dialect)
    op.execute(WAIT_UNTIL.format(type=instant))
    op.create_index(op.f("ix_requests_wait_until"), "requests", ["wait_until"])
    op.add_column(SHOP, sa.Column("recycled_to", name, nullable=False, server_default=""))
    codes.allow(SHOP, "status", *STATUSES, "recycled")
    op.execute(PURPOSE)
    op.execute(RECYCLED_AT.format(type=instant))
    codes.allow("part_moves", "reason", *REASONS, *OUT)
    _once(sa.text("status NOT IN ('given_back', 'recycled') AND purpose = 'repair'"))


def downgrade() -> None:
    """Drop the columns, and what only they could tell."""
    op.execute(GIVEN_AWAY)
    op.execute(f"DELETE FROM {SHOP} WHERE purpose = 'recycling' AND status = 'received'")
    # Without words of its own it is what a count found.
    op.execute("UPDATE part_moves SET reason = 'counted' WHERE reason IN ('sent_back', 'scrapped')")
    codes.allow("part_moves", "reason", *REASONS)
    _once(sa.text("status <> 'given_back'"))
    for column in ("recycled_at", "recycled_to", "purpose"):
        op.drop_column(SHOP, column)
    codes.allow(SHOP, "status", *STATUSES)
    op.drop_index(op.f("ix_requests_wait_until"), "requests")
    op.drop_column("requests", "wait_until")
    op.drop_column("visits", "tools_wanted")
