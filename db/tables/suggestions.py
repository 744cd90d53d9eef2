"""Suggestions of customers."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import SuggestionStatus
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.types import Id, Instant, Text, code


class Suggestion(Versioned, Base):
    """A suggestion: collected, passed on, adopted or not, answered (S12, A25)."""

    __tablename__ = "suggestions"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (Index("ix_suggestions_status", "status", "department"),)

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    status: Mapped[SuggestionStatus] = mapped_column(code(SuggestionStatus, "status"))
    department: Mapped[str] = mapped_column(String(40), default="")
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    adopted: Mapped[bool | None]
    decision: Mapped[Text] = mapped_column(default="")
    decided_at: Mapped[Instant | None]

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    handler: Mapped[Person | None] = relationship(lazy="raise_on_sql")
