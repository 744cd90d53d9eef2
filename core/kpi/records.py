"""Whether the file of a closed case is complete: what the rule book wants in it (K9, D23)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from core.norms.model import Norm
from core.norms.parts import Stage
from core.norms.revisions import norm_of
from core.requests import asked
from db.codes import JobStatus, RequestStatus
from db.tables import Asset, Job, NormRevision, ServiceRequest

# What is to be on file when the work is done, and when the case is closed.
STAGES: tuple[Stage, ...] = ("finished", "closed")


def closed(session: Session, ids: Collection[int]) -> Iterator[tuple[int, datetime, bool]]:
    """Which of some cases were closed, when, and whether nothing is missing.

    Only those of which the rule book wants anything. A paper of the work is on file once the
    signed form of each job was handed in.
    """
    done = (Job.request_id == ServiceRequest.id) & (Job.status == JobStatus.DONE)
    is_filed = ~exists().where(done, Job.filed_at.is_(None))
    rows = session.execute(
        select(ServiceRequest, exists().where(done), is_filed)
        .where(ServiceRequest.id.in_(ids), ServiceRequest.status == RequestStatus.CLOSED)
        .where(ServiceRequest.closed_at.is_not(None))
        .options(joinedload(ServiceRequest.asset).joinedload(Asset.product))
    ).all()
    revisions = {row.revision_id for row, _, _ in rows}
    found = session.scalars(select(NormRevision).where(NormRevision.id.in_(revisions)))
    norms = {each.id: norm_of(each) for each in found} if revisions else {}
    for row, has_job, all_filed in rows:
        is_complete = _is_complete(norms[row.revision_id], row, has_job, all_filed)
        if is_complete is not None and row.closed_at:
            yield row.id, row.closed_at, is_complete


def _is_complete(norm: Norm, row: ServiceRequest, has_job: bool, filed: bool) -> bool | None:
    """None where nothing is wanted."""
    rules = [rule for stage in STAGES for rule in asked.required(norm, row.kind, stage)]
    of_work = has_job and any(rule.papers for rule in rules)
    if not of_work and not any(rule.fields for rule in rules):
        return None
    known = asked.on_file(row)
    return (filed or not of_work) and not any(any(asked.missing(rule, known)) for rule in rules)
