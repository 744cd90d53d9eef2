"""Tools and equipment: the register, what they were taken for, and every fault of theirs."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import ToolStatus
from db.tables.jobs import Job
from db.tables.people import Person, Station
from db.types import Id, Instant, Name, Text, code


class Tool(Versioned, Base):
    """A tool: who has it, who may use it, and when it is to be checked again (D14)."""

    __tablename__ = "tools"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("check_months > 0", name="check_months_positive"),
        CheckConstraint("(status = 'out') = (holder_id IS NOT NULL)", name="out_to_somebody"),
    )

    id: Mapped[Id]
    number: Mapped[Name]
    key: Mapped[str] = mapped_column(String(120))
    name: Mapped[Name]
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    status: Mapped[ToolStatus] = mapped_column(code(ToolStatus, "status"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    # The certificate or skill that whoever takes it must hold; empty for everybody.
    qualification: Mapped[Name] = mapped_column(default="")
    check_months: Mapped[int | None]
    checked_on: Mapped[date | None]
    check_due_on: Mapped[date | None]
    # For which due day its keepers were told.
    told_of: Mapped[date | None]

    station: Mapped[Station | None] = relationship(lazy="raise_on_sql")
    holder: Mapped[Person | None] = relationship(lazy="raise_on_sql")


class ToolFault(Base):
    """What was wrong with a tool, and when it was put right."""

    __tablename__ = "tool_faults"
    __table_args__ = (CheckConstraint("repaired_at >= found_at", name="repaired_after"),)

    id: Mapped[Id]
    tool_id: Mapped[int] = mapped_column(ForeignKey("tools.id"), index=True)
    found_at: Mapped[Instant]
    what: Mapped[Text]
    repaired_at: Mapped[Instant | None]


class ToolTrip(Base):
    """A tool that was taken along for a job, and when it was back."""

    __tablename__ = "tool_trips"
    __table_args__ = (CheckConstraint("back_at >= taken_at", name="back_after"),)

    id: Mapped[Id]
    tool_id: Mapped[int] = mapped_column(ForeignKey("tools.id"), index=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    taken_at: Mapped[Instant]
    back_at: Mapped[Instant | None]

    tool: Mapped[Tool] = relationship(lazy="raise_on_sql")
    job: Mapped[Job] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
