"""The demo company's people and their time: certificates, weeks, regions, who wants to be away."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from core.demo import words
from core.demo.world import BRANCHES, Branch, World, fresh
from core.kernel.inputs import parse
from core.kernel.unit_of_work import Actor
from core.process import workflow
from core.roster import absences, qualifications, regions, shifts, starts
from db.codes import AbsenceReason, Role, Weekday
from db.tables import Absence, Person

DAY = timedelta(days=1)
ISSUER = "人力资源和社会保障局"
# What each of a station's technicians holds besides, and in how many days it ends.
EXTRA = (
    *(("electrician", 12), ("refrigeration", 210), ("height_work", 640)),
    *(("refrigeration", 25), ("electrician", 400), ("electrician", -6)),
)
WORK = {"starts": "08:30", "ends": "17:30", "break_starts": "12:00", "break_ends": "13:00"}
LATE = {"starts": "12:00", "ends": "20:00"}
WEEK = list(Weekday)


def write_down(world: World, at: datetime) -> None:
    """What the office knows of its people on the first day."""
    for place, technician in enumerate(_technicians(world)):
        _certify(world, at, technician, place)
    _set_weeks(world, at)
    for branch in BRANCHES:
        _divide(world, at, branch)


def set_scene(world: World) -> None:
    """Two who want to be away: one is waiting for an answer, one has it."""
    first, second = world.people[Role.TECHNICIAN, BRANCHES[0].name][:2]
    world.at(world.earlier(world.now, 3), partial(_asked, world, first))
    world.at(world.earlier(world.now, 2), partial(_approved, world, second))


def _technicians(world: World) -> Iterator[Actor]:
    for branch in BRANCHES:
        yield from world.people[Role.TECHNICIAN, branch.name]


def _certify(world: World, at: datetime, technician: Actor, place: int) -> None:
    extra, days = EXTRA[place % len(EXTRA)]
    today = world.day(world.now)
    held: tuple[tuple[str, date], ...] = (
        ("installer", today + (300 + 20 * place) * DAY),
        ("repairer", today + (500 + 30 * place) * DAY),
        (extra, today + days * DAY),
    )
    for number, (kind, until) in enumerate(held, 1):
        facts: dict[str, Any] = {"kind": kind, "number": f"{2019 + place}{number:02d}{place:04d}"}
        facts |= {"issuer": ISSUER, "valid_from": until - 6 * 365 * DAY, "valid_until": until}
        command = parse(qualifications.Qualify, facts)
        uow = world.uow(world.office, at)
        qualifications.add(uow, command, person_id=technician.id or 0)


def _set_weeks(world: World, at: datetime) -> None:
    since, uow = world.day(at), world.uow(world.office, at)
    shifts.set_week(uow, _week(since, WEEK[:6], WORK))
    # The largest station works on Sundays too; one technician there comes for the evenings.
    shifts.set_week(uow, _week(since, WEEK, WORK), station_id=world.stations["上海站"])
    late = world.people[Role.TECHNICIAN, "上海站"][0]
    shifts.set_week(uow, _week(since, WEEK[1:], LATE), person_id=late.id)


def _week(since: date, days: list[Weekday], hours: dict[str, str]) -> shifts.SetWeek:
    return parse(
        shifts.SetWeek,
        {"valid_from": since, "days": [{"weekday": day, **hours} for day in days]},
    )


def _divide(world: World, at: datetime, branch: Branch) -> None:
    """A station's region in two, each with somebody responsible and somebody who stands in."""
    one, two, three = world.people[Role.TECHNICIAN, branch.name]
    streets = words.STREETS[branch.region]
    districts = [f"{branch.region}市{street.partition('区')[0]}区" for street in streets]
    for name, places, first, second in (
        ("一片", districts[:3], one, two),
        ("二片", districts[3:], three, one),
    ):
        facts: dict[str, Any] = {"name": f"{branch.region}{name}", "places": "\n".join(places)}
        facts |= {"station_id": world.stations[branch.name]}
        facts |= {"responsible_id": first.id, "stand_in_id": second.id}
        regions.add(world.uow(world.office, at), parse(regions.EditRegion, facts))
    home = {"day_start": "home", "address": f"{districts[0]}梧桐里 6 号"}
    uow = world.uow(world.office, at)
    version = uow.session.get_one(Person, two.id).version
    command = parse(starts.SetDayStart, home)
    starts.set_start(uow, command, person_id=two.id or 0, seen_version=version)


def _ask(world: World, at: datetime, technician: Actor, *, days: int) -> int:
    # Far enough ahead that nobody is sent on these days yet.
    begins = world.local(world.day(world.now) + days * DAY, datetime.min.time())
    facts = {"begins_at": begins, "ends_at": begins + 2 * DAY, "reason": AbsenceReason.LEAVE}
    uow = world.uow(technician, at)
    return absences.ask(uow, parse(absences.AskAbsence, facts | {"note": words.AWAY}))


def _asked(world: World, technician: Actor, at: datetime) -> None:
    _ask(world, at, technician, days=9)


def _approved(world: World, technician: Actor, at: datetime) -> None:
    id = _ask(world, at, technician, days=20)
    head = world.people[Role.DISPATCHER, BRANCHES[0].name][0]
    row = fresh(world, Absence, id)
    workflow.act(
        world.uow(head, at + timedelta(minutes=20)),
        absences.PROCESS,
        id=id,
        command=absences.ApproveAbsence(),
        seen_version=row.version,
    )
