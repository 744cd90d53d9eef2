"""an invoice is one purchase, a piece comes back once"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from db.keys import invoice_key, piece_key

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INVOICES = "SELECT id, customer_id, invoice_no FROM purchases WHERE invoice_no <> '' ORDER BY id"
# What was exchanged before: the purchase stands for the piece that was sent instead.
EXCHANGED = """
    UPDATE purchase_lines SET asset_id = (
        SELECT r.asset_id FROM replacements r JOIN return_lines l ON l.id = r.line_id
        WHERE l.purchase_line_id = purchase_lines.id ORDER BY r.id DESC LIMIT 1)
    WHERE asset_id IS NOT NULL AND quantity = 1 AND EXISTS (
        SELECT 1 FROM replacements r JOIN return_lines l ON l.id = r.line_id
        WHERE l.purchase_line_id = purchase_lines.id)
"""
# The return keeps saying which piece it was about.
SAID = """
    UPDATE return_lines SET serial = COALESCE((
        SELECT a.serial FROM purchase_lines b JOIN assets a ON a.id = b.asset_id
        WHERE b.id = return_lines.purchase_line_id), '')
    WHERE serial = ''
"""
BOUGHT = """
    SELECT b.id, a.serial, p.brand, p.model FROM purchase_lines b
    JOIN assets a ON a.id = b.asset_id JOIN products p ON p.id = b.product_id
    WHERE a.serial <> '' ORDER BY b.id
"""
# What is under way, or was taken back.
HELD = """
    SELECT l.id, l.serial, p.brand, p.model FROM return_lines l
    JOIN purchase_lines b ON b.id = l.purchase_line_id JOIN products p ON p.id = b.product_id
    WHERE l.serial <> '' AND l.quantity = 1 AND (l.held > 0 OR l.accepted > 0) ORDER BY l.id
"""


def upgrade() -> None:
    _column("purchases", "invoice_key")
    _column("purchase_lines", "piece")
    _column("return_lines", "piece")
    run = op.get_bind().execute
    run(sa.text(SAID))
    run(sa.text(EXCHANGED))
    invoices = ((id, owner, invoice_key(no)) for id, owner, no in run(sa.text(INVOICES)).all())
    _keep("purchases", "invoice_key", _once((id, (key, owner)) for id, owner, key in invoices))
    for table, query in (("purchase_lines", BOUGHT), ("return_lines", HELD)):
        named = ((row[0], (piece_key(*row[1:]),)) for row in run(sa.text(query)).all())
        _keep(table, "piece", _once(named))
    _index("purchases", "invoice", "invoice_key", "customer_id")
    _index("purchase_lines", "piece", "piece")
    _index("return_lines", "piece", "piece")


def downgrade() -> None:
    for table, name, column in (
        ("return_lines", "piece", "piece"),
        ("purchase_lines", "piece", "piece"),
        ("purchases", "invoice", "invoice_key"),
    ):
        op.drop_index(f"ix_{table}_{name}", table)
        op.drop_column(table, column)


def _column(table: str, name: str) -> None:
    kind = sa.String(length=120)
    op.add_column(table, sa.Column(name, kind, nullable=False, server_default=""))


def _once(found: Iterable[tuple[int, tuple[object, ...]]]) -> list[dict[str, object]]:
    """The first row of each key; what was written down again later keeps none."""
    first: dict[tuple[object, ...], int] = {}
    for id, key in found:
        if key[0]:
            first.setdefault(key, id)
    return [{"id": id, "key": key[0]} for key, id in first.items()]


def _keep(table: str, column: str, keys: list[dict[str, object]]) -> None:
    if keys:
        statement = sa.text(f"UPDATE {table} SET {column} = :key WHERE id = :id")
        op.get_bind().execute(statement, keys)


def _index(table: str, name: str, *columns: str) -> None:
    has_key = sa.text(f"{columns[0]} <> ''")
    op.create_index(
        f"ix_{table}_{name}",
        table,
        list(columns),
        unique=True,
        sqlite_where=has_key,
        postgresql_where=has_key,
    )
