"""People and their time: qualifications, shifts, absences, and who is in charge of which region."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import AbsenceReason, AbsenceStatus, Weekday
from db.tables.people import Person, Station
from db.types import FileDigest, Id, Instant, Line, Name, Text, code


class Qualification(Versioned, Base):
    """A certificate that a person holds, or a skill, which has no end (A17)."""

    __tablename__ = "qualifications"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("valid_until >= valid_from", name="valid_in_order"),
        Index("ix_qualifications_until", "valid_until"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    # A qualification of the rule book, by name.
    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[Name] = mapped_column(default="")
    issuer: Mapped[Name] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    # The scan: the SHA-256 that it is stored under, and what it is called here.
    scan_digest: Mapped[str | None] = mapped_column(FileDigest())
    scan_name: Mapped[Line] = mapped_column(default="")
    scan_mime: Mapped[Name] = mapped_column(default="")
    # The end of which person and station head were told ahead.
    told_of: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Shift(Base):
    """The working time of a week day: of a person, of a station, or of the whole company.

    The rows of one owner and one first day are a week, and hold until the owner has a later one.
    """

    __tablename__ = "shifts"
    __table_args__ = (
        CheckConstraint("person_id IS NULL OR station_id IS NULL", name="one_owner"),
        CheckConstraint("starts < ends", name="in_order"),
        CheckConstraint(
            "(break_starts IS NULL AND break_ends IS NULL)"
            " OR (starts <= break_starts AND break_starts < break_ends AND break_ends <= ends)",
            name="break_inside",
        ),
        Index("ix_shifts_owner", "person_id", "station_id", "valid_from"),
    )

    id: Mapped[Id]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    valid_from: Mapped[date]
    weekday: Mapped[Weekday] = mapped_column(code(Weekday, "weekday"))
    # Wall-clock times as "08:30"; a day may end at "24:00".
    starts: Mapped[str] = mapped_column(String(5))
    ends: Mapped[str] = mapped_column(String(5))
    break_starts: Mapped[str | None] = mapped_column(String(5))
    break_ends: Mapped[str | None] = mapped_column(String(5))


class Absence(Versioned, Base):
    """A time in which a person is not at work: asked for, and decided on by somebody else."""

    __tablename__ = "absences"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (
        CheckConstraint("ends_at > begins_at", name="in_order"),
        CheckConstraint(
            "status NOT IN ('approved', 'refused') OR decided_by_id IS NOT NULL",
            name="decided_when",
        ),
        CheckConstraint("decided_by_id <> person_id", name="decided_by_another"),
        Index("ix_absences_person", "person_id", "ends_at"),
        Index("ix_absences_status", "status", "begins_at"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    begins_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    reason: Mapped[AbsenceReason] = mapped_column(code(AbsenceReason, "reason"))
    status: Mapped[AbsenceStatus] = mapped_column(code(AbsenceStatus, "status"))
    note: Mapped[Text] = mapped_column(default="")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[Instant]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[Instant | None]

    person: Mapped[Person] = relationship(foreign_keys="Absence.person_id", lazy="raise_on_sql")
    decided_by: Mapped[Person | None] = relationship(
        foreign_keys="Absence.decided_by_id", lazy="raise_on_sql"
    )


class Region(Versioned, Base):
    """A region 区域 with its station, who is responsible for it, and who stands in (E6)."""

    __tablename__ = "regions"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (CheckConstraint("stand_in_id <> responsible_id", name="two_people"),)

    id: Mapped[Id]
    name: Mapped[Name] = mapped_column(unique=True)
    station_id: Mapped[int] = mapped_column(ForeignKey("stations.id"), index=True)
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    station: Mapped[Station] = relationship(lazy="raise_on_sql")
    responsible: Mapped[Person | None] = relationship(
        foreign_keys="Region.responsible_id", lazy="raise_on_sql"
    )
    stand_in: Mapped[Person | None] = relationship(
        foreign_keys="Region.stand_in_id", lazy="raise_on_sql"
    )
    places: Mapped[list["RegionPlace"]] = relationship(
        order_by="RegionPlace.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class RegionPlace(Base):
    """A piece of an address by which a region is known, as a district or a road."""

    __tablename__ = "region_places"
    # A place is of one region: an address leads to no two.
    __table_args__ = (UniqueConstraint("text"),)

    id: Mapped[Id]
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"), index=True)
    text: Mapped[Name]
