"""Whom a recall concerns: the owners of the batch, each told and ticked off."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import Channel, OwnerStatus
from db.tables.customers import Customer
from db.tables.emergencies import Emergency
from db.tables.people import Person
from db.types import Id, Instant, Text, code


class RecallOwner(Versioned, Base):
    """A customer who has goods of a recalled batch, or had (A27)."""

    __tablename__ = "recall_owners"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("emergency_id", "customer_id"),
        CheckConstraint("(status = 'told') = (told_at IS NOT NULL)", name="told_when"),
        CheckConstraint("(told_at IS NULL) = (told_by_id IS NULL)", name="told_by_somebody"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index("ix_recall_owners_status", "status"),
    )

    id: Mapped[Id]
    emergency_id: Mapped[int] = mapped_column(ForeignKey("emergencies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    batch: Mapped[str] = mapped_column(String(60))
    status: Mapped[OwnerStatus] = mapped_column(code(OwnerStatus, "status"))
    attempts: Mapped[int] = mapped_column(default=0)
    channel: Mapped[Channel | None] = mapped_column(code(Channel, "channel"))
    note: Mapped[Text] = mapped_column(default="")
    told_at: Mapped[Instant | None]
    told_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)

    emergency: Mapped[Emergency] = relationship(lazy="raise_on_sql")
    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")
    told_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
