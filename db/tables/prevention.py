"""Faults that repeat."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import AlarmStatus, FaultArea
from db.tables.customers import Product
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.types import Id, Instant, Text, code

OPEN = text("settled_at IS NULL")


class RepeatFault(Versioned, Base):
    """The same fault of one product model again and again inside the norm's days (S8, K6)."""

    __tablename__ = "repeat_faults"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("count > 0 AND days > 0", name="counted"),
        # One open alarm for each product and fault.
        Index(
            "uq_repeat_faults_open",
            "product_id",
            "fault_area",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_repeat_faults_raised", "raised_at"),
    )

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    fault_area: Mapped[FaultArea] = mapped_column(code(FaultArea, "fault_area"))
    # The case that made it too many.
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    count: Mapped[int]
    days: Mapped[int]
    raised_at: Mapped[Instant]
    status: Mapped[AlarmStatus] = mapped_column(code(AlarmStatus, "status"))
    settled_at: Mapped[Instant | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[Text] = mapped_column(default="")

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    settled_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")
