"""One file of a suggestion, with what may be done on it."""

from dataclasses import dataclass
from datetime import datetime

from core.improvements import actions as improvements
from core.improvements.actions import ImprovementView
from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import Words
from core.norms.revisions import norm_for
from core.process import fairness
from core.process.fairness import Barred
from core.process.permissions import require
from core.process.rules import Rule
from core.requests import queues
from core.suggestions.actions import PROCESS, READ
from db.codes import SuggestionStatus


@dataclass(frozen=True)
class SuggestionView:
    """The file of a suggestion, with the actions that the actor may take on it now."""

    id: int
    version: int
    case_id: int
    number: str
    status: SuggestionStatus
    department: Words
    handler: str
    adopted: bool | None
    decision: str
    decided_at: datetime | None
    improvements: tuple[ImprovementView, ...]
    actions: tuple[Rule, ...]
    barred: tuple[Barred, ...]


def view(uow: UnitOfWork, *, case_id: int) -> SuggestionView:
    """The suggestion of a case that the actor may see; NotFound otherwise, or for other kinds."""
    require(uow, READ)
    row = queues.of_case(uow, PROCESS, case_id)
    names = {each.name: each.text for each in norm_for(uow, row.request).departments}
    plain = ("id", "version", "status", "adopted", "decision", "decided_at")
    return SuggestionView(
        **{name: getattr(row, name) for name in plain},
        case_id=row.request_id,
        number=row.request.number,
        department=names.get(row.department, {}),
        handler=row.handler.name if row.handler else "",
        improvements=improvements.of_case(uow, case_id=row.request_id),
        actions=PROCESS.allowed(uow.actor, row),
        barred=fairness.barred(uow, PROCESS, row),
    )
