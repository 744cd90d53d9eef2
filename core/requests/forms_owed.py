"""Service forms that are still to be handed in, and those that wait for a review (E2)."""

from sqlalchemy import ColumnElement, exists, select, union

from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import norm_of
from db.codes import JobStatus, SheetStatus
from db.tables import Job, JobSheet, Limit, NormRevision, ServiceRequest
from db.tables.jobs import SENT_BACK, TO_REVIEW

FILED = "job.form_filed"


def owed(uow: UnitOfWork) -> ColumnElement[bool]:
    """The cases whose form is still to come, or to come again, also those closed meanwhile."""
    runs = Limit.met_at.is_(None) & Limit.dropped_at.is_(None) & Limit.name.in_(_limits(uow))
    unfiled = (Job.status == JobStatus.DONE) & Job.filed_at.is_(None)
    has_job = exists().where(Job.request_id == Limit.request_id, unfiled)
    asked = select(Limit.request_id).where(runs, has_job)
    sent_back = select(Job.request_id).where(SENT_BACK, unfiled)
    return ServiceRequest.id.in_(union(asked, sent_back))


def to_review() -> ColumnElement[bool]:
    """The cases whose form was handed in and waits for somebody to look at it."""
    return ServiceRequest.id.in_(select(Job.request_id).where(TO_REVIEW))


def to_decide() -> ColumnElement[bool]:
    """The cases with a report that came when its job was another one."""
    kept = JobSheet.status == SheetStatus.KEPT
    return ServiceRequest.id.in_(select(JobSheet.case_id).where(kept))


def _limits(uow: UnitOfWork) -> set[str]:
    """The limits of all rule books that a form meets which is handed in."""
    revisions = uow.session.scalars(select(NormRevision))
    norms = [norm_of(revision) for revision in revisions]
    return {rule.name for norm in norms for rule in norm.limits if FILED in rule.met}
