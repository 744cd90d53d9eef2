"""Absences: asked for, decided on by who heads the station, never by oneself (C15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Action, Input, LongText, Moment, RequiredText
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.notices import receivers
from core.notices.notices import Told
from core.process import workflow
from core.process.permissions import require
from core.process.rules import Done, Process, Relation, Rule
from core.roster import sight
from db.codes import AbsenceReason, AbsenceStatus, NoticeKind
from db.tables import Absence, Person

ASK, DECIDE = "absence:ask", "absence:decide"


class AskAbsence(Input):
    """Ask to be away."""

    begins_at: Moment
    ends_at: Moment
    reason: AbsenceReason
    note: LongText = ""


class ApproveAbsence(Action):
    """Let somebody be away."""

    note: LongText = ""


class RefuseAbsence(Action):
    """Say no, and why."""

    note: RequiredText


class WithdrawAbsence(Action):
    """It is not needed any more."""

    note: LongText = ""


ASKED, APPROVED = AbsenceStatus.ASKED, AbsenceStatus.APPROVED
REFUSED, WITHDRAWN = AbsenceStatus.REFUSED, AbsenceStatus.WITHDRAWN
OWN = Relation("other_absence", lambda actor, row: actor.id == row.person_id)
NOT_OWN = Relation("own_absence", lambda actor, row: actor.id != row.person_id)
WAITING, ALIVE = frozenset({ASKED}), frozenset({ASKED, APPROVED})

RULES = (
    Rule("asked", None, frozenset(), ASKED, ASK, "C15"),
    Rule("approved", ApproveAbsence, WAITING, APPROVED, DECIDE, "C15", who=(NOT_OWN,)),
    Rule("refused", RefuseAbsence, WAITING, REFUSED, DECIDE, "C15", who=(NOT_OWN,)),
    Rule("withdrawn", WithdrawAbsence, ALIVE, WITHDRAWN, ASK, "C15", who=(OWN,)),
)


@dataclass(frozen=True)
class AbsenceView:
    """One absence with the actions that the actor may take on it."""

    id: int
    version: int
    person_id: int
    person: str
    begins_at: datetime
    ends_at: datetime
    reason: AbsenceReason
    status: AbsenceStatus
    note: str
    decided_by: str
    actions: tuple[Rule, ...]


def select_visible(actor: Actor) -> Select[Absence]:
    """The absences of those whose roster the actor sees, and the own ones."""
    return (
        select(Absence)
        .join(Absence.person)
        .where(sight.visible_people(actor))
        .options(contains_eager(Absence.person))
    )


def ask(uow: UnitOfWork, command: AskAbsence, *, person_id: int | None = None) -> int:
    """Ask to be away, for oneself or for somebody whose roster one keeps; gives its id."""
    require(uow, ASK)
    who = person_id or uow.actor.id
    assert who is not None  # the tool itself never asks
    if who != uow.actor.id:
        sight.person_to_keep(uow, who)
    if command.ends_at <= command.begins_at:
        raise InvalidInput(Problem("ends_at", "window"))
    _refuse_twice(uow, who, command)
    row = Absence(person_id=who, asked_by_id=uow.actor.id, asked_at=uow.now, **command.model_dump())
    data = {
        "person": who,
        "from": command.begins_at.isoformat(),
        "to": command.ends_at.isoformat(),
        "absence": command.reason.value,
    }
    workflow.begin(uow, PROCESS, row, Done(note=command.note, data=data))
    return row.id


def list_of(uow: UnitOfWork, *, past: bool = False) -> tuple[AbsenceView, ...]:
    """The absences that are not over, or those that are: what waits for a decision first."""
    over = Absence.ends_at <= uow.clock
    rows = uow.session.scalars(
        select_visible(uow.actor)
        .where(over if past else ~over)
        .options(joinedload(Absence.decided_by))
        .order_by(Absence.status != ASKED, Absence.begins_at, Absence.id)
        .limit(200)
    )
    return tuple(_view(uow, row) for row in rows)


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many absences wait for the actor's decision; none of them is late by itself."""
    waiting = (Absence.status == ASKED) & (Absence.person_id != uow.actor.id)
    mine = Absence.person_id.in_(select(Person.id).where(sight.visible_people(uow.actor)))
    return select(func.count(), literal(0)).select_from(Absence).where(waiting, mine)


def asked_of(uow: UnitOfWork, row: Absence, _done: Done) -> Iterator[Told]:
    """Who heads the station is told that somebody asks to be away."""
    person = uow.session.get_one(Person, row.person_id)
    people = receivers.heads(uow, person.station_id, without=row.person_id)
    yield Told(NoticeKind.ABSENCE, people, _told(uow, row) | {"name": person.name})


def decided(uow: UnitOfWork, row: Absence, _done: Done) -> Iterator[Told]:
    """Whoever asked to be away is told what was decided."""
    yield Told(NoticeKind.ABSENCE, {row.person_id, row.asked_by_id}, _told(uow, row))


def _told(uow: UnitOfWork, row: Absence) -> dict[str, Any]:
    # Until midnight is until the day before.
    moments = {"from": row.begins_at, "to": row.ends_at - timedelta(seconds=1)}
    zone = uow.actor.zone_info
    return {name: at.astimezone(zone).date().isoformat() for name, at in moments.items()}


def _refuse_twice(uow: UnitOfWork, person_id: int, command: AskAbsence) -> None:
    there = select(Absence.id).where(
        Absence.person_id == person_id,
        Absence.status.in_(ALIVE),
        Absence.begins_at < command.ends_at,
        Absence.ends_at > command.begins_at,
    )
    if uow.session.scalar(there.limit(1)) is not None:
        raise InvalidInput(Problem("begins_at", "overlaps"))


def _decide(uow: UnitOfWork, row: Absence, command: ApproveAbsence | RefuseAbsence) -> Done:
    row.decided_by_id, row.decided_at = uow.actor.id, uow.now
    return Done(note=command.note, data={"person": row.person_id})


def _withdraw(_uow: UnitOfWork, row: Absence, command: WithdrawAbsence) -> Done:
    return Done(note=command.note, data={"person": row.person_id})


def _view(uow: UnitOfWork, row: Absence) -> AbsenceView:
    return AbsenceView(
        id=row.id,
        version=row.version,
        person_id=row.person_id,
        person=row.person.name,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        reason=row.reason,
        status=row.status,
        note=row.note,
        decided_by=row.decided_by.name if row.decided_by else "",
        actions=PROCESS.allowed(uow.actor, row),
    )


PROCESS = Process(
    subject="absence",
    rules=RULES,
    effects={ApproveAbsence: _decide, RefuseAbsence: _decide, WithdrawAbsence: _withdraw},
    select=select_visible,
    table=Absence,
    case_id=lambda row: None,
    # Who decides says something else than who asked.
    proposals=dict.fromkeys(
        (ApproveAbsence, RefuseAbsence, WithdrawAbsence), lambda _uow, _row: {"note": ""}
    ),
)
