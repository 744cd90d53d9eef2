"""Who works at the company and who calls it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from benchmarks import words
from benchmarks.cases import Diary, Town
from benchmarks.sheets import Row, Sheets
from core.customers.warranty import warranty_end
from db.codes import Role
from db.tables import Station

AT_STATIONS = (Role.DISPATCHER, Role.AGENT, Role.AGENT, Role.TECHNICIAN, Role.TECHNICIAN)
# With the administrator and the people of ten stations: sixty.
AT_HEAD_OFFICE = (
    *(Role.MANAGER, Role.MANAGER, Role.LEADER, Role.HANDLER, Role.SUPPORT),
    *(Role.QUALITY, Role.WAREHOUSE, Role.FINANCE, Role.AUDITOR),
)


# Who belongs to which department of the rule book; they head it, being the only ones.
DEPARTMENTS = {
    Role.HANDLER: "after_sales",
    Role.QUALITY: "quality_control",
    Role.WAREHOUSE: "freight",
    Role.LEADER: "leaders",
    Role.SUPPORT: "technical",
}


def hire(
    sheets: Sheets, random: Random, password_hash: str, at: datetime
) -> dict[int, dict[Role, list[int]]]:
    """Open the stations and let everybody in; who may take a station's work, by role."""
    diary, taken, staff = Diary(sheets), dict.fromkeys(Role, 0), {}

    def admit(role: Role, station: Row | None) -> int:
        taken[role] += 1
        person = sheets.add(
            "people",
            username=f"{role.value}{taken[role]}",
            name=_name(random),
            role=role,
            station_id=station and station["id"],
            department=DEPARTMENTS.get(role, ""),
            is_head=role in DEPARTMENTS or (role is Role.DISPATCHER and station is not None),
            password_hash=password_hash,
        )
        diary.write("person", person["id"], "added", None, at)
        return int(person["id"])

    office = [(role, admit(role, None)) for role in AT_HEAD_OFFICE]
    for city, _, prefix in words.PLACES:
        station = sheets.add(
            "stations", name=f"{city}服务站", region=city, phone=f"{prefix}-{_number(random, 8)}"
        )
        diary.write("station", station["id"], "added", None, at)
        here = [(role, admit(role, station)) for role in AT_STATIONS]
        staff[station["id"]] = {
            role: [id for its, id in here if its is role]
            or [id for its, id in office if its is role]
            for role in Role
        }
    return staff


def _of(role: Role, people: list[tuple[Role, int]]) -> list[int]:
    return [id for its, id in people if its is role]


def stock(sheets: Sheets, random: Random) -> list[Row]:
    """The catalogue."""
    products = []
    for category, letters, months in words.PRODUCTS:
        for brand in words.BRANDS:
            model = f"{letters}-{random.randrange(20, 99)}{random.choice('ABCDEFG')}{brand[0]}"
            product = sheets.add(
                "products",
                brand=brand,
                model=model,
                specification=random.choice(words.SPECIFICATIONS),
                category=category,
                warranty_months=months,
            )
            products.append(product)
    return products


@dataclass(frozen=True)
class Caller:
    """A customer with one of their products."""

    customer: Row
    asset: Row
    product: Row


class Callers:
    """The customers, who come back now and then."""

    def __init__(self, town: Town, products: list[Row], stations: list[tuple[int, str]]) -> None:
        self.town, self.products, self.stations = town, products, stations
        self.known: list[Caller] = []
        self.places = {city: (areas, prefix) for city, areas, prefix in words.PLACES}

    def next(self, at: datetime) -> Caller:
        """Somebody new, or somebody known with the same product or another one."""
        random = self.town.random
        if not self.known or random.random() < 0.45:
            customer = self._add(at)
        else:
            caller = random.choice(self.known)
            if random.random() < 0.85:
                return caller
            customer = caller.customer
        caller = self._buy(customer, at)
        self.known.append(caller)
        return caller

    def _add(self, at: datetime) -> Row:
        random = self.town.random
        station_id, city = random.choice(self.stations)
        areas, prefix = self.places[city]
        area = random.choice(areas)
        company = random.random() < 0.05
        phone = f"{prefix}-{_number(random, 8)}" if company else _mobile(random)
        customer = self.town.sheets.add(
            "customers",
            name=f"{city}{area}{random.choice(words.COMPANIES)}" if company else _name(random),
            contact=_name(random) if company else "",
            phone=phone,
            address=_address(random, city, area),
            region=city,
            station_id=station_id,
            created_at=at,
        )
        Diary(self.town.sheets).write("customer", customer["id"], "added", None, at)
        return customer

    def _buy(self, customer: Row, at: datetime) -> Caller:
        random, product = self.town.random, random_choice(self.town.random, self.products)
        bought = at.date() - timedelta(days=random.randrange(2, 1500))
        asset = self.town.sheets.add(
            "assets",
            customer_id=customer["id"],
            product_id=product["id"],
            serial=_serial(random, product, bought, self.town.sheets.ids["assets"]),
            purchased_on=bought,
            warranty_until=warranty_end(bought, product["warranty_months"]),
        )
        Diary(self.town.sheets).write("asset", asset["id"], "added", None, at)
        return Caller(customer, asset, product)


def random_choice(random: Random, rows: list[Any]) -> Any:
    """One of the rows, the earlier ones more often: some products sell better."""
    return rows[int(len(rows) * random.random() ** 1.5)]


def stations_of(connection: Connection) -> list[tuple[int, str]]:
    """The stations with their cities."""
    return [(id, city) for id, city in connection.execute(select(Station.id, Station.region))]


def _name(random: Random) -> str:
    given = "".join(random.choice(words.GIVEN) for _ in range(random.choice((1, 2, 2))))
    return random.choice(words.SURNAMES) + given


def _number(random: Random, length: int) -> str:
    return str(random.randrange(10 ** (length - 1), 10**length))


def _mobile(random: Random) -> str:
    return f"{random.choice(words.MOBILE)} {_number(random, 4)} {_number(random, 4)}"


def _address(random: Random, city: str, area: str) -> str:
    road, estate = random.choice(words.ROADS), random.choice(words.ESTATES)
    house = f"{random.randint(1, 60)}幢{random.randint(1, 30)}0{random.randint(1, 4)}室"
    return f"{city}市{area}{road}路{random.randint(1, 400)}号{estate}{house}"


def _serial(random: Random, product: Row, bought: date, count: int) -> str:
    return f"{product['model'][:2]}{bought:%y%m}{_number(random, 3)}{count:06d}"
