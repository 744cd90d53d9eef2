"""the life of a piece, what was paid for each line, warranties of parts"""

import calendar
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

STATUSES = "('bought', 'in_use', 'held', 'scrapped', 'recycled')"
# In words of SQL: as a column of its own a CHECK is added, and dropped, on SQLite too. A CHECK of
# two columns stands beside the later one of them.
COLUMNS = (
    ("assets", "status", "VARCHAR(32) DEFAULT 'in_use' NOT NULL",
     (("status", f"status IN {STATUSES}"),)),
    ("assets", "ended_from", "VARCHAR(32)",
     (("ended_from", f"ended_from IN {STATUSES}"),
      ("ended_whence", "(status IN ('scrapped', 'recycled')) = (ended_from IS NOT NULL)"))),
    ("assets", "left_on", "DATE",
     (("left_when", "(status IN ('bought', 'in_use')) = (left_on IS NULL)"),)),
    ("assets", "warranty_months", "INTEGER", (("months_not_negative", "warranty_months >= 0"),)),
    ("assets", "repair_days", "INTEGER DEFAULT 0 NOT NULL",
     (("repair_days_not_negative", "repair_days >= 0"),)),
    ("purchase_lines", "total_cents", "BIGINT DEFAULT 0 NOT NULL", ()),
    ("purchase_lines", "refunded_cents", "BIGINT DEFAULT 0 NOT NULL",
     (("refunded_within_paid", "refunded_cents >= 0 AND refunded_cents <= total_cents"),)),
    ("return_lines", "price_cents", "BIGINT DEFAULT 0 NOT NULL", ()),
    ("return_lines", "other_product_id", "INTEGER",
     (("fk", "products"),)),
    ("return_lines", "other_cents", "BIGINT",
     (("prices_not_negative", "price_cents >= 0 AND other_cents >= 0"),
      ("other_priced", "(other_product_id IS NULL) = (other_cents IS NULL)"))),
    ("parts", "warranty_months", "INTEGER", (("warranty_not_negative", "warranty_months >= 0"),)),
    ("part_uses", "warranty_until", "DATE", ()),
)  # fmt: skip
PAID = (
    "UPDATE purchase_lines SET total_cents = unit_cents * quantity,"
    " refunded_cents = unit_cents * returned",
    "UPDATE return_lines SET price_cents = unit_cents * quantity",
)
# What was taken back and not exchanged was the company's from the refund on; the newest return of
# a piece says so. What was put to scrap is no more.
GONE = """
    SELECT a.id, MAX(r.refunded_at), MIN(CASE WHEN EXISTS (
        SELECT 1 FROM stock_moves m WHERE m.line_id = l.id AND m.destination = 'scrap')
        THEN 0 ELSE 1 END)
    FROM assets a JOIN products p ON p.id = a.product_id
    JOIN purchase_lines b ON b.asset_id = a.id AND b.quantity = 1
    JOIN return_lines l ON l.purchase_line_id = b.id AND l.accepted > l.replaced
    JOIN returns r ON r.id = l.return_id AND r.refunded_at IS NOT NULL
    GROUP BY a.id
"""
# A piece that was exchanged is known by the number on its return alone.
EXCHANGED = """
    SELECT a.id, MAX(r.refunded_at), MIN(CASE WHEN EXISTS (
        SELECT 1 FROM stock_moves m WHERE m.line_id = l.id AND m.destination = 'scrap')
        THEN 0 ELSE 1 END)
    FROM return_lines l JOIN returns r ON r.id = l.return_id AND r.refunded_at IS NOT NULL
    JOIN purchase_lines b ON b.id = l.purchase_line_id
    JOIN assets a ON a.product_id = b.product_id AND a.serial = l.serial
    WHERE l.replaced > 0 AND l.quantity = 1 AND l.serial <> '' AND a.id <> COALESCE(b.asset_id, 0)
    GROUP BY a.id
"""
WARRANTIES = """
    SELECT a.id, a.purchased_on, a.warranty_until, p.warranty_months
    FROM assets a JOIN products p ON p.id = a.product_id
    WHERE a.purchased_on IS NOT NULL AND a.warranty_until IS NOT NULL
"""


def upgrade() -> None:
    for table, name, kind, checks in COLUMNS:
        _add(table, name, kind, checks)
    op.create_index("ix_return_lines_other_product_id", "return_lines", ["other_product_id"])
    for statement in PAID:
        op.execute(statement)
    run = op.get_bind().execute
    for query in (GONE, EXCHANGED):
        _end(run(sa.text(query)).all())
    _keep_months()


def downgrade() -> None:
    op.drop_index("ix_return_lines_other_product_id", "return_lines")
    for table, name, _kind, _checks in reversed(COLUMNS):
        op.drop_column(table, name)


def _add(table: str, name: str, kind: str, checks: tuple[tuple[str, str], ...]) -> None:
    said = f"ALTER TABLE {table} ADD COLUMN {name} {kind}"
    for check, text in checks:
        if check == "fk":
            said += f" CONSTRAINT fk_{table}_{name}_{text} REFERENCES {text} (id)"
        else:
            said += f" CONSTRAINT ck_{table}_{check} CHECK ({text})"
    op.execute(said)


def _end(found: Any) -> None:
    statement = sa.text(
        "UPDATE assets SET status = :status, ended_from = :whence, left_on = :day WHERE id = :id"
    )
    rows = [
        {
            "id": id,
            "status": "held" if lies else "scrapped",
            "whence": None if lies else "held",
            "day": str(at)[:10],
        }
        for id, at, lies in found
    ]
    for row in rows:
        op.get_bind().execute(statement, row | {"day": date.fromisoformat(row["day"])})


def _keep_months() -> None:
    """Months of warranty that a piece has of its own: read from where its warranty ends."""
    own = [
        {"id": id, "months": months}
        for id, bought, until, usual in op.get_bind().execute(sa.text(WARRANTIES)).all()
        if (months := _months(_day(bought), _day(until))) != usual
    ]
    if own:
        statement = sa.text("UPDATE assets SET warranty_months = :months WHERE id = :id")
        op.get_bind().execute(statement, own)


def _months(bought: date, until: date) -> int:
    months = (until.year - bought.year) * 12 + until.month - bought.month
    last = calendar.monthrange(until.year, until.month)[1]
    # It ends on the day before the same day, or with a month that has no such day.
    ends_here = until.day >= bought.day - 1 or (until.day == last and last < bought.day)
    more = until.day == last and bought.day == 1
    return max(0, months + 1 if more else months if ends_here else months - 1)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
