"""What comes after a complaint was answered: penalties with their appeals, improvements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from core import improvements
from core.complaints import penalties
from core.complaints.inputs import Penalise
from core.demo import deeds, grievances
from core.improvements import ConfirmEffect, FindNoEffect, FinishImprovement, PlanImprovement
from core.inputs import parse
from db.codes import ImprovementKind, PenaltyGround, Role
from db.tables import Improvement, Penalty, Responsible

if TYPE_CHECKING:
    from core.demo.complaints import ComplaintStory
    from core.demo.world import World

Plan = Callable[[datetime, PlanImprovement], None]
LATE, EFFECTIVE = "late", "effective"
DAY = 450


def penalise(story: ComplaintStory, at: datetime) -> bool:
    """A penalty for whoever answers for the cause, inside the band; False where nobody does."""
    world, row = story.world, story.row()
    person_id = world.session.scalar(
        select(Responsible.person_id).where(
            Responsible.complaint_id == row.id, Responsible.person_id.is_not(None)
        )
    )
    band = penalties.band_of(world.norm, PenaltyGround.PERSON, row.loss_cents)
    if person_id is None or band is None:
        return False
    percent = (band.least_percent + band.most_percent) / 2
    facts = {"ground": "person", "person_id": person_id, "percent": percent, "reason": row.cause}
    story.act(story.free(Role.MANAGER), at, parse(Penalise, facts))
    appealed = story.plot.appealed if story.plot else world.chance(0.4)
    if appealed:
        world.at(at + timedelta(minutes=20), lambda when: _appeal(story, person_id, when))
    return True


def _appeal(story: ComplaintStory, person_id: int, at: datetime) -> None:
    world = story.world
    query = select(Penalty).where(
        Penalty.complaint_id == story.row().id, Penalty.person_id == person_id
    )
    row = world.session.scalars(query.order_by(Penalty.id.desc())).first()
    assert row is not None  # imposed a moment ago
    concerned = next(
        actor for team in world.people.values() for actor in team if actor.id == person_id
    )
    command = penalties.Appeal(appeal=world.choose(grievances.APPEALS))
    penalties.act(world.uow(concerned, at), id=row.id, command=command, seen_version=row.version)
    if story.plot is None:
        world.at(world.office_time(at, 2 * DAY), lambda when: _review(story, row, when))


def _review(story: ComplaintStory, row: Penalty, at: datetime) -> None:
    leader, world = story.world.someone(Role.LEADER), story.world
    reason, harder = grievances.REVIEWS
    command = world.choose(
        (penalties.Reduce(percent=row.percent / 2, review=reason), penalties.Uphold(review=harder))
    )
    penalties.act(world.uow(leader, at), id=row.id, command=command, seen_version=row.version)


def improve(
    story: ComplaintStory,
    at: datetime,
    plan: Plan,
    measure: str,
    how: str = "",
    kind: ImprovementKind = ImprovementKind.PREVENTIVE,
) -> None:
    """A measure is planned and mostly carried out and checked; staged ones end as `how` says."""
    world = story.world
    owner = story.free(Role.QUALITY, Role.HANDLER)
    days = 5 if how else world.dice.randint(7, 30)
    due_on = world.day(at) + timedelta(days=days)
    plan(at, PlanImprovement(kind=kind, measure=measure, owner_id=owner.id or 0, due_on=due_on))
    row = last(world, story.case_id)
    if how == LATE or (not how and world.chance(0.15)):
        return
    done = at + timedelta(days=days * world.dice.uniform(0.4, 0.95))
    world.at(world.office_time(done, 30), lambda when: _finish(world, row.id, when))


def last(world: World, case_id: int) -> Improvement:
    """The measure that was planned last for a case."""
    query = select(Improvement).where(Improvement.request_id == case_id)
    return world.session.scalars(query.order_by(Improvement.id.desc())).first() or _none(case_id)


def _none(case_id: int) -> Improvement:
    raise LookupError(f"no measure was planned for case {case_id}")


def _finish(world: World, id: int, at: datetime) -> None:
    row = deeds.fresh(world, Improvement, id)
    owner = next(a for team in world.people.values() for a in team if a.id == row.owner_id)
    note = world.choose(grievances.CARRIED_OUT)
    improvements.act(
        world.uow(owner, at), id=id, command=FinishImprovement(note=note), seen_version=row.version
    )
    later = world.office_time(at + timedelta(days=world.dice.randint(2, 5)), 60)
    world.at(later, lambda when: _check(world, id, when))


def _check(world: World, id: int, at: datetime) -> None:
    row = deeds.fresh(world, Improvement, id)
    finding = world.choose(grievances.EFFECTS)
    works = ConfirmEffect(finding=finding)
    command = FindNoEffect(finding=finding) if False else works
    manager = world.someone(Role.MANAGER)
    improvements.act(world.uow(manager, at), id=id, command=command, seen_version=row.version)
