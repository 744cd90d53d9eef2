"""History and time limits: what every capability shares."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base
from db.codes import LimitUnit, Measure
from db.types import Data, Id, Instant, Json, Text, code

RUNNING = text("met_at IS NULL AND dropped_at IS NULL")
# What the sweep looks for: both indexes hold running limits only, whatever was closed before.
TO_CLIMB = text("met_at IS NULL AND dropped_at IS NULL AND next_step_at IS NOT NULL")
TO_PLAN = text(
    "met_at IS NULL AND dropped_at IS NULL AND (planned_due_at IS NULL OR planned_due_at <> due_at)"
)


class History(Base):
    """One change of one subject. Rows are added; erasing a person alone blanks what they say."""

    __tablename__ = "history"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "sequence"),
        Index("ix_history_case", "case_id", "at"),
        Index("ix_history_actor", "actor_id", "at"),
    )

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    sequence: Mapped[int]
    # The request that the subject belongs to, so that a case's timeline is one query.
    case_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    action: Mapped[str] = mapped_column(String(48))
    old: Mapped[str | None] = mapped_column(String(32))
    new: Mapped[str | None] = mapped_column(String(32))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[Instant]
    note: Mapped[Text] = mapped_column(default="")
    data: Mapped[Data]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class RecordChange(Base):
    """One row of any table as a fact changed it: old and new values, under its row of history.

    Rows are added, never altered; the seal is made with a key that lies outside the database.
    """

    __tablename__ = "record_changes"
    __table_args__ = (
        UniqueConstraint("history_id", "place"),
        Index("ix_record_changes_row", "noun", "row_id", "id"),
    )

    id: Mapped[Id]
    history_id: Mapped[int] = mapped_column(ForeignKey("history.id"))
    # Which of how many changes of this fact.
    place: Mapped[int]
    count: Mapped[int]
    # The table and the key of the row; empty where the fact changed no row.
    noun: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int]
    fact: Mapped[str] = mapped_column(String(8))
    old: Mapped[Data]
    new: Mapped[Data]
    seal: Mapped[str] = mapped_column(String(64))


class HistoryOpening(Base):
    """While a transaction has this row, it may blank what the history says of a person (C10).

    It takes the row away again before it ends, so nobody else ever sees it.
    """

    __tablename__ = "history_openings"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[Id]


class HistoryCheck(Base):
    """A check of the history that somebody asked for, and what it found."""

    __tablename__ = "history_checks"

    id: Mapped[Id]
    at: Mapped[Instant]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # How many bad places, and the first ones as they were said.
    places: Mapped[int]
    said: Mapped[list[Any]] = mapped_column(Json)


class Limit(Base):
    """A time limit that runs for a case (norms 1). Late is a comparison, never a flag."""

    __tablename__ = "limits"
    __table_args__ = (
        CheckConstraint("due_at >= started_at", name="due_after_start"),
        CheckConstraint("met_at IS NULL OR dropped_at IS NULL", name="met_or_dropped"),
        Index("ix_limits_request", "request_id"),
        Index("ix_limits_due", "measure", "due_at"),
        Index(
            "ix_limits_running",
            "request_id",
            "due_at",
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
        ),
        Index(
            "ix_limits_next_step",
            "next_step_at",
            sqlite_where=TO_CLIMB,
            postgresql_where=TO_CLIMB,
        ),
        Index("ix_limits_to_plan", "id", sqlite_where=TO_PLAN, postgresql_where=TO_PLAN),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    # Which limit of the norm, and the clause that it is cited by.
    name: Mapped[str] = mapped_column(String(40))
    clause: Mapped[str] = mapped_column(String(16))
    measure: Mapped[Measure] = mapped_column(code(Measure, "measure"))
    unit: Mapped[LimitUnit] = mapped_column(code(LimitUnit, "unit"))
    amount: Mapped[int]
    started_at: Mapped[Instant]
    due_at: Mapped[Instant]
    # [from, to] in ISO form; the last one has no end while the case waits.
    pauses: Mapped[list[Any]] = mapped_column(Json)
    met_at: Mapped[Instant | None]
    dropped_at: Mapped[Instant | None]
    # Kept by core/notices/escalation.py alone: when the next step of the ladder is reached, and
    # the due time from which that was reckoned.
    next_step_at: Mapped[Instant | None]
    planned_due_at: Mapped[Instant | None]
