"""people's qualifications, shifts and absences, regions, and where a day on the road begins"""

import sqlalchemy as sa
from alembic import op

import db.types
from db.migrations import codes

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NOTICES = (
    *("escalation", "emergency", "resource_asked", "resource_decided"),
    *("assigned", "approval", "plan_decided", "reopened", "penalty", "appeal", "appeal_decided"),
    *("improvement", "repeat_fault", "your_turn", "withdrawn", "imported_late"),
)
NEW = ("absence", "renewal")
# In words of SQL: as a column of its own the CHECK is added, and dropped, on SQLite too.
DAY_START = (
    "ALTER TABLE people ADD COLUMN day_start VARCHAR(32) DEFAULT 'station' NOT NULL"
    " CONSTRAINT ck_people_day_start CHECK (day_start IN ('station', 'home'))"
)


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("begins_at", db.types.UtcInstant(), nullable=False),
        sa.Column("ends_at", db.types.UtcInstant(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "leave",
                "sick",
                "training",
                "other",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "asked",
                "approved",
                "refused",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=4000), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", db.types.UtcInstant(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'refused') OR decided_by_id IS NOT NULL",
            name=op.f("ck_absences_decided_when"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> person_id", name=op.f("ck_absences_decided_by_another")
        ),
        sa.CheckConstraint("ends_at > begins_at", name=op.f("ck_absences_in_order")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["people.id"], name=op.f("fk_absences_asked_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_absences_decided_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_absences_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_person", "absences", ["person_id", "ends_at"])
    op.create_index("ix_absences_status", "absences", ["status", "begins_at"])
    op.create_table(
        "qualifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("scan_digest", sa.String(length=64), nullable=True),
        sa.Column("scan_name", sa.String(length=300), nullable=False),
        sa.Column("scan_mime", sa.String(length=120), nullable=False),
        sa.Column("told_of", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "valid_until >= valid_from", name=op.f("ck_qualifications_valid_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_qualifications_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualifications")),
    )
    op.create_index(op.f("ix_qualifications_person_id"), "qualifications", ["person_id"])
    op.create_index("ix_qualifications_until", "qualifications", ["valid_until"])
    op.create_table(
        "regions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("stand_in_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("stand_in_id <> responsible_id", name=op.f("ck_regions_two_people")),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["people.id"], name=op.f("fk_regions_responsible_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["stand_in_id"], ["people.id"], name=op.f("fk_regions_stand_in_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.id"], name=op.f("fk_regions_station_id_stations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
        sa.UniqueConstraint("name", name=op.f("uq_regions_name")),
    )
    op.create_index(op.f("ix_regions_station_id"), "regions", ["station_id"])
    op.create_table(
        "shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column(
            "weekday",
            sa.Enum(
                "mon",
                "tue",
                "wed",
                "thu",
                "fri",
                "sat",
                "sun",
                name="weekday",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts", sa.String(length=5), nullable=False),
        sa.Column("ends", sa.String(length=5), nullable=False),
        sa.Column("break_starts", sa.String(length=5), nullable=True),
        sa.Column("break_ends", sa.String(length=5), nullable=True),
        sa.CheckConstraint(
            "(break_starts IS NULL AND break_ends IS NULL) OR (starts <= break_starts AND break_starts < break_ends AND break_ends <= ends)",
            name=op.f("ck_shifts_break_inside"),
        ),
        sa.CheckConstraint(
            "person_id IS NULL OR station_id IS NULL", name=op.f("ck_shifts_one_owner")
        ),
        sa.CheckConstraint("starts < ends", name=op.f("ck_shifts_in_order")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_shifts_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["stations.id"], name=op.f("fk_shifts_station_id_stations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_index("ix_shifts_owner", "shifts", ["person_id", "station_id", "valid_from"])
    op.create_index(op.f("ix_shifts_station_id"), "shifts", ["station_id"])
    op.create_table(
        "region_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_region_places_region_id_regions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_places")),
        sa.UniqueConstraint("text", name=op.f("uq_region_places_text")),
    )
    op.create_index(op.f("ix_region_places_region_id"), "region_places", ["region_id"])
    op.execute(DAY_START)
    for table in ("people", "stations"):
        address = sa.Column("address", sa.String(length=300), nullable=False, server_default="")
        op.add_column(table, address)
        op.add_column(table, sa.Column("latitude", sa.Double(), nullable=True))
        op.add_column(table, sa.Column("longitude", sa.Double(), nullable=True))
    codes.allow("notices", "kind", *NOTICES, *NEW)


def downgrade() -> None:
    op.execute("DELETE FROM notices WHERE kind IN ('absence', 'renewal')")
    codes.allow("notices", "kind", *NOTICES)
    for table in ("stations", "people"):
        for name in ("longitude", "latitude", "address"):
            op.drop_column(table, name)
    op.drop_column("people", "day_start")
    for table in ("region_places", "shifts", "regions", "qualifications", "absences"):
        op.drop_table(table)
