"""Whether the file of a closed case is complete: what the rule book wants in it (K9, D23)."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Bundle, Session

from core.kpi.facts import of_few
from core.norms.parts import Requirement, Stage
from core.norms.revisions import norm_of
from core.requests import asked
from db.codes import JobStatus, RequestKind, RequestStatus
from db.tables import Asset, Job, NormRevision, Product, ServiceRequest

# What is to be on file when the work is done, and when the case is closed.
STAGES: tuple[Stage, ...] = ("finished", "closed")
# As much of a case as a rule book may ask for: there are too many to read them whole.
PIECE: Any = Bundle(
    *("asset", Asset.id, Asset.serial, Asset.purchased_on),
    Bundle("product", Product.brand, Product.model),
)
READ = [
    *(ServiceRequest.id, ServiceRequest.closed_at, ServiceRequest.revision_id),
    *(ServiceRequest.kind, ServiceRequest.contact, ServiceRequest.customer_id),
    *(ServiceRequest.extra, PIECE),
    *(getattr(ServiceRequest, name) for name in asked.FIELDS if hasattr(ServiceRequest, name)),
]


def closed(session: Session, ids: Collection[int]) -> Iterator[tuple[int, datetime, bool]]:
    """Which of some cases were closed, when, and whether nothing is missing.

    Only those of which the rule book wants anything. A paper of the work is on file once the
    signed form of each job was handed in.
    """
    done = (Job.request_id == ServiceRequest.id) & (Job.status == JobStatus.DONE)
    is_filed = ~exists().where(done, Job.filed_at.is_(None))
    has_job = exists().where(done)
    rows = session.execute(
        select(*READ, has_job.label("has_job"), is_filed.label("is_filed"))
        .outerjoin(Asset, Asset.id == ServiceRequest.asset_id)
        .outerjoin(Product, Product.id == Asset.product_id)
        .where(ServiceRequest.id.in_(ids), ServiceRequest.closed_at.is_not(None))
        .where(of_few(ServiceRequest.status) == RequestStatus.CLOSED.value)
    ).all()
    wanted = _wanted(session, {(row.revision_id, row.kind) for row in rows})
    for row in rows:
        is_complete = _is_complete(wanted[row.revision_id, row.kind], row)
        if is_complete is not None:
            yield row.id, row.closed_at, is_complete


def _wanted(session: Session, of: set[tuple[int, RequestKind]]) -> dict[Any, list[Requirement]]:
    """What each rule book wants in the end of a kind of request."""
    revisions = {revision for revision, _ in of}
    found = session.scalars(select(NormRevision).where(NormRevision.id.in_(revisions)))
    norms = {each.id: norm_of(each) for each in found} if of else {}
    return {
        (revision, kind): [
            rule for stage in STAGES for rule in asked.required(norms[revision], kind, stage)
        ]
        for revision, kind in of
    }


def _is_complete(rules: list[Requirement], row: Any) -> bool | None:
    """None where nothing is wanted."""
    of_work = row.has_job and any(rule.papers for rule in rules)
    if not of_work and not any(rule.fields for rule in rules):
        return None
    if of_work and not row.is_filed:
        return False
    known = asked.on_file(row)
    return not any(any(asked.missing(rule, known)) for rule in rules)
