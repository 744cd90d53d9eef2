"""Follow-up calls and the survey answers that they bring."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import FollowUpStatus
from db.tables.requests import ServiceRequest
from db.types import Id, Instant, Text, code

OPEN = text("status = 'due'")


class FollowUp(Versioned, Base):
    """The call that asks a customer how it went (E3)."""

    __tablename__ = "follow_ups"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("(status = 'due') = (ended_at IS NULL)", name="ended_when"),
        CheckConstraint("score BETWEEN 0 AND 10", name="score_range"),
        # A case that was opened again is called again, once at a time.
        Index(
            "uq_follow_ups_open_request",
            "request_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_follow_ups_request", "request_id"),
        Index("ix_follow_ups_due", "status", "due_on"),
        Index("ix_follow_ups_ended", "ended_at"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    status: Mapped[FollowUpStatus] = mapped_column(code(FollowUpStatus, "status"))
    # The company's local day on which the call is due.
    due_on: Mapped[date]
    attempts: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[Instant | None]
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    # By which link the customer answered without being called.
    link_id: Mapped[int | None] = mapped_column(ForeignKey("customer_links.id"), index=True)
    # Mean of the answers, 0 to 10; null when nothing was answered.
    score: Mapped[float | None]
    opinion: Mapped[Text] = mapped_column(default="")
    other_needs: Mapped[Text] = mapped_column(default="")

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    answers: Mapped[list["SurveyAnswer"]] = relationship(lazy="raise_on_sql")


class SurveyAnswer(Base):
    """One answered question of the survey, 0 to 10 (E20, D21)."""

    __tablename__ = "survey_answers"
    __table_args__ = (
        UniqueConstraint("follow_up_id", "question"),
        CheckConstraint("score BETWEEN 0 AND 10", name="score_range"),
    )

    id: Mapped[Id]
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_ups.id"))
    question: Mapped[str] = mapped_column(String(32))
    score: Mapped[int]
