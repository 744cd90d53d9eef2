"""Articles of the knowledge base with their pictures, and the cases that took them."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import ArticleKind, ArticleStatus, FaultArea
from db.tables.customers import Product
from db.tables.people import Person
from db.types import FileDigest, Id, Instant, Json, Line, Name, Text, code

IN_FORCE = text("status = 'published'")
UNDER_WAY = text("status IN ('draft', 'checked')")
IS_WHOLE = "valid_until IS NOT NULL AND published_at IS NOT NULL AND checked_by_id IS NOT NULL"


class Article(Versioned, Base):
    """One edition of an article: a question and its answer, by product, fault and class."""

    __tablename__ = "articles"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("number", "edition"),
        CheckConstraint("edition > 0", name="edition_positive"),
        CheckConstraint(
            f"status NOT IN ('published', 'replaced') OR ({IS_WHOLE})", name="published_whole"
        ),
        CheckConstraint("checked_by_id IS NULL OR status <> 'draft'", name="draft_unchecked"),
        # Of an article one edition is in force, and one is being written.
        Index(
            "ix_articles_in_force",
            "number",
            unique=True,
            sqlite_where=IN_FORCE,
            postgresql_where=IN_FORCE,
        ),
        Index(
            "ix_articles_under_way",
            "number",
            unique=True,
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
        Index("ix_articles_status", "status", "valid_until"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24))
    edition: Mapped[int]
    status: Mapped[ArticleStatus] = mapped_column(code(ArticleStatus, "status"))
    kind: Mapped[ArticleKind] = mapped_column(code(ArticleKind, "kind"))
    headline: Mapped[Name]
    question: Mapped[Text]
    answer: Mapped[Text]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    fault_area: Mapped[FaultArea | None] = mapped_column(code(FaultArea, "fault_area"))
    case_class: Mapped[str] = mapped_column(String(40), default="")
    # The case whose answer it has grown from.
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    # Who looks after it, and everybody who has written in this edition: none of them checks it.
    keeper_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    writers: Mapped[list[Any]] = mapped_column(Json, default=list)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    published_at: Mapped[Instant | None]
    valid_until: Mapped[date | None]
    # When the keeper was told that it ends soon.
    told_ending_at: Mapped[Instant | None]

    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")
    keeper: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[keeper_id])
    checked_by: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[checked_by_id]
    )


class ArticlePicture(Base):
    """A picture of an edition, and the SHA-256 that it is stored under."""

    __tablename__ = "article_pictures"
    __table_args__ = (UniqueConstraint("article_id", "digest"),)

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    digest: Mapped[str] = mapped_column(FileDigest(), index=True)
    name: Mapped[Line]
    mime: Mapped[Name]


class ArticleUse(Base):
    """An article that a case was answered with, or a job was done by; and whether it helped."""

    __tablename__ = "article_uses"
    __table_args__ = (UniqueConstraint("article_id", "request_id"),)

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    used_at: Mapped[Instant]
    # Somebody has said so, before the case is over.
    said_to_help: Mapped[bool] = mapped_column(default=False)
    # When the customer came back about it, with a complaint.
    failed_at: Mapped[Instant | None]
