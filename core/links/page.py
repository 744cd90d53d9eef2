"""What a customer sees of the case by its link: nothing of the house, nothing of anybody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.jobs import free_windows, visits
from core.kernel.unit_of_work import UnitOfWork
from core.links import confirming, links, wishes
from core.links.confirming import Quoted, Slip
from core.norms.model import Norm
from core.norms.parts import LimitRule, Words
from core.norms.revisions import in_force, norm_for, norm_of
from core.process import contracted
from core.roster.hours import Interval
from db.codes import (
    FollowUpStatus,
    JobStatus,
    Measure,
    RequestKind,
    RequestStatus,
    WaitReason,
    WishKind,
)
from db.tables import Asset, FollowUp, Job, Limit, ServiceRequest

# What is promised to customers; the other limits are steps inside the house.
PROMISED = (Measure.RESPONSE, Measure.APPOINTMENT, Measure.RESOLUTION)
# What is promised besides times, where the rule book says it: price, warranty, ways of service.
BESIDE = ("E5", "A20", "E25")


class Standing(StrEnum):
    """Where a case stands, as one says it to its customer."""

    RECEIVED = "received"
    IN_HAND = "in_hand"
    SENT = "sent"
    AGREED = "agreed"
    ON_SITE = "on_site"
    GOES_ON = "goes_on"
    WAITS_FOR_CUSTOMER = "waits_for_customer"
    WAITS_FOR_PART = "waits_for_part"
    PUT_OFF = "put_off"
    DONE = "done"
    CLOSED = "closed"
    CANCELLED = "cancelled"


OF_CASE = {
    RequestStatus.REGISTERED: Standing.RECEIVED,
    RequestStatus.IN_PROGRESS: Standing.IN_HAND,
    RequestStatus.RESOLVED: Standing.DONE,
    RequestStatus.CLOSED: Standing.CLOSED,
    RequestStatus.CANCELLED: Standing.CANCELLED,
}
OF_JOB = {
    JobStatus.ASSIGNED: Standing.SENT,
    JobStatus.AGREED: Standing.AGREED,
    JobStatus.ON_SITE: Standing.ON_SITE,
    JobStatus.UNFINISHED: Standing.GOES_ON,
}
OF_WAIT = {
    WaitReason.CUSTOMER: Standing.WAITS_FOR_CUSTOMER,
    WaitReason.PART: Standing.WAITS_FOR_PART,
    WaitReason.FORCE_MAJEURE: Standing.PUT_OFF,
}


@dataclass(frozen=True)
class Due:
    """A time that was promised: what is due by then, and the clause that says so."""

    name: str
    clause: str
    text: Words
    due_at: datetime
    met_at: datetime | None
    paused: bool


@dataclass(frozen=True)
class Promise:
    """A published promise of the rule book (A31)."""

    clause: str
    text: Words


@dataclass(frozen=True)
class Question:
    """A question of the survey, answered 0 to 10."""

    name: str
    text: Words


@dataclass(frozen=True)
class Page:
    """All that the page of a case shows."""

    number: str
    kind: RequestKind
    received_at: datetime
    product: str
    symptom: str
    standing: Standing
    is_over: bool
    technician: str
    agreed_from: datetime | None
    agreed_to: datetime | None
    # The agreed visit, and when the customer said that its time suits.
    visit_id: int | None
    confirmed_at: datetime | None
    wanted_from: datetime | None
    wanted_to: datetime | None
    # Whether another time, or an end, may be asked for; what was, until somebody has decided.
    may_wish: bool
    # Among which times, if somebody is sent.
    free: tuple[Interval, ...]
    wish: WishKind | None
    wished_at: datetime | None
    promised_at: datetime | None
    quoted: Quoted | None
    # Of the work that is done.
    slip: Slip | None
    dues: tuple[Due, ...]
    promises: tuple[Promise, ...]
    # What is asked now that the work is done; none before, and none once it was answered.
    survey: tuple[Question, ...]
    answered_at: datetime | None


def view(uow: UnitOfWork) -> Page:
    """The case of the link that the actor came by; NotFound when it opens nothing any more."""
    link = links.used(uow)
    request = uow.session.scalars(
        select(ServiceRequest)
        .where(ServiceRequest.id == uow.actor.case_id)
        .options(joinedload(ServiceRequest.asset).joinedload(Asset.product))
    ).one()
    job = wishes.open_job(uow, request.id)
    visit = visits.open_visit(job) if job else None
    may_wish = wishes.is_open(link) and not (visit and visit.arrived_at)
    product = request.asset.product if request.asset else None
    asked, answered_at = _survey(uow, request)
    return Page(
        number=request.number,
        kind=request.kind,
        received_at=request.received_at,
        product=f"{product.brand} {product.model}" if product else "",
        symptom=request.symptom,
        standing=_standing(request, job),
        is_over=request.status in (RequestStatus.CLOSED, RequestStatus.CANCELLED),
        technician=job.technician.name if job else "",
        agreed_from=visit.agreed_from if visit else None,
        agreed_to=visit.agreed_to if visit else None,
        visit_id=visit.id if visit else None,
        confirmed_at=visit.confirmed_at if visit else None,
        wanted_from=request.wanted_from,
        wanted_to=request.wanted_to,
        may_wish=may_wish,
        free=free_windows.of_job(uow, job) if job and may_wish else (),
        wish=link.wish,
        wished_at=link.wished_at,
        promised_at=request.promised_at,
        quoted=confirming.quoted(uow, request.id),
        slip=confirming.slip(uow, request.id),
        dues=tuple(dues(uow, request)),
        promises=tuple(promises(norm_of(in_force(uow)), request.kind)),
        survey=asked,
        answered_at=answered_at,
    )


def _standing(request: ServiceRequest, job: Job | None) -> Standing:
    if request.wait_reason:
        return OF_WAIT[request.wait_reason]
    return OF_JOB[job.status] if job else OF_CASE[request.status]


def dues(uow: UnitOfWork, request: ServiceRequest) -> Iterator[Due]:
    """The times that were promised for a case, the next one first."""
    norm = contracted.book_of(uow, request)
    known = {rule.name: rule for rule in norm.limits if _is_public(rule)}
    rows = uow.session.scalars(
        select(Limit)
        .where(Limit.request_id == request.id, Limit.dropped_at.is_(None))
        .order_by(Limit.due_at, Limit.id)
    )
    for row in rows:
        if row.name in known:
            paused = row.met_at is None and request.wait_reason is not None
            text = norm.clauses.get(row.clause, {})
            yield Due(row.name, row.clause, text, row.due_at, row.met_at, paused)


def promises(norm: Norm, kind: RequestKind | None = None) -> Iterator[Promise]:
    """The times of such cases, or of all, then what is promised besides; each clause once."""
    all_ = (rule for rule in norm.limits if _is_public(rule))
    rules = (rule for rule in all_ if kind is None or kind in (rule.kinds or (kind,)))
    for clause in dict.fromkeys([*(rule.clause for rule in rules), *BESIDE]):
        if text := norm.clauses.get(clause):
            yield Promise(clause, text)


def _is_public(rule: LimitRule) -> bool:
    return rule.measure in PROMISED and not rule.levels


def _survey(
    uow: UnitOfWork, request: ServiceRequest
) -> tuple[tuple[Question, ...], datetime | None]:
    call = uow.session.scalars(
        select(FollowUp).where(FollowUp.request_id == request.id).order_by(FollowUp.id.desc())
    ).first()
    if call is None or call.status is FollowUpStatus.DROPPED:
        return (), None
    if call.status is not FollowUpStatus.DUE:
        return (), call.ended_at if call.status is FollowUpStatus.ANSWERED else None
    survey = norm_for(uow, request).survey
    return tuple(Question(each.name, each.text) for each in survey), None
