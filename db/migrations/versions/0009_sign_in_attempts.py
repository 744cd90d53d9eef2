"""tries to sign in, by name, address and browser"""

import unicodedata

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("at", db.types.UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sign_in_attempts_name", "sign_in_attempts", ["name"])
    op.create_index("ix_sign_in_attempts_address", "sign_in_attempts", ["address"])
    # Not in a batch, which would lose the checks of the table on SQLite.
    op.drop_column("people", "failed_sign_ins")
    op.drop_column("people", "locked_until")
    _plain_names()


def _plain_names() -> None:
    # Names are compared in half width from now on; a name that is taken so stays as it is.
    connection = op.get_bind()
    people = connection.execute(sa.text("SELECT id, username FROM people")).all()
    taken = {name for _id, name in people}
    for id, name in people:
        plain = unicodedata.normalize("NFKC", name.lower()).strip().lower()
        if plain not in taken and len(plain) <= 40:
            taken.add(plain)
            connection.execute(
                sa.text("UPDATE people SET username = :plain WHERE id = :id"),
                {"plain": plain, "id": id},
            )


def downgrade() -> None:
    op.add_column(
        "people", sa.Column("failed_sign_ins", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("people", sa.Column("locked_until", db.types.UtcInstant(), nullable=True))
    op.drop_table("sign_in_attempts")
