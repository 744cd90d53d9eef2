"""Who has the next step with goods in the shop."""

from collections.abc import Sequence

from core.kernel.unit_of_work import UnitOfWork
from core.notices import receivers
from core.workshop.rules import is_to_repair
from db.tables import ShopPiece

# These leave the next step to whoever repairs it; the others to whoever speaks with the customer.
FOR_THE_REPAIRER = (
    *("workshop.taken_in", "workshop.agreed", "workshop.free"),
    *("workshop.test_failed", "workshop.repairer_set", "workshop.given_back"),
)
FOR_THE_OWNER = ("workshop.diagnosed", "workshop.tested", "workshop.declined")


def repairer(uow: UnitOfWork, piece: ShopPiece) -> Sequence[int]:
    """The technician; while there is none, the people of the station; nobody for what is gone."""
    if not is_to_repair(piece):
        return ()
    if piece.technician_id:
        return (piece.technician_id,)
    return receivers.of_station(uow, piece.request)


def owner(uow: UnitOfWork, piece: ShopPiece) -> Sequence[int]:
    """Whoever has the case; where nobody has, the people of the station."""
    if piece.request.owner_id:
        return (piece.request.owner_id,)
    return receivers.of_station(uow, piece.request)
