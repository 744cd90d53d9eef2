"""Points of members: what was booked, for what, and by which entry it was taken back (D28)."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import EntryStatus
from db.tables.customers import Customer
from db.tables.people import Person
from db.types import Id, Instant, Text, code


class PointEntry(Versioned, Base):
    """One entry of the ledger; nothing is changed, what was wrong has a counter entry."""

    __tablename__ = "point_entries"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        # A fact brings its points once.
        UniqueConstraint("rule", "subject", "subject_id"),
        UniqueConstraint("counters_id"),
        CheckConstraint("points <> 0", name="not_nothing"),
        CheckConstraint("counters_id <> id", name="counters_another"),
        Index("ix_point_entries_customer", "customer_id", "id"),
    )

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    status: Mapped[EntryStatus] = mapped_column(code(EntryStatus, "status"))
    points: Mapped[int]
    reason: Mapped[Text]
    # The rule of the book and the fact that brought them; empty for what a person has booked.
    rule: Mapped[str | None] = mapped_column(String(40))
    subject: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    # The entry that this one takes back.
    counters_id: Mapped[int | None] = mapped_column(ForeignKey("point_entries.id"))
    at: Mapped[Instant]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)

    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")
    actor: Mapped[Person | None] = relationship(lazy="raise_on_sql")
