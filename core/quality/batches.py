"""A production batch: all cases of it, how many defects its tests found, and taking it back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.process import workflow
from core.process.permissions import may, require, visible_requests
from core.process.rules import Done
from core.quality import actions
from core.quality.inputs import RecallBatch
from core.quality.rules import READ, RECALLS, RUNNING, SOLVED
from core.quality.view import rate
from core.requests import lists
from core.requests.actions import OPEN
from core.requests.drills import IN_EARNEST
from core.requests.lists import Cases
from db.codes import EmergencyStatus, FaultArea, RequestKind, RequestStatus
from db.tables import Emergency, QualityFeedback, ServiceRequest

CLOSED = EmergencyStatus.CLOSED


@dataclass(frozen=True)
class BatchView:
    """What is known of a batch, of the cases that the actor may see."""

    batch: str
    total: int
    by_area: dict[FaultArea | None, int]
    by_kind: dict[RequestKind, int]
    by_status: dict[RequestStatus, int]
    tested: int
    defects: int
    defect_rate: float | None
    # Feedback whose defect was confirmed.
    confirmed: int
    # The latest emergency that was declared on a case of the batch.
    emergency_id: int | None
    may_recall: bool
    cases: Cases


def view(uow: UnitOfWork, *, batch: str, page: int = 1) -> BatchView:
    """A batch with its cases, the newest first, and the counts over all of them; three queries."""
    require(uow, READ)
    of_batch = select(ServiceRequest.id).where(_is_of(batch))
    groups = _groups(uow, batch)
    tested, defects = _sum(groups, "tested"), _sum(groups, "defects")
    emergency_id = max((each.emergency_id or 0 for each in groups), default=0) or None
    can_start = any(each.status in OPEN for each in groups) and not _sum(groups, "alarms")
    return BatchView(
        batch=batch,
        total=_sum(groups, "cases"),
        by_area=_tally(groups, "fault_area"),
        by_kind=_tally(groups, "kind"),
        by_status=_tally(groups, "status"),
        tested=tested,
        defects=defects,
        defect_rate=rate(defects, tested),
        confirmed=_sum(groups, "confirmed"),
        emergency_id=emergency_id,
        may_recall=may(uow.actor, RECALLS) and can_start,
        cases=lists.by_ids(uow, ids=of_batch, page=page),
    )


def recall(uow: UnitOfWork, command: RecallBatch) -> Emergency:
    """Raise an emergency for a batch: on its latest open case, feedback before other kinds."""
    require(uow, RECALLS)
    found = uow.session.execute(
        select(ServiceRequest, QualityFeedback, Emergency)
        .outerjoin(QualityFeedback, QualityFeedback.request_id == ServiceRequest.id)
        .outerjoin(Emergency, Emergency.request_id == ServiceRequest.id)
        .where(_is_of(command.batch), visible_requests(uow.actor))
        .order_by(QualityFeedback.id.desc().nulls_last(), ServiceRequest.id.desc())
    ).all()
    if any(row.Emergency and row.Emergency.status is not CLOSED for row in found):
        raise InvalidInput(Problem("batch", "already_recalled"))
    free = (row for row in found if row.ServiceRequest.status in OPEN and not row.Emergency)
    request, feedback, _none = next(free, (None, None, None))
    if request is None:
        raise InvalidInput(Problem("batch", "no_open_case"))
    emergency = actions.recall(uow, request, command.happened)
    if feedback and feedback.status in RUNNING | {SOLVED}:
        data = {"emergency": emergency.id, "batch": command.batch}
        done = Done(note=command.happened, data=data)
        workflow.advance(uow, actions.PROCESS, feedback, "recalled", done)
    return emergency


def _is_of(batch: str) -> ColumnElement[bool]:
    # Of most cases nobody knows the batch: they are no batch. A drill took no pieces out of it.
    return (ServiceRequest.batch == batch) & (ServiceRequest.batch != "") & IN_EARNEST


def _groups(uow: UnitOfWork, batch: str) -> Sequence[Any]:
    # One row for each kind, status and fault area: a handful, however large the batch is.
    by = (ServiceRequest.kind, ServiceRequest.status, ServiceRequest.fault_area)
    return uow.session.execute(
        select(
            *by,
            func.count().label("cases"),
            func.coalesce(func.sum(QualityFeedback.tested_quantity), 0).label("tested"),
            func.coalesce(func.sum(QualityFeedback.defect_quantity), 0).label("defects"),
            func.count().filter(QualityFeedback.defect_confirmed.is_(True)).label("confirmed"),
            func.max(Emergency.id).label("emergency_id"),
            func.count(Emergency.id).filter(Emergency.status != CLOSED).label("alarms"),
        )
        .outerjoin(QualityFeedback, QualityFeedback.request_id == ServiceRequest.id)
        .outerjoin(Emergency, Emergency.request_id == ServiceRequest.id)
        .where(_is_of(batch), visible_requests(uow.actor))
        .group_by(*by)
    ).all()


def _sum(groups: Sequence[Any], name: str) -> int:
    return sum(getattr(each, name) for each in groups)


def _tally(groups: Sequence[Any], name: str) -> dict[Any, int]:
    counts: Counter[Any] = Counter()
    for each in groups:
        counts[getattr(each, name)] += each.cases
    return dict(counts.most_common())
