"""Who is told when a request changes hands; and that the customer was told how it goes."""

from collections.abc import Iterator

from core.kernel.unit_of_work import UnitOfWork
from core.notices import receivers
from core.notices.notices import Told, taken
from core.process import workflow
from core.process.rules import Done
from core.requests import actions
from db.codes import NoticeKind
from db.tables import ServiceRequest


def handed_over(_uow: UnitOfWork, request: ServiceRequest, done: Done) -> Iterator[Told]:
    """The new owner has it, the former one has it no longer (D9)."""
    yield Told(NoticeKind.ASSIGNED, [request.owner_id])
    yield taken(done.data["from"], number=request.number)


def station_moved(uow: UnitOfWork, request: ServiceRequest, _done: Done) -> Iterator[Told]:
    """The station that has to see to it now (E6)."""
    yield Told(NoticeKind.ASSIGNED, receivers.of_station(uow, request))


def tell_progress(uow: UnitOfWork, request: ServiceRequest) -> None:
    """The customer was told on the way how it goes; of a case that is over nothing is to tell."""
    if request.status in actions.OPEN:
        workflow.advance(uow, actions.PROCESS, request, "progress_told")
