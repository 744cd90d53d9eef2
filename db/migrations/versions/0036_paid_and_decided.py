"""what was paid of a quote, who decided a charge, which job a tool was taken for"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

UNPAID = sa.text("paid_cents < cents")
# The reasons that no file gives.
BY_PERSON = "'goodwill', 'not_makers_fault'"


def upgrade() -> None:
    """Add what is stored from now on, filled as far as payments and history tell it."""
    paid = sa.Column("paid_cents", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("quotes", paid)
    op.execute(
        "UPDATE quotes SET paid_cents = coalesce((SELECT sum(payments.cents) FROM payments"
        " WHERE payments.request_id = quotes.request_id AND payments.status <> 'undone'), 0)"
    )
    op.create_index(
        *("ix_quotes_unpaid", "quotes", ["status"]),
        sqlite_where=UNPAID,
        postgresql_where=UNPAID,
    )
    op.add_column(
        "requests",
        sa.Column("charge_by_person", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    # What was judged anew by the tool has no note; what a person set may have none either.
    op.execute(
        f"UPDATE requests SET charge_by_person = {sa.true().compile(op.get_bind())}"
        f" WHERE charge_reason IN ({BY_PERSON}) OR id IN (SELECT subject_id FROM history"
        " WHERE subject = 'request' AND action = 'charge_set'"
        " AND (note <> '' OR charge_reason = 'rework'))"
    )
    _add_trips()


def _add_trips() -> None:
    owners = (("tool_id", "tools"), ("job_id", "jobs"), ("person_id", "people"))
    op.create_table(
        "tool_trips",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name, _table in owners),
        sa.Column("taken_at", db.types.UtcInstant(), nullable=False),
        sa.Column("back_at", db.types.UtcInstant(), nullable=True),
        sa.CheckConstraint("back_at >= taken_at", name=op.f("ck_tool_trips_back_after")),
        *(
            sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_tool_trips_{name}_{to}"))
            for name, to in owners
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_trips")),
    )
    for name, _table in owners:
        op.create_index(op.f(f"ix_tool_trips_{name}"), "tool_trips", [name])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("tool_trips")
    op.drop_column("requests", "charge_by_person")
    op.drop_index("ix_quotes_unpaid", "quotes")
    op.drop_column("quotes", "paid_cents")
