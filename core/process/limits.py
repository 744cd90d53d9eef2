"""Time limits as rows: started, paused, met, re-planned and dropped by the facts of a case."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import func, select

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.norms import working_time
from core.norms.model import Norm
from core.norms.parts import Words
from core.norms.revisions import judged_by, norm_for
from core.norms.working_time import Calendar
from core.process import contracted, lasting
from core.process.clockwork import (
    REOPENED,
    REPLANNING,
    CaseFacts,
    Clockwork,
    MayCome,
    due_at,
    is_late,
    is_paused,
    spans,
)
from core.process.permissions import require_case, visible_requests
from db.codes import ChargeReason, LimitUnit, Measure, RequestStatus
from db.tables import Emergency, History, Limit, NormRevision, ServiceRequest, Station

# What the company answers for as in the warranty.
IN_WARRANTY = frozenset({ChargeReason.IN_WARRANTY, ChargeReason.REWORK, ChargeReason.BY_CONTRACT})
ON_CALENDAR = frozenset({LimitUnit.WORKING_DAYS, LimitUnit.WORKING_MINUTES})
ENDED = frozenset({RequestStatus.CLOSED, RequestStatus.CANCELLED})


@dataclass(frozen=True)
class LimitView:
    """A time limit as a case shows it; `late` as of the unit of work's now."""

    id: int
    name: str
    clause: str
    measure: Measure
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    dropped: bool
    paused: bool
    late: bool
    # Due in a year whose public days off are not announced yet: it may still move.
    tentative: bool


@dataclass(frozen=True)
class Explanation:
    """Why a limit is due then: its clause, the revision, and the ledger of what counted."""

    limit: LimitView
    unit: LimitUnit
    amount: int
    text: Words
    revision: int
    in_force_on: date
    signed_by: str
    ledger: tuple[working_time.Entry, ...]


def react(uow: UnitOfWork, *, request_id: int, fact: str) -> None:
    """Move the limits of a case as the norm says for the fact."""
    request = uow.session.get_one(ServiceRequest, request_id)
    norm = contracted.book_of(uow, request)
    clockwork = Clockwork(norm, uow.actor.zone, Limit)
    replans = fact in REPLANNING
    rows = select(Limit).where(Limit.request_id == request_id)
    if not replans:
        rows = rows.where(Limit.met_at.is_(None), Limit.dropped_at.is_(None))
    started = clockwork.happen(
        facts_of(uow, request, norm),
        list(uow.session.scalars(rows)),
        fact,
        uow.now,
        waits=request.wait_reason is not None,
        happened=_happened(uow, request_id) if replans else None,
        may_come=_may_come(uow, request_id) if request.status in ENDED else None,
    )
    for limit in started:
        limit.request_id = request_id
        uow.session.add(limit)
    uow.session.flush()


def move_by_days(uow: UnitOfWork, before: Norm) -> int:
    """Judge the running limits anew after a day off, or a working day, became known.

    That a day is off is a fact and no rule: it moves what runs, whatever revision accepted the
    case. A limit that was not reckoned by the days known `before` stays. Gives how many moved.
    """
    rows = uow.session.execute(
        select(Limit, ServiceRequest)
        .join(ServiceRequest, ServiceRequest.id == Limit.request_id)
        .where(Limit.met_at.is_(None), Limit.dropped_at.is_(None), Limit.unit.in_(ON_CALENDAR))
        .order_by(Limit.id)
    )
    moved, books = 0, dict[int, tuple[Norm, Norm]]()
    for limit, request in rows:
        if request.revision_id not in books:
            norm = judged_by(uow, request)
            books[request.revision_id] = norm.with_days_of(before), norm
        then, now = (_due(uow, book, request, limit) for book in books[request.revision_id])
        if limit.due_at == then != now:
            limit.due_at = now
            moved += 1
    return moved


def _due(uow: UnitOfWork, norm: Norm, request: ServiceRequest, limit: Limit) -> datetime:
    station = _station(uow, request, norm)
    length = limit.unit, limit.amount
    return due_at(norm, uow.actor.zone, station, *length, limit.started_at, limit.pauses)


def facts_of(uow: UnitOfWork, request: ServiceRequest, norm: Norm) -> CaseFacts:
    """What decides under which limits a case falls."""
    return CaseFacts(
        kind=request.kind,
        priority=request.priority,
        channel=request.channel,
        case_class=request.case_class,
        in_warranty=request.charge_reason in IN_WARRANTY,
        station=_station(uow, request, norm),
        received_at=request.received_at,
        promised_at=request.promised_at,
        wanted_to=request.wanted_to,
        level=_level(uow, request.id) if any(rule.levels for rule in norm.limits) else None,
    )


def _station(uow: UnitOfWork, request: ServiceRequest, norm: Norm) -> str:
    """The name of the case's station, where the rule book has hours of stations."""
    if not norm.station_hours or not request.station_id:
        return ""
    return uow.session.get_one(Station, request.station_id).name


def _level(uow: UnitOfWork, request_id: int) -> int | None:
    return uow.session.scalar(select(Emergency.level).where(Emergency.request_id == request_id))


def of_case(uow: UnitOfWork, *, request_id: int) -> tuple[LimitView, ...]:
    """All limits of a case that the actor may see, the next due first."""
    require_case(uow, request_id)
    rows = uow.session.scalars(
        select(Limit).where(Limit.request_id == request_id).order_by(Limit.due_at, Limit.id)
    )
    request = uow.session.get_one(ServiceRequest, request_id)
    calendar = norm_for(uow, request).calendar(uow.actor.zone)
    return tuple(_view(uow, limit, calendar) for limit in rows)


def explain(uow: UnitOfWork, *, limit_id: int) -> Explanation:
    """Why a limit of a case that the actor may see is due when it is."""
    row = uow.session.execute(
        select(Limit, ServiceRequest, NormRevision)
        .join(ServiceRequest, ServiceRequest.id == Limit.request_id)
        .join(NormRevision, NormRevision.id == ServiceRequest.revision_id)
        .where(Limit.id == limit_id, visible_requests(uow.actor))
    ).one_or_none()
    if row is None:
        raise NotFound(subject="limit", id=limit_id)
    limit, request, revision = row
    norm = judged_by(uow, request)
    return Explanation(
        limit=_view(uow, limit, norm.calendar(uow.actor.zone)),
        unit=limit.unit,
        amount=limit.amount,
        text=norm.clauses.get(limit.clause, {}),
        revision=revision.number,
        in_force_on=revision.in_force_on,
        signed_by=revision.signed_by,
        ledger=_ledger(uow, limit, facts_of(uow, request, norm), norm),
    )


def _ledger(
    uow: UnitOfWork, limit: Limit, case: CaseFacts, norm: Norm
) -> tuple[working_time.Entry, ...]:
    if limit.unit is LimitUnit.MOMENT:
        return ()
    until = max(limit.due_at, limit.met_at or min(uow.now, limit.due_at))
    return working_time.ledger(
        norm.calendar(uow.actor.zone, case.station),
        working_time.Unit(limit.unit),
        limit.amount,
        limit.started_at,
        spans(limit.pauses),
        until,
    )


def _happened(uow: UnitOfWork, request_id: int) -> dict[str, datetime]:
    rows = uow.session.execute(
        select(History.subject, History.action, func.min(History.at), func.max(History.at))
        .where(History.case_id == request_id)
        .group_by(History.subject, History.action)
    )
    facts = ((f"{subject}.{action}", first, last) for subject, action, first, last in rows)
    return {fact: last if fact == REOPENED else first for fact, first, last in facts}


def _may_come(uow: UnitOfWork, request_id: int) -> MayCome:
    rows = uow.session.execute(
        select(History.subject, History.subject_id, History.new)
        .where(History.case_id == request_id)
        .order_by(History.at, History.id)
    )
    standings = lasting.latest((subject, id, new) for subject, id, new in rows)
    return partial(uow.house.may_come, standings)


def _view(uow: UnitOfWork, limit: Limit, calendar: Calendar) -> LimitView:
    due_on = limit.due_at.astimezone(uow.actor.zone_info).date()
    return LimitView(
        id=limit.id,
        name=limit.name,
        clause=limit.clause,
        measure=limit.measure,
        started_at=limit.started_at,
        due_at=limit.due_at,
        met_at=limit.met_at,
        dropped=limit.dropped_at is not None,
        paused=limit.met_at is None and limit.dropped_at is None and is_paused(limit),
        late=is_late(limit, uow.now),
        tentative=limit.unit in ON_CALENDAR and not calendar.is_official(due_on),
    )
