"""Stations, people, their sign-ins, and the record of them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import AccessKind, DayStart, Language, Role
from db.types import Id, Instant, Line, Name, code


class Station(Versioned, Base):
    """A service station or branch office (网点/办事处)."""

    __tablename__ = "stations"
    __mapper_args__ = {"version_id_col": Versioned.version}

    id: Mapped[Id]
    name: Mapped[Name] = mapped_column(unique=True)
    region: Mapped[Name] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    active: Mapped[bool] = mapped_column(default=True)
    # Where its technicians set out from.
    address: Mapped[Line] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class Person(Versioned, Base):
    """A member of staff who may sign in."""

    __tablename__ = "people"
    __mapper_args__ = {"version_id_col": Versioned.version}
    __table_args__ = (CheckConstraint("username = lower(username)", name="username_lower"),)

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[Name]
    role: Mapped[Role] = mapped_column(code(Role, "role"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("stations.id"), index=True)
    # The department of the rule book, by name; who heads it, or heads the station.
    department: Mapped[str] = mapped_column(String(40), default="")
    is_head: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[Language | None] = mapped_column(code(Language, "language"))
    # What the company's own sign-in service calls the person, in small letters.
    outside_name: Mapped[str | None] = mapped_column(String(254), index=True, unique=True)
    password_hash: Mapped[str] = mapped_column(String(80))
    # Given by somebody else: the person chooses an own one at the next sign-in.
    password_is_given: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    # Where the day on the road begins; the place counts where that is at home.
    day_start: Mapped[DayStart] = mapped_column(
        code(DayStart, "day_start"), default=DayStart.STATION
    )
    address: Mapped[Line] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    station: Mapped[Station | None] = relationship(lazy="raise_on_sql")


class SignIn(Base):
    """One browser's sign-in. Its cookie is worth nothing once this row is ended."""

    __tablename__ = "sign_ins"

    # A digest: a stolen copy of the table signs nobody in.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    started_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    # When the person last did something, and last gave the password; when a code was given.
    seen_at: Mapped[Instant]
    confirmed_at: Mapped[Instant]
    code_at: Mapped[Instant | None]
    # Opened because the company's own service vouched for the person: no password was asked.
    outside: Mapped[bool] = mapped_column(default=False)
    # Where it was opened, and in what browser, as it names itself.
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[Line] = mapped_column(default="")


class SignInAttempt(Base):
    """A try to sign in whose password was not right, or is being checked."""

    __tablename__ = "sign_in_attempts"
    # The number of a try that is gone is given to no other: a try opens once.
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[Id]
    # A digest with the company's key: people type passwords into the field for the name.
    name: Mapped[str] = mapped_column(String(64), index=True)
    # The address, or the network of an IPv6 address; empty for this machine itself.
    address: Mapped[str] = mapped_column(String(64), index=True)
    # The digest of the sign-in that the browser had before; empty for a browser that is not known.
    browser: Mapped[str] = mapped_column(String(64))
    at: Mapped[Instant]


class SecondStep(Base):
    """A person's telephone that makes codes, and the wrong codes since the last right one."""

    __tablename__ = "second_steps"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(64))
    # Empty until the first code was given: until then it is asked for nowhere.
    confirmed_at: Mapped[Instant | None]
    # The half minute of the last code that was taken: each is taken once.
    last_step: Mapped[int] = mapped_column(default=0)
    wrong: Mapped[int] = mapped_column(default=0)
    wrong_at: Mapped[Instant | None]


class RecoveryCode(Base):
    """A code for the day when the telephone is lost: good once."""

    __tablename__ = "recovery_codes"

    # A digest: a stolen copy of the table lets nobody in.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)


class AccessEvent(Base):
    """One line of the record of sign-ins; the same again within minutes is counted in it."""

    __tablename__ = "access_events"
    __table_args__ = (
        CheckConstraint("times > 0", name="happened"),
        Index("ix_access_events_person", "person_id", "id"),
        Index("ix_access_events_kind", "kind", "id"),
    )

    id: Mapped[Id]
    at: Mapped[Instant] = mapped_column(index=True)
    kind: Mapped[AccessKind] = mapped_column(code(AccessKind, "kind"))
    # Whose sign-in it is about; empty for a name that nobody has, which is not kept.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # Who did it to somebody else; empty for the person, or on the command line.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[Line] = mapped_column(default="")
    # What was refused: a permission, or a page.
    about: Mapped[str] = mapped_column(String(64), default="")
    times: Mapped[int] = mapped_column(default=1)
    # Whom it concerns has a notice of it.
    is_told: Mapped[bool] = mapped_column(default=False)
