"""The revisions of the rule book and its draft."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.types import Data, Id, Instant, Name


class NormRevision(Base):
    """A dated, immutable revision of the company's rule book."""

    __tablename__ = "norm_revisions"
    __table_args__ = (UniqueConstraint("number"),)

    id: Mapped[Id]
    number: Mapped[int]
    pack: Mapped[str] = mapped_column(String(32))
    in_force_on: Mapped[date] = mapped_column(index=True)
    signed_by: Mapped[Name]
    created_at: Mapped[Instant]
    data: Mapped[Data]


class NormDraft(Base):
    """A person's draft of the next revision."""

    __tablename__ = "norm_drafts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    data: Mapped[Data]
    at: Mapped[Instant]
