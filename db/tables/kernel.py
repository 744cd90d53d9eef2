"""One-time form keys, drafts of forms and counters of numbers."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.types import Data, Instant, Json


class FormKey(Base):
    """A submitted form: sending it again gives the first result, not a second case."""

    __tablename__ = "form_keys"
    __table_args__ = (Index("ix_form_keys_at", "at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    at: Mapped[Instant]


class Draft(Base):
    """What a person has typed into a form and not sent yet."""

    __tablename__ = "drafts"
    __table_args__ = (Index("ix_drafts_saved_at", "saved_at"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(120), primary_key=True)
    data: Mapped[Data]
    saved_at: Mapped[Instant]


class Counter(Base):
    """The last number given out in a series."""

    __tablename__ = "counters"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]
