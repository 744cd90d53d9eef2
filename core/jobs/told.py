"""Who is told of a job: the technician who is sent, sent instead, or need not go any more."""

from collections.abc import Iterator

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.notices.notices import Told, taken
from core.process.rules import Done
from db.codes import JobStatus, NoticeKind
from db.tables import Job, ServiceRequest

# A time that somebody else plans or agrees is for the technician who has to keep it.
FOR_THE_TECHNICIAN = (
    *("job.assigned", "job.replanned"),
    *("job.visit_agreed", "job.visit_moved"),
)


def sent(_uow: UnitOfWork, job: Job, _done: Done) -> Iterator[Told]:
    """The technician who is sent is told, and of each time that is agreed."""
    yield Told(NoticeKind.ASSIGNED, [job.technician_id], {"job": job.id})


def planned(_uow: UnitOfWork, job: Job, _done: Done) -> Iterator[Told]:
    """The technician is told of each time that is planned anew, and that there is none any more."""
    data = {"job": job.id, "planned": job.planned_from is not None}
    yield Told(NoticeKind.ASSIGNED, [job.technician_id], data)


def sent_instead(uow: UnitOfWork, job: Job, done: Done) -> Iterator[Told]:
    """The technician who is sent instead is told, and the one who was sent before."""
    yield from sent(uow, job, done)
    yield taken(done.data["from"], number=job.request.number)


def called_off(_uow: UnitOfWork, job: Job, _done: Done) -> Iterator[Told]:
    """The technician need not go any more."""
    yield taken(job.technician_id, number=job.request.number)


def form_sent_back(_uow: UnitOfWork, job: Job, done: Done) -> Iterator[Told]:
    """The technician is told what is missing or wrong in the form."""
    yield Told(NoticeKind.YOUR_TURN, [job.technician_id], {"job": job.id, "note": done.note})


def goes_on(uow: UnitOfWork, request: ServiceRequest, _done: Done) -> Iterator[Told]:
    """Whoever has the case and whoever is sent are told that the waiting has ended by itself."""
    if uow.actor.id is None:
        is_open = Job.status.notin_((JobStatus.DONE, JobStatus.CANCELLED))
        sent = select(Job.technician_id).where(Job.request_id == request.id, is_open)
        yield Told(NoticeKind.YOUR_TURN, {request.owner_id, *uow.session.scalars(sent)})
