"""Time limits as rows: started, paused, met and dropped by the facts that the norm names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from core import working_time
from core.norms.model import LimitRule, Norm
from core.norms.revisions import norm_for
from core.unit_of_work import UnitOfWork
from db.codes import Measure
from db.tables import Limit, ServiceRequest

DROPPING = frozenset({"request.cancelled", "request.closed"})


@dataclass(frozen=True)
class LimitView:
    """A time limit as a case shows it; `late` as of the unit of work's now."""

    name: str
    clause: str
    measure: Measure
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    dropped: bool
    paused: bool
    late: bool


def react(uow: UnitOfWork, *, request_id: int, fact: str) -> None:
    """Start, meet, pause, resume or drop the limits of a case as the norm says for the fact."""
    request = uow.session.get_one(ServiceRequest, request_id)
    norm = norm_for(uow, request)
    waits = request.wait_reason is not None
    running = _running(uow, request_id)
    for limit in running:
        _move(uow, norm, limit, fact, waits=waits)
    started = {limit.name for limit in running}
    for rule in norm.limits:
        if rule.starts == fact and rule.name not in started and _covers(rule, request):
            since = request.received_at if rule.since == "received" else uow.now
            limit = start(norm, rule, request_id, since, zone=uow.actor.zone)
            uow.session.add(limit)
            if waits:
                _pause(uow, limit)
    uow.session.flush()


def start(norm: Norm, rule: LimitRule, request_id: int, since: datetime, *, zone: str) -> Limit:
    """A new running limit of a case, counted from `since`."""
    return Limit(
        request_id=request_id,
        name=rule.name,
        clause=rule.clause,
        measure=rule.measure,
        unit=rule.unit,
        amount=rule.amount,
        started_at=since,
        due_at=_due(norm, rule.unit, rule.amount, since, (), zone),
        pauses=[],
    )


def of_case(uow: UnitOfWork, *, request_id: int) -> tuple[LimitView, ...]:
    """All limits of a case, the next due first."""
    rows = uow.session.scalars(
        select(Limit).where(Limit.request_id == request_id).order_by(Limit.due_at, Limit.id)
    )
    return tuple(_view(limit, uow.now) for limit in rows)


def _running(uow: UnitOfWork, request_id: int) -> list[Limit]:
    return list(
        uow.session.scalars(
            select(Limit).where(
                Limit.request_id == request_id, Limit.met_at.is_(None), Limit.dropped_at.is_(None)
            )
        )
    )


def _covers(rule: LimitRule, request: ServiceRequest) -> bool:
    return rule.covers(request.kind, request.priority)


def _move(uow: UnitOfWork, norm: Norm, limit: Limit, fact: str, *, waits: bool) -> None:
    rule = next((rule for rule in norm.limits if rule.name == limit.name), None)
    if rule and fact in rule.met:
        _resume(uow, norm, limit)
        limit.met_at = uow.now
    elif fact in DROPPING:
        _resume(uow, norm, limit)
        limit.dropped_at = uow.now
    elif waits and not is_paused(limit):
        _pause(uow, limit)
    elif not waits:
        # Also when an answer or a report ends the waiting: what it does not meet runs on.
        _resume(uow, norm, limit)


def _pause(uow: UnitOfWork, limit: Limit) -> None:
    limit.pauses = [*limit.pauses, [uow.now.isoformat(), None]]


def _resume(uow: UnitOfWork, norm: Norm, limit: Limit) -> None:
    if not is_paused(limit):
        return
    limit.pauses = [*limit.pauses[:-1], [limit.pauses[-1][0], uow.now.isoformat()]]
    limit.due_at = _due(
        norm, limit.unit, limit.amount, limit.started_at, limit.pauses, uow.actor.zone
    )


def is_paused(limit: Limit) -> bool:
    """Whether the limit stands still because the company waits."""
    return bool(limit.pauses) and limit.pauses[-1][1] is None


def _due(
    norm: Norm, unit: Any, amount: int, since: datetime, pauses: Iterable[Any], zone: str
) -> datetime:
    spans = [
        (datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in pauses if end
    ]
    due = working_time.due_at(norm.calendar(zone), working_time.Unit(unit), amount, since, spans)
    return due.astimezone(UTC)


def _view(limit: Limit, now: datetime) -> LimitView:
    paused = limit.met_at is None and limit.dropped_at is None and is_paused(limit)
    # A pause saves no limit that was late before it began.
    stop = datetime.fromisoformat(limit.pauses[-1][0]) if paused else now
    end = limit.met_at or (None if limit.dropped_at else stop)
    return LimitView(
        name=limit.name,
        clause=limit.clause,
        measure=limit.measure,
        started_at=limit.started_at,
        due_at=limit.due_at,
        met_at=limit.met_at,
        dropped=limit.dropped_at is not None,
        paused=paused,
        late=end is not None and end > limit.due_at,
    )
