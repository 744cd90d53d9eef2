"""goods in the shop"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NOTICES = (
    *("escalation", "emergency", "resource_asked", "resource_decided"),
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault", "your_turn", "withdrawn", "imported_late"),
    *("absence", "renewal", "maintenance", "decision", "report", "stock", "tool"),
)
NEW = "workshop"
STATUSES = (
    *("received", "diagnosed", "quoted", "agreed", "declined"),
    *("repaired", "tested", "ready", "given_back"),
)
TABLE = "shop_pieces"
IN_SHOP = sa.text("status <> 'given_back'")
CHECKS = {
    "quote_not_negative": "quote_cents >= 0",
    "given_to_whom": "(given_at IS NULL) = (given_to = '')",
    "given_when": "(status = 'given_back') = (given_at IS NOT NULL)",
    "ready_when": "status NOT IN ('ready', 'given_back') OR ready_at IS NOT NULL",
    "lent_before_back": "lent <> '' OR lent_back_at IS NULL",
}
TARGETS = {
    "request_id": "requests",
    "asset_id": "assets",
    "station_id": "stations",
    "taken_in_by_id": "people",
    "technician_id": "people",
    "given_by_id": "people",
}


def _code(name: str, *members: str) -> sa.Column[Any]:
    kind = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _text(name: str, length: int) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _instant(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, db.types.UtcInstant(), nullable=nullable)


def _columns() -> list[sa.Column[Any]]:
    return [
        _id("id"),
        _text("number", 120),
        _id("request_id"),
        _id("asset_id", nullable=True),
        _id("station_id", nullable=True),
        _code("status", *STATUSES),
        _code("came_from", "site", "counter", "parcel"),
        _text("condition", 4000),
        _text("accessories", 4000),
        _text("shelf", 120),
        _text("handed_over_by", 120),
        _id("taken_in_by_id"),
        _instant("taken_in_at", nullable=False),
        _id("technician_id", nullable=True),
        _text("diagnosis", 4000),
        sa.Column("quote_cents", sa.BigInteger(), nullable=True),
        _text("work_done", 4000),
        _instant("ready_at"),
        _text("given_to", 120),
        _id("given_by_id", nullable=True),
        _instant("given_at"),
        _text("condition_back", 4000),
        _text("lent", 300),
        sa.Column("lent_until", sa.Date(), nullable=True),
        _instant("lent_back_at"),
        _instant("reminded_at"),
        _id("version"),
    ]


def upgrade() -> None:
    op.create_table(
        TABLE,
        *_columns(),
        *(sa.CheckConstraint(said, name=op.f(f"ck_{TABLE}_{n}")) for n, said in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{TABLE}_{name}_{to}"))
            for name, to in TARGETS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("number", name=op.f(f"uq_{TABLE}_number")),
    )
    for name in ("asset_id", "taken_in_by_id", "technician_id", "given_by_id"):
        op.create_index(op.f(f"ix_{TABLE}_{name}"), TABLE, [name])
    op.create_index(
        f"uq_{TABLE}_in_shop",
        TABLE,
        ["request_id"],
        unique=True,
        sqlite_where=IN_SHOP,
        postgresql_where=IN_SHOP,
    )
    op.create_index(f"ix_{TABLE}_request", TABLE, ["request_id"])
    op.create_index(f"ix_{TABLE}_status", TABLE, ["status", "station_id"])
    codes.allow("notices", "kind", *NOTICES, NEW)


def downgrade() -> None:
    op.execute(f"DELETE FROM notices WHERE kind = '{NEW}'")
    codes.allow("notices", "kind", *NOTICES)
    op.drop_table(TABLE)
