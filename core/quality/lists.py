"""Quality feedback as screens show it: the queue, and one file with what may be done on it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement

from core import improvements, queues
from core.improvements import ImprovementView
from core.norms.parts import Words
from core.norms.revisions import norm_for
from core.permissions import require
from core.process.rules import Rule
from core.quality.actions import PROCESS
from core.quality.rules import OPEN, READ
from core.queues import CaseFacts, Page
from core.unit_of_work import UnitOfWork
from db.codes import CauseKind, MeasureKind, QualityStatus, Severity
from db.tables import QualityFeedback


@dataclass(frozen=True)
class Filter:
    """What narrows the queue; empty fields do not. `ended` looks at what is over instead."""

    text: str = ""
    status: QualityStatus | None = None
    severity: Severity | None = None
    station_id: int | None = None
    late: bool = False
    ended: bool = False


@dataclass(frozen=True)
class QualityRow:
    """Quality feedback in the queue."""

    id: int
    status: QualityStatus
    severity: Severity | None
    case: CaseFacts


@dataclass(frozen=True)
class QualityView:
    """The file of quality feedback, with the actions that the actor may take on it now."""

    id: int
    version: int
    case_id: int
    number: str
    status: QualityStatus
    severity: Severity | None
    nature: str
    used_for: str
    place: str
    happened_on: date | None
    batch: str
    sample: str
    sample_quantity: int
    tested_quantity: int
    defect_quantity: int
    defect_rate: float | None
    defect_confirmed: bool | None
    finding: str
    cause_kind: CauseKind | None
    cause: str
    department: Words
    solution: MeasureKind | None
    solution_note: str
    report: str
    closed_at: datetime | None
    improvements: tuple[ImprovementView, ...]
    actions: tuple[Rule, ...]


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


def view(uow: UnitOfWork, *, case_id: int) -> QualityView:
    """The feedback of a case that the actor may see; NotFound otherwise, or for other kinds."""
    require(uow, READ)
    row = queues.of_case(uow, PROCESS, case_id)
    names = {each.name: each.text for each in norm_for(uow, row.request).departments}
    return QualityView(
        **{name: getattr(row, name) for name in _PLAIN},
        case_id=row.request_id,
        number=row.request.number,
        batch=row.request.batch,
        defect_rate=rate(row.defect_quantity, row.tested_quantity),
        department=names.get(row.department, {}),
        improvements=improvements.of_case(uow, case_id=row.request_id),
        actions=PROCESS.allowed(uow.actor, row),
    )


def rate(defects: int, tested: int) -> float | None:
    """Defects as a share of what was tested; None when nothing was."""
    return defects / tested if tested else None


_PLAIN = (
    *("id", "version", "status", "severity", "nature", "used_for", "place", "happened_on"),
    *("sample", "sample_quantity", "tested_quantity", "defect_quantity", "defect_confirmed"),
    *("finding", "cause_kind", "cause", "solution", "solution_note", "report", "closed_at"),
)


def _where(uow: UnitOfWork, filters: Filter) -> list[ColumnElement[bool]]:
    status = QualityFeedback.status
    where: list[ColumnElement[bool]] = [status.not_in(OPEN) if filters.ended else status.in_(OPEN)]
    where += queues.narrow(uow, text=filters.text, station_id=filters.station_id, late=filters.late)
    if filters.status:
        where.append(status == filters.status)
    if filters.severity:
        where.append(QualityFeedback.severity == filters.severity)
    return where
