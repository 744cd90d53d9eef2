"""Where the work is and where people set out, and how sure that is (E6)."""

import math
import re
from collections.abc import Collection, Iterable

from sqlalchemy import func, select

from core.kernel.unit_of_work import UnitOfWork
from core.planning.travel import Place
from core.process.permissions import visible_requests
from core.roster import roads
from db.tables import ServiceRequest, Station

# How far off a place may be, by the way in which it was guessed.
DISTRICT_KM, STATION_KM, SOMEWHERE_KM = 3.0, 5.0, 5.0
KM_PER_DEGREE = 111.2
_DISTRICT = re.compile(r"^.*?[^治小园社][区县旗]|^.*?市")


def district_of(address: str) -> str:
    """The beginning of an address as far as its district, or town; empty where none is named."""
    found = _DISTRICT.match(address)
    return found[0] if found else ""


def of_cases(uow: UnitOfWork, cases: Collection[int]) -> dict[int, Place]:
    """Where each case is: its own place, else the middle of its district, else its station's."""
    rows = uow.session.execute(
        select(
            *(ServiceRequest.id, ServiceRequest.address),
            *roads.PLACE,
            *(Station.latitude.label("north"), Station.longitude.label("east")),
        )
        .outerjoin(Station, Station.id == ServiceRequest.station_id)
        .where(ServiceRequest.id.in_(cases), visible_requests(uow.actor))
    ).all()
    unknown = {district_of(row.address) for row in rows if row.latitude is None}
    middles = {name: _middle(uow, name) for name in unknown if name}
    found = {
        row.id: roads.on_map((row.latitude, row.longitude))
        or middles.get(district_of(row.address))
        or roads.on_map((row.north, row.east), STATION_KM)
        for row in rows
    }
    return {id: place for id, place in found.items() if place is not None}


def known(uow: UnitOfWork, cases: Collection[int]) -> dict[int, Place]:
    """Where cases are that are on the map themselves; the others are left out."""
    rows = uow.session.execute(
        select(ServiceRequest.id, *roads.PLACE)
        .outerjoin(Station, Station.id == ServiceRequest.station_id)
        .where(ServiceRequest.id.in_(cases), visible_requests(uow.actor))
    )
    found = ((id, roads.on_map((north, east))) for id, north, east in rows)
    return {id: place for id, place in found if place is not None}


def of_people(uow: UnitOfWork, people: Collection[int]) -> dict[int, Place]:
    """Where each begins the day: at home or at the station, as far as it is on the map."""
    found = {
        id: roads.on_map(start) or roads.on_map(station, STATION_KM)
        for id, (start, station) in roads.day_starts(uow, people).items()
    }
    return {id: place for id, place in found.items() if place is not None}


def somewhere(known: Iterable[Place]) -> Place:
    """Where somebody is of whom nothing is known: in the middle of all, give or take."""
    places = list(known)
    if not places:
        return Place(0.0, 0.0, SOMEWHERE_KM)
    north = sum(place.latitude for place in places) / len(places)
    east = sum(place.longitude for place in places) / len(places)
    return Place(north, east, SOMEWHERE_KM)


def _middle(uow: UnitOfWork, district: str) -> Place | None:
    """The middle of the known cases of a district, and how far they lie around it."""
    north, east = ServiceRequest.latitude, ServiceRequest.longitude
    row = uow.session.execute(
        select(
            *(func.avg(north), func.avg(east)),
            *(func.avg(north * north), func.avg(east * east)),
        ).where(
            ServiceRequest.address.startswith(district, autoescape=True),
            *(north.is_not(None), east.is_not(None), visible_requests(uow.actor)),
        )
    ).one()
    if row[0] is None:
        return None
    middle_north, middle_east, north_square, east_square = map(float, row)
    high = max(north_square - middle_north**2, 0.0)
    wide = max(east_square - middle_east**2, 0.0) * math.cos(math.radians(middle_north)) ** 2
    spread = KM_PER_DEGREE * math.sqrt(high + wide)
    return Place(middle_north, middle_east, max(spread, DISTRICT_KM))
