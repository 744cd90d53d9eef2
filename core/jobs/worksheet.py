"""A technician's worksheet: the own jobs in the order of the day, and those that are just done."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from core.jobs import actions as jobs
from core.jobs import calls, signing, ticks, visits
from core.jobs.calls import Call
from core.jobs.signing import Signed
from core.jobs.ticks import CheckView
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require
from core.process.rules import Rule
from core.requests import guiding, urging
from core.requests.guiding import Guided
from core.requests.lists import NEXT_DUE
from db.codes import Charge, ChargeReason, JobStatus, RequestKind, ServiceWay, WaitReason
from db.tables import Asset, Job, ServiceRequest
from db.types import LARGEST_ID

# How long a job that is done stays on the worksheet: a forgotten photo is found again.
SHOWN_DONE = timedelta(days=7)


class DayPart(StrEnum):
    """A part of the worksheet."""

    TODAY = "today"
    LATER = "later"
    TO_AGREE = "to_agree"
    DONE = "done"


@dataclass(frozen=True)
class JobCard:
    """One job as the technician needs it on a phone; `next_due` is the case's next limit."""

    id: int
    version: int
    part: DayPart
    case_id: int
    number: str
    kind: RequestKind
    status: JobStatus
    customer: str
    phone: str
    address: str
    way: ServiceWay
    product: str
    symptom: str
    instructions: str
    charge: Charge
    charge_reason: ChargeReason
    agreed_from: datetime | None
    agreed_to: datetime | None
    # The dispatcher's plan, and whether the technician has confirmed it.
    planned_from: datetime | None
    planned_to: datetime | None
    confirmed: bool
    wanted_from: datetime | None
    wanted_to: datetime | None
    next_due: datetime | None
    waits: WaitReason | None
    finished_at: datetime | None
    work_done: str
    technician: str
    technician_phone: str
    # Why the service form was sent back, until it is handed in again.
    form_fault: str
    # How often the customer has pressed for it.
    urged: int
    # Of a visit before that was not enough: what was missing, and which tools to bring.
    left_open: str
    tools_wanted: str
    actions: tuple[Rule, ...]
    # On its own page: the calls about the visit, and what was tried from afar before.
    calls: tuple[Call, ...] = ()
    guided: tuple[Guided, ...] = ()
    checks: tuple[CheckView, ...] = ()
    # The report that is to be signed, by its digest and who has confirmed it; who has signed it.
    to_sign: str = ""
    confirmed_by: str = ""
    # Which visit is under way.
    visit: int = 0
    signed: Signed | None = None


def mine(uow: UnitOfWork) -> tuple[JobCard, ...]:
    """The actor's jobs: under way first, then by agreed time, then those without one, then done."""
    is_fresh = (Job.status == JobStatus.DONE) & (
        (Job.finished_at > uow.now - SHOWN_DONE) | (Job.form_fault != "")
    )
    return tuple(sorted(_cards(uow, Job.status.in_(jobs.OPEN) | is_fresh), key=_order))


def sheet(uow: UnitOfWork, *, id: int) -> JobCard:
    """One of the actor's own jobs, open or done; NotFound otherwise."""
    here = (Job.id == id) & Job.status.in_(jobs.OPEN | {JobStatus.DONE})
    found = _cards(uow, here) if 0 < id <= LARGEST_ID else []
    if not found:
        raise NotFound(subject="job", id=id)
    tried = guiding.of_case(uow, found[0].case_id)
    job = uow.session.scalars(jobs.select_visible(uow.actor).where(Job.id == id)).one()
    return replace(
        found[0],
        calls=calls.of_job(uow, id),
        guided=tried,
        checks=ticks.of_job(uow, job),
        to_sign=signing.digest(uow, job),
        confirmed_by=job.confirmed_by,
        visit=under_way.sequence if (under_way := visits.open_visit(job)) else 0,
        signed=signing.of_job(uow, job),
    )


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many open jobs the actor has; none of them is late by itself."""
    mine = (Job.technician_id == uow.actor.id) & Job.status.in_(jobs.OPEN)
    return select(func.count(), literal(0)).select_from(Job).where(mine)


def _cards(uow: UnitOfWork, which: ColumnElement[bool]) -> list[JobCard]:
    require(uow, "job:work")
    request = contains_eager(Job.request)
    found = uow.session.execute(
        jobs.select_visible(uow.actor)
        .add_columns(NEXT_DUE, urging.times())
        .options(
            joinedload(Job.technician),
            request.joinedload(ServiceRequest.customer),
            request.joinedload(ServiceRequest.asset).joinedload(Asset.product),
        )
        .where(Job.technician_id == uow.actor.id, which)
    )
    return [_card(uow, *row) for row in found]


def _order(card: JobCard) -> tuple[bool, bool, bool, float, int]:
    is_done, under_way = card.part is DayPart.DONE, card.status is JobStatus.ON_SITE
    agreed, planned = card.agreed_from, card.agreed_from or card.planned_from
    at = planned.timestamp() if planned else 0
    if is_done and card.finished_at:
        at = -card.finished_at.timestamp()  # the last one first
    return is_done, not under_way, agreed is None, at, card.id


def _part(uow: UnitOfWork, job: Job, agreed_from: datetime | None) -> DayPart:
    if job.status is JobStatus.DONE:
        return DayPart.DONE
    # Nobody needs to be called on who comes to the station.
    is_here = job.request.way is ServiceWay.STATION
    at = agreed_from or (job.planned_from if is_here else None)
    if at is None:
        return DayPart.TODAY if is_here else DayPart.TO_AGREE
    # What was agreed for a day that is over still waits for its visit.
    is_later = at.astimezone(uow.actor.zone_info).date() > uow.today
    return DayPart.LATER if is_later and job.status is not JobStatus.ON_SITE else DayPart.TODAY


def _card(uow: UnitOfWork, job: Job, due: datetime | None, urged: int) -> JobCard:
    request, visit, before = job.request, visits.open_visit(job), visits.unfinished(job)
    asset = request.asset
    product = (asset.product.brand, asset.product.model, asset.serial or "") if asset else ()
    agreed_from = visit.agreed_from if visit else None
    return JobCard(
        id=job.id,
        version=job.version,
        part=_part(uow, job, agreed_from),
        case_id=request.id,
        number=request.number,
        kind=request.kind,
        status=job.status,
        customer=request.contact or request.customer.name,
        phone=request.phone,
        address=request.address,
        way=request.way,
        product=" ".join(product).strip(),
        symptom=request.symptom,
        instructions=job.instructions,
        charge=request.charge,
        charge_reason=request.charge_reason,
        agreed_from=agreed_from,
        agreed_to=visit.agreed_to if visit else None,
        planned_from=job.planned_from,
        planned_to=job.planned_to,
        confirmed=job.confirmed_at is not None,
        wanted_from=request.wanted_from,
        wanted_to=request.wanted_to,
        next_due=due,
        waits=request.wait_reason,
        finished_at=job.finished_at,
        work_done=job.work_done,
        form_fault=job.form_fault,
        technician=job.technician.name,
        technician_phone=job.technician.phone,
        urged=urged,
        left_open=before.note if before else "",
        tools_wanted=before.tools_wanted if before else "",
        actions=jobs.PROCESS.allowed(uow.actor, job),
    )
