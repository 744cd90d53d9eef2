"""key customers, calls and visits on a plan; contracts, supplements; points of members"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

NOTICES = (
    *("escalation", "emergency", "resource_asked", "resource_decided"),
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault", "your_turn", "withdrawn", "imported_late"),
    *("absence", "renewal", "maintenance", "decision", "report", "stock", "tool", "workshop"),
    "access",
)
NEW = "care"
CALLS, KEYS = "care_calls", "key_customers"
CHECKS = {
    "attempts_not_negative": "attempts >= 0",
    "ended_when": "(status = 'due') = (ended_at IS NULL)",
    "score_range": "score BETWEEN 0 AND 10",
}
INDEXES = (
    ("ix_assets_purchased_on", "assets", ["purchased_on", "customer_id"]),
    ("ix_purchases_day", "purchases", ["purchased_on", "customer_id"]),
)


REASONS = (
    *("in_warranty", "out_of_warranty", "not_makers_fault", "no_warranty_data"),
    *("no_charge_kind", "rework", "goodwill"),
)
BY_CONTRACT = "by_contract"
CONTRACTS, PIECES, SUPPLEMENTS = "contracts", "contract_pieces", "supplements"
POINTS = "point_entries"
CONTRACT_CHECKS = {
    "valid_in_order": "valid_until >= valid_from",
    "response_positive": "response_hours > 0",
    "arrival_positive": "arrival_hours > 0",
    "in_force_when": "status <> 'in_force' OR in_force_at IS NOT NULL",
}
SUPPLEMENT_CHECKS = {
    "not_negative": "cents >= 0",
    "decided_by": "(status IN ('approved', 'refused')) = (decided_by_id IS NOT NULL)",
}
# In words of SQL: as a column of its own the key is added, and dropped, on SQLite too.
OF_CASE = (
    "ALTER TABLE requests ADD COLUMN contract_id INTEGER"
    " CONSTRAINT fk_requests_contract_id_contracts REFERENCES contracts (id)"
)


def _code(name: str, *members: str) -> sa.Column[Any]:
    kind = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, db.types.Json, nullable=False)


def _checks(table: str, checks: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(said, name=op.f(f"ck_{table}_{n}")) for n, said in checks.items()]


def _text(name: str, length: int = 4000) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _to(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"))
        for name, to in targets.items()
    ]


def _add_calls() -> None:
    op.create_table(
        CALLS,
        *(_id("id"), _id("customer_id")),
        _code("status", "due", "done", "unreachable", "skipped", "dropped"),
        *(_text("plan", 40), _text("title", 300), _text("clause", 16)),
        *(_code("whom", "buyer", "key"), _code("means", "call", "visit")),
        *(_day("counted_from"), _day("due_on"), _day("next_on")),
        *(_id("attempts"), _id("caller_id", nullable=True)),
        sa.Column("ended_at", db.types.UtcInstant(), nullable=True),
        _text("result"),
        _json("scores"),
        sa.Column("score", sa.Double(), nullable=True),
        *(_text("opinion"), _text("other_needs"), _id("complaint_id", nullable=True)),
        sa.Column("told_late_at", db.types.UtcInstant(), nullable=True),
        _id("version"),
        *_checks(CALLS, CHECKS),
        *_to(CALLS, customer_id="customers", caller_id="people", complaint_id="requests"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{CALLS}")),
        sa.UniqueConstraint(
            "customer_id", "plan", "due_on", name=op.f(f"uq_{CALLS}_customer_id_plan_due_on")
        ),
    )
    for name in ("caller_id", "complaint_id"):
        op.create_index(op.f(f"ix_{CALLS}_{name}"), CALLS, [name])
    op.create_index(f"ix_{CALLS}_open", CALLS, ["status", "next_on"])


def _add_keys() -> None:
    op.create_table(
        KEYS,
        *(_id("id"), _id("customer_id"), _code("status", "key", "former")),
        *(_day("since"), _text("reason"), _id("version")),
        *_to(KEYS, customer_id="customers"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{KEYS}")),
        sa.UniqueConstraint("customer_id", name=op.f(f"uq_{KEYS}_customer_id")),
    )
    op.create_index(op.f(f"ix_{KEYS}_since"), KEYS, ["since"])


def _add_contracts() -> None:
    op.create_table(
        CONTRACTS,
        *(_id("id"), _id("customer_id"), _text("number", 120)),
        _code("status", "draft", "in_force", "ended"),
        *(_text("scope"), _json("kinds"), _day("valid_from"), _day("valid_until", nullable=True)),
        _day("warranty_until", nullable=True),
        *(_id(name, nullable=True) for name in ("response_hours", "arrival_hours")),
        *map(_flag, ("labour_free", "parts_free", "travel_free")),
        sa.Column("in_force_at", db.types.UtcInstant(), nullable=True),
        _text("paper_name", 300),
        sa.Column("paper_digest", db.types.FileDigest(), nullable=True),
        _id("version"),
        *_checks(CONTRACTS, CONTRACT_CHECKS),
        *_to(CONTRACTS, customer_id="customers"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{CONTRACTS}")),
        sa.UniqueConstraint(
            "customer_id", "number", name=op.f(f"uq_{CONTRACTS}_customer_id_number")
        ),
    )
    op.create_index(f"ix_{CONTRACTS}_status", CONTRACTS, ["status", "valid_until"])
    op.create_table(
        PIECES,
        *(_id("id"), _id("contract_id"), _id("asset_id")),
        *_to(PIECES, contract_id=CONTRACTS, asset_id="assets"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{PIECES}")),
        sa.UniqueConstraint(
            "contract_id", "asset_id", name=op.f(f"uq_{PIECES}_contract_id_asset_id")
        ),
    )
    op.create_index(op.f(f"ix_{PIECES}_asset_id"), PIECES, ["asset_id"])


def _add_supplements() -> None:
    op.create_table(
        SUPPLEMENTS,
        *(_id("id"), _id("contract_id"), _id("request_id")),
        _code("status", "asked", "approved", "refused", "withdrawn"),
        *(_text("work"), sa.Column("cents", sa.BigInteger(), nullable=False), _text("reason")),
        *(_json("approvers"), _id("asked_by_id"), _id("decided_by_id", nullable=True)),
        _id("version"),
        *_checks(SUPPLEMENTS, SUPPLEMENT_CHECKS),
        *_to(SUPPLEMENTS, contract_id=CONTRACTS, request_id="requests"),
        *_to(SUPPLEMENTS, asked_by_id="people", decided_by_id="people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{SUPPLEMENTS}")),
    )
    for name in ("contract_id", "request_id", "asked_by_id", "decided_by_id"):
        op.create_index(op.f(f"ix_{SUPPLEMENTS}_{name}"), SUPPLEMENTS, [name])
    op.create_index(f"ix_{SUPPLEMENTS}_status", SUPPLEMENTS, ["status"])


def _add_points() -> None:
    op.create_table(
        POINTS,
        *(_id("id"), _id("customer_id"), _code("status", "booked", "countered"), _id("points")),
        _text("reason"),
        *(sa.Column(name, sa.String(40), nullable=True) for name in ("rule", "subject")),
        *(_id(name, nullable=True) for name in ("subject_id", "counters_id", "actor_id")),
        *(sa.Column("at", db.types.UtcInstant(), nullable=False), _id("version")),
        *_checks(POINTS, {"not_nothing": "points <> 0", "counters_another": "counters_id <> id"}),
        *_to(POINTS, customer_id="customers", counters_id=POINTS, actor_id="people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{POINTS}")),
        sa.UniqueConstraint(
            *("rule", "subject", "subject_id"), name=op.f(f"uq_{POINTS}_rule_subject_subject_id")
        ),
        sa.UniqueConstraint("counters_id", name=op.f(f"uq_{POINTS}_counters_id")),
    )
    op.create_index(f"ix_{POINTS}_customer", POINTS, ["customer_id", "id"])
    op.create_index(op.f(f"ix_{POINTS}_actor_id"), POINTS, ["actor_id"])


def _of_cases() -> None:
    codes.allow("requests", "charge_reason", *REASONS, BY_CONTRACT)
    op.execute(OF_CASE)
    beyond: sa.Column[Any] = sa.Column(
        "beyond_contract", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("requests", beyond)
    op.create_index(op.f("ix_requests_contract_id"), "requests", ["contract_id"])


def upgrade() -> None:
    """Add the tables, the notice, and what finds who bought something on a day."""
    _add_calls()
    _add_keys()
    _add_contracts()
    _add_supplements()
    _add_points()
    _of_cases()
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    codes.allow("notices", "kind", *NOTICES, NEW)


def downgrade() -> None:
    """Drop them; what was told of them goes."""
    op.execute("DELETE FROM notices WHERE kind = 'care'")
    codes.allow("notices", "kind", *NOTICES)
    for name, table, _columns in INDEXES:
        op.drop_index(name, table)
    op.drop_index(op.f("ix_requests_contract_id"), "requests")
    for name in ("beyond_contract", "contract_id"):
        op.drop_column("requests", name)
    # What was free by a contract was free because the company answers for it.
    op.execute("UPDATE requests SET charge_reason = 'in_warranty' WHERE charge_reason = 'by_contract'")
    codes.allow("requests", "charge_reason", *REASONS)
    op.drop_table(POINTS)
    op.drop_table(SUPPLEMENTS)
    op.drop_table(PIECES)
    op.drop_table(CONTRACTS)
    op.drop_table(CALLS)
    op.drop_table(KEYS)
