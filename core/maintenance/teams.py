"""The team of a round: the plan's own station, else the one that looks after the customer."""

from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import in_force, norm_of
from core.people.people import station_options
from core.requests import asked
from core.roster import regions
from db.tables import Customer, MaintenancePlan


class Teams:
    """The stations that take work, asked once for many pieces."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Which stations there are now; a closed one takes no new work."""
        self._uow = uow
        self._stations = station_options(uow)
        self._norm = norm_of(in_force(uow))
        self._regions: dict[str, int | None] = {}

    def of(self, plan: MaintenancePlan, customer: Customer) -> int | None:
        """The station for a customer's piece; None where only head office is left."""
        for chosen in (plan.station_id, customer.station_id):
            if chosen in self._stations:
                return chosen
        where = customer.region or customer.address
        name = asked.station_of(self._norm, where)
        routed = next((id for id, each in self._stations.items() if each == name), None)
        found = routed or self._by_region(customer.address)
        if found in self._stations:
            return found
        return next(iter(self._stations)) if len(self._stations) == 1 else None

    def _by_region(self, address: str) -> int | None:
        if address not in self._regions:
            region = regions.region_of(self._uow, address=address) if address else None
            self._regions[address] = region.station_id if region else None
        return self._regions[address]
