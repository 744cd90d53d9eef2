"""Who is told when a request changes hands: the new owner, the former one, the new station."""

from collections.abc import Iterator

from core.kernel.unit_of_work import UnitOfWork
from core.notices import receivers
from core.notices.notices import Told, taken
from core.process.rules import Done
from db.codes import NoticeKind
from db.tables import ServiceRequest


def handed_over(_uow: UnitOfWork, request: ServiceRequest, done: Done) -> Iterator[Told]:
    """The new owner has it, the former one has it no longer (D9)."""
    yield Told(NoticeKind.ASSIGNED, [request.owner_id])
    yield taken(done.data["from"], number=request.number)


def station_moved(uow: UnitOfWork, request: ServiceRequest, _done: Done) -> Iterator[Told]:
    """The station that has to see to it now (E6)."""
    yield Told(NoticeKind.ASSIGNED, receivers.of_station(uow, request))
