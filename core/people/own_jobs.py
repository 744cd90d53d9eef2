"""The open jobs of a person, as forms offer them: what is taken or asked for is for one of them."""

from collections.abc import Mapping

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from db.codes import JobStatus
from db.tables import Job, ServiceRequest


def own_jobs(uow: UnitOfWork, _record: object = None) -> Mapping[int, str]:
    """The open jobs of the actor, by number of case, the newest first."""
    is_over = Job.status.in_((JobStatus.DONE, JobStatus.CANCELLED))
    rows = uow.session.execute(
        select(Job.id, ServiceRequest.number)
        .join(ServiceRequest, ServiceRequest.id == Job.request_id)
        .where(Job.technician_id == uow.actor.id, ~is_over)
        .order_by(Job.id.desc())
    )
    return dict(rows.all())
