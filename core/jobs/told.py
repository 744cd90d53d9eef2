"""Who is told of a job: the technician who is sent, sent instead, or need not go any more."""

from collections.abc import Iterator

from core.kernel.unit_of_work import UnitOfWork
from core.notices.notices import Told, taken
from core.process.rules import Done
from db.codes import NoticeKind
from db.tables import Job

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
