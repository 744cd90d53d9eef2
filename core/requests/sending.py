"""Who can be sent for a case, and what the rule book has against somebody (A17)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.norms.parts import SiteWork
from core.norms.revisions import norm_for
from core.process.permissions import may
from core.requests import reach, ready
from core.requests.inputs import Planned
from core.requests.kinds import narrowing
from core.roster import fitness
from core.roster.fitness import Hindrance, Why
from db.codes import JobStatus, Role
from db.tables import History, Job, Person, ServiceRequest

DONE_JOBS = (JobStatus.DONE, JobStatus.CANCELLED)
# Stands before who may not be sent: words belong to the screens.
BARRED = "⚠"
PROBLEMS = {
    Why.MISSING: "no_certificate",
    Why.EXPIRED: "certificate_over",
    Why.ABSENT: "away",
    Why.TOO_FAR: "too_far",
}
# The facts that say who was sent, and whether against the rule book.
SENT = ("dispatched", "reassigned")
PLANNED = ("planned", "replanned")


def technicians(uow: UnitOfWork, request: ServiceRequest) -> Mapping[int, str]:
    """Who can be sent: who may do it and is there, the station's own first, with open jobs."""
    open_jobs = (
        select(func.count())
        .where(Job.technician_id == Person.id, Job.status.notin_(DONE_JOBS))
        .scalar_subquery()
    )
    own = Person.station_id == request.station_id
    rows = uow.session.execute(
        select(Person, open_jobs)
        .options(joinedload(Person.station))
        .where(Person.role == Role.TECHNICIAN, Person.active)
        .order_by(own.desc(), open_jobs, Person.name)
    ).all()
    against = hindrances(uow, request, *(person.id for person, _ in rows))
    barred_last = sorted(rows, key=lambda row: bool(against[row[0].id]))
    return {p.id: _label(p, jobs, bool(against[p.id])) for p, jobs in barred_last}


def work_of(uow: UnitOfWork, request: ServiceRequest) -> SiteWork | None:
    """The work at the customer's place that a case is, by the rule book that accepted it."""
    norm = norm_for(uow, request)
    return norm.work_of(request.kind, request.priority, **narrowing(request))


def plan_of(command: Planned) -> dict[str, str]:
    """What history keeps of the time that somebody is planned for."""
    if not (command.planned_from and command.planned_to):
        return {}
    return {"from": command.planned_from.isoformat(), "to": command.planned_to.isoformat()}


def day_of(uow: UnitOfWork, request: ServiceRequest, at: datetime | None = None) -> date:
    """The day for which somebody is sent: as planned, or wanted; today without either."""
    at = at or max(request.wanted_from or uow.clock, uow.clock)
    return at.astimezone(uow.actor.zone_info).date()


def hindrances(
    uow: UnitOfWork, request: ServiceRequest, *people: int, at: datetime | None = None
) -> dict[int, tuple[Hindrance, ...]]:
    """What forbids to send each of some people; empty for whoever may be sent."""
    work, day = work_of(uow, request), day_of(uow, request, at)
    against = fitness.refusals(uow, people=people, work=work, day=day)
    for id, minutes, most in reach.too_far(uow, request, people, day=day, at=at):
        against[id] += (Hindrance(Why.TOO_FAR, minutes=minutes, most=most),)
    return against


def check(
    uow: UnitOfWork, request: ServiceRequest, technician_id: int, *, at: datetime | None = None
) -> None:
    """InvalidInput names what forbids to send a technician."""
    against = hindrances(uow, request, technician_id, at=at)[technician_id]
    if against:
        raise InvalidInput(*problems(uow, request, against))


def goes_anyway(
    uow: UnitOfWork, request: ServiceRequest, technician_id: int, *, at: datetime | None, why: str
) -> bool:
    """Whether somebody is sent whom the rule book would not: with authority, and a reason (E24)."""
    if not why or not may(uow.actor, "roster:override"):
        return False
    against = hindrances(uow, request, technician_id, at=at)[technician_id]
    return bool(against or ready.of_case(uow, request))


def keep(
    uow: UnitOfWork,
    request: ServiceRequest,
    technician_id: int,
    *,
    at: datetime,
    field: str,
    why: str = "",
) -> dict[str, Any]:
    """Whoever was sent goes at another time: InvalidInput names in the field what forbids that.

    Not where somebody was sent against the rule book with authority (E24), and not to who has that
    authority and says why; then it gives what history keeps of it.
    """
    against = hindrances(uow, request, technician_id, at=at)[technician_id]
    if not against or _is_excepted(uow, request):
        return {}
    if why and may(uow.actor, "roster:override"):
        return _kept(against, why)
    raise InvalidInput(*problems(uow, request, against, field=field))


def _is_excepted(uow: UnitOfWork, request: ServiceRequest) -> bool:
    """Whether the one who goes was sent with authority, against the rule book."""
    rows = uow.session.execute(
        select(History.action, History.data)
        .where(History.case_id == request.id, History.action.in_((*SENT, *PLANNED)))
        .order_by(History.id.desc())
    )
    for action, data in rows:
        against = (data or {}).get("against")
        if against or action in SENT:
            return bool(against)
    return False


def problems(
    uow: UnitOfWork,
    request: ServiceRequest,
    against: Iterable[Hindrance],
    field: str = "technician_id",
) -> tuple[Problem, ...]:
    """What forbids to send somebody, with the rule book's names."""
    names = {each.name: each.text for each in norm_for(uow, request).qualifications}
    return tuple(Problem(field, PROBLEMS[bad.why], _details(uow, bad, names)) for bad in against)


def exception(
    uow: UnitOfWork,
    request: ServiceRequest,
    technician_id: int,
    why: str,
    at: datetime | None = None,
) -> dict[str, Any]:
    """What history keeps of sending somebody all the same: the reason, the clause, what was so."""
    return _kept(hindrances(uow, request, technician_id, at=at)[technician_id], why)


def _kept(against: Sequence[Hindrance], why: str) -> dict[str, Any]:
    told = [
        " ".join(map(str, filter(None, (bad.why.value, bad.kind, bad.until, bad.minutes))))
        for bad in against
    ]
    if not against:
        return {"exception": why}
    is_far = all(bad.why is Why.TOO_FAR for bad in against)
    return {"exception": why, "clause": "E6" if is_far else "A17", "against": told}


def _details(uow: UnitOfWork, bad: Hindrance, names: Mapping[str, Any]) -> dict[str, Any]:
    text = names[bad.kind][uow.actor.language] if bad.kind in names else bad.kind
    day = bad.until.isoformat() if bad.until else ""
    return {"name": text, "day": day, "minutes": bad.minutes, "most": bad.most}


def _label(person: Person, jobs: int, is_barred: bool) -> str:
    station = f" · {person.station.name}" if person.station else ""
    mark = f"{BARRED} " if is_barred else ""
    return f"{mark}{person.name}{station} · {jobs}"
