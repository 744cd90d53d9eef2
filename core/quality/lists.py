"""The queue of quality feedback: what is late or due next comes first."""

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement

from core.kernel.paging import Page
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require
from core.quality.rules import OPEN, READ
from core.requests import queues
from core.requests.lists import View
from core.requests.queues import CaseSummary
from db.codes import QualityStatus, Severity
from db.tables import QualityFeedback


@dataclass(frozen=True)
class Filter:
    """What narrows the queue; empty fields do not. `ended` looks at what is over instead."""

    text: str = ""
    status: QualityStatus | None = None
    severity: Severity | None = None
    station_id: int | None = None
    view: View = View.ALL
    ended: bool = False


@dataclass(frozen=True)
class QualityRow:
    """Quality feedback in the queue."""

    id: int
    status: QualityStatus
    severity: Severity | None
    case: CaseSummary


def queue(uow: UnitOfWork, *, filters: Filter = Filter(), page: int = 1) -> Page[QualityRow]:
    """Feedback that waits for a step: what is late or due next comes first; two queries."""
    require(uow, READ)
    order = (QualityFeedback.id.desc(),) if filters.ended else queues.DUE_NEXT
    ids, total, number = queues.ids(
        uow, QualityFeedback, where=_where(uow, filters), order=order, number=page
    )
    rows = tuple(
        QualityRow(row.id, row.status, row.severity, case)
        for row, case in queues.load(uow, QualityFeedback, ids)
    )
    return Page(rows, total, number)


def count(uow: UnitOfWork, *, filters: Filter = Filter()) -> int:
    """How many files the queue holds."""
    require(uow, READ)
    return queues.how_many(uow, QualityFeedback, _where(uow, filters))


def views(uow: UnitOfWork, *, filters: Filter = Filter()) -> dict[View, int]:
    """The parts of the queue, and how many each holds; one query."""
    require(uow, READ)
    where = _where(uow, replace(filters, view=View.ALL))
    return queues.views(uow, QualityFeedback, where, {})


def _where(uow: UnitOfWork, filters: Filter) -> list[ColumnElement[bool]]:
    status = QualityFeedback.status
    where: list[ColumnElement[bool]] = [status.not_in(OPEN) if filters.ended else status.in_(OPEN)]
    where += queues.narrow(uow, text=filters.text, station_id=filters.station_id, view=filters.view)
    if filters.status:
        where.append(status == filters.status)
    if filters.severity:
        where.append(QualityFeedback.severity == filters.severity)
    return where
