"""Minutes on the road between two places, as far as both are on the map."""

from core.planning import travel
from core.planning.travel import Roads

# Latitude and longitude in degrees; either is None where nobody knows the place.
Place = tuple[float | None, float | None]
ROADS = Roads()


def minutes(origin: Place, goal: Place) -> int | None:
    """Whole minutes from place to place; None where one of them is not on the map."""
    (lat, long), (to_lat, to_long) = origin, goal
    if lat is None or long is None or to_lat is None or to_long is None:
        return None
    return int(ROADS.between([travel.Place(lat, long)], [travel.Place(to_lat, to_long)])[0, 0])
