"""The demo company's workshop: goods at each step, one that nobody collects, an old one to go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from core.demo import deeds
from core.demo.catalogue import faults_of
from core.demo.world import BRANCHES, Owned, World, fresh
from core.kernel.inputs import Action, parse
from core.process import workflow
from core.workshop import actions, inputs
from db.codes import CameFrom, Channel, Charge, RequestKind, Role, ShopPurpose
from db.tables import ServiceRequest, ShopPiece

PROMISED_IN = timedelta(days=5)
FOUND = inputs.Diagnose(diagnosis="电源板受潮短路，需更换电源板")
TOLD = inputs.Quote(quote_cents=26_000, note="电源板 180 元，人工 80 元")
AGREED = inputs.AgreeQuote(note="顾客电话同意")
DONE = inputs.RepairGoods(work_done="更换电源板，清理受潮接插件")
READY = inputs.TellReady(note="已电话告知")


@dataclass(frozen=True)
class Told:
    """Goods that came so many working hours ago, and what has happened to them since."""

    hours: float
    shelf: str
    steps: Sequence[Action] = ()
    facts: tuple[tuple[str, Any], ...] = ()


STORIES = (
    Told(3, "A-01"),
    Told(30, "A-02", (FOUND, TOLD)),
    Told(60, "A-03", (FOUND, inputs.RepairFree(), DONE), (("lent", "备用电饭煲"),)),
    # Ready for more than two weeks, and nobody has come.
    Told(260, "B-01", (FOUND, inputs.RepairFree(), DONE, inputs.PassTest(), READY)),
    Told(80, "B-02", (inputs.DeclineRepair(note="维修费接近新机价格，不修了"), READY)),
    Told(10, "C-01", (), (("purpose", ShopPurpose.RECYCLING),)),
)


def set_scene(world: World) -> None:
    """Each piece comes over the counter of the first station, and goes its way."""
    owned = [each for caller in world.callers[BRANCHES[0].name] for each in caller.owned]
    for story, piece in zip(STORIES, owned, strict=False):
        world.at(world.earlier(world.now, story.hours), partial(_take_in, world, story, piece))


def _take_in(world: World, story: Told, owned: Owned, at: datetime) -> None:
    fault = faults_of(owned.model)[0]
    about: dict[str, Any] = {"kind": RequestKind.REPAIR, "channel": Channel.COUNTER}
    about |= {"symptom": fault.symptom, "fault_area": fault.area}
    case_id = deeds.register_for(world, at, owned, **about)
    given = {
        "case_id": case_id,
        "came_from": CameFrom.COUNTER,
        "condition": "外壳有轻微划痕，其余完好",
        "accessories": "电源线、说明书",
        "handed_over_by": owned.customer.contact,
        "promised_at": at + PROMISED_IN,
        "shelf": story.shelf,
        **dict(story.facts),
    }
    desk = world.people[Role.AGENT, BRANCHES[0].name][0]
    id = actions.take_in(world.uow(desk, at), parse(inputs.TakeGoods, given))
    for number, step in enumerate(story.steps, 1):
        world.at(at + number * timedelta(hours=2), partial(_go_on, world, id, step))


def _go_on(world: World, id: int, step: Action, at: datetime) -> None:
    manager = world.people[Role.MANAGER, ""][0]
    case = fresh(world, ServiceRequest, fresh(world, ShopPiece, id).request_id)
    for each in _meant(step, case.charge is not Charge.FREE):
        version = fresh(world, ShopPiece, id).version
        uow = world.uow(manager, at)
        workflow.act(uow, actions.PROCESS, id=id, command=each, seen_version=version)


def _meant(step: Action, costs: bool) -> Sequence[Action]:
    """What costs is told and agreed first; what is free is not."""
    if costs and isinstance(step, inputs.RepairFree):
        return TOLD, AGREED
    if not costs and isinstance(step, inputs.Quote):
        return (inputs.RepairFree(),)
    return (step,)
