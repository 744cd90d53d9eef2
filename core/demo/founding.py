"""Founds the demo company: stations, staff, customers and what they own."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.customers import catalogue, customers, purchases
from core.demo import roster, words
from core.demo.catalogue import MODELS, Model
from core.demo.places import PLACES
from core.demo.world import BRANCHES, Branch, Caller, Owned, World
from core.house import HOUSE
from core.kernel.inputs import parse
from core.kernel.unit_of_work import UnitOfWork, actor_of, system_actor
from core.norms.revisions import DEFAULT_PACK, in_force, norm_of
from core.people import company, people
from db.codes import Role
from db.tables import Company, Person

ZONE = "Asia/Shanghai"
PASSWORD = "aftercare-demo"
# Role, department of the rule book, whether its head.
HEAD_OFFICE = (
    (Role.SUPPORT, "technical", True),
    (Role.SUPPORT, "technical", False),
    (Role.QUALITY, "quality_control", True),
    (Role.QUALITY, "quality_control", False),
    (Role.WAREHOUSE, "freight", False),
    (Role.FINANCE, "", False),
    (Role.HANDLER, "after_sales", False),
    (Role.HANDLER, "freight", True),
    (Role.MANAGER, "after_sales", True),
    (Role.MANAGER, "after_sales", False),
    (Role.LEADER, "leaders", True),
    (Role.AUDITOR, "", False),
)
# The invoices of what was sold in this time are in the archive.
RECENT = timedelta(days=240)
USERNAMES = {Role.TECHNICIAN: "tech"}


def found(session: Session, *, now: datetime, start: datetime, seed: int) -> World:
    """The company on its first day."""
    dice = random.Random(seed)
    founder, before = system_actor(ZONE, words.COMPANY), start - timedelta(days=30)
    opening = UnitOfWork(session, founder, before, HOUSE)
    company.set_up(opening, parse(company.SetUp, _SET_UP))
    revision = in_force(opening)
    world = World(
        session=session,
        norm=norm_of(revision),
        now=now,
        start=start,
        dice=dice,
        office=opening.actor,
        held=[revision],
    )
    _open_stations(world, opening)
    _admit_everybody(world, opening)
    _meet_everybody(world)
    _fill_catalogue(world)
    roster.write_down(world, before)
    return world


def gather_customers(world: World, count: int) -> None:
    """Customers of each station with one or two products, in the archive from the first day."""
    for _ in range(count):
        branch = world.weighted((each, each.share) for each in BRANCHES)
        at = world.start - timedelta(days=world.dice.randint(1, 25))
        add_caller(world, branch, at)


def add_caller(world: World, branch: Branch, at: datetime) -> Caller:
    """One more customer in the archive."""
    uow = world.uow(world.office, at)
    fields = person_facts(world, branch)
    row = customers.add(
        uow, parse(customers.CustomerFields, fields), station_id=world.stations[branch.name]
    )
    caller = Caller(row.id, row.contact, branch)
    for _ in range(world.weighted(((1, 0.6), (2, 0.4)))):
        facts = product_facts(world, world.choose(MODELS), world.day(at))
        asset = customers.add_asset(uow, row, parse(customers.AssetFields, facts))
        if asset:
            model = _model(facts)
            caller.owned.append(Owned(asset.id, model, caller))
            bought = facts["purchased_on"]
            if bought and world.day(at) - bought < RECENT:
                write_invoice(world, at, caller, model, on=bought, serial=facts["serial"])
    world.callers[branch.name].append(caller)
    return caller


def write_invoice(
    world: World,
    at: datetime,
    caller: Caller,
    model: Model,
    *,
    on: date,
    serial: str = "",
    pieces: int = 1,
    batch: str = "",
    online: bool = False,
) -> int:
    """An agent writes down what a customer bought on a day; the id of the line."""
    line: dict[str, Any] = {
        "brand": model.brand,
        "model": model.model,
        "serial": serial,
        "batch": batch,
    }
    line |= {"quantity": pieces, "unit_cents": model.price}
    world.invoices += 1
    facts = {
        "customer_id": caller.id,
        "invoice_no": f"FP{on:%y%m}{world.invoices:05d}",
        "purchased_on": on,
        # What is sent is two days on its way, but never longer than until it is asked about.
        "received_on": min(on + timedelta(days=2 * online), world.day(at)),
        "at_a_distance": online,
        "lines": [line],
    }
    uow = world.uow(world.someone(Role.AGENT, caller.branch), at)
    return purchases.add(uow, parse(purchases.AddPurchase, facts)).lines[0].id


def new_serial(world: World, model: Model, on: date) -> str:
    """The serial number of one more piece of a model."""
    world.serials += 1
    return f"{model.model.split('-')[0]}{on:%y%m}{world.serials:06d}"


def person_facts(world: World, branch: Branch) -> dict[str, Any]:
    """Name, phone and address of a made-up customer."""
    dice = world.dice
    name = dice.choice(words.SURNAMES) + dice.choice(words.GIVEN)
    firm = dice.choice(words.FIRMS) if dice.random() < 0.08 else ""
    street = dice.choice(words.STREETS[branch.region])
    house, block = dice.randint(1, 399), dice.randint(1, 30)
    door = 100 * dice.randint(1, 28) + dice.randint(1, 4)
    start = dice.choice(words.PHONE_STARTS)
    return {
        "customer_name": f"{branch.region}{firm}" if firm else name,
        "contact": name,
        "phone": f"{start} {dice.randint(0, 9999):04d} {dice.randint(0, 9999):04d}",
        "address": f"{branch.region}市{street} {house} 号 {block} 幢 {door} 室",
        "region": branch.region,
    }


def product_facts(
    world: World, model: Model, today: date, *, newest: bool = False
) -> dict[str, Any]:
    """A piece of a model with serial number and purchase date."""
    age = world.dice.randint(0, 6) if newest else int(world.dice.betavariate(1.2, 2.2) * 2600)
    bought = today - timedelta(days=age)
    return {
        "brand": model.brand,
        "model": model.model,
        "serial": new_serial(world, model, bought),
        "purchased_on": None if not newest and world.dice.random() < 0.06 else bought,
    }


def _model(facts: dict[str, Any]) -> Model:
    return next(m for m in MODELS if (m.brand, m.model) == (facts["brand"], facts["model"]))


_SET_UP = {
    "company": words.COMPANY,
    "time_zone": ZONE,
    "language": "zh_CN",
    "pack": DEFAULT_PACK,
    "hotline": words.HOTLINE,
    "admin_name": "系统管理员",
    "username": "admin",
    "password": PASSWORD,
}


def _open_stations(world: World, uow: UnitOfWork) -> None:
    for branch in BRANCHES:
        facts: dict[str, Any] = {"name": branch.name, "region": branch.region}
        latitude, longitude = PLACES[branch.region]
        facts |= {"phone": branch.phone, "address": f"{branch.region}市中心路 1 号"}
        facts |= {"latitude": latitude, "longitude": longitude}
        world.stations[branch.name] = people.add_station(uow, parse(people.AddStation, facts))
        world.callers[branch.name] = []


def _admit_everybody(world: World, uow: UnitOfWork) -> None:
    # All share the administrator's hash: one password for everybody is what a demo is.
    shared = uow.session.scalars(select(Person.password_hash)).one()
    names, known = _names(world), Counter[Role]()
    for role, branch, department, is_head in _roster():
        known[role] += 1
        command = people.AddPerson(
            username=f"{USERNAMES.get(role, role.value)}{known[role]}",
            name=names.pop(),
            role=role,
            station_id=world.stations[branch.name] if branch else None,
            department=department or None,
            is_head=is_head,
            password=SecretStr(PASSWORD),
        )
        people.admit(uow, command, password_hash=shared)


def _roster() -> Iterator[tuple[Role, Branch | None, str, bool]]:
    for branch in BRANCHES:
        yield from [(Role.AGENT, branch, "", False)] * branch.agents
        # Whoever sends the technicians heads the station.
        yield Role.DISPATCHER, branch, "", True
        yield from [(Role.TECHNICIAN, branch, "", False)] * branch.technicians
    for role, department, is_head in HEAD_OFFICE:
        yield role, None, department, is_head


def _names(world: World) -> list[str]:
    surnames = world.dice.sample(words.SURNAMES, k=len(words.SURNAMES))
    return [surname + world.dice.choice(words.GIVEN) for surname in surnames]


def _meet_everybody(world: World) -> None:
    office = world.session.get_one(Company, 1)
    staff = world.session.scalars(select(Person).options(joinedload(Person.station)))
    for person in staff.all():
        world.held.append(person)
        key = (person.role, person.station.name if person.station else "")
        world.people.setdefault(key, []).append(actor_of(person, office))


def _fill_catalogue(world: World) -> None:
    for model in MODELS:
        product = catalogue.product_of(world.session, model.brand, model.model)
        product.category, product.warranty_months = model.category, model.months
    world.session.flush()
