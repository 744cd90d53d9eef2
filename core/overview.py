"""What waits for a person: the piles of open work that their role looks after."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from core.complaints import rules as complaints
from core.followups import actions as followups
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import may, require, visible_requests
from core.quality import rules as quality
from core.requests.lists import NEXT_DUE, Queue, pile
from core.returns import rules as returns
from core.suggestions import actions as suggestions
from db.codes import JobStatus
from db.tables import Complaint, GoodsReturn, Job, QualityFeedback, ServiceRequest, Suggestion

PILES = (
    (Queue.DISPATCH, "job:dispatch"),
    (Queue.RUNNING, "job:dispatch"),
    (Queue.DESK, "request:answer"),
)
# Files beside requests: the pile, the table, the statuses that wait for a step, who reads them.
FILES: tuple[tuple[str, Any, Collection[StrEnum], str], ...] = (
    ("complaints", Complaint, complaints.OPEN, "complaint:read"),
    ("quality", QualityFeedback, quality.OPEN, "quality:read"),
    ("suggestions", Suggestion, suggestions.OPEN, "suggestion:read"),
    ("returns", GoodsReturn, returns.OPEN, "return:read"),
)
ORDER = ("jobs", *(name for name, *_ in FILES), "followups")


@dataclass(frozen=True)
class Pile:
    """One pile: how much there is, how much of it is late."""

    name: str
    count: int
    late: int


@dataclass(frozen=True)
class Overview:
    """The piles of the actor's role."""

    piles: tuple[Pile, ...]


def overview(uow: UnitOfWork) -> Overview:
    """The piles that the actor looks after, each with its late ones; two queries."""
    require(uow, "case:read")
    return Overview((*_case_piles(uow), *_other_piles(uow)))


def _other_piles(uow: UnitOfWork) -> list[Pile]:
    """Jobs, what goes its own way step by step, calls: counted in one go."""
    counts = [
        select(literal(name), func.count(), func.count().filter(_is_late(uow)))
        .select_from(file)
        .join(ServiceRequest, ServiceRequest.id == file.request_id)
        .where(file.status.in_(running), visible_requests(uow.actor))
        for name, file, running, permission in FILES
        if may(uow.actor, permission)
    ]
    if may(uow.actor, "job:work"):
        counts.append(_count("jobs", _own_jobs(uow)))
    if may(uow.actor, "followup:call"):
        counts.append(_count("followups", followups.due_now(uow)))
    if not counts:
        return []
    found = {name: Pile(name, *how) for name, *how in uow.session.execute(union_all(*counts))}
    return [found[name] for name in ORDER if name in found]


def _count(name: str, what: Select[Any]) -> Select[str, int, int]:
    return select(literal(name), func.count(), literal(0)).select_from(what.subquery())


def _own_jobs(uow: UnitOfWork) -> Select[Any]:
    ended = (JobStatus.DONE, JobStatus.CANCELLED)
    return select(Job.id).where(Job.technician_id == uow.actor.id, Job.status.notin_(ended))


def _is_late(uow: UnitOfWork) -> ColumnElement[bool]:
    return (uow.now > NEXT_DUE) & ServiceRequest.wait_reason.is_(None)


def _case_piles(uow: UnitOfWork) -> list[Pile]:
    names = [name for name, permission in PILES if may(uow.actor, permission)]
    if not names:
        return []
    late = _is_late(uow)
    counts = []
    for name in names:
        mine = pile(uow, name)
        counts += [func.count().filter(*mine), func.count().filter(*mine, late)]
    is_open = ServiceRequest.status.in_(("registered", "in_progress"))
    row = uow.session.execute(
        select(*counts).select_from(ServiceRequest).where(is_open, visible_requests(uow.actor))
    ).one()
    return [Pile(name, row[2 * i], row[2 * i + 1]) for i, name in enumerate(names)]
