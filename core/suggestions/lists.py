"""Suggestions as screens show them: the queue, and one file with what may be done on it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import joinedload

from core import fairness, improvements, queues
from core.fairness import Barred
from core.improvements import ImprovementView
from core.norms.parts import Words
from core.norms.revisions import norm_for
from core.permissions import require
from core.process.rules import Rule
from core.queues import CaseFacts, Page
from core.suggestions.actions import OPEN, PROCESS, READ
from core.unit_of_work import UnitOfWork
from db.codes import SuggestionStatus
from db.tables import Person, Suggestion


@dataclass(frozen=True)
class Filter:
    """What narrows the queue; empty fields do not. `ended` looks at what is over instead."""

    text: str = ""
    status: SuggestionStatus | None = None
    department: str = ""
    station_id: int | None = None
    late: bool = False
    ended: bool = False


@dataclass(frozen=True)
class SuggestionRow:
    """A suggestion in the queue."""

    id: int
    status: SuggestionStatus
    department: str
    handler: str
    case: CaseFacts


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


def queue(uow: UnitOfWork, *, filters: Filter = Filter(), page: int = 1) -> Page[SuggestionRow]:
    """Suggestions that wait for a step: what is late or due next comes first; two queries."""
    require(uow, READ)
    order = (Suggestion.id.desc(),) if filters.ended else queues.DUE_NEXT
    ids, total, number = queues.ids(
        uow, Suggestion, where=_where(uow, filters), order=order, number=page
    )
    rows = tuple(
        SuggestionRow(row.id, row.status, row.department, _name(row.handler), case)
        for row, case in queues.load(uow, Suggestion, ids, joinedload(Suggestion.handler))
    )
    return Page(rows, total, number)


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
        handler=_name(row.handler),
        improvements=improvements.of_case(uow, case_id=row.request_id),
        actions=PROCESS.allowed(uow.actor, row),
        barred=fairness.barred(uow, PROCESS, row),
    )


def _where(uow: UnitOfWork, filters: Filter) -> list[ColumnElement[bool]]:
    status = Suggestion.status
    where: list[ColumnElement[bool]] = [status.not_in(OPEN) if filters.ended else status.in_(OPEN)]
    where += queues.narrow(uow, text=filters.text, station_id=filters.station_id, late=filters.late)
    if filters.status:
        where.append(status == filters.status)
    if filters.department:
        where.append(Suggestion.department == filters.department)
    return where


def _name(person: Person | None) -> str:
    return person.name if person else ""
