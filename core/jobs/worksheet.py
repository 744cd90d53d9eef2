"""A technician's worksheet: the own open jobs in the order of the day."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import contains_eager

from core.jobs import actions as jobs
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require
from core.process.rules import Rule
from db.codes import Charge, ChargeReason, JobStatus, RequestKind
from db.tables import Asset, Job, ServiceRequest


@dataclass(frozen=True)
class JobCard:
    """One open job as the technician needs it on a phone."""

    id: int
    version: int
    case_id: int
    number: str
    kind: RequestKind
    status: JobStatus
    customer: str
    phone: str
    address: str
    product: str
    symptom: str
    instructions: str
    charge: Charge
    charge_reason: ChargeReason
    agreed_from: datetime | None
    agreed_to: datetime | None
    wanted_from: datetime | None
    wanted_to: datetime | None
    actions: tuple[Rule, ...]


def mine(uow: UnitOfWork) -> tuple[JobCard, ...]:
    """The actor's open jobs: under way first, then by agreed time, then those without one."""
    require(uow, "job:work")
    request = contains_eager(Job.request)
    found = uow.session.scalars(
        jobs.select_visible(uow.actor)
        .options(
            request.joinedload(ServiceRequest.customer),
            request.joinedload(ServiceRequest.asset).joinedload(Asset.product),
        )
        .where(Job.technician_id == uow.actor.id, Job.status.in_(jobs.OPEN))
    )
    cards = [_card(uow, job) for job in found]
    return tuple(sorted(cards, key=_order))


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many open jobs the actor has; none of them is late by itself."""
    mine = (Job.technician_id == uow.actor.id) & Job.status.in_(jobs.OPEN)
    return select(func.count(), literal(0)).select_from(Job).where(mine)


def _order(card: JobCard) -> tuple[bool, bool, float, int]:
    agreed = card.agreed_from
    under_way = card.status is JobStatus.ON_SITE
    return not under_way, agreed is None, agreed.timestamp() if agreed else 0, card.id


def _card(uow: UnitOfWork, job: Job) -> JobCard:
    request, visit = job.request, jobs.open_visit(job)
    asset = request.asset
    product = (asset.product.brand, asset.product.model, asset.serial or "") if asset else ()
    return JobCard(
        id=job.id,
        version=job.version,
        case_id=request.id,
        number=request.number,
        kind=request.kind,
        status=job.status,
        customer=request.contact or request.customer.name,
        phone=request.phone,
        address=request.address,
        product=" ".join(product).strip(),
        symptom=request.symptom,
        instructions=job.instructions,
        charge=request.charge,
        charge_reason=request.charge_reason,
        agreed_from=visit.agreed_from if visit else None,
        agreed_to=visit.agreed_to if visit else None,
        wanted_from=request.wanted_from,
        wanted_to=request.wanted_to,
        actions=jobs.PROCESS.allowed(uow.actor, job),
    )
