"""The demo company's maintenance plans: one by product, one by contract, rounds in every state."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select

from core.demo import deeds, words
from core.demo.world import BRANCHES, World, fresh
from core.kernel.inputs import parse
from core.maintenance import plans, reminders, rounds
from core.maintenance.inputs import MakeContractPlan, MakePlan, SkipRound
from core.process import workflow
from core.requests import inputs
from db.codes import RequestKind, Role, RoundStatus
from db.tables import Asset, MaintenancePlan, MaintenanceRound

DAY = timedelta(days=1)
# Long enough ago that some rounds are done, some are overdue by now.
BEGUN = 24


def set_scene(world: World) -> None:
    """Two plans made some weeks ago; since then the tool has looked at them every morning."""
    begun = world.earlier(world.now - BEGUN * DAY, 1)
    world.at(begun, partial(_make, world))
    for day in range(BEGUN + 1):
        morning = world.local(world.day(begun) + day * DAY, datetime.min.time())
        world.at(morning + timedelta(hours=9), partial(_sweep, world))
    for day, step in ((12, _do_first), (13, _skip_one)):
        world.at(begun + day * DAY, partial(step, world))


def _make(world: World, at: datetime) -> None:
    """A product of which many are sold, and the contract of a customer with two pieces."""
    manager = world.people[Role.MANAGER, ""][0]
    many = select(Asset.product_id).group_by(Asset.product_id).order_by(func.count().desc())
    terms: dict[str, Any] = {"kind": RequestKind.CLEANING, "valid_from": world.day(at)}
    product = terms | words.PRODUCT_PLAN | {"product_id": world.session.scalars(many).first()}
    plans.make(world.uow(manager, at), parse(MakePlan, product))
    home = BRANCHES[0].name
    caller = max(world.callers[home], key=lambda each: len(each.owned))
    contract = terms | words.CONTRACT_PLAN | {"customer_id": caller.id}
    contract |= {"station_id": world.stations[home], "first_on": world.day(at) + 10 * DAY}
    dispatcher = world.people[Role.DISPATCHER, home][0]
    plans.make(world.uow(dispatcher, at), parse(MakeContractPlan, contract))


def _sweep(world: World, at: datetime) -> None:
    for due, do in (
        (rounds.lacking, rounds.fill),
        (rounds.to_make, rounds.make),
        (reminders.untold, reminders.tell),
        (reminders.untold_late, reminders.tell_late),
    ):
        for id in due(world.uow(world.office, at)):
            do(world.uow(world.office, at), id)


def _do_first(world: World, at: datetime) -> None:
    """The first round of the contract is settled; the second one stays open, and is overdue."""
    made = _rounds(world, RoundStatus.MADE)
    if made and (case_id := made[0].request_id):
        agent = world.people[Role.AGENT, BRANCHES[0].name][0]
        deeds.act(world, agent, at, case_id, inputs.Answer(answer=words.CLEANED[0]))


def _skip_one(world: World, at: datetime) -> None:
    planned = _rounds(world, RoundStatus.PLANNED)
    if planned:
        row = fresh(world, MaintenanceRound, planned[0].id)
        workflow.act(
            world.uow(world.people[Role.MANAGER, ""][0], at),
            rounds.PROCESS,
            id=row.id,
            command=SkipRound(note=words.ROUND_SKIPPED),
            seen_version=row.version,
        )


def _rounds(world: World, status: RoundStatus) -> Sequence[MaintenanceRound]:
    """The rounds of the contract in a status, what is due first before."""
    by_contract = MaintenancePlan.customer_id.is_not(None)
    return world.session.scalars(
        select(MaintenanceRound)
        .join(MaintenanceRound.plan)
        .where(MaintenanceRound.status == status, by_contract)
        .order_by(MaintenanceRound.due_on, MaintenanceRound.id)
    ).all()
