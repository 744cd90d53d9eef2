"""The case page: facts, timeline, time limits, jobs, calls, and what may be done now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from core import customers, history, limits, opinions, workflow
from core.jobs import PROCESS as JOBS
from core.jobs import open_visit
from core.norms.model import Norm
from core.norms.parts import Words
from core.norms.revisions import norm_for
from core.permissions import require, tie, ties
from core.process.rules import Rule
from core.requests import asked
from core.requests.actions import PROCESS as REQUESTS
from core.unit_of_work import UnitOfWork
from db.codes import (
    Channel,
    Charge,
    ChargeReason,
    FaultArea,
    JobResult,
    JobStatus,
    Language,
    Priority,
    RequestKind,
    RequestStatus,
    VisitOutcome,
    WaitReason,
)
from db.tables import Asset, Job, ServiceRequest


@dataclass(frozen=True)
class VisitView:
    """One visit of a job."""

    sequence: int
    agreed_from: datetime
    agreed_to: datetime
    arrived_at: datetime | None
    ended_at: datetime | None
    outcome: VisitOutcome | None
    note: str


@dataclass(frozen=True)
class JobView:
    """A job with its visits, report and the actions that the actor may take on it."""

    id: int
    version: int
    status: JobStatus
    technician: str
    technician_id: int
    instructions: str
    assigned_at: datetime
    finished_at: datetime | None
    cause: str
    work_done: str
    parts: str
    result: JobResult | None
    labour_cents: int
    parts_cents: int
    confirmed_by: str
    visits: tuple[VisitView, ...]
    next_visit: VisitView | None
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class CaseView:
    """Everything that the case page shows."""

    id: int
    version: int
    number: str
    kind: RequestKind
    status: RequestStatus
    priority: Priority
    channel: Channel
    customer: customers.CustomerView
    asset: customers.AssetView | None
    contact: str
    phone: str
    address: str
    symptom: str
    fault_area: FaultArea | None
    fault_codes: str
    batch: str
    charge: Charge
    charge_reason: ChargeReason
    wanted_from: datetime | None
    wanted_to: datetime | None
    wait_reason: WaitReason | None
    answer: str
    station: str
    owner: str
    origin: tuple[int, str] | None
    raised: tuple[tuple[int, str], ...]
    received_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    # Who answers for the case by the rule book's routes; empty when none fits.
    department: Words
    # The rule book's own fields: label and value in each language.
    extra: tuple[tuple[Words, Words], ...]
    limits: tuple[limits.LimitView, ...]
    clauses: dict[str, dict[str, str]]
    jobs: tuple[JobView, ...]
    calls: tuple[opinions.CallView, ...]
    timeline: tuple[history.Event, ...]
    actions: tuple[Rule, ...]


def view(uow: UnitOfWork, *, id: int) -> CaseView:
    """A case, if the actor may see it; NotFound otherwise."""
    require(uow, "case:read")
    request = workflow.fetch(uow, REQUESTS, id, options=_WITH)
    uow.seen_cases.add(id)
    norm = norm_for(uow, request)
    running = limits.of_case(uow, request_id=id)
    asset = request.asset
    return CaseView(
        **{name: getattr(request, name) for name in _PLAIN},
        customer=customers.view(uow, id=request.customer_id),
        asset=customers.asset_view(asset, uow.today) if asset else None,
        station=request.station.name if request.station else "",
        owner=request.owner.name if request.owner else "",
        origin=tie(uow, request.origin_id),
        raised=ties(uow, ServiceRequest.origin_id == id),
        department=_department(norm, request),
        extra=_extra(norm, request),
        limits=running,
        clauses={
            limit.clause: {language.value: text for language, text in words.items()}
            for limit in running
            if (words := norm.clauses.get(limit.clause))
        },
        jobs=_jobs(uow, id),
        calls=opinions.of_case(uow, case_id=id),
        timeline=history.timeline(uow, case_id=id),
        actions=REQUESTS.allowed(uow.actor, request),
    )


def job_view(uow: UnitOfWork, job: Job) -> JobView:
    """A job with its visits and the actions allowed now."""
    upcoming = open_visit(job)
    return JobView(
        id=job.id,
        version=job.version,
        status=job.status,
        technician=job.technician.name,
        technician_id=job.technician_id,
        instructions=job.instructions,
        assigned_at=job.assigned_at,
        finished_at=job.finished_at,
        cause=job.cause,
        work_done=job.work_done,
        parts=job.parts,
        result=job.result,
        labour_cents=job.labour_cents,
        parts_cents=job.parts_cents,
        confirmed_by=job.confirmed_by,
        visits=tuple(_visit_view(visit) for visit in job.visits),
        next_visit=_visit_view(upcoming) if upcoming else None,
        actions=JOBS.allowed(uow.actor, job),
    )


# Facts that the view shows as they are stored.
_PLAIN = (
    *("id", "version", "number", "kind", "status", "priority", "channel", "contact", "phone"),
    *("address", "symptom", "fault_area", "fault_codes", "batch", "charge", "charge_reason"),
    *("wanted_from", "wanted_to", "wait_reason", "answer"),
    *("received_at", "resolved_at", "closed_at"),
)

_WITH = (
    joinedload(ServiceRequest.station),
    joinedload(ServiceRequest.owner),
    joinedload(ServiceRequest.revision),
    joinedload(ServiceRequest.asset).joinedload(Asset.product),
)


def _department(norm: Norm, request: ServiceRequest) -> Words:
    route = asked.route_of(norm, request.kind, request.priority, request.case_class)
    names = {department.name: department.text for department in norm.departments}
    return names.get(route.department, {}) if route and route.department else {}


def _extra(norm: Norm, request: ServiceRequest) -> tuple[tuple[Words, Words], ...]:
    shown = []
    for field in norm.extra_fields:
        value = request.extra.get(field.name)
        if value is not None:
            choice = next((c.text for c in field.choices if c.name == value), None)
            shown.append((field.text, choice or dict.fromkeys(Language, str(value))))
    return tuple(shown)


def _jobs(uow: UnitOfWork, case_id: int) -> tuple[JobView, ...]:
    jobs = uow.session.scalars(
        select(Job)
        .where(Job.request_id == case_id)
        .options(joinedload(Job.technician), selectinload(Job.visits))
        .order_by(Job.id.desc())
    )
    return tuple(job_view(uow, job) for job in jobs)


def _visit_view(visit: Any) -> VisitView:
    return VisitView(
        sequence=visit.sequence,
        agreed_from=visit.agreed_from,
        agreed_to=visit.agreed_to,
        arrived_at=visit.arrived_at,
        ended_at=visit.ended_at,
        outcome=visit.outcome,
        note=visit.note,
    )
