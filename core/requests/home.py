"""What waits for a person: the piles of open work that their role looks after."""

from dataclasses import dataclass

from sqlalchemy import func, select

from core import followups
from core.complaints import lists as complaints
from core.permissions import may, visible_requests
from core.requests.lists import NEXT_DUE, Queue, pile
from core.unit_of_work import UnitOfWork
from db.codes import JobStatus
from db.tables import Job, ServiceRequest

PILES = (
    (Queue.DISPATCH, "job:dispatch"),
    (Queue.RUNNING, "job:dispatch"),
    (Queue.DESK, "request:answer"),
    (Queue.RETURNS, "return:read"),
)


@dataclass(frozen=True)
class Pile:
    """One pile: how much there is, how much of it is late."""

    name: str
    count: int
    late: int


@dataclass(frozen=True)
class Overview:
    """The piles of the actor's role."""

    piles: tuple[Pile, ...]


def overview(uow: UnitOfWork) -> Overview:
    """The piles that the actor looks after, each with its late ones; four queries at most."""
    piles = _case_piles(uow)
    if may(uow.actor, complaints.READ):
        late = complaints.count(uow, filters=complaints.Filter(late=True))
        piles.append(Pile("complaints", complaints.count(uow), late))
    if may(uow.actor, "job:work"):
        piles.insert(0, _own_jobs(uow))
    if may(uow.actor, "followup:call"):
        piles.append(Pile("followups", followups.count_due(uow), 0))
    return Overview(tuple(piles))


def _case_piles(uow: UnitOfWork) -> list[Pile]:
    names = [name for name, permission in PILES if may(uow.actor, permission)]
    if not names:
        return []
    late = (uow.now > NEXT_DUE) & ServiceRequest.wait_reason.is_(None)
    counts = []
    for name in names:
        mine = pile(uow, name)
        counts += [func.count().filter(*mine), func.count().filter(*mine, late)]
    is_open = ServiceRequest.status.in_(("registered", "in_progress"))
    row = uow.session.execute(
        select(*counts).select_from(ServiceRequest).where(is_open, visible_requests(uow.actor))
    ).one()
    return [Pile(name, row[2 * i], row[2 * i + 1]) for i, name in enumerate(names)]


def _own_jobs(uow: UnitOfWork) -> Pile:
    open_jobs = uow.session.scalar(
        select(func.count()).where(
            Job.technician_id == uow.actor.id,
            Job.status.notin_((JobStatus.DONE, JobStatus.CANCELLED)),
        )
    )
    return Pile("jobs", open_jobs or 0, 0)
