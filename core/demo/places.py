"""Where the made-up addresses are, as if they had come with the customers' files."""

from zlib import crc32

from sqlalchemy import select

from core.demo.world import BRANCHES, World
from core.dispatch.sites import district_of
from db.tables import Person, ServiceRequest

PLACES = {
    "南京": (32.06, 118.79),
    "苏州": (31.30, 120.58),
    "杭州": (30.25, 120.17),
    "上海": (31.23, 121.47),
}
# Degrees from the middle of a town to that of a district, and on to a house.
TO_DISTRICT, TO_HOUSE = 0.08, 0.02
UNKNOWN = 25  # one address of so many is on no map


def put_on_the_map(world: World) -> None:
    """Give every case and every home the place that its address stands for."""
    homes = select(Person).where(Person.address != "")
    for row in (*world.session.scalars(select(ServiceRequest)), *world.session.scalars(homes)):
        if place := _place(row.address):
            row.latitude, row.longitude = place


def _place(address: str) -> tuple[float, float] | None:
    town = next((each.region for each in BRANCHES if address.startswith(each.region)), "")
    if not town or crc32(address.encode()) % UNKNOWN == 0:
        return None
    north, east = PLACES[town]
    for name, most in ((district_of(address), TO_DISTRICT), (address, TO_HOUSE)):
        north += _share(f"north {name}") * most
        east += _share(f"east {name}") * most
    return round(north, 5), round(east, 5)


def _share(name: str) -> float:
    """Between -1 and 1, the same for the same name."""
    return crc32(name.encode()) / 2**31 - 1
