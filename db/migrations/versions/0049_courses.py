"""courses for customers, who takes part, and their material"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

COURSES, SEATS, FILES = "courses", "course_seats", "course_files"
CHECKS = {
    COURSES: {
        "in_order": "ends_at > starts_at",
        "seats_positive": "seats > 0",
        "marks_together": "(pass_mark IS NULL) = (full_mark IS NULL)",
        "mark_range": "pass_mark BETWEEN 1 AND full_mark",
        "held_when": "status NOT IN ('held', 'closed') OR held_at IS NOT NULL",
    },
    SEATS: {
        "score_not_negative": "score >= 0",
        "second_not_negative": "second_score >= 0",
        "first_before_second": "second_score IS NULL OR score IS NOT NULL",
        "certificate_in_order": "certificate_until >= issued_on",
        "certified_whole": "status NOT IN ('certified', 'revoked')"
        " OR (certificate_no IS NOT NULL AND issued_on IS NOT NULL)",
    },
}


def _code(name: str, *members: str) -> sa.Column[Any]:
    kind = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False)


def _id(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _key(table: str, column: str, to: str, *, nullable: bool = False) -> tuple[Any, ...]:
    name = op.f(f"fk_{table}_{column}_{to}")
    return (
        sa.Column(column, sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name),
    )


def _once(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _checks(table: str) -> tuple[Any, ...]:
    rules = CHECKS[table].items()
    return tuple(sa.CheckConstraint(rule, op.f(f"ck_{table}_{name}")) for name, rule in rules)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        COURSES,
        *_id(COURSES),
        sa.Column("number", sa.String(24), nullable=False),
        _code("status", "planned", "held", "closed", "cancelled"),
        _code(
            "kind",
            *("operation", "safety", "application", "maintenance", "trial", "demonstration"),
        ),
        sa.Column("headline", sa.String(120), nullable=False),
        *_key(COURSES, "product_id", "products", nullable=True),
        *_key(COURSES, "station_id", "stations", nullable=True),
        *_key(COURSES, "request_id", "requests", nullable=True),
        sa.Column("trainers", db.types.Json, nullable=False),
        _code("held_in", "here", "at_customer", "online"),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("starts_at", db.types.UtcInstant(), nullable=False),
        sa.Column("ends_at", db.types.UtcInstant(), nullable=False),
        sa.Column("content", sa.String(4000), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=True),
        sa.Column("full_mark", sa.Integer(), nullable=True),
        sa.Column("held_at", db.types.UtcInstant(), nullable=True),
        sa.Column("result", sa.String(4000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks(COURSES),
        _once(COURSES, "number"),
    )
    _index(COURSES, "product_id", "station_id")
    op.create_index("ix_courses_status", COURSES, ["status", "starts_at"])
    alive = sa.text("status <> 'cancelled'")
    where: dict[str, Any] = {"sqlite_where": alive, "postgresql_where": alive}
    op.create_index("ix_courses_of_case", COURSES, ["request_id"], unique=True, **where)
    op.create_table(
        SEATS,
        *_id(SEATS),
        *_key(SEATS, "course_id", COURSES),
        *_key(SEATS, "customer_id", "customers"),
        _code("status", "invited", "attended", "absent", "excused", "certified", "revoked"),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("opinion", sa.String(4000), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("second_score", sa.Integer(), nullable=True),
        sa.Column("certificate_no", sa.String(24), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("certificate_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks(SEATS),
        _once(SEATS, "certificate_no"),
    )
    _index(SEATS, "course_id", "customer_id")
    op.create_table(
        FILES,
        *_id(FILES),
        *_key(FILES, "course_id", COURSES),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("mime", sa.String(120), nullable=False),
        _once(FILES, "course_id", "digest"),
    )
    _index(FILES, "digest")


def downgrade() -> None:
    """Take all of it away."""
    for table in (FILES, SEATS, COURSES):
        op.drop_table(table)
