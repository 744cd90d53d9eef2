"""whoever is named in a case stands with the case, whatever its kind"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("named", db.types.Json, nullable=False, server_default="[]"))
    _copy("requests", "complaints", "complaints.request_id = requests.id")
    op.drop_column("complaints", "named")


def downgrade() -> None:
    op.add_column("complaints", sa.Column("named", db.types.Json, nullable=False, server_default="[]"))
    _copy("complaints", "requests", "requests.id = complaints.request_id")
    op.drop_column("requests", "named")


def _copy(to: str, source: str, which: str) -> None:
    op.execute(
        f"UPDATE {to} SET named = (SELECT {source}.named FROM {source} WHERE {which})"
        f" WHERE EXISTS (SELECT 1 FROM {source} WHERE {which})"
    )
