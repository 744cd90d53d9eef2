"""Reading an archive from another department: applied for, granted for some days, logged (C10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from core.customers import again
from core.kernel.errors import InvalidInput, NotAllowed, Problem
from core.kernel.inputs import (
    Action,
    Choice,
    Day,
    Input,
    LongText,
    RecordId,
    RequiredText,
    WideLine,
)
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import workflow
from core.process.permissions import GRANTS, may, require
from core.process.rules import Done, Process, Relation, Rule
from db.codes import ReadingStatus
from db.tables import Customer, History, Person, Reading

ASK, GRANT, LOG = "archive:ask", "archive:grant", "archive:log"
ASKED, GRANTED, REFUSED, ENDED = ReadingStatus
# The longest period of one application, and how long the archive stays open after a look.
MOST_DAYS = 31
OPEN_FOR = timedelta(minutes=15)
MOST = 200


class AskReading(Input):
    """Ask to read a customer's archive: what for, and from which day to which."""

    customer_id: RecordId
    reason: RequiredText
    from_on: Day
    until_on: Day


class GrantReading(Action):
    """Let it be read until this day, in this place, with somebody who is there."""

    until_on: Day
    place: WideLine = ""
    companion_id: Annotated[int, Choice("companions")]
    note: LongText = ""


class RefuseReading(Action):
    """No, and why."""

    note: RequiredText


class LookUp(Action):
    """Open the archive now: it is written down who reads it, and when."""


class EndReading(Action):
    """It is not needed any more."""

    note: LongText = ""


OWN = (Relation("other_reader", lambda actor, row: actor.id == row.person_id),)
NOT_OWN = (Relation("own_reading", lambda actor, row: actor.id != row.person_id),)
WAITS, ALIVE = frozenset({ASKED}), frozenset({ASKED, GRANTED})
RULES = (
    Rule("asked", None, frozenset(), ASKED, ASK, "C10"),
    Rule("granted", GrantReading, WAITS, GRANTED, GRANT, "C10", who=NOT_OWN),
    Rule("refused", RefuseReading, WAITS, REFUSED, GRANT, "C10", who=NOT_OWN),
    Rule("looked", LookUp, frozenset({GRANTED}), None, ASK, "C10", who=OWN),
    Rule("ended", EndReading, ALIVE, ENDED, ASK, "C10", who=OWN),
    Rule("ended", EndReading, frozenset({GRANTED}), ENDED, GRANT, "C10"),
)


@dataclass(frozen=True)
class ReadingView:
    """One application, with what the actor may do about it; `is_over` when its days are past."""

    id: int
    version: int
    customer_id: int
    customer: str
    person: str
    status: ReadingStatus
    reason: str
    from_on: date
    until_on: date
    is_over: bool
    place: str
    companion: str
    # Until when the archive is open after the last look.
    open_until: datetime | None
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class Look:
    """Who read whose archive, and when."""

    at: datetime
    person: str
    customer_id: int
    customer: str
    reason: str
    companion: str


def select_visible(actor: Actor) -> Select[Reading]:
    """One's own applications; all, for whoever grants them or sees to it."""
    query = select(Reading).join(Reading.customer).options(contains_eager(Reading.customer))
    if may(actor, GRANT) or may(actor, LOG):
        return query
    return query.where(Reading.person_id == actor.id)


def may_read(uow: UnitOfWork, customer: Customer) -> bool:
    """Whether the archive is open to the actor: by need, or by a granted reading just begun."""
    return again.reads(uow.actor, customer) or _open(uow, customer.id) is not None


def is_open(uow: UnitOfWork, customer_id: int) -> bool:
    """As `may_read`, of the customer of an id."""
    return may_read(uow, again.current(uow, customer_id))


def require_read(uow: UnitOfWork, customer_id: int) -> None:
    """NotAllowed unless the archive of a customer is open to the actor."""
    if not is_open(uow, customer_id):
        raise NotAllowed(permission=again.READS)


def _open(uow: UnitOfWork, customer_id: int) -> Reading | None:
    since = uow.now - OPEN_FOR
    mine = (Reading.person_id == uow.actor.id) & (Reading.customer_id == customer_id)
    days = (Reading.from_on <= uow.today) & (Reading.until_on >= uow.today)
    query = select(Reading).where(mine, days, Reading.status == GRANTED, Reading.looked_at >= since)
    return uow.session.scalars(query.limit(1)).first()


def ask(uow: UnitOfWork, command: AskReading) -> int:
    """Ask to read the archive of a customer; gives the id of the application."""
    require(uow, ASK)
    customer = again.current(uow, command.customer_id)
    if again.reads(uow.actor, customer):
        raise InvalidInput(Problem("form", "reads_already"))
    _check_period(command.from_on, command.until_on, uow.today)
    row = Reading(
        person_id=uow.actor.id,
        customer_id=customer.id,
        asked_at=uow.now,
        **command.model_dump(include={"reason", "from_on", "until_on"}),
    )
    row.customer = customer
    data = {"customer_id": customer.id, "until_on": command.until_on.isoformat()}
    workflow.begin(uow, PROCESS, row, Done(note=command.reason, data=data))
    return row.id


def _check_period(start: date, end: date, today: date) -> None:
    if end < max(start, today):
        raise InvalidInput(Problem("until_on", "ends_before"))
    if end - max(start, today) >= timedelta(days=MOST_DAYS):
        raise InvalidInput(Problem("until_on", "too_many_days", {"n": MOST_DAYS}))


def of_customer(uow: UnitOfWork, *, customer_id: int) -> tuple[ReadingView, ...]:
    """The actor's own applications for one archive that are not over, the newest first."""
    mine = (Reading.customer_id == customer_id) & (Reading.person_id == uow.actor.id)
    return _read(uow, mine & Reading.status.in_(ALIVE) & (Reading.until_on >= uow.today))


def listed(uow: UnitOfWork) -> tuple[ReadingView, ...]:
    """The applications that the actor may see, the newest first."""
    return _read(uow, Reading.id.is_not(None))


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many applications wait for a decision; none of them is late by itself."""
    rows = select_visible(uow.actor).where(Reading.status == ASKED)
    return select(func.count(), literal(0)).select_from(rows.subquery())


def looks(uow: UnitOfWork) -> tuple[Look, ...]:
    """Who read which archive and when, the latest first."""
    require(uow, LOG)
    is_look = (History.subject == PROCESS.subject) & (History.action == "looked")
    query = (
        select(Reading, History.at)
        .join(History, History.subject_id == Reading.id)
        .where(is_look)
        .options(*map(joinedload, (Reading.customer, Reading.person, Reading.companion)))
        .order_by(History.id.desc())
        .limit(MOST)
    )
    return tuple(_look(row, at) for row, at in uow.session.execute(query))


def _look(row: Reading, at: datetime) -> Look:
    companion = row.companion.name if row.companion else ""
    person, customer = row.person.name, row.customer
    return Look(at, person, customer.id, customer.name, row.reason, companion)


def _read(uow: UnitOfWork, which: ColumnElement[bool]) -> tuple[ReadingView, ...]:
    require(uow, "search:use")
    query = select_visible(uow.actor).where(which).order_by(Reading.id.desc()).limit(MOST)
    rows = uow.session.scalars(
        query.options(joinedload(Reading.person), joinedload(Reading.companion))
    )
    return tuple(_view(uow, row) for row in rows)


def _view(uow: UnitOfWork, row: Reading) -> ReadingView:
    is_over = row.status in ALIVE and row.until_on < uow.today
    begun = row.from_on <= uow.today
    rules = () if is_over else PROCESS.allowed(uow.actor, row)
    until = row.looked_at + OPEN_FOR if row.looked_at else None
    return ReadingView(
        id=row.id,
        version=row.version,
        customer_id=row.customer_id,
        customer=row.customer.name,
        person=row.person.name,
        status=row.status,
        reason=row.reason,
        from_on=row.from_on,
        until_on=row.until_on,
        is_over=is_over,
        place=row.place,
        companion=row.companion.name if row.companion else "",
        open_until=until if until and until > uow.now else None,
        actions=tuple(rule for rule in rules if begun or rule.action is not LookUp),
    )


def _grant(uow: UnitOfWork, row: Reading, command: GrantReading) -> Done:
    _check_period(row.from_on, command.until_on, uow.today)
    row.until_on, row.place = command.until_on, command.place
    row.companion_id = command.companion_id
    data = {"until_on": command.until_on.isoformat(), "companion_id": command.companion_id}
    return Done(note=command.note, data=data)


def _look_up(uow: UnitOfWork, row: Reading, _command: LookUp) -> Done:
    if not row.from_on <= uow.today <= row.until_on:
        raise InvalidInput(Problem("form", "outside_its_days"))
    row.looked_at = uow.now
    return Done(data={"customer_id": row.customer_id})


def _said(_uow: UnitOfWork, _row: Reading, command: RefuseReading | EndReading) -> Done:
    return Done(note=command.note)


def _companions(uow: UnitOfWork, row: Reading) -> Mapping[int, str]:
    """Who may be there: after-sales staff, not the reader."""
    roles = [role for role, granted in GRANTS.items() if again.READS in granted]
    query = select(Person.id, Person.name).where(
        Person.active, Person.role.in_(roles), Person.id != row.person_id
    )
    return dict(uow.session.execute(query.order_by(Person.name, Person.id)).all())


PROCESS = Process(
    subject="reading",
    rules=RULES,
    effects={
        GrantReading: _grant,
        RefuseReading: _said,
        LookUp: _look_up,
        EndReading: _said,
    },
    select=select_visible,
    table=Reading,
    case_id=lambda row: None,
    options={"companions": _companions},
)
