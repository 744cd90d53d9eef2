"""Service forms that the rule book asks for and that nobody has handed in yet (E2)."""

from sqlalchemy import ColumnElement, exists, select

from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import norm_of
from db.codes import JobStatus
from db.tables import Job, Limit, NormRevision, ServiceRequest

FILED = "job.form_filed"


def owed(uow: UnitOfWork) -> ColumnElement[bool]:
    """The cases whose form is still to come, also those that were closed meanwhile."""
    runs = Limit.met_at.is_(None) & Limit.dropped_at.is_(None) & Limit.name.in_(_limits(uow))
    unfiled = (Job.status == JobStatus.DONE) & Job.filed_at.is_(None)
    return ServiceRequest.id.in_(select(Limit.request_id).where(runs)) & exists().where(
        Job.request_id == ServiceRequest.id, unfiled
    )


def _limits(uow: UnitOfWork) -> set[str]:
    """The limits of all rule books that a form meets which is handed in."""
    revisions = uow.session.scalars(select(NormRevision))
    norms = [norm_of(revision) for revision in revisions]
    return {rule.name for norm in norms for rule in norm.limits if FILED in rule.met}
