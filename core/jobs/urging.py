"""The customer presses for a case: whoever has the work is told at once."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from core.jobs.actions import OPEN
from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices, receivers
from core.notices.notices import Told
from core.process.rules import Done
from core.requests.kinds import SITE_KINDS
from db.codes import NoticeKind, RequestStatus
from db.tables import Job, ServiceRequest


def urged(uow: UnitOfWork, request: ServiceRequest, done: Done) -> Iterator[Told]:
    """Whoever has the work is told that the customer presses: technician, next step, station."""
    of_case = Job.request_id == request.id
    job = uow.session.scalar(select(Job).where(of_case, Job.status.in_(OPEN)))
    data = {"times": done.data["times"], "note": done.note}
    if job:
        yield Told(NoticeKind.YOUR_TURN, [job.technician_id], data | {"job": job.id})
        return
    fair = [id for id in _waited_for(uow, request) if id not in request.named]
    yield Told(NoticeKind.YOUR_TURN, fair, data)


def _waited_for(uow: UnitOfWork, request: ServiceRequest) -> Iterable[int]:
    asked = notices.asked(uow, case_id=request.id)
    if asked:
        return asked
    to_dispatch = request.kind in SITE_KINDS and request.status is RequestStatus.REGISTERED
    owner = request.owner_id
    if to_dispatch or owner is None or owner == uow.actor.id:
        return receivers.of_station(uow, request)
    return (owner,)
