"""What people of the demo company do, through the same commands that the screens send."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.demo import founding
from core.demo.catalogue import Model
from core.demo.world import SLOTS, SUNDAY, Branch, Caller, Owned, World, fresh
from core.followups import actions as followups
from core.followups.actions import CallResult
from core.house import HOUSE
from core.jobs import actions as jobs
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import Actor
from core.process import workflow
from core.requests import actions, asked, inputs, intake
from db.codes import Channel, FollowUpStatus, Priority, Reaction, RequestKind, Role
from db.tables import FollowUp, Job, ServiceRequest

PROCESSES = {process.table: process for process in HOUSE.processes}
CHANNELS = (
    *((Channel.HOTLINE, 0.62), (Channel.ONLINE, 0.20), (Channel.COUNTER, 0.08)),
    *((Channel.EMAIL, 0.05), (Channel.ON_SITE, 0.03), (Channel.LETTER, 0.02)),
)
SLOW_CHANNELS = frozenset({Channel.EMAIL, Channel.LETTER, Channel.ONLINE})
PRIORITIES = ((Priority.NORMAL, 0.88), (Priority.URGENT, 0.10), (Priority.CRITICAL, 0.02))


def some_caller(world: World, branch: Branch) -> Caller:
    """A customer of the branch who owns something."""
    return world.choose([caller for caller in world.callers[branch.name] if caller.owned])


def register(world: World, at: datetime, branch: Branch, **facts: Any) -> int:
    """An agent of the branch writes a request down."""
    channel = facts.pop("channel", None) or world.weighted(CHANNELS)
    if channel in SLOW_CHANNELS and "received_at" not in facts:
        facts["received_at"] = at - world.minutes(45)
    values = {"channel": channel, "priority": world.weighted(PRIORITIES)} | facts
    command = parse(intake.Register, values)
    return intake.register(world.uow(world.someone(Role.AGENT, branch), at), command).id


def register_for(world: World, at: datetime, owned: Owned, **facts: Any) -> int:
    """A known customer asks about a product that is in the archive."""
    caller = owned.customer
    return register(world, at, caller.branch, customer_id=caller.id, asset_id=owned.id, **facts)


def register_new(
    world: World,
    at: datetime,
    branch: Branch,
    *,
    model: Model,
    caller: Caller | None,
    **facts: Any,
) -> tuple[int, Owned]:
    """A product that is new to the archive, and often a new customer with it."""
    newest = facts["kind"] is RequestKind.INSTALLATION
    facts |= founding.product_facts(world, model, world.day(at), newest=newest)
    who: dict[str, Any] = (
        {"customer_id": caller.id} if caller else founding.person_facts(world, branch)
    )
    case_id = register(world, at, branch, **facts, **who)
    row = fresh(world, ServiceRequest, case_id)
    if caller is None:
        caller = Caller(row.customer_id, who["contact"], branch)
        world.callers[branch.name].append(caller)
    owned = Owned(row.asset_id, model, caller)
    caller.owned.append(owned)
    return case_id, owned


def wanted(world: World, at: datetime) -> dict[str, datetime]:
    """The window that a customer asks for: tomorrow or the day after, never a Sunday."""
    day = world.day(at) + timedelta(days=world.choose((1, 1, 2)))
    if day.weekday() == SUNDAY:
        day += timedelta(days=1)
    begin, end = world.choose(SLOTS)
    return {"wanted_from": world.local(day, begin), "wanted_to": world.local(day, end)}


def act(world: World, actor: Actor, at: datetime, case_id: int, command: Action) -> None:
    """Somebody acts on a request that they have just looked at."""
    version = fresh(world, ServiceRequest, case_id).version
    workflow.act(
        world.uow(actor, at), actions.PROCESS, id=case_id, command=command, seen_version=version
    )


def work(world: World, actor: Actor, at: datetime, case_id: int, command: Action) -> None:
    """Somebody acts on the open job of a request."""
    job = world.session.scalars(
        select(Job).where(Job.request_id == case_id, Job.status.in_(jobs.OPEN))
    ).one()
    workflow.act(
        world.uow(actor, at), jobs.PROCESS, id=job.id, command=command, seen_version=job.version
    )


def file_of(world: World, table: type[Any], case_id: int) -> Any:
    """The complaint, the quality feedback or the suggestion of a request."""
    query = select(table).where(table.request_id == case_id).options(joinedload(table.request))
    return world.session.scalars(query).one()


def review(world: World, actor: Actor, at: datetime, row: Any, command: Action) -> None:
    """Somebody takes a step with what is reviewed step by step."""
    uow = world.uow(actor, at)
    workflow.act(uow, PROCESSES[type(row)], id=row.id, command=command, seen_version=row.version)


def acknowledge_soon(world: World, branch: Branch, case_id: int, at: datetime) -> None:
    """Somebody at the desk tells the customer that it is in hand, unless there is an answer."""
    world.at(world.office_time(at, 45), partial(_acknowledge, world, branch, case_id))


def _acknowledge(world: World, branch: Branch, case_id: int, at: datetime) -> None:
    row = fresh(world, ServiceRequest, case_id)
    if row.status in actions.OPEN and row.acknowledged_at is None:
        command = inputs.Acknowledge(channel=Channel.HOTLINE)
        act(world, world.someone(Role.AGENT, branch), at, case_id, command)


def told(reaction: Reaction) -> dict[str, Any]:
    """How an answer reaches the customer: in a letter where nobody picks up the phone."""
    reached = reaction is not Reaction.NOT_REACHED
    return {"channel": Channel.HOTLINE if reached else Channel.LETTER, "reaction": reaction}


def route_of(world: World, case_id: int) -> str:
    """The department that the rule book names for a request."""
    row = fresh(world, ServiceRequest, case_id)
    route = asked.route_of(world.norm, row.kind, row.priority, row.case_class)
    return (route.department if route else None) or ""


def call_of(world: World, case_id: int) -> FollowUp | None:
    """The follow-up call that is due for a request."""
    query = select(FollowUp).where(FollowUp.request_id == case_id)
    return world.session.scalar(query.where(FollowUp.status == FollowUpStatus.DUE))


def call(world: World, actor: Actor, at: datetime, case_id: int, command: Action) -> int | None:
    """Somebody makes the follow-up call; the id of the complaint that comes of it."""
    row = call_of(world, case_id)
    assert row is not None  # whoever calls has seen it on the list
    uow = world.uow(actor, at)
    workflow.act(uow, followups.PROCESS, id=row.id, command=command, seen_version=row.version)
    led_to = followups.receipt(uow, id=row.id).result
    if led_to is CallResult.REOPENED:
        return case_id
    if led_to is not CallResult.REGISTERED:
        return None
    raised = select(ServiceRequest.id).where(ServiceRequest.origin_id == case_id)
    return world.session.scalar(raised.order_by(ServiceRequest.id.desc()))


def is_open(world: World, case_id: int) -> bool:
    """Whether the request is still worked on."""
    return fresh(world, ServiceRequest, case_id).status in actions.OPEN
