"""The calls on a plan: what is due now, what was missed, and what customers said before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from core.care.calls import PROCESS
from core.care.rules import CALL, DUE, calls
from core.customers import again, readings
from core.kernel.paging import Page, leaf
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import in_force, norm_of
from core.process import workflow
from core.process.permissions import require
from core.process.rules import Rule
from db.codes import CareMeans, CareStatus, CareWhom
from db.tables import CareCall

SIZE, SHOWN = 25, 50
WITH_NAMES = (joinedload(CareCall.caller), joinedload(CareCall.complaint))


class CareState(StrEnum):
    """Which calls of the list: those to be done now, those that were missed, those to come."""

    NOW = "now"
    LATE = "late"
    AHEAD = "ahead"


@dataclass(frozen=True)
class CareRow:
    """A call on a plan, with its customer, and what came of it where it is over."""

    id: int
    version: int
    customer_id: int
    customer: str
    contact: str
    phone: str
    plan: str
    clause: str
    whom: CareWhom
    means: CareMeans
    status: CareStatus
    counted_from: date
    due_on: date
    next_on: date
    late: bool
    attempts: int
    ended_at: datetime | None
    caller: str
    result: str
    score: float | None
    scores: tuple[tuple[str, int], ...]
    opinion: str
    other_needs: str
    complaint_id: int | None
    complaint: str
    actions: tuple[Rule, ...]


def listed(uow: UnitOfWork, *, state: CareState, page: int = 1) -> Page[CareRow]:
    """The calls that are due, the oldest first."""
    require(uow, CALL)
    query = calls(uow.actor).where(_which(uow, state))
    total = uow.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.options(*WITH_NAMES).order_by(CareCall.due_on, CareCall.id)
    found, number = leaf(uow, ordered, page=page, size=SIZE)
    texts = _texts(uow)
    return Page(tuple(_row(uow, row, texts) for (row,) in found), total, number, size=SIZE)


def of_customer(uow: UnitOfWork, *, customer_id: int) -> tuple[CareRow, ...]:
    """The calls to a customer, the latest first; nothing where the archive is not open."""
    require(uow, "search:use")
    if not readings.is_open(uow, customer_id):
        return ()
    query = calls(uow.actor).options(*WITH_NAMES).where(CareCall.customer_id == customer_id)
    rows = uow.session.scalars(query.order_by(CareCall.due_on.desc(), CareCall.id).limit(SHOWN))
    texts = _texts(uow)
    return tuple(_row(uow, row, texts) for row in rows)


def view(uow: UnitOfWork, *, id: int) -> CareRow:
    """One call; NotFound where the actor may not see it."""
    require(uow, "search:use")
    row = workflow.fetch(uow, PROCESS, id, options=WITH_NAMES)
    return _row(uow, row, _texts(uow))


def are_planned(uow: UnitOfWork) -> bool:
    """Whether the rule book in force plans any calls."""
    return bool(norm_of(in_force(uow)).care)


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many calls are to be done now, and how many of them are late."""
    due = calls(uow.actor).where(_which(uow, CareState.NOW)).subquery()
    late = func.count().filter(due.c.due_on < uow.today)
    return select(func.count(), late).select_from(due)


def _which(uow: UnitOfWork, state: CareState) -> ColumnElement[bool]:
    waits = CareCall.status == DUE
    if state is CareState.AHEAD:
        return waits & (CareCall.next_on > uow.today)
    if state is CareState.LATE:
        return waits & (CareCall.due_on < uow.today)
    return waits & (CareCall.next_on <= uow.today)


def _texts(uow: UnitOfWork) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The plans and the questions of the rule book in force, in words."""
    norm, speaks = norm_of(in_force(uow)), uow.actor.language
    plans = {each.name: each.text[speaks] for each in norm.care}
    return plans, {each.name: each.text[speaks] for each in norm.survey}


def _row(
    uow: UnitOfWork, call: CareCall, texts: tuple[Mapping[str, str], Mapping[str, str]]
) -> CareRow:
    plans, questions = texts
    customer, scores = call.customer, call.scores.items()
    facts: dict[str, Any] = {
        "customer": customer.name,
        "contact": customer.contact,
        "phone": again.number(uow.actor, customer),
        "plan": plans.get(call.plan) or call.title or call.plan,
        "late": call.status is DUE and call.due_on < uow.today,
        "caller": call.caller.name if call.caller else "",
        "scores": tuple((questions.get(name, name), score) for name, score in scores),
        "complaint": call.complaint.number if call.complaint else "",
        "actions": PROCESS.allowed(uow.actor, call),
    }
    same = (name for name in CareRow.__dataclass_fields__ if name not in facts)
    return CareRow(**facts, **{name: getattr(call, name) for name in same})
