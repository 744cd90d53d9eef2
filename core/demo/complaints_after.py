"""What comes after a complaint was answered: penalties with their appeals, improvements."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from sqlalchemy import select

from core.complaints import penalties
from core.complaints.inputs import Penalise
from core.demo import complaints_told
from core.demo.world import World, fresh
from core.improvements import actions as improvements
from core.improvements.actions import (
    ConfirmEffect,
    FindNoEffect,
    FinishImprovement,
    PlanImprovement,
)
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import Actor
from core.process import workflow
from db.codes import ImprovementKind, PenaltyGround, Role
from db.tables import Complaint, Improvement, Penalty, Responsible

Plan = Callable[[datetime, PlanImprovement], None]
PLANNED, LATE, EFFECTIVE = "planned", "late", "effective"
DAY = 450


class Staged(Protocol):
    """What was planned for a complaint."""

    @property
    def appealed(self) -> bool:
        """Whether whoever is penalised appeals."""


class ComplaintStory(Protocol):
    """A complaint's story, as far as its last steps need it."""

    world: World

    @property
    def plot(self) -> Staged | None:
        """What was planned; None when chance decides."""

    def row(self) -> Complaint:
        """The complaint as it is now."""

    def act(self, actor: Actor, at: datetime, command: Action) -> None:
        """Somebody takes a step."""

    def free(self, *roles: Role, without: int | None = None) -> Actor:
        """Somebody of these roles whom nothing bars."""


def penalise(story: ComplaintStory, at: datetime) -> bool:
    """A penalty for whoever answers for the cause, inside the band; False where nobody does.

    Nor where everybody has had one for it.
    """
    world, row = story.world, story.row()
    person_id = world.session.scalar(
        select(Responsible.person_id).where(
            Responsible.complaint_id == row.id,
            Responsible.person_id.is_not(None),
            # A complaint that was opened again comes by here again.
            Responsible.person_id.not_in(
                select(Penalty.person_id).where(Penalty.complaint_id == row.id)
            ),
        )
    )
    band = penalties.band_of(world.norm, PenaltyGround.PERSON, row.loss_cents)
    if person_id is None or band is None:
        return False
    percent = (band.least_percent + band.most_percent) / 2
    facts = {"ground": "person", "person_id": person_id, "percent": percent, "reason": row.cause}
    story.act(story.free(Role.MANAGER), at, parse(Penalise, facts))
    if story.plot.appealed if story.plot else world.chance(0.4):
        query = select(Penalty.id).where(Penalty.complaint_id == row.id)
        id = world.session.scalars(query.order_by(Penalty.id.desc()).limit(1)).one()
        world.at(at + timedelta(minutes=20), partial(_appeal, story, id))
    return True


def _appeal(story: ComplaintStory, penalty_id: int, at: datetime) -> None:
    world = story.world
    row = fresh(world, Penalty, penalty_id)
    command = penalties.Appeal(appeal=world.choose(complaints_told.APPEALS))
    uow = world.uow(world.actor(row.person_id), at)
    workflow.act(uow, penalties.PROCESS, id=row.id, command=command, seen_version=row.version)
    if story.plot is None:
        world.at(world.office_time(at, 2 * DAY), partial(_review, world, penalty_id))


def _review(world: World, penalty_id: int, at: datetime) -> None:
    row = fresh(world, Penalty, penalty_id)
    softer, same = complaints_told.REVIEWS
    command = (
        penalties.Reduce(percent=row.percent / 2, review=softer)
        if world.chance(0.5)
        else penalties.Uphold(review=same)
    )
    uow = world.uow(world.someone(Role.LEADER), at)
    workflow.act(uow, penalties.PROCESS, id=row.id, command=command, seen_version=row.version)


def improve(
    world: World,
    case_id: int,
    at: datetime,
    plan: Plan,
    measure: str,
    *,
    owner: Actor,
    how: str = "",
    kind: ImprovementKind = ImprovementKind.PREVENTIVE,
) -> None:
    """A measure is planned and mostly carried out and checked; a staged one ends as `how` says."""
    days = 5 if how else world.dice.randint(7, 30)
    due_on = world.day(at) + timedelta(days=days)
    plan(at, PlanImprovement(kind=kind, measure=measure, owner_id=owner.id or 0, due_on=due_on))
    query = select(Improvement).where(Improvement.request_id == case_id)
    row = world.session.scalars(query.order_by(Improvement.id.desc())).first()
    assert row is not None  # planned just now
    if how in (LATE, PLANNED) or (not how and world.chance(0.15)):
        return
    done = at + timedelta(days=days * world.dice.uniform(0.4, 0.95))
    world.at(done, partial(_finish, world, row.id, how))


def _finish(world: World, id: int, how: str, at: datetime) -> None:
    row = fresh(world, Improvement, id)
    command = FinishImprovement(note=world.choose(complaints_told.CARRIED_OUT))
    uow = world.uow(world.actor(row.owner_id), at)
    workflow.act(uow, improvements.PROCESS, id=id, command=command, seen_version=row.version)
    later = at + timedelta(days=world.dice.randint(2, 5))
    world.at(later, partial(_check, world, id, how))


def _check(world: World, id: int, how: str, at: datetime) -> None:
    row = fresh(world, Improvement, id)
    works = how == EFFECTIVE or world.chance(0.85)
    finding = world.choose(complaints_told.EFFECTS) if works else complaints_told.NO_EFFECT
    command = (ConfirmEffect if works else FindNoEffect)(finding=finding)
    uow = world.uow(world.someone(Role.MANAGER), at)
    workflow.act(uow, improvements.PROCESS, id=id, command=command, seen_version=row.version)
