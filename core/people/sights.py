"""Who sees what: of each role which pages, and of how many stations (C15, norms 14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.kernel.unit_of_work import UnitOfWork
from core.people import records
from core.process.permissions import COMPANY_WIDE, GRANTS, require
from db.codes import Role


class Reach(StrEnum):
    """Of how many stations a role sees cases, and what hangs on them."""

    # Head office, or a role that works for all stations.
    ALL_STATIONS = "all_stations"
    # The own station's, the owned ones, and those of the own jobs; all, for who has no station.
    OWN_STATION = "own_station"


@dataclass(frozen=True)
class Sight:
    """What a role sees."""

    cases: Reach
    permissions: frozenset[str]

    def opens(self, *permissions: str) -> bool:
        """Whether one of these opens something to the role."""
        return not self.permissions.isdisjoint(permissions)


def sights(uow: UnitOfWork) -> Mapping[Role, Sight]:
    """What each role sees, from the tables that every question of core is asked by."""
    require(uow, records.READ)
    return {
        role: Sight(Reach.ALL_STATIONS if role in COMPANY_WIDE else Reach.OWN_STATION, granted)
        for role, granted in GRANTS.items()
    }
