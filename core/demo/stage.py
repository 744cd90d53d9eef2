"""What must be on the screens at this hour, whatever hour it is."""

from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy import select

from core.demo import complaints_staged, deeds, maintenance, returns_staged, roster, stock, workshop
from core.demo.catalogue import faults_of
from core.demo.jobs import SiteStory
from core.demo.requests import DeskStory
from core.demo.story import Pause, Script, Window
from core.demo.world import BRANCHES, Branch, World
from core.kernel.unit_of_work import Actor
from core.norms.working_time import Unit, due_at
from db.codes import JobResult, RequestKind, Role
from db.tables import Job, ServiceRequest

HOUR = timedelta(hours=1)
REWORK_DAYS = timedelta(days=60)
MINUTE = timedelta(minutes=1)
AFTERNOON = time(16, 0)


def set_scene(world: World) -> None:
    """Put on the agenda what people will find when they sign in."""
    for branch in BRANCHES:
        _unassigned(world, branch)
        _waiting(world, branch, 13, "part")
        _to_call(world, branch)
        for place, technician in enumerate(world.people[Role.TECHNICIAN, branch.name]):
            _today(world, branch, technician, place)
    _waiting(world, BRANCHES[0], 20, "customer")
    _at_the_desk(world)
    world.at(world.earlier(world.now, 1.5), partial(_comes_back, world))
    roster.set_scene(world)
    complaints_staged.set_scene(world)
    returns_staged.set_scene(world)
    maintenance.set_scene(world)
    stock.set_scene(world)
    workshop.set_scene(world)


def _repair(world: World, branch: Branch, at: datetime, script: Script) -> None:
    story = SiteStory(world, branch, RequestKind.REPAIR, script=script)
    story.owned = world.choose(deeds.some_caller(world, branch).owned)
    faults = [f for f in faults_of(story.owned.model) if f.part or script.pause != "part"]
    story.fault = world.choose(faults)
    world.at(at - world.dice.randint(0, 15) * MINUTE, story.register)


def _unassigned(world: World, branch: Branch) -> None:
    # Two for which nobody was sent in more than a day, and two that have just come in. A day has
    # twelve hours in which people ring.
    for hours in (16.0, 13.0, 2.5, 0.5):
        _repair(world, branch, world.earlier(world.now, hours), Script(until="register"))


def _comes_back(world: World, at: datetime) -> None:
    """The fault of a repair that was done lately is there again: rework (A20)."""
    branch = BRANCHES[0]
    station = ServiceRequest.station_id == world.stations[branch.name]
    fixed = (Job.result == JobResult.FIXED) & (Job.finished_at > at - REWORK_DAYS)
    done = world.session.scalars(
        select(ServiceRequest)
        .join(Job, Job.request_id == ServiceRequest.id)
        .where(station, fixed, ServiceRequest.kind == RequestKind.REPAIR)
        .where(ServiceRequest.fault_area.is_not(None), ServiceRequest.asset_id.is_not(None))
        .order_by(Job.finished_at.desc())
    ).first()
    if done is None:
        return
    known = {"customer_id": done.customer_id, "asset_id": done.asset_id}
    facts = {"kind": done.kind, "symptom": f"又出现：{done.symptom}"}
    deeds.register(world, at, branch, **known, **facts, fault_area=done.fault_area)


def _waiting(world: World, branch: Branch, hours: float, pause: Pause) -> None:
    arrival = world.earlier(world.now, hours)
    script = Script("wait", _before(world, arrival), _around(arrival), pause=pause)
    _repair(world, branch, world.earlier(arrival, 6), script)


def _to_call(world: World, branch: Branch) -> None:
    end = _called_about_today(world)
    arrival = end - HOUR
    times = _before(world, arrival) | {"finish": end}
    for _ in range(2):
        script = Script("finish", times, _around(arrival))
        _repair(world, branch, world.earlier(arrival, 6), script)


def _called_about_today(world: World) -> datetime:
    """The latest afternoon whose jobs are to be called about by today."""
    today, calendar = world.day(world.now), world.norm.calendar(world.office.zone)
    for days in range(1, 30):
        end = world.local(today - timedelta(days=days), AFTERNOON)
        if world.day(due_at(calendar, Unit.WORKING_DAYS, 1, end)) <= today:
            return end
    raise ValueError("no working day in a month")


def _today(world: World, branch: Branch, technician: Actor, place: int) -> None:
    now, hour = world.now, _half_hour(world.now)
    ahead = [(hour + n * HOUR, hour + (n + 2) * HOUR) for n in (1 + place, 4 + place)]
    if place == 0:
        arrival = now - 25 * MINUTE
        times = _before(world, arrival)
        script = Script("arrive", times, (hour - HOUR, hour + HOUR), technician)
        _repair(world, branch, world.earlier(arrival, 6), script)
    elif place == 1:
        # Was expected until half an hour ago.
        ahead.append((hour - 2.5 * HOUR, hour - HOUR / 2))
    for window in ahead:
        script = Script("agree", _before(world, hour - 2 * HOUR), window, technician)
        _repair(world, branch, world.earlier(hour, 8), script)
    sent = {"dispatch": world.earlier(now, 1)}
    _repair(world, branch, world.earlier(now, 4), Script("dispatch", sent, None, technician))


def _before(world: World, arrival: datetime) -> dict[str, datetime]:
    return {
        "dispatch": world.earlier(arrival, 4),
        "agree": world.earlier(arrival, 3),
        "arrive": arrival,
    }


def _around(arrival: datetime) -> Window:
    begin = _half_hour(arrival)
    return begin, begin + 2 * HOUR


def _half_hour(at: datetime) -> datetime:
    return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)


def _at_the_desk(world: World) -> None:
    for branch, ago in zip(BRANCHES, (2.5, 0.3, 5.0, 0.7), strict=True):
        question = DeskStory(world, branch, RequestKind.CONSULTATION, stays_open=True)
        world.at(world.earlier(world.now, ago), question.register)
