"""Whether the file of a closed case is complete: what the rule book wants in it (K9, D23)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from core.norms.model import Norm
from core.norms.parts import Stage
from core.norms.revisions import norm_of
from core.requests import asked, ready
from db.codes import JobStatus, RequestStatus
from db.tables import Asset, Job, NormRevision, ServiceRequest

# What is to be on file when the work is done, and when the case is closed.
STAGES: tuple[Stage, ...] = ("finished", "closed")


def closed(session: Session, ids: Collection[int]) -> Iterator[tuple[int, datetime, bool]]:
    """Which of some cases were closed, when, and whether nothing is missing.

    Only those of which the rule book wants anything. The report on the work is on file once the
    signed form of each job was handed in; other papers once they were made or given.
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
    books = {row.id: norms[row.revision_id] for row, _, _ in rows}
    lacking = {id for stage in STAGES for id in _lacking(session, rows, books, stage)}
    for row, has_job, all_filed in rows:
        rules = [rule for at in STAGES for rule in asked.required(books[row.id], row.kind, at)]
        of_work = has_job and any(rule.papers for rule in rules)
        is_asked = of_work or any(rule.fields or rule.check_lists for rule in rules)
        if is_asked and row.closed_at:
            yield row.id, row.closed_at, row.id not in lacking and (all_filed or not of_work)


def _lacking(
    session: Session, rows: Sequence[Any], books: Mapping[int, Norm], stage: Stage
) -> Iterator[int]:
    """The cases that lack something at a stage; without a job there is no paper of the work.

    Money that is owed is missing in the till, not in the record.
    """
    found = ready.stored(session, [row for row, _, _ in rows], books, stage)
    for row, has_job, _ in rows:
        kinds = {each.kind for each in found[row.id]} - {ready.LackKind.MONEY}
        if kinds and (has_job or ready.LackKind.FIELD in kinds):
            yield row.id
