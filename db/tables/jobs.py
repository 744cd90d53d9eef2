"""Jobs on site and their visits."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import JobResult, JobStatus, SheetStatus, SymptomFound, VisitOutcome
from db.tables.people import Person
from db.tables.requests import ServiceRequest
from db.types import Cents, Data, FileDigest, Id, Instant, Line, Name, Text, code

OPEN = text("status NOT IN ('done', 'cancelled')")
# The form was handed in, and nobody has looked at it; or it was sent back.
TO_REVIEW = text("filed_at IS NOT NULL AND reviewed_at IS NULL")
SENT_BACK = text("form_fault <> ''")


class Job(Versioned, Base):
    """What a technician is sent to do (派工), with its report."""

    __tablename__ = "jobs"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("labour_cents >= 0 AND parts_cents >= 0", name="money_not_negative"),
        CheckConstraint(
            "status <> 'done' OR (finished_at IS NOT NULL AND result IS NOT NULL)",
            name="done_has_report",
        ),
        CheckConstraint("planned_to > planned_from", name="plan_in_order"),
        CheckConstraint("(signed_at IS NULL) = (signature IS NULL)", name="signed_when"),
        # One request has one open job at a time.
        Index(
            "uq_jobs_open_request",
            "request_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_jobs_request", "request_id"),
        Index("ix_jobs_technician", "technician_id", "status"),
        Index("ix_jobs_finished", "finished_at"),
        Index("ix_jobs_planned", "planned_from"),
        Index(
            "ix_jobs_to_review", "request_id", sqlite_where=TO_REVIEW, postgresql_where=TO_REVIEW
        ),
        Index(
            "ix_jobs_sent_back", "request_id", sqlite_where=SENT_BACK, postgresql_where=SENT_BACK
        ),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    technician_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    status: Mapped[JobStatus] = mapped_column(code(JobStatus, "status"))
    instructions: Mapped[Line] = mapped_column(default="")
    assigned_at: Mapped[Instant]
    # When the technician is to be there, by the dispatcher's plan; who has seen and confirmed it.
    planned_from: Mapped[Instant | None]
    planned_to: Mapped[Instant | None]
    confirmed_at: Mapped[Instant | None]
    finished_at: Mapped[Instant | None]
    # When the signed form was handed in for review and archive (E2).
    filed_at: Mapped[Instant | None]
    # When it was found right; why it was sent back, until it is handed in again.
    reviewed_at: Mapped[Instant | None]
    form_fault: Mapped[Text] = mapped_column(default="")

    # Asked of repairs: whether what the customer told was found on site (E7).
    symptom_found: Mapped[SymptomFound | None] = mapped_column(code(SymptomFound, "symptom_found"))
    cause: Mapped[Text] = mapped_column(default="")
    # What the customer was told about it.
    explained: Mapped[Text] = mapped_column(default="")
    work_done: Mapped[Text] = mapped_column(default="")
    parts: Mapped[Text] = mapped_column(default="")
    result: Mapped[JobResult | None] = mapped_column(code(JobResult, "result"))
    labour_cents: Mapped[Cents] = mapped_column(default=0)
    parts_cents: Mapped[Cents] = mapped_column(default=0)
    confirmed_by: Mapped[Name] = mapped_column(default="")
    # Why items of the check-lists were left open.
    unticked_reason: Mapped[Text] = mapped_column(default="")
    # The customer's signature (E12): the file of the drawing, and the SHA-256 of what was signed.
    signature: Mapped[str | None] = mapped_column(FileDigest())
    signed_by: Mapped[Name] = mapped_column(default="")
    signed_at: Mapped[Instant | None]
    signed_what: Mapped[str] = mapped_column(String(64), default="")
    # The same confirmed by the link of the case, where nothing is drawn (D11).
    accepted_by: Mapped[Name] = mapped_column(default="")
    accepted_at: Mapped[Instant | None]
    accepted_what: Mapped[str] = mapped_column(String(64), default="")

    request: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    technician: Mapped[Person] = relationship(lazy="raise_on_sql")
    visits: Mapped[list["Visit"]] = relationship(
        back_populates="job", order_by="Visit.sequence", lazy="raise_on_sql"
    )


class Visit(Base):
    """One call at the customer's place."""

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("job_id", "sequence"),
        CheckConstraint("agreed_to > agreed_from", name="window"),
        CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ended_how"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="place_whole"),
        Index("ix_visits_agreed", "agreed_from"),
    )

    id: Mapped[Id]
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"))
    sequence: Mapped[int]
    technician_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    agreed_from: Mapped[Instant]
    agreed_to: Mapped[Instant]
    # When the customer said by a link that the agreed time suits.
    confirmed_at: Mapped[Instant | None]
    arrived_at: Mapped[Instant | None]
    # Where the technician stood then, if the technician told it.
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    ended_at: Mapped[Instant | None]
    outcome: Mapped[VisitOutcome | None] = mapped_column(code(VisitOutcome, "outcome"))
    note: Mapped[Text] = mapped_column(default="")
    # What the next visit has to bring along besides parts, where this one ended unfinished.
    tools_wanted: Mapped[Line] = mapped_column(default="")

    job: Mapped[Job] = relationship(back_populates="visits", lazy="raise_on_sql")


class JobTick(Base):
    """An item of a check-list that was done on site, with who ticked it and when (E8, A18, A19)."""

    __tablename__ = "job_ticks"
    __table_args__ = (UniqueConstraint("job_id", "check_list", "item"),)

    id: Mapped[Id]
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"))
    # Both by the names that the case's rule book gives them.
    check_list: Mapped[str] = mapped_column(String(40))
    item: Mapped[str] = mapped_column(String(40))
    ticked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ticked_at: Mapped[Instant]

    ticked_by: Mapped[Person] = relationship(lazy="raise_on_sql")


class JobSheet(Versioned, Base):
    """A report that came from a telephone when its job was another one: somebody decides on it."""

    __tablename__ = "job_sheets"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("(status = 'kept') = (decided_at IS NULL)", name="decided_when"),
        Index("ix_job_sheets_status", "status", "person_id"),
    )

    id: Mapped[Id]
    status: Mapped[SheetStatus] = mapped_column(code(SheetStatus, "status"))
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    # The report as it was typed, by field; why it could not be taken, as a code.
    typed: Mapped[Data]
    refused: Mapped[Name]
    received_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]

    job: Mapped[Job] = relationship(lazy="raise_on_sql")
    case: Mapped[ServiceRequest] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
