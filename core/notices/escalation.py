"""Escalation: the ladder of a time limit is climbed while it runs, each step once (norms 8, E17).

A running limit keeps the instant of its next step in an indexed column, reckoned once and again
when its due time has moved. So a sweep reads what is due now and what has moved since the last
one, whatever else is running or was closed.
"""

import logging
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, select

from core.kernel import once
from core.kernel.unit_of_work import UnitOfWork
from core.norms import working_time
from core.norms.model import Norm
from core.norms.parts import Step
from core.norms.working_time import Calendar, Unit
from core.notices import notices, receivers
from core.notices.receivers import Reached
from core.process import contracted, history
from db.codes import LimitUnit, NoticeKind, Priority, Receiver
from db.tables import Escalation, History, Limit, ServiceRequest, Station
from db.tables.process import TO_CLIMB, TO_PLAN

log = logging.getLogger("aftercare")

BATCH = 200
ON_CALENDAR = frozenset({LimitUnit.WORKING_MINUTES, LimitUnit.WORKING_DAYS})
# The last pause has no end: [..., null]]. Asked as text, because the databases' own ways into a
# JSON list differ.
STANDS_STILL = cast(Limit.pauses, String).like("%null]]")


@dataclass(frozen=True)
class Ladder:
    """The steps of a limit, and the calendar on which shares of it are counted.

    What was reached before `came_in`, when the case was brought in from elsewhere, is old news.
    """

    steps: tuple[Step, ...]
    calendar: Calendar
    came_in: datetime | None

    def moment(self, number: int, limit: Limit) -> datetime:
        """When a step is reached as the limit stands now."""
        step = self.steps[number]
        if step.share is None:
            return limit.due_at + timedelta(minutes=step.after_minutes or 0)
        if step.share == 1:
            return limit.due_at
        return min(self._used_up(step.share, limit), limit.due_at)

    def is_news(self, number: int, limit: Limit) -> bool:
        """Whether a step is reached here, and was not when the case came in."""
        return self.came_in is None or self.moment(number, limit) > self.came_in

    def _used_up(self, share: float, limit: Limit) -> datetime:
        # In the limit's own time: half of two working days is no moment of the weekend between.
        unit = Unit.WORKING_MINUTES if limit.unit in ON_CALENDAR else Unit.CLOCK_MINUTES
        # A promised time stays where it is while the company waits.
        pauses = [] if limit.unit is LimitUnit.MOMENT else _ended(limit.pauses)
        start = limit.started_at
        whole = working_time.elapsed(self.calendar, unit, start, limit.due_at, pauses)
        # Whole minutes, as limits have them; 0.07 * 100 is a little more than 7.
        minutes = math.ceil(round(whole * share, 6))
        return working_time.due_at(self.calendar, unit, minutes, start, pauses)


def moved(uow: UnitOfWork, *, after: int = 0) -> tuple[int, ...]:
    """Running limits that are new or were moved: their next step is to be planned."""
    return tuple(
        uow.session.scalars(
            select(Limit.id).where(TO_PLAN, Limit.id > after).order_by(Limit.id).limit(BATCH)
        )
    )


def plan(uow: UnitOfWork, ids: Sequence[int]) -> None:
    """Reckon when the next step of some limits is reached."""
    # Rows that somebody else holds are left for the next minute: nobody waits for the sweep.
    rows = uow.session.execute(
        select(Limit, ServiceRequest)
        .join(ServiceRequest, ServiceRequest.id == Limit.request_id)
        .where(Limit.id.in_(ids))
        .order_by(Limit.id)
        .with_for_update(of=Limit, skip_locked=True)
    )
    norms: dict[tuple[int, int | None], Norm] = {}
    for limit, request in rows.all():
        try:
            book = request.revision_id, request.contract_id
            if book not in norms:
                norms[book] = contracted.book_of(uow, request)
            _plan(uow, _ladder(uow, norms[book], request, limit), limit)
        except ValueError:
            log.exception("the escalation of limit %s cannot be planned", limit.id)


def due(uow: UnitOfWork) -> tuple[int, ...]:
    """Running limits with a step that is reached; those that stand still escalate nothing."""
    return tuple(
        uow.session.scalars(
            select(Limit.id)
            .where(TO_CLIMB, Limit.next_step_at <= uow.now, ~STANDS_STILL)
            .order_by(Limit.next_step_at, Limit.id)
            .limit(5 * BATCH)
        )
    )


def climb(uow: UnitOfWork, limit_id: int) -> int:
    """Take the steps of a limit that are reached: history, a notice to each receiver, once."""
    found = _held(uow, limit_id)
    if found is None:
        return 0
    request, limit = found
    ladder = _ladder(uow, contracted.book_of(uow, request), request, limit)
    steps = [n for n in _ahead(uow, ladder, limit) if ladder.moment(n, limit) <= uow.now]
    reached = {n: receivers.find(uow, request, Receiver(ladder.steps[n].to)) for n in steps}
    taken = 0
    for number, who in reached.items():
        # Of several steps at once a person hears of the highest one.
        later = {person for n in steps if n > number for person in reached[n].people}
        taken += _take(uow, request, limit, number, ladder.steps[number], who, later)
    _plan(uow, ladder, limit)
    return taken


def _held(uow: UnitOfWork, limit_id: int) -> tuple[ServiceRequest, Limit] | None:
    """The limit and its case, held against changes; None if it ended, stands still or is busy."""
    request = uow.session.scalar(
        select(ServiceRequest)
        .join(Limit, Limit.request_id == ServiceRequest.id)
        .where(Limit.id == limit_id)
        .with_for_update(of=ServiceRequest, skip_locked=True)
    )
    # Only then: it reads the limit as the last change of the case has left it.
    limit = uow.session.scalar(
        select(Limit)
        .where(Limit.id == limit_id, TO_CLIMB, ~STANDS_STILL)
        .with_for_update(skip_locked=True)
    )
    return (request, limit) if request and limit else None


def _take(
    uow: UnitOfWork,
    request: ServiceRequest,
    limit: Limit,
    number: int,
    step: Step,
    reached: Reached,
    told_more: set[int],
) -> bool:
    if not once.add(
        uow.session,
        Escalation,
        limit_id=limit.id,
        step=number,
        receiver=reached.receiver,
        at=uow.now,
    ):
        return False
    about = {"limit": limit.name, "clause": limit.clause, "due_at": limit.due_at.isoformat()}
    about |= step.model_dump(include={"share", "after_minutes"}, exclude_none=True)
    who = {"asked": step.to, "receiver": reached.receiver.value, "to": list(reached.people)}
    history.record(
        uow,
        subject="request",
        subject_id=request.id,
        case_id=request.id,
        action="escalated",
        data=about | who | {"step": number} | ({} if reached.people else {"nobody": True}),
    )
    notices.put(
        uow,
        people=[person for person in reached.people if person not in told_more],
        kind=NoticeKind.ESCALATION,
        source=f"limit:{limit.id}:{number}",
        case_id=request.id,
        data=about | {"receiver": reached.receiver.value} | _pressing(request),
    )
    return True


def _pressing(request: ServiceRequest) -> dict[str, Any]:
    """What calls even a manager to this one case at once."""
    return {"urgent": "true"} if request.priority is Priority.CRITICAL else {}


def _plan(uow: UnitOfWork, ladder: Ladder, limit: Limit) -> None:
    moments = (ladder.moment(number, limit) for number in _ahead(uow, ladder, limit))
    limit.next_step_at = min(moments, default=None)
    limit.planned_due_at = limit.due_at


def _ahead(uow: UnitOfWork, ladder: Ladder, limit: Limit) -> list[int]:
    """The steps that are news and not taken yet, whenever they are reached."""
    if not ladder.steps:
        return []
    # A limit that was dropped and runs again is the same clock: what was said of it stays said.
    same = (Limit.id == limit.id) | (
        (Limit.name == limit.name)
        & (Limit.started_at == limit.started_at)
        & Limit.dropped_at.is_not(None)
    )
    taken = set(
        uow.session.scalars(
            select(Escalation.step)
            .join(Limit, Limit.id == Escalation.limit_id)
            .where(Limit.request_id == limit.request_id, same)
        )
    )
    untaken = (number for number in range(len(ladder.steps)) if number not in taken)
    return [number for number in untaken if ladder.is_news(number, limit)]


def _ladder(uow: UnitOfWork, norm: Norm, request: ServiceRequest, limit: Limit) -> Ladder:
    rule = next((rule for rule in norm.limits if rule.name == limit.name), None)
    steps = norm.steps_of(rule.ladder) if rule else ()
    station = ""
    if steps and norm.station_hours and request.station_id:
        station = uow.session.get_one(Station, request.station_id).name
    came_in = _came_in(uow, request) if steps and request.source else None
    return Ladder(steps, norm.calendar(uow.actor.zone, station), came_in)


def _came_in(uow: UnitOfWork, request: ServiceRequest) -> datetime | None:
    return uow.session.scalar(
        select(History.at).where(
            History.subject == "request",
            History.subject_id == request.id,
            History.action == "imported",
        )
    )


def _ended(pauses: Iterable[Any]) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in pauses if end
    ]
