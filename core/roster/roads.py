"""Minutes on the road between two places, as far as both are on the map."""

from collections.abc import Collection, Sequence

from sqlalchemy import case, select

from core.kernel.unit_of_work import UnitOfWork
from core.planning import travel
from core.planning.travel import Roads
from db.codes import DayStart, ServiceWay
from db.tables import Person, ServiceRequest, Station

# Latitude and longitude in degrees; either is None where nobody knows the place.
Place = tuple[float | None, float | None]
_ROADS = Roads()
_COMES = ServiceRequest.way == ServiceWay.STATION
# Where the work of a case is, for queries that have its station: who comes, comes to that.
PLACE = (
    case((_COMES, Station.latitude), else_=ServiceRequest.latitude).label("latitude"),
    case((_COMES, Station.longitude), else_=ServiceRequest.longitude).label("longitude"),
)


def day_start(person: Person, station: Sequence[float | None]) -> Place:
    """Where somebody sets out in the morning: from the station, whose place is given, or home."""
    if person.day_start is DayStart.STATION:
        return station[0], station[1]
    return person.latitude, person.longitude


def day_starts(uow: UnitOfWork, people: Collection[int]) -> dict[int, tuple[Place, Place]]:
    """Where each of some people sets out, and where their station is."""
    rows = uow.session.execute(
        select(Person, Station.latitude, Station.longitude)
        .outerjoin(Station, Station.id == Person.station_id)
        .where(Person.id.in_(people))
    )
    return {
        person.id: (day_start(person, (north, east)), (north, east)) for person, north, east in rows
    }


def on_map(place: Place, spread_km: float = 0.0) -> travel.Place | None:
    """A place as drives are reckoned from it; None where nobody knows it."""
    north, east = place
    return None if north is None or east is None else travel.Place(north, east, spread_km)


def drive(origin: travel.Place | None, goal: travel.Place | None) -> int | None:
    """Whole minutes from place to place; None where one of them is not on the map."""
    if origin is None or goal is None:
        return None
    return int(_ROADS.between([origin], [goal])[0, 0])


def minutes(origin: Place, goal: Place) -> int | None:
    """The same for places as they are stored."""
    return drive(on_map(origin), on_map(goal))
