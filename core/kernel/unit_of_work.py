"""One unit of work: who acts, in which transaction, at which instant."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.kernel import hindrances, known, recorded, touched
from core.kernel.errors import Hindered, NotFound, Stale
from db.base import Versioned
from db.codes import Language, Role
from db.tables import Company, Person

DEADLOCK, NOT_SERIALIZABLE, NOT_UNIQUE = "40P01", "40001", "23505"

RecordT = TypeVar("RecordT", bound=Versioned)


@dataclass(frozen=True)
class Actor:
    """Who acts: a person of the company as of this moment; or a customer, by a link."""

    id: int | None
    name: str
    # None for a customer who comes by a link: nobody of the company.
    role: Role | None
    station_id: int | None
    station: str
    language: Language
    zone: str
    company: str
    # The department of the rule book, by name; whether the person heads it, or the station.
    department: str = ""
    is_head: bool = False
    # When the password was last given; None where no sign-in stands behind it: the command line.
    confirmed_at: datetime | None = field(default=None, compare=False)
    # Of a customer: by which link, and the only case that it opens.
    link_id: int | None = None
    case_id: int | None = None
    # Or which call on a plan the customer answers by a link.
    care_id: int | None = None
    # And from which address of the network the customer comes.
    came_from: str = ""

    @cached_property
    def zone_info(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.zone)


def actor_of(person: Person, company: Company, *, guess: Language | None = None) -> Actor:
    """A person as the one who acts."""
    return Actor(
        id=person.id,
        name=person.name,
        role=person.role,
        station_id=person.station_id,
        station=person.station.name if person.station else "",
        language=person.language or guess or company.language,
        zone=company.time_zone,
        company=company.name,
        department=person.department,
        is_head=person.is_head,
    )


class Follows(Protocol):
    """The house, as far as a unit of work knows it: what follows from a fact."""

    def follow(self, uow: "UnitOfWork", happening: Any) -> None:
        """Bring about what follows."""

    def may_come(self, standings: Collection[tuple[str, str]], facts: Iterable[str]) -> bool:
        """Whether one of the facts may still come about, as the files of a case stand."""


@dataclass(eq=False)
class UnitOfWork:
    """What every verb of core takes first: the session, the actor, the only clock, the house.

    `clock` is what the clock showed at the start; what people say about days and appointments is
    compared with it. Facts happen `now`: the same instant, or a little later where the clock was
    set back since the last fact of a case (core.process.history.catch_up).
    """

    session: Session
    actor: Actor
    now: datetime
    house: Follows
    clock: datetime = field(init=False)
    caught_up: set[int] = field(default_factory=set, init=False)
    # The cases that the actor was found to see: asked once.
    seen_cases: set[int] = field(default_factory=set, init=False)
    # The jobs that are about to leave their time to another: it is not taken any more.
    leaving: set[int] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self.clock = self.now

    @property
    def today(self) -> date:
        """The company's local day."""
        return self.clock.astimezone(self.actor.zone_info).date()


def system_actor(zone: str = "UTC", company: str = "") -> Actor:
    """The tool itself: migrations, sweeps, set-up. It has an administrator's sight."""
    return Actor(None, "", Role.ADMIN, None, "", Language.ZH, zone, company)


def customer_actor(company: Company, language: Language, **by: Any) -> Actor:
    """A customer who comes by the link of a case: no person, without a role."""
    return Actor(None, "", None, None, "", language, company.time_zone, company.name, **by)


@contextmanager
def transaction(engine: Engine, *, write: bool) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any error.

    Stale when outrun; Hindered when the disk, the database or a lock is in the way.
    """
    # PostgreSQL ends one of two transactions that wait for each other, as when a job is reported
    # while its request is cancelled.
    bound = engine.execution_options(immediate=True) if write else of_one_moment(engine)
    try:
        with Session(bound, expire_on_commit=False) as session, session.begin():
            known.watch(session)
            touched.watch(session)
            recorded.watch(session, datetime.now(UTC), write=write)
            yield session
    except StaleDataError as error:
        raise Stale() from error
    except (SQLAlchemyError, OSError) as error:
        if isinstance(error, DBAPIError) and sql_state(error) in (DEADLOCK, NOT_SERIALIZABLE):
            raise Stale() from error
        if found := hindrances.of(error):
            raise Hindered(reason=found) from error
        raise


def of_one_moment(engine: Engine) -> Engine:
    """What is read together is of one moment; on SQLite it always is."""
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def sql_state(error: DBAPIError) -> str | None:
    """PostgreSQL's code of a refusal; None on SQLite, where writers queue up."""
    return getattr(error.orig, "sqlstate", None)


@contextmanager
def unit_of_work(
    engine: Engine, actor: Actor, house: Follows, *, write: bool, now: datetime | None = None
) -> Iterator[UnitOfWork]:
    """A transaction in which the actor works; `now` is the system clock unless it is given."""
    with transaction(engine, write=write) as session:
        at = now or datetime.now(UTC)
        recorded.acts(session, actor.id, at)
        yield UnitOfWork(session, actor, at, house)


def seen(record: RecordT | None, version: int) -> RecordT:
    """The record, if it still is as the actor saw it; NotFound or Stale otherwise."""
    if record is None:
        raise NotFound()
    if record.version != version:
        raise Stale(version=record.version)
    return record
