"""Key customers, and the calls and visits that the rule book plans (E19, S14)."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import CareMeans, CareStatus, CareWhom, KeyStatus
from db.tables.customers import Customer
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.types import Data, Id, Instant, Line, Text, code


class KeyCustomer(Versioned, Base):
    """That a customer is a key customer, or was one, and why."""

    __tablename__ = "key_customers"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (UniqueConstraint("customer_id"),)

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    status: Mapped[KeyStatus] = mapped_column(code(KeyStatus, "status"))
    # What the plan counts from: the day on which the customer became one.
    since: Mapped[date] = mapped_column(index=True)
    reason: Mapped[Text]

    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")


class CareCall(Versioned, Base):
    """A customer is to be called or visited by a day, as a plan of the rule book says."""

    __tablename__ = "care_calls"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        # Two sweeps at once plan one call.
        UniqueConstraint("customer_id", "plan", "due_on"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("(status = 'due') = (ended_at IS NULL)", name="ended_when"),
        CheckConstraint("score BETWEEN 0 AND 10", name="score_range"),
        Index("ix_care_calls_open", "status", "next_on"),
        Index("ix_care_calls_link", "link_digest", unique=True),
    )

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    status: Mapped[CareStatus] = mapped_column(code(CareStatus, "status"))
    # The plan of the rule book by its name, and what it said on that day.
    plan: Mapped[str] = mapped_column(String(40))
    title: Mapped[Line] = mapped_column(default="")
    clause: Mapped[str] = mapped_column(String(16))
    whom: Mapped[CareWhom] = mapped_column(code(CareWhom, "whom"))
    means: Mapped[CareMeans] = mapped_column(code(CareMeans, "means"))
    # The day that it is counted from, the day by which it is to be done, and when it is tried next.
    counted_from: Mapped[date]
    due_on: Mapped[date]
    next_on: Mapped[date]
    attempts: Mapped[int] = mapped_column(default=0)
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    ended_at: Mapped[Instant | None]
    # What came of it: in a sentence, by the questions of the survey, and what else is wanted.
    result: Mapped[Text] = mapped_column(default="")
    scores: Mapped[Data]
    score: Mapped[float | None]
    opinion: Mapped[Text] = mapped_column(default="")
    other_needs: Mapped[Text] = mapped_column(default="")
    # The complaint that an unhappy answer led to.
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    # When the station was told that it is late.
    told_late_at: Mapped[Instant | None]
    # By which link the customer may answer instead, as the digest of its secret, and until when.
    link_digest: Mapped[str | None] = mapped_column(String(64))
    link_until: Mapped[Instant | None]

    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")
    caller: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    complaint: Mapped[ServiceRequest | None] = relationship(lazy="raise_on_sql")
