"""Complaints: the eight steps on file, who answers for the cause, what was offered."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import (
    CauseKind,
    CauseScope,
    ComplaintStatus,
    MeasureKind,
    PenaltyBase,
    PenaltyGround,
    PenaltyStatus,
    Reaction,
)
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.types import Cents, Id, Instant, Json, Line, Text, code


class Complaint(Versioned, Base):
    """A complaint on its way through the eight steps; its contact is the request (E14)."""

    __tablename__ = "complaints"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("loss_cents >= 0", name="loss_not_negative"),
        CheckConstraint("level BETWEEN 0 AND 2", name="level_range"),
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        CheckConstraint("approved_by_id <> proposed_by_id", name="approved_by_another"),
        Index("ix_complaints_status", "status", "department"),
        Index("ix_complaints_handler", "handler_id", "status"),
        Index("ix_complaints_closed", "closed_at"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    status: Mapped[ComplaintStatus] = mapped_column(code(ComplaintStatus, "status"))
    # Whom the complaint is about, where it is about somebody.
    about_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)

    # The sub-class of the rule book; the class itself stands with the request (E15).
    case_part: Mapped[str] = mapped_column(String(40), default="")
    founded: Mapped[bool | None]
    reason_sufficient: Mapped[bool | None]
    demand_reasonable: Mapped[bool | None]
    judged_at: Mapped[Instant | None]

    department: Mapped[str] = mapped_column(String(40), default="")
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    cause: Mapped[Text] = mapped_column(default="")
    cause_kind: Mapped[CauseKind | None] = mapped_column(code(CauseKind, "cause_kind"))
    cause_scope: Mapped[CauseScope | None] = mapped_column(code(CauseScope, "cause_scope"))
    loss_cents: Mapped[Cents] = mapped_column(default=0)

    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # The roles that may approve the plan, by its cost and by how often the case was reopened.
    approvers: Mapped[list[Any]] = mapped_column(Json)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    reaction: Mapped[Reaction | None] = mapped_column(code(Reaction, "reaction"))
    notified_at: Mapped[Instant | None]
    # How far it was escalated by being reopened: 1 to the manager, 2 to the leaders (E17, C6).
    level: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"), index=True)
    lesson: Mapped[Text] = mapped_column(default="")
    closed_at: Mapped[Instant | None]

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    handler: Mapped[Person | None] = relationship(
        foreign_keys="Complaint.handler_id", lazy="raise_on_sql"
    )
    responsibles: Mapped[list["Responsible"]] = relationship(
        order_by="Responsible.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    measures: Mapped[list["ComplaintMeasure"]] = relationship(
        order_by="ComplaintMeasure.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class Responsible(Base):
    """A department, or a person of it, with the share of the cause that it answers for (E14)."""

    __tablename__ = "complaint_responsibles"
    __table_args__ = (
        UniqueConstraint("complaint_id", "department", "person_id"),
        CheckConstraint("share_percent BETWEEN 1 AND 100", name="share_range"),
    )

    id: Mapped[Id]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    department: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    share_percent: Mapped[int]

    person: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class ComplaintMeasure(Base):
    """One measure of the plan that answers the demand, with its cost (E14)."""

    __tablename__ = "complaint_measures"
    __table_args__ = (CheckConstraint("cost_cents >= 0", name="cost_not_negative"),)

    id: Mapped[Id]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    kind: Mapped[MeasureKind] = mapped_column(code(MeasureKind, "kind"))
    what: Mapped[Line] = mapped_column(default="")
    cost_cents: Mapped[Cents] = mapped_column(default=0)


class Penalty(Versioned, Base):
    """A share of bonus or wage that a person decided on, for another one (E14)."""

    __tablename__ = "penalties"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_range"),
        CheckConstraint("loss_cents >= 0", name="loss_not_negative"),
        CheckConstraint("decided_by_id <> person_id", name="decided_by_another"),
        CheckConstraint(
            "reviewed_by_id <> decided_by_id AND reviewed_by_id <> person_id",
            name="reviewed_by_another",
        ),
        CheckConstraint("status = 'imposed' OR appeal <> ''", name="appealed_with_words"),
        CheckConstraint(
            "(status IN ('imposed', 'appealed')) = (reviewed_by_id IS NULL)", name="reviewed_when"
        ),
        Index("ix_penalties_person", "person_id", "decided_at"),
    )

    id: Mapped[Id]
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ground: Mapped[PenaltyGround] = mapped_column(code(PenaltyGround, "ground"))
    share_of: Mapped[PenaltyBase] = mapped_column(code(PenaltyBase, "share_of"))
    percent: Mapped[float]
    # What the band was found by, and the clause that it stands under.
    loss_cents: Mapped[Cents]
    clause: Mapped[str] = mapped_column(String(16))
    reason: Mapped[Text]
    status: Mapped[PenaltyStatus] = mapped_column(code(PenaltyStatus, "status"))
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[Instant]
    appeal: Mapped[Text] = mapped_column(default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    review: Mapped[Text] = mapped_column(default="")

    complaint: Mapped[Complaint] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(foreign_keys="Penalty.person_id", lazy="raise_on_sql")
    decided_by: Mapped[Person] = relationship(
        foreign_keys="Penalty.decided_by_id", lazy="raise_on_sql"
    )
    reviewed_by: Mapped[Person | None] = relationship(
        foreign_keys="Penalty.reviewed_by_id", lazy="raise_on_sql"
    )
