"""One file of quality feedback, with what may be done on it."""

from dataclasses import dataclass
from datetime import date, datetime

from core.improvements import actions as improvements
from core.improvements.actions import ImprovementView
from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import Words
from core.norms.revisions import norm_for
from core.process.permissions import require
from core.process.rules import Rule
from core.quality.actions import PROCESS
from core.quality.rules import READ
from core.requests import queues
from db.codes import CauseKind, MeasureKind, QualityStatus, Severity


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
