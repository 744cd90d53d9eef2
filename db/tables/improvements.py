"""What is done so that a problem does not come back."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import FaultArea, ImprovementKind, ImprovementStatus
from db.tables.customers import Product
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.types import Id, Instant, Text, code


class Improvement(Versioned, Base):
    """A measure with an owner and a due date, checked for its effect (E14, C7, A26)."""

    __tablename__ = "improvements"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("(status = 'planned') = (done_at IS NULL)", name="done_when"),
        CheckConstraint(
            "(status IN ('effective', 'ineffective')) = (checked_by_id IS NOT NULL)",
            name="checked_when",
        ),
        CheckConstraint("checked_by_id <> owner_id", name="checked_by_another"),
        Index("ix_improvements_due", "status", "due_on"),
        Index("ix_improvements_product", "product_id", "fault_area"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    kind: Mapped[ImprovementKind] = mapped_column(code(ImprovementKind, "kind"))
    measure: Mapped[Text]
    status: Mapped[ImprovementStatus] = mapped_column(code(ImprovementStatus, "status"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    due_on: Mapped[date]
    # What the effect is measured by: cases of this product about this fault, before and after.
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"))
    fault_area: Mapped[FaultArea | None] = mapped_column(code(FaultArea, "fault_area"))
    planned_at: Mapped[Instant]
    done_at: Mapped[Instant | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    finding: Mapped[Text] = mapped_column(default="")

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person] = relationship(foreign_keys="Improvement.owner_id", lazy="raise_on_sql")
    checked_by: Mapped[Person | None] = relationship(
        foreign_keys="Improvement.checked_by_id", lazy="raise_on_sql"
    )
