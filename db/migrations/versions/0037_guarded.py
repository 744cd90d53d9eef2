"""customers handed over between stations, readings of archives, contacts, the erased"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

WAITS = sa.text("status = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("from_station_id", sa.Integer(), nullable=False),
        sa.Column("to_station_id", sa.Integer(), nullable=False),
        sa.Column("is_offer", sa.Boolean(), nullable=False),
        _status("waiting", "accepted", "refused", "withdrawn"),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", db.types.UtcInstant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "from_station_id <> to_station_id", name=op.f("ck_handovers_to_another")
        ),
        *_keys(
            "handovers",
            customer_id="customers",
            from_station_id="stations",
            to_station_id="stations",
            asked_by_id="people",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    for column in ("customer_id", "from_station_id", "to_station_id", "asked_by_id"):
        op.create_index(op.f(f"ix_handovers_{column}"), "handovers", [column])
    op.create_index(
        "ix_handovers_waiting",
        "handovers",
        ["customer_id", "from_station_id"],
        unique=True,
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        _status("asked", "granted", "refused", "ended"),
        sa.Column("reason", sa.String(length=4000), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("asked_at", db.types.UtcInstant(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("companion_id", sa.Integer(), nullable=True),
        sa.Column("looked_at", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_readings_period_in_order")),
        sa.CheckConstraint(
            "companion_id <> person_id", name=op.f("ck_readings_accompanied_by_another")
        ),
        *_keys("readings", customer_id="customers", person_id="people", companion_id="people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    for column in ("customer_id", "companion_id"):
        op.create_index(op.f(f"ix_readings_{column}"), "readings", [column])
    op.create_index("ix_readings_person", "readings", ["person_id", "customer_id"])
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("phone_key", db.types.KeyText, server_default="", nullable=False),
        sa.Column("phone_end", db.types.KeyText, server_default="", nullable=False),
        *_keys("contacts", customer_id="customers"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_customer_id"), "contacts", ["customer_id"])
    op.create_index("ix_contacts_phone_key", "contacts", ["phone_key"])
    op.create_index("ix_contacts_phone_end", "contacts", ["phone_end"])
    op.add_column("customers", sa.Column("erased_at", db.types.UtcInstant(), nullable=True))


def downgrade() -> None:
    op.drop_column("customers", "erased_at")
    op.drop_table("contacts")
    op.drop_table("readings")
    op.drop_table("handovers")


def _status(*codes: str) -> sa.Column[str]:
    kind = sa.Enum(*codes, name="status", native_enum=False, create_constraint=True, length=32)
    return sa.Column("status", kind, nullable=False)


def _keys(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}_{other}"))
        for name, other in columns.items()
    ]
