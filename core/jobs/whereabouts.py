"""Where a repair is: who comes when, or what it waits for; the first thing that a caller asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.jobs.actions import OPEN as OPEN_JOBS
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require, visible_requests
from core.requests import urging
from core.requests.actions import OPEN, PROCESS
from core.requests.inputs import Urge
from db.codes import JobStatus, RequestKind, RequestStatus, WaitReason
from db.tables import Asset, Job, Person, ServiceRequest, Visit


@dataclass(frozen=True)
class Whereabouts:
    """An open case in one line; `job` is None while nobody is sent."""

    case_id: int
    version: int
    customer_id: int
    number: str
    kind: RequestKind
    status: RequestStatus
    product: str
    symptom: str
    technician: str
    job: JobStatus | None
    agreed_from: datetime | None
    agreed_to: datetime | None
    wanted_from: datetime | None
    wanted_to: datetime | None
    waits: WaitReason | None
    # How often the customer has pressed for it, and whether the actor may write it down again.
    urged: int
    may_urge: bool


def of_customers(uow: UnitOfWork, *, ids: Sequence[int]) -> tuple[Whereabouts, ...]:
    """The open cases of some customers that the actor may see, the newest first; one query."""
    require(uow, "case:read")
    mine = ServiceRequest.customer_id.in_(ids) & ServiceRequest.status.in_(OPEN)
    rows = uow.session.execute(_open_cases().where(mine, visible_requests(uow.actor)))
    return tuple(_view(uow, *row) for row in rows)


def _open_cases() -> Any:
    of_case = (Job.request_id == ServiceRequest.id) & Job.status.in_(OPEN_JOBS)
    product = joinedload(ServiceRequest.asset).joinedload(Asset.product)
    return (
        select(ServiceRequest, Job.status, Person.name, Visit, urging.times())
        .outerjoin(Job, of_case)
        .outerjoin(Person, Person.id == Job.technician_id)
        .outerjoin(Visit, (Visit.job_id == Job.id) & Visit.ended_at.is_(None))
        .options(product)
        .order_by(ServiceRequest.received_at.desc(), ServiceRequest.id.desc())
    )


def _view(
    uow: UnitOfWork,
    request: ServiceRequest,
    job: JobStatus | None,
    technician: str | None,
    visit: Visit | None,
    urged: int,
) -> Whereabouts:
    product = request.asset.product if request.asset else None
    return Whereabouts(
        case_id=request.id,
        version=request.version,
        customer_id=request.customer_id,
        number=request.number,
        kind=request.kind,
        status=request.status,
        product=f"{product.brand} {product.model}" if product else "",
        symptom=request.symptom,
        technician=technician or "",
        job=job,
        agreed_from=visit.agreed_from if visit else None,
        agreed_to=visit.agreed_to if visit else None,
        wanted_from=request.wanted_from,
        wanted_to=request.wanted_to,
        waits=request.wait_reason,
        urged=urged,
        may_urge=any(rule.action is Urge for rule in PROCESS.allowed(uow.actor, request)),
    )
