"""Minutes on the road between two places: along the great circle, with a detour."""

import math

EARTH_KM, DETOUR, KM_A_MINUTE, PARKING = 6371.0, 1.35, 0.5, 3

# Latitude and longitude in degrees; either is None where nobody knows the place.
Place = tuple[float | None, float | None]


def minutes(origin: Place, goal: Place) -> int | None:
    """Whole minutes from place to place; None where one of them is not on the map."""
    (lat, long), (to_lat, to_long) = origin, goal
    if lat is None or long is None or to_lat is None or to_long is None:
        return None
    north, east = math.radians(to_lat - lat), math.radians(to_long - long)
    level = math.cos(math.radians(lat)) * math.cos(math.radians(to_lat))
    bow = math.sin(north / 2) ** 2 + level * math.sin(east / 2) ** 2
    km = 2 * EARTH_KM * math.asin(math.sqrt(min(bow, 1)))
    return math.ceil(PARKING + km * DETOUR / KM_A_MINUTE) if km > 0.001 else 0
