"""Links by which customers look at their case."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import LinkStatus, WishKind
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.types import Id, Instant, Text, code


class CustomerLink(Versioned, Base):
    """A link that opens one case to its customer, until a day or until it is revoked."""

    __tablename__ = "customer_links"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("digest"),
        CheckConstraint("(status = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_when"),
        CheckConstraint("(wish IS NULL) = (wished_at IS NULL)", name="wished_when"),
        Index("ix_customer_links_request", "request_id"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    status: Mapped[LinkStatus] = mapped_column(code(LinkStatus, "status"))
    # Of the secret that the link holds; the secret itself is kept nowhere.
    digest: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    # What the customer asks for by it, until somebody has decided; in the customer's words.
    wish: Mapped[WishKind | None] = mapped_column(code(WishKind, "wish"))
    wished_at: Mapped[Instant | None]
    wish_text: Mapped[Text] = mapped_column(default="")

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    made_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
