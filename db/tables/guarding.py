"""Whose customer it becomes, and who was let into an archive."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import HandoverStatus, ReadingStatus
from db.tables.customers import Customer
from db.tables.people import Person, Station
from db.types import Id, Instant, Line, Text, code

WAITS = text("status = 'waiting'")


class Handover(Versioned, Base):
    """A customer is offered to another station, or asked for by it (C15)."""

    __tablename__ = "handovers"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("from_station_id <> to_station_id", name="to_another"),
        Index(
            "ix_handovers_waiting",
            *("customer_id", "from_station_id"),
            unique=True,
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
    )

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    from_station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), index=True)
    to_station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), index=True)
    # Offered by whose customer it is, or asked for by the other: the one answers the other.
    is_offer: Mapped[bool]
    status: Mapped[HandoverStatus] = mapped_column(code(HandoverStatus, "status"))
    reason: Mapped[Text]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    asked_at: Mapped[Instant]

    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")
    from_station: Mapped[Station] = relationship(
        foreign_keys=[from_station_id], lazy="raise_on_sql"
    )
    to_station: Mapped[Station] = relationship(foreign_keys=[to_station_id], lazy="raise_on_sql")
    asked_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class Reading(Versioned, Base):
    """Somebody of another department asks to read a customer's archive for some days (C10)."""

    __tablename__ = "readings"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="period_in_order"),
        CheckConstraint("companion_id <> person_id", name="accompanied_by_another"),
        Index("ix_readings_person", "person_id", "customer_id"),
    )

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    status: Mapped[ReadingStatus] = mapped_column(code(ReadingStatus, "status"))
    reason: Mapped[Text]
    from_on: Mapped[date]
    until_on: Mapped[date]
    asked_at: Mapped[Instant]
    # Where it is read, and who is there.
    place: Mapped[Line] = mapped_column(default="")
    companion_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    # The last look: the archive is open for some minutes after it.
    looked_at: Mapped[Instant | None]

    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise_on_sql")
    companion: Mapped[Person | None] = relationship(
        foreign_keys=[companion_id], lazy="raise_on_sql"
    )
