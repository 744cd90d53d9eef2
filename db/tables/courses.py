"""Courses for customers, who takes part in them, and what is handed out there (C11)."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import CourseKind, CoursePlace, CourseStatus, SeatStatus
from db.tables.customers import Customer, Product
from db.tables.requests import ServiceRequest
from db.types import FileDigest, Id, Instant, Json, Line, Name, Text, code

IS_ALIVE = text("status <> 'cancelled'")


class Course(Versioned, Base):
    """A course, a trial or a demonstration for customers: when, where, by whom, what came of it."""

    __tablename__ = "courses"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("ends_at > starts_at", name="in_order"),
        CheckConstraint("seats > 0", name="seats_positive"),
        CheckConstraint("(pass_mark IS NULL) = (full_mark IS NULL)", name="marks_together"),
        CheckConstraint("pass_mark BETWEEN 1 AND full_mark", name="mark_range"),
        CheckConstraint(
            "status NOT IN ('held', 'closed') OR held_at IS NOT NULL", name="held_when"
        ),
        # A request is answered by one course.
        Index(
            "ix_courses_of_case",
            "request_id",
            unique=True,
            sqlite_where=IS_ALIVE,
            postgresql_where=IS_ALIVE,
        ),
        Index("ix_courses_status", "status", "starts_at"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24))
    status: Mapped[CourseStatus] = mapped_column(code(CourseStatus, "status"))
    kind: Mapped[CourseKind] = mapped_column(code(CourseKind, "kind"))
    headline: Mapped[Name]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    # Whose course it is; the whole company's where it is of no station.
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    # The request that it answers.
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"))
    trainers: Mapped[list[Any]] = mapped_column(Json, default=list)
    held_in: Mapped[CoursePlace] = mapped_column(code(CoursePlace, "held_in"))
    address: Mapped[Line] = mapped_column(default="")
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    content: Mapped[Text]
    seats: Mapped[int]
    # Of its exam, where it has one.
    pass_mark: Mapped[int | None]
    full_mark: Mapped[int | None]
    held_at: Mapped[Instant | None]
    result: Mapped[Text] = mapped_column(default="")

    product: Mapped[Product | None] = relationship(lazy="raise_on_sql")
    request: Mapped[ServiceRequest | None] = relationship(lazy="raise_on_sql")


class CourseSeat(Versioned, Base):
    """Somebody of a customer in a course: whether they came, their exam, their certificate."""

    __tablename__ = "course_seats"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        UniqueConstraint("certificate_no"),
        CheckConstraint("score >= 0", name="score_not_negative"),
        CheckConstraint("second_score >= 0", name="second_not_negative"),
        CheckConstraint("second_score IS NULL OR score IS NOT NULL", name="first_before_second"),
        CheckConstraint("certificate_until >= issued_on", name="certificate_in_order"),
        CheckConstraint(
            "status NOT IN ('certified', 'revoked')"
            " OR (certificate_no IS NOT NULL AND issued_on IS NOT NULL)",
            name="certified_whole",
        ),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    status: Mapped[SeatStatus] = mapped_column(code(SeatStatus, "status"))
    name: Mapped[Name]
    # What they said of it.
    opinion: Mapped[Text] = mapped_column(default="")
    score: Mapped[int | None]
    second_score: Mapped[int | None]
    certificate_no: Mapped[str | None] = mapped_column(String(24))
    issued_on: Mapped[date | None]
    certificate_until: Mapped[date | None]

    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    customer: Mapped[Customer] = relationship(lazy="raise_on_sql")


class CourseFile(Base):
    """Material of a course, and the SHA-256 that it is stored under."""

    __tablename__ = "course_files"
    __table_args__ = (UniqueConstraint("course_id", "digest"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    digest: Mapped[str] = mapped_column(FileDigest(), index=True)
    name: Mapped[Line]
    mime: Mapped[Name]
