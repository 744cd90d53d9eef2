"""What is owed for work that is done: the oldest first, with why it was not collected (E13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import contains_eager

from core.billing import sight
from core.followups import actions as followups
from core.kernel.unit_of_work import UnitOfWork
from core.process import masked
from core.process.permissions import visible_requests
from core.requests import charging
from db.codes import RequestStatus
from db.tables import History, Quote, ServiceRequest

MOST = 200
DONE = (RequestStatus.RESOLVED, RequestStatus.CLOSED)


@dataclass(frozen=True)
class UnpaidRow:
    """A case whose work is done and not paid; `days` since it was done."""

    id: int
    number: str
    status: RequestStatus
    contact: str
    phone: str
    owed_cents: int
    done_at: datetime
    days: int
    reason: str


def listed(uow: UnitOfWork) -> tuple[UnpaidRow, ...]:
    """The cases that the actor sees, the longest done first; two queries."""
    sight.require_money(uow)
    query = _open(uow, select(Quote)).options(contains_eager(Quote.request))
    done_at = ServiceRequest.resolved_at
    quotes = uow.session.scalars(query.order_by(done_at, ServiceRequest.id).limit(MOST)).all()
    why = _reasons(uow, [quote.request_id for quote in quotes])
    return tuple(_row(uow, quote, why.get(quote.request_id, "")) for quote in quotes)


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many there are; none of them is late by itself."""
    query: Select[int, int] = select(func.count(), literal(0)).select_from(Quote)
    counted: Select[int, int] = _open(uow, query)
    return counted


def _open(uow: UnitOfWork, query: Any) -> Any:
    done = ServiceRequest.status.in_(DONE)
    return query.join(Quote.request).where(charging.owing(), done, visible_requests(uow.actor))


def _reasons(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, str]:
    """What was said of each case when it was closed."""
    rows = uow.session.execute(
        select(History.case_id, History.data)
        .where(History.case_id.in_(ids), History.subject == followups.PROCESS.subject)
        .where(History.action == "answered")
        .order_by(History.id)
    )
    return {id: data.get(followups.UNPAID_REASON, "") for id, data in rows if id}


def _row(uow: UnitOfWork, quote: Quote, reason: str) -> UnpaidRow:
    request, zone = quote.request, uow.actor.zone_info
    done_at = request.resolved_at
    assert done_at is not None  # a case that is done says when
    return UnpaidRow(
        id=request.id,
        number=request.number,
        status=request.status,
        contact=request.contact,
        phone=masked.phone(uow.actor, request.phone),
        owed_cents=quote.cents - quote.paid_cents,
        done_at=done_at,
        days=(uow.today - done_at.astimezone(zone).date()).days,
        reason=reason,
    )
