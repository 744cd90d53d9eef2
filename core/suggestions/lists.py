"""The queue of suggestions: what is late or due next comes first."""

from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement
from sqlalchemy.orm import joinedload

from core.kernel.paging import Page
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require
from core.requests import queues
from core.requests.lists import View
from core.requests.queues import CaseSummary
from core.suggestions.actions import OPEN, READ
from db.codes import SuggestionStatus
from db.tables import Suggestion


@dataclass(frozen=True)
class Filter:
    """What narrows the queue; empty fields do not. `ended` looks at what is over instead."""

    text: str = ""
    status: SuggestionStatus | None = None
    department: str = ""
    station_id: int | None = None
    view: View = View.ALL
    ended: bool = False


@dataclass(frozen=True)
class SuggestionRow:
    """A suggestion in the queue."""

    id: int
    status: SuggestionStatus
    department: str
    handler: str
    case: CaseSummary


def queue(uow: UnitOfWork, *, filters: Filter = Filter(), page: int = 1) -> Page[SuggestionRow]:
    """Suggestions that wait for a step: what is late or due next comes first; two queries."""
    require(uow, READ)
    order = (Suggestion.id.desc(),) if filters.ended else queues.DUE_NEXT
    ids, total, number = queues.ids(
        uow, Suggestion, where=_where(uow, filters), order=order, number=page
    )
    rows = tuple(
        SuggestionRow(
            row.id, row.status, row.department, row.handler.name if row.handler else "", case
        )
        for row, case in queues.load(uow, Suggestion, ids, joinedload(Suggestion.handler))
    )
    return Page(rows, total, number)


def count(uow: UnitOfWork, *, filters: Filter = Filter()) -> int:
    """How many files the queue holds."""
    require(uow, READ)
    return queues.how_many(uow, Suggestion, _where(uow, filters))


def views(uow: UnitOfWork, *, filters: Filter = Filter()) -> dict[View, int]:
    """The parts of the queue, and how many each holds; one query."""
    require(uow, READ)
    where = _where(uow, replace(filters, view=View.ALL))
    return queues.views(uow, Suggestion, where, {})


def _where(uow: UnitOfWork, filters: Filter) -> list[ColumnElement[bool]]:
    status = Suggestion.status
    where: list[ColumnElement[bool]] = [status.not_in(OPEN) if filters.ended else status.in_(OPEN)]
    where += queues.narrow(uow, text=filters.text, station_id=filters.station_id, view=filters.view)
    if filters.status:
        where.append(status == filters.status)
    if filters.department:
        where.append(Suggestion.department == filters.department)
    return where
