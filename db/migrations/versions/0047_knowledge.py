"""articles of the knowledge base, their pictures, the cases that took them, and their words"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import db.types

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

ARTICLES, PICTURES, USES, WORDS = "articles", "article_pictures", "article_uses", "knowledge_words"
IS_WHOLE = "valid_until IS NOT NULL AND published_at IS NOT NULL AND checked_by_id IS NOT NULL"
CHECKS = {
    "edition_positive": "edition > 0",
    "published_whole": f"status NOT IN ('published', 'replaced') OR ({IS_WHOLE})",
    "draft_unchecked": "checked_by_id IS NULL OR status <> 'draft'",
}
FAULTS = (
    *("power", "noise", "leak", "function", "control", "appearance", "installation"),
    *("service", "delivery", "other"),
)
ONE_OF = {"in_force": "status = 'published'", "under_way": "status IN ('draft', 'checked')"}
SQLITE = (
    f"CREATE VIRTUAL TABLE {WORDS} USING fts5(pieces, tokenize = 'ascii', columnsize = 0)",
)
POSTGRESQL = (
    f"CREATE TABLE {WORDS} ("
    " rowid INTEGER NOT NULL,"
    " pieces TEXT NOT NULL,"
    f" CONSTRAINT pk_{WORDS} PRIMARY KEY (rowid),"
    f" CONSTRAINT fk_{WORDS}_rowid_articles FOREIGN KEY (rowid)"
    " REFERENCES articles (id) ON DELETE CASCADE)",
    f"CREATE INDEX ix_{WORDS}_pieces ON {WORDS} USING gin (string_to_array(pieces, ' '))",
)


def _code(name: str, *members: str, nullable: bool = False) -> sa.Column[Any]:
    kind = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=nullable)


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


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    """Make the tables, and the index of their words."""
    op.create_table(
        ARTICLES,
        *_id(ARTICLES),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        _code("status", "draft", "checked", "published", "replaced", "withdrawn"),
        _code("kind", "answer", "guidance"),
        sa.Column("headline", sa.String(120), nullable=False),
        sa.Column("question", sa.String(4000), nullable=False),
        sa.Column("answer", sa.String(4000), nullable=False),
        *_key(ARTICLES, "product_id", "products", nullable=True),
        _code("fault_area", *FAULTS, nullable=True),
        sa.Column("case_class", sa.String(40), nullable=False),
        *_key(ARTICLES, "request_id", "requests", nullable=True),
        *_key(ARTICLES, "keeper_id", "people"),
        sa.Column("writers", db.types.Json, nullable=False),
        *_key(ARTICLES, "checked_by_id", "people", nullable=True),
        sa.Column("published_at", db.types.UtcInstant(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("told_ending_at", db.types.UtcInstant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(rule, op.f(f"ck_{ARTICLES}_{n}")) for n, rule in CHECKS.items()),
        sa.UniqueConstraint("number", "edition", name=op.f(f"uq_{ARTICLES}_number_edition")),
    )
    _index(ARTICLES, "product_id", "request_id", "keeper_id", "checked_by_id")
    op.create_index("ix_articles_status", ARTICLES, ["status", "valid_until"])
    for name, which in ONE_OF.items():
        where: dict[str, Any] = {"sqlite_where": sa.text(which), "postgresql_where": sa.text(which)}
        op.create_index(f"ix_articles_{name}", ARTICLES, ["number"], unique=True, **where)
    op.create_table(
        PICTURES,
        *_id(PICTURES),
        *_key(PICTURES, "article_id", ARTICLES),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("mime", sa.String(120), nullable=False),
        sa.UniqueConstraint("article_id", "digest", name=op.f(f"uq_{PICTURES}_article_id_digest")),
    )
    _index(PICTURES, "digest")
    op.create_table(
        USES,
        *_id(USES),
        *_key(USES, "article_id", ARTICLES),
        *_key(USES, "request_id", "requests"),
        *_key(USES, "person_id", "people"),
        sa.Column("used_at", db.types.UtcInstant(), nullable=False),
        sa.Column("said_to_help", sa.Boolean(), nullable=False),
        sa.Column("failed_at", db.types.UtcInstant(), nullable=True),
        sa.UniqueConstraint("article_id", "request_id", name=op.f(f"uq_{USES}_article_id_request_id")),
    )
    _index(USES, "request_id", "person_id")
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take all of it away."""
    op.execute(f"DROP TABLE {WORDS}")
    for table in (USES, PICTURES, ARTICLES):
        op.drop_table(table)
