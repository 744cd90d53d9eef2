"""Meetings: the figures as they stood when one began, their cases, and what was decided."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import DecisionStatus, MeetingStatus, RequestKind
from db.tables.people import Person, Station
from db.types import Data, Id, Instant, Json, Line, Name, Text, code

FIGURE, SIDE = String(40), String(16)


class Meeting(Versioned, Base):
    """A meeting about the figures of a period, which are kept as they stood when it began."""

    __tablename__ = "meetings"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("since <= until", name="in_order"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_when"),
        Index("ix_meetings_station", "station_id", "started_at"),
    )

    id: Mapped[Id]
    topic: Mapped[Name]
    status: Mapped[MeetingStatus] = mapped_column(code(MeetingStatus, "status"))
    since: Mapped[date]
    until: Mapped[date]
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"))
    kind: Mapped[RequestKind | None] = mapped_column(code(RequestKind, "kind"))
    # The figures in the order in which they are gone through.
    frozen: Mapped[Data]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    started_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]

    station: Mapped[Station | None] = relationship(lazy="raise_on_sql")
    started_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class MeetingCases(Base):
    """The cases behind one side of a frozen figure; so many of them as are listed."""

    __tablename__ = "meeting_cases"
    __table_args__ = (
        UniqueConstraint("meeting_id", "figure", "side"),
        CheckConstraint("total >= 0", name="total_not_negative"),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    figure: Mapped[str] = mapped_column(FIGURE)
    side: Mapped[str] = mapped_column(SIDE)
    # In one row: they are read together, and a case is never looked up by its meetings.
    ids: Mapped[list[int]] = mapped_column(Json)
    # How many there were; more than ids where the list was cut.
    total: Mapped[int]


class Decision(Versioned, Base):
    """What was decided in a meeting: who does it by which day, and what became of it."""

    __tablename__ = "decisions"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("(status = 'open') = (settled_at IS NULL)", name="settled_when"),
        CheckConstraint("status = 'open' OR note <> ''", name="settled_how"),
        CheckConstraint("text <> ''", name="says_something"),
        Index("ix_decisions_owner", "owner_id", "status"),
        Index("ix_decisions_due", "status", "due_on"),
    )

    id: Mapped[Id]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    # None where it is about no single figure.
    figure: Mapped[str | None] = mapped_column(FIGURE)
    text: Mapped[Line]
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    due_on: Mapped[date]
    status: Mapped[DecisionStatus] = mapped_column(code(DecisionStatus, "status"))
    taken_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[Instant]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    settled_at: Mapped[Instant | None]
    # What was done, or why it was dropped.
    note: Mapped[Text] = mapped_column(default="")
    # When the owner was reminded of the due day.
    told_at: Mapped[Instant | None]

    meeting: Mapped[Meeting] = relationship(lazy="raise_on_sql")
    owner: Mapped[Person] = relationship(foreign_keys="Decision.owner_id", lazy="raise_on_sql")
