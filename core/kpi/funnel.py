"""How far the intake of a period has come, step by step, and where its time goes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select, union_all
from sqlalchemy.sql.elements import KeyedColumnElement

from core.kernel.period import midnight
from core.kernel.unit_of_work import UnitOfWork
from core.kpi.asked import Asked
from core.kpi.epoch import Epoch, Latest
from core.kpi.figures import SECONDS
from core.kpi.spans import DAY
from core.process.permissions import require
from core.requests.kinds import SITE_KINDS
from db.codes import ComplaintStatus, JobStatus, Measure, RequestKind, RequestStatus
from db.tables import Complaint, History, Job, Limit, ServiceRequest, Visit

# The first step is where everything begins, and each of the others ends in some instant.
BEGIN = "registered"
Steps = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """A step of the way: how many reached it, and the hours that they took since the steps before.

    `hours` is what all of them took together.
    """

    name: str
    cases: int
    median: float | None = None
    late: float | None = None
    hours: float = 0.0


@dataclass(frozen=True)
class Funnel:
    """The steps in their order."""

    steps: tuple[Step, ...]

    @property
    def hours(self) -> float:
        """What all steps of all cases took."""
        return sum(step.hours for step in self.steps)

    @property
    def slowest(self) -> Step | None:
        """The step in which most of the time goes."""
        step = max(self.steps, key=lambda step: step.hours)
        return step if step.hours else None


def funnel(uow: UnitOfWork, *, asked: Asked) -> Funnel:
    """The steps of what came in; without a kind those of all work for technicians. One query.

    What was cancelled or imported, and drills, is left out.
    """
    require(uow, "kpi:read")
    days, zone = asked.span.whole, uow.actor.zone_info
    request = ServiceRequest
    where = [
        *asked.scope(uow).where,
        request.received_at >= midnight(days.first, zone),
        request.received_at < midnight(days.last + DAY, zone),
        request.source.is_(None),
        request.status != RequestStatus.CANCELLED,
    ]
    if asked.kind is None:
        where.append(request.kind.in_(SITE_KINDS))
    steps = _steps_of(asked.kind)()
    return Funnel(_counted(uow, steps, where))


def _steps_of(kind: RequestKind | None) -> Callable[[], Steps]:
    if kind is RequestKind.COMPLAINT:
        return _complaint
    return _on_site if kind is None or kind in SITE_KINDS else _at_desk


def _at_desk() -> Steps:
    # As K4 has it; a rule book without such a limit still knows when the customer was told.
    met = select(func.min(Limit.met_at)).where(
        Limit.request_id == ServiceRequest.id,
        Limit.measure == Measure.RESPONSE,
        Limit.dropped_at.is_(None),
    )
    return {
        BEGIN: ServiceRequest.received_at,
        "responded": func.coalesce(met.scalar_subquery(), ServiceRequest.acknowledged_at),
        "resolved": ServiceRequest.resolved_at,
        "closed": ServiceRequest.closed_at,
    }


def _on_site() -> Steps:
    steps = _at_desk()
    jobs = [Job.request_id == ServiceRequest.id, Job.status != JobStatus.CANCELLED]
    sent = select(func.min(Job.assigned_at)).where(*jobs)
    arrived = select(func.min(Visit.arrived_at)).join(Job, Visit.job_id == Job.id).where(*jobs)
    named = {"dispatched": sent.scalar_subquery(), "arrived": arrived.scalar_subquery()}
    return {
        BEGIN: steps[BEGIN],
        "responded": steps["responded"],
        **named,
        "resolved": steps["resolved"],
        "closed": steps["closed"],
    }


# The status that a complaint gets when a step is taken (E14).
_TAKEN = {
    "judge": ComplaintStatus.JUDGED,
    "assign": ComplaintStatus.ASSIGNED,
    "investigate": ComplaintStatus.INVESTIGATED,
    "propose": ComplaintStatus.PROPOSED,
    "notify": ComplaintStatus.NOTIFIED,
    "penalise": ComplaintStatus.PENALISED,
    "improve": ComplaintStatus.CLOSED,
}


def _complaint() -> Steps:
    file = select(Complaint.id).where(Complaint.request_id == ServiceRequest.id).scalar_subquery()
    taken = {
        step: select(func.min(History.at))
        .where(History.subject == "complaint", History.subject_id == file, History.new == status)
        .scalar_subquery()
        for step, status in _TAKEN.items()
    }
    return {"record": ServiceRequest.received_at, **taken}


def _counted(uow: UnitOfWork, steps: Steps, where: list[ColumnElement[bool]]) -> tuple[Step, ...]:
    """How many took each step, what they took, and the two ranks of it: the database sorts."""
    names = list(steps)
    cases = select(*(Epoch(at).label(name) for name, at in steps.items())).where(*where).cte()
    taken = union_all(
        *(_took(n, [cases.c[name] for name in names[: n + 1]]) for n in range(len(names)))
    ).subquery()
    step, took = taken.c.step, taken.c.took
    ranked = select(
        step,
        took,
        func.row_number().over(partition_by=step, order_by=took).label("rank"),
        func.count().over(partition_by=step).label("cases"),
    ).subquery()
    c = ranked.c
    found = select(
        c.step,
        func.count(),
        func.sum(c.took),
        *(func.max(case((c.rank == _rank(c.cases, at), c.took))) for at in (50, 90)),
    ).group_by(c.step)
    rows = {place: rest for place, *rest in uow.session.execute(found)}
    return tuple(_step(name, n, *rows.get(n, (0, 0, 0, 0))) for n, name in enumerate(names))


def _took(place: int, reached: list[KeyedColumnElement[Any]]) -> Any:
    """How long each case took for a step, from the latest of the steps before it.

    What happened out of its turn took nothing by itself: all steps together take the whole way.
    """
    begin, now = reached[0], reached[-1]
    before = [func.coalesce(each, begin) for each in reached[1:-1]]
    start = Latest(begin, *before) if before else begin
    took = case((now > start, now - start), else_=0)
    return select(literal(place).label("step"), took.label("took")).where(now.is_not(None))


def _rank(cases: Any, percent: int) -> Any:
    """The place of a percentile in the order, counted from 1 (nearest rank)."""
    return (cases * percent + 99) // 100


def _step(name: str, place: int, cases: int, took: Any, median: Any, late: Any) -> Step:
    if not place or not cases:
        return Step(name, cases)
    return Step(name, cases, int(median) / SECONDS, int(late) / SECONDS, int(took) / SECONDS)
