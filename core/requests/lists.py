"""Queues of open work, and lists of cases with filters and pages."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import joinedload

from core.inputs import clean_search, digits
from core.permissions import require, visible_requests
from core.requests.actions import COMPLAINTS, OPEN, RETURNS
from core.unit_of_work import UnitOfWork
from db.codes import JobStatus, Priority, RequestKind, RequestStatus, WaitReason
from db.tables import Asset, Customer, Job, Limit, Person, ServiceRequest

PAGE = 50


class Queue(StrEnum):
    """Which pile of open work."""

    DISPATCH = "dispatch"
    RUNNING = "running"
    DESK = "desk"
    COMPLAINTS = "complaints"
    RETURNS = "returns"
    MINE = "mine"


SITE_KINDS = frozenset(
    {RequestKind.REPAIR, RequestKind.INSTALLATION, RequestKind.CLEANING, RequestKind.PARTS}
)
DESK_KINDS = frozenset(RequestKind) - SITE_KINDS - COMPLAINTS - RETURNS
ENDED = (JobStatus.DONE, JobStatus.CANCELLED)
NEEDS = {Queue.COMPLAINTS: "complaint:read", Queue.RETURNS: "return:read"}


@dataclass(frozen=True)
class Filter:
    """What narrows a queue; empty fields do not."""

    text: str = ""
    kind: RequestKind | None = None
    station_id: int | None = None
    late: bool = False


@dataclass(frozen=True)
class CaseRow:
    """One case of a list."""

    id: int
    version: int
    number: str
    kind: RequestKind
    status: RequestStatus
    priority: Priority
    customer: str
    phone: str
    address: str
    product: str
    symptom: str
    station: str
    owner: str
    technician: str
    received_at: datetime
    next_due: datetime | None
    waits: WaitReason | None
    late: bool


@dataclass(frozen=True)
class Page:
    """One page of a list and how many rows there are in all."""

    rows: tuple[CaseRow, ...]
    total: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


NEXT_DUE = (
    select(func.min(Limit.due_at))
    .where(
        Limit.request_id == ServiceRequest.id, Limit.met_at.is_(None), Limit.dropped_at.is_(None)
    )
    .correlate(ServiceRequest)
    .scalar_subquery()
)


def queue(uow: UnitOfWork, *, name: Queue, filters: Filter = Filter(), page: int = 1) -> Page:
    """Open cases of a pile: what is late or due next comes first."""
    require(uow, NEEDS.get(name, "case:read"))
    where = [visible_requests(uow.actor), *pile(uow, name), *_narrow(uow, filters)]
    urgency = case((ServiceRequest.priority == Priority.CRITICAL, 0), else_=1)
    query = (
        _case_rows().where(*where).order_by(urgency, NEXT_DUE.asc().nulls_last(), ServiceRequest.id)
    )
    return _page(uow, query, where, page)


def count(uow: UnitOfWork, *, name: Queue, filters: Filter = Filter()) -> int:
    """How many cases the pile holds."""
    where = [visible_requests(uow.actor), *pile(uow, name), *_narrow(uow, filters)]
    return _count(uow, where)


def search(uow: UnitOfWork, *, text: str, page: int = 1) -> Page:
    """Cases by number, phone, customer's name, serial or plate number; the newest first."""
    require(uow, "search:use")
    where = [visible_requests(uow.actor), *_narrow(uow, Filter(text=text))]
    query = _case_rows().where(*where).order_by(ServiceRequest.received_at.desc())
    return _page(uow, query, where, page)


def by_ids(uow: UnitOfWork, *, ids: Select[Any], page: int = 1) -> Page:
    """The cases behind a figure, as far as the actor may see them."""
    where = [visible_requests(uow.actor), ServiceRequest.id.in_(ids)]
    query = _case_rows().where(*where).order_by(ServiceRequest.received_at.desc())
    return _page(uow, query, where, page)


def of_customer(uow: UnitOfWork, *, customer_id: int, page: int = 1) -> Page:
    """A customer's cases, the newest first."""
    where = [visible_requests(uow.actor), ServiceRequest.customer_id == customer_id]
    query = _case_rows().where(*where).order_by(ServiceRequest.received_at.desc())
    return _page(uow, query, where, page)


def pile(uow: UnitOfWork, name: Queue) -> list[ColumnElement[bool]]:
    """What makes a case belong to a pile."""
    kind, status = ServiceRequest.kind, ServiceRequest.status
    new, running = RequestStatus.REGISTERED, RequestStatus.IN_PROGRESS
    piles: dict[Queue, list[ColumnElement[bool]]] = {
        Queue.DISPATCH: [status == new, kind.in_(SITE_KINDS)],
        Queue.RUNNING: [status == running, kind.notin_(COMPLAINTS | RETURNS)],
        Queue.DESK: [status == new, kind.in_(DESK_KINDS)],
        Queue.COMPLAINTS: [status.in_(OPEN), kind.in_(COMPLAINTS)],
        Queue.RETURNS: [status.in_(OPEN), kind.in_(RETURNS)],
        Queue.MINE: [status.in_(OPEN), ServiceRequest.owner_id == uow.actor.id],
    }
    return piles[name]


def _narrow(uow: UnitOfWork, filters: Filter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if filters.kind:
        where.append(ServiceRequest.kind == filters.kind)
    if filters.station_id:
        where.append(ServiceRequest.station_id == filters.station_id)
    if filters.late:
        where.append(uow.now > NEXT_DUE)
        where.append(ServiceRequest.wait_reason.is_(None))
    if text := clean_search(filters.text):
        where.append(_about(text))
    return where


def _about(text: str) -> ColumnElement[bool]:
    number = digits(text)
    names = select(Customer.id).where(Customer.name.contains(text, autoescape=True))
    serials = select(Asset.id).where(Asset.serial.startswith(text.upper(), autoescape=True))
    found = (
        ServiceRequest.number.startswith(text.upper(), autoescape=True)
        | ServiceRequest.customer_id.in_(names)
        | ServiceRequest.asset_id.in_(serials)
        | ServiceRequest.symptom.contains(text, autoescape=True)
    )
    if len(number) >= 3:
        callers = select(Customer.id).where(Customer.phone_digits.contains(number, autoescape=True))
        found |= ServiceRequest.phone_digits.contains(number, autoescape=True)
        found |= ServiceRequest.customer_id.in_(callers)
    return found


def _case_rows() -> Select[Any]:
    technician = (
        select(Person.name)
        .join(Job, Job.technician_id == Person.id)
        .where(Job.request_id == ServiceRequest.id, Job.status.notin_(ENDED))
        .correlate(ServiceRequest)
        .scalar_subquery()
    )
    return select(ServiceRequest, NEXT_DUE, technician).options(
        joinedload(ServiceRequest.customer),
        joinedload(ServiceRequest.station),
        joinedload(ServiceRequest.owner),
        joinedload(ServiceRequest.asset).joinedload(Asset.product),
    )


def _count(uow: UnitOfWork, where: list[ColumnElement[bool]]) -> int:
    return uow.session.scalar(select(func.count(ServiceRequest.id)).where(*where)) or 0


def _page(
    uow: UnitOfWork, query: Select[Any], where: list[ColumnElement[bool]], number: int
) -> Page:
    total = _count(uow, where)
    number = min(max(1, number), max(1, -(-total // PAGE)))
    rows = uow.session.execute(query.limit(PAGE).offset((number - 1) * PAGE))
    return Page(
        tuple(_row(row, due, technician, uow.now) for row, due, technician in rows), total, number
    )


def _row(
    request: ServiceRequest, due: datetime | None, technician: str | None, now: datetime
) -> CaseRow:
    product = request.asset.product if request.asset else None
    return CaseRow(
        id=request.id,
        version=request.version,
        number=request.number,
        kind=request.kind,
        status=request.status,
        priority=request.priority,
        customer=request.customer.name,
        phone=request.phone,
        address=request.address,
        product=f"{product.brand} {product.model}" if product else "",
        symptom=request.symptom,
        station=request.station.name if request.station else "",
        owner=request.owner.name if request.owner else "",
        technician=technician or "",
        received_at=request.received_at,
        next_due=due,
        waits=request.wait_reason,
        late=due is not None and request.wait_reason is None and due < now,
    )
