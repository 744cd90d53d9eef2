"""Stations, people and their sign-ins."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from db.base import Base, Versioned
from db.codes import DayStart, Language, Role
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
    password_hash: Mapped[str] = mapped_column(String(80))
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
