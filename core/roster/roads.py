"""Minutes on the road between two places, as far as both are on the map."""

from collections.abc import Sequence

from sqlalchemy import case

from core.planning import travel
from core.planning.travel import Roads
from db.codes import DayStart, ServiceWay
from db.tables import Person, ServiceRequest, Station

# Latitude and longitude in degrees; either is None where nobody knows the place.
Place = tuple[float | None, float | None]
ROADS = Roads()
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


def minutes(origin: Place, goal: Place) -> int | None:
    """Whole minutes from place to place; None where one of them is not on the map."""
    (lat, long), (to_lat, to_long) = origin, goal
    if lat is None or long is None or to_lat is None or to_long is None:
        return None
    return int(ROADS.between([travel.Place(lat, long)], [travel.Place(to_lat, to_long)])[0, 0])
