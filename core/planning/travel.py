"""Minutes on the road: along the great circle with a detour, or from a table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Minutes = npt.NDArray[np.int64]
EARTH_KM = 6371.0


@dataclass(frozen=True)
class Place:
    """A point on the map; `spread_km` is how far off it may be, if only the district is known."""

    latitude: float
    longitude: float
    spread_km: float = 0.0

    @property
    def is_known(self) -> bool:
        """Whether it can be driven to."""
        return all(map(math.isfinite, (self.latitude, self.longitude, self.spread_km)))

    @property
    def is_exact(self) -> bool:
        """Whether it is the place itself, and not the middle of where it may be."""
        return self.spread_km == 0


Where = Place | int


def is_exact(place: Where) -> bool:
    """Whether a drive from or to it is more than a guess."""
    return not isinstance(place, Place) or place.is_exact


@dataclass(frozen=True)
class Roads:
    """Straight line x detour / speed, and some minutes to set out and to park."""

    kmh: float = 30.0
    detour: float = 1.35
    parking: float = 3.0

    def knows(self, place: Where | None) -> bool:
        """Whether a place is on the map."""
        return isinstance(place, Place) and place.is_known

    def between(self, origins: Sequence[Where], goals: Sequence[Where]) -> Minutes:
        """Whole minutes from each to each, rounded up; none from a point to itself."""
        here, there = _points(origins)[:, :, None], _points(goals)[:, None, :]
        north, east = there[0] - here[0], there[1] - here[1]
        bow = np.sin(north / 2) ** 2
        bow = bow + np.cos(here[0]) * np.cos(there[0]) * np.sin(east / 2) ** 2
        km = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(bow, 1)))
        # Two points of one district are apart, though both stand for its centre.
        km = np.maximum(km, (here[2] + there[2]) / 2)
        minutes = self.parking + km * self.detour / self.kmh * 60
        whole: Minutes = np.ceil(np.round(np.where(km > 1e-6, minutes, 0), 6)).astype(np.int64)
        return whole


@dataclass(frozen=True)
class Table:
    """Measured minutes; a place is a row of the table."""

    minutes: tuple[tuple[int, ...], ...] = field(repr=False)

    def knows(self, place: Where | None) -> bool:
        """Whether the table has the row."""
        return isinstance(place, int) and 0 <= place < len(self.minutes)

    def between(self, origins: Sequence[Where], goals: Sequence[Where]) -> Minutes:
        """Minutes from each to each."""
        rows = [int(origin) for origin in origins if isinstance(origin, int)]
        columns = [int(goal) for goal in goals if isinstance(goal, int)]
        return np.array(self.minutes, dtype=np.int64)[np.ix_(rows, columns)]


def _points(places: Sequence[Where]) -> npt.NDArray[np.float64]:
    rows = [
        (math.radians(place.latitude), math.radians(place.longitude), place.spread_km)
        for place in places
        if isinstance(place, Place)
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 3).T
