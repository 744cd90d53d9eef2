"""Quality feedback from sample to report."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import CauseKind, MeasureKind, QualityStatus, Severity
from db.tables.requests import ServiceRequest
from db.types import Id, Instant, Line, Text, code


class QualityFeedback(Versioned, Base):
    """A quality problem that was reported: sampled, tested, explained, solved (C7, S11)."""

    __tablename__ = "quality_feedback"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint(
            "tested_quantity >= 0 AND defect_quantity BETWEEN 0 AND tested_quantity",
            name="defects_within_tested",
        ),
        CheckConstraint("sample_quantity >= 0", name="sample_not_negative"),
        Index("ix_quality_feedback_status", "status"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    status: Mapped[QualityStatus] = mapped_column(code(QualityStatus, "status"))
    severity: Mapped[Severity | None] = mapped_column(code(Severity, "severity"))
    nature: Mapped[Text] = mapped_column(default="")
    # How the goods were used, where and since when the trouble shows (C7).
    used_for: Mapped[Line] = mapped_column(default="")
    place: Mapped[Line] = mapped_column(default="")
    happened_on: Mapped[date | None]

    sample: Mapped[Line] = mapped_column(default="")
    sample_quantity: Mapped[int] = mapped_column(default=0)
    tested_quantity: Mapped[int] = mapped_column(default=0)
    defect_quantity: Mapped[int] = mapped_column(default=0)
    finding: Mapped[Text] = mapped_column(default="")
    defect_confirmed: Mapped[bool | None]

    cause_kind: Mapped[CauseKind | None] = mapped_column(code(CauseKind, "cause_kind"))
    cause: Mapped[Text] = mapped_column(default="")
    # The department of the rule book that answers for the cause.
    department: Mapped[str] = mapped_column(String(40), default="")

    solution: Mapped[MeasureKind | None] = mapped_column(code(MeasureKind, "solution"))
    solution_note: Mapped[Text] = mapped_column(default="")
    report: Mapped[Text] = mapped_column(default="")
    closed_at: Mapped[Instant | None]

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
