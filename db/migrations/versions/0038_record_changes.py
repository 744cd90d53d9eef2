"""old and new values under every row of history, sealed; history is not altered any more"""

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

TABLES = ("history", "record_changes")
WAYS = ("UPDATE", "DELETE")
OPENED = "SELECT 1 FROM history_openings"


def upgrade() -> None:
    """Add the table, and what refuses to change or delete rows of it and of the history."""
    op.create_table(
        "record_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("history_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(length=8), nullable=False),
        sa.Column("old", db.types.Json, nullable=False),
        sa.Column("new", db.types.Json, nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["history_id"], ["history.id"], name=op.f("fk_record_changes_history_id_history")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_changes")),
        sa.UniqueConstraint(
            "history_id", "place", name=op.f("uq_record_changes_history_id_place")
        ),
    )
    op.create_index("ix_record_changes_row", "record_changes", ["noun", "row_id", "id"])
    op.create_table(
        "history_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", db.types.UtcInstant(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("said", db.types.Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_history_checks_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_checks")),
    )
    op.create_table(
        "history_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_openings")),
        sa.CheckConstraint("id = 1", name=op.f("ck_history_openings_only_one")),
    )
    _lock()


def _lock() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            for way in WAYS:
                # Erasing a person blanks what rows say: its transaction alone sees its opening.
                when = f"WHEN NOT EXISTS ({OPENED}) " if way == "UPDATE" else ""
                op.execute(
                    f"CREATE TRIGGER {table}_no_{way.lower()} BEFORE {way} ON {table} {when}"
                    "BEGIN SELECT RAISE(ABORT, 'history is not altered'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION history_is_not_altered() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'UPDATE' AND EXISTS ({OPENED}) THEN RETURN NULL; END IF; "
        "RAISE EXCEPTION 'history is not altered'; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION history_is_not_altered()"
        )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("history_checks")
    if op.get_bind().dialect.name == "sqlite":
        for way in WAYS:
            op.execute(f"DROP TRIGGER history_no_{way.lower()}")
        op.drop_table("record_changes")
        op.drop_table("history_openings")
        return
    op.execute("DROP TRIGGER history_no_change ON history")
    op.drop_table("record_changes")
    op.execute("DROP FUNCTION history_is_not_altered()")
    op.drop_table("history_openings")
