"""Emergencies and the resources that they need."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import EmergencyStatus, ResourceStatus
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.types import Cents, Id, Instant, Json, Name, Text, code


class Emergency(Versioned, Base):
    """A case that became an emergency, or the drill of one (D6, D7, D19, A27)."""

    __tablename__ = "emergencies"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 3", name="level_range"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_when"),
        CheckConstraint("status <> 'closed' OR lesson <> ''", name="closed_with_lesson"),
        Index("ix_emergencies_status", "status", "declared_at"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    # 1 is the gravest.
    level: Mapped[int]
    status: Mapped[EmergencyStatus] = mapped_column(code(EmergencyStatus, "status"))
    happened: Mapped[Text]
    drill: Mapped[bool] = mapped_column(default=False)
    declared_at: Mapped[Instant]
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # The ids of the people who were told.
    told: Mapped[list[Any]] = mapped_column(Json)
    lesson: Mapped[Text] = mapped_column(default="")
    closed_at: Mapped[Instant | None]

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    declared_by: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class EmergencyResource(Versioned, Base):
    """What an emergency needs: asked for, decided on, used, given back (D20)."""

    __tablename__ = "emergency_resources"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("asked_cents >= 0 AND used_cents >= 0", name="money_not_negative"),
        CheckConstraint("(status = 'asked') = (decided_by_id IS NULL)", name="decided_by_somebody"),
        # Nobody approves what they asked for themselves.
        CheckConstraint("decided_by_id <> asked_by_id", name="decided_by_another"),
    )

    id: Mapped[Id]
    emergency_id: Mapped[int] = mapped_column(ForeignKey("emergencies.id"), index=True)
    resource: Mapped[Name]
    quantity: Mapped[int]
    asked_cents: Mapped[Cents] = mapped_column(default=0)
    used_cents: Mapped[Cents] = mapped_column(default=0)
    status: Mapped[ResourceStatus] = mapped_column(code(ResourceStatus, "status"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    emergency: Mapped[Emergency] = relationship(lazy="raise_on_sql")
    asked_by: Mapped[Person] = relationship(
        foreign_keys="EmergencyResource.asked_by_id", lazy="raise_on_sql"
    )
    decided_by: Mapped[Person | None] = relationship(
        foreign_keys="EmergencyResource.decided_by_id", lazy="raise_on_sql"
    )
