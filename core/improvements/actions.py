"""Improvement measures 改善对策: a measure with an owner and a due date, checked for its effect."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Action, Choice, Day, RequiredText
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.notices import notices
from core.notices.notices import Told, taken
from core.process import workflow
from core.process.permissions import require, visible_requests
from core.process.rules import Done, Happening, Process, Relation, Rule
from db.codes import FaultArea, ImprovementKind, ImprovementStatus, NoticeKind, Role
from db.tables import Asset, Improvement, Person, Product, ServiceRequest


class PlanImprovement(Action):
    """Plan a measure so that it is mended, or does not come back: who does it, by when."""

    kind: ImprovementKind
    measure: RequiredText
    owner_id: Annotated[int, Choice("staff")]
    due_on: Day
    # What the effect is measured by.
    fault_area: FaultArea | None = None


class FinishImprovement(Action):
    """The measure is carried out."""

    note: RequiredText


class ConfirmEffect(Action):
    """The measure works."""

    finding: RequiredText


class FindNoEffect(Action):
    """The measure does not work: another one is planned in its place."""

    finding: RequiredText


class PlanAgain(Action):
    """What is done instead, and by when."""

    measure: RequiredText
    due_on: Day


class MoveImprovement(Action):
    """Give it another day or another owner, with the reason."""

    owner_id: Annotated[int, Choice("staff")]
    due_on: Day
    note: RequiredText


PLANNED, DONE = ImprovementStatus.PLANNED, ImprovementStatus.DONE
EFFECTIVE, INEFFECTIVE = ImprovementStatus.EFFECTIVE, ImprovementStatus.INEFFECTIVE
RUNNING, FINISHED, FAILED = frozenset({PLANNED}), frozenset({DONE}), frozenset({INEFFECTIVE})

OWNER = Relation("other_owner", lambda actor, row: actor.id == row.owner_id)
NOT_OWNER = Relation("own_measure", lambda actor, row: actor.id != row.owner_id)
PLANS, CHECKS = "improvement:plan", "improvement:check"

RULES = (
    Rule("done", FinishImprovement, RUNNING, DONE, "improvement:do", "E14", who=(OWNER,)),
    Rule("effective", ConfirmEffect, FINISHED, EFFECTIVE, CHECKS, "A26", who=(NOT_OWNER,)),
    Rule("ineffective", FindNoEffect, FINISHED, INEFFECTIVE, CHECKS, "A26", who=(NOT_OWNER,)),
    Rule("planned_again", PlanAgain, FAILED, PLANNED, PLANS, "A26"),
    Rule("moved", MoveImprovement, RUNNING, None, PLANS, "E14"),
    Rule("planned", None, RUNNING, PLANNED, PLANS, "E14"),
)


@dataclass(frozen=True)
class ImprovementView:
    """One measure with the actions that the actor may take on it; `late` as of today."""

    id: int
    version: int
    case_id: int
    number: str
    kind: ImprovementKind
    measure: str
    status: ImprovementStatus
    owner: str
    due_on: date
    late: bool
    product: str
    product_id: int | None
    fault_area: FaultArea | None
    finding: str
    checked_by: str
    actions: tuple[Rule, ...]


def select_visible(actor: Actor) -> Select[Improvement]:
    """The measures of cases that the actor may see, and the actor's own ones."""
    return (
        select(Improvement)
        .join(Improvement.request)
        .where(visible_requests(actor) | (Improvement.owner_id == actor.id))
        .options(contains_eager(Improvement.request))
    )


def plan(uow: UnitOfWork, request: ServiceRequest, command: PlanImprovement) -> Improvement:
    """Write down a measure that comes from a case; its owner is told."""
    refuse_past(uow, command.due_on)
    asset = uow.session.get(Asset, request.asset_id) if request.asset_id else None
    row = Improvement(
        **command.model_dump(exclude={"fault_area"}),
        request_id=request.id,
        request=request,
        status=PLANNED,
        product_id=asset.product_id if asset else None,
        fault_area=command.fault_area or request.fault_area,
        planned_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    data = {"owner": row.owner_id, "due_on": row.due_on.isoformat()}
    workflow.advance(uow, PROCESS, row, "planned", Done(note=row.measure, data=data))
    return row


def of_case(uow: UnitOfWork, *, case_id: int) -> tuple[ImprovementView, ...]:
    """The measures that a case led to, in the order in which they were planned."""
    rows = uow.session.scalars(
        select_visible(uow.actor)
        .where(Improvement.request_id == case_id)
        .options(*WITH_NAMES)
        .order_by(Improvement.id)
    )
    return tuple(view(uow, row) for row in rows)


def mine(uow: UnitOfWork) -> tuple[ImprovementView, ...]:
    """What the actor has to do or has done and nobody has found effective yet; due first."""
    require(uow, "improvement:do")
    rows = uow.session.scalars(
        select_visible(uow.actor)
        .where(Improvement.owner_id == uow.actor.id, Improvement.status != EFFECTIVE)
        .options(*WITH_NAMES)
        .order_by(Improvement.status != PLANNED, Improvement.due_on, Improvement.id)
        .limit(200)
    )
    return tuple(view(uow, row) for row in rows)


WITH_NAMES = (
    joinedload(Improvement.owner),
    joinedload(Improvement.checked_by),
    joinedload(Improvement.product),
)


def view(uow: UnitOfWork, row: Improvement) -> ImprovementView:
    """A measure whose names are loaded, as screens show it."""
    product: Product | None = row.product
    return ImprovementView(
        id=row.id,
        version=row.version,
        case_id=row.request_id,
        number=row.request.number,
        kind=row.kind,
        measure=row.measure,
        status=row.status,
        owner=row.owner.name,
        due_on=row.due_on,
        late=row.status is PLANNED and row.due_on < uow.today,
        product=f"{product.brand} {product.model}" if product else "",
        product_id=row.product_id,
        fault_area=row.fault_area,
        finding=row.finding,
        checked_by=row.checked_by.name if row.checked_by else "",
        actions=PROCESS.allowed(uow.actor, row),
    )


def staff(uow: UnitOfWork, _record: object = None) -> Mapping[int, str]:
    """Everybody who may own work, by name."""
    rows = uow.session.execute(
        select(Person.id, Person.name)
        .where(Person.active, Person.role.notin_((Role.AUDITOR, Role.ADMIN)))
        .order_by(Person.name, Person.id)
    )
    return dict(rows.all())


def _finish(uow: UnitOfWork, row: Improvement, command: FinishImprovement) -> Done:
    row.done_at = uow.now
    return Done(note=command.note)


def _check(uow: UnitOfWork, row: Improvement, command: ConfirmEffect | FindNoEffect) -> Done:
    row.finding, row.checked_by_id = command.finding, uow.actor.id
    return Done(note=command.finding)


def _plan_again(uow: UnitOfWork, row: Improvement, command: PlanAgain) -> Done:
    refuse_past(uow, command.due_on)
    old = row.measure
    row.measure, row.due_on = command.measure, command.due_on
    row.done_at, row.checked_by_id = None, None
    return Done(note=command.measure, data={"was": old, "due_on": row.due_on.isoformat()})


def _move(uow: UnitOfWork, row: Improvement, command: MoveImprovement) -> Done:
    refuse_past(uow, command.due_on)
    data = {"due_on": [row.due_on.isoformat(), command.due_on.isoformat()]}
    owners = {"owner": [row.owner_id, command.owner_id]}
    row.due_on, row.owner_id = command.due_on, command.owner_id
    return Done(note=command.note, data=data | owners)


def refuse_past(uow: UnitOfWork, due_on: date) -> None:
    """InvalidInput where a day is over already."""
    if due_on < uow.today:
        raise InvalidInput(Problem("due_on", "in_the_past"))


def tell_owner(uow: UnitOfWork, planned: Happening) -> None:
    """Whoever has to carry a measure out is told."""
    row = planned.record
    notices.put(
        uow,
        people=[row.owner_id],
        kind=NoticeKind.IMPROVEMENT,
        source=f"improvement:{row.id}:{row.version}:{row.owner_id}",
        case_id=row.request_id,
        data={"due_on": row.due_on.isoformat()},
    )


def given_to_another(_uow: UnitOfWork, row: Improvement, done: Done) -> Iterator[Told]:
    """Whoever had the measure before has it no longer."""
    before, now = done.data["owner"]
    yield taken(before if before != now else None, number=row.request.number)


PROCESS = Process(
    subject="improvement",
    rules=RULES,
    effects={
        ConfirmEffect: _check,
        FindNoEffect: _check,
        FinishImprovement: _finish,
        MoveImprovement: _move,
        PlanAgain: _plan_again,
    },
    select=select_visible,
    table=Improvement,
    case_id=lambda row: row.request_id,
    options={"staff": staff},
    comes_of=("complaint", "quality", "suggestion"),
)
