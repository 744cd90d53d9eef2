"""Queues of open work, and lists of cases with filters and pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, SelectBase, case, func, select
from sqlalchemy.orm import aliased

from core.kernel import numbers
from core.kernel.inputs import clean_search
from core.kernel.paging import MOST_PAGES, PAGE, Page, pages_of
from core.kernel.period import midnight
from core.kernel.unit_of_work import UnitOfWork
from core.process import masked
from core.process.permissions import require, visible_requests
from core.requests import forms_owed, ready, searching, urging
from core.requests.actions import OPEN
from core.requests.kinds import REVIEWED, SITE_KINDS
from db.codes import JobStatus, Priority, RequestKind, RequestStatus, ServiceWay, WaitReason
from db.tables import (
    Asset,
    Customer,
    Job,
    Limit,
    Person,
    Product,
    ServiceRequest,
    Station,
    Visit,
)


class Queue(StrEnum):
    """Which pile of open work."""

    DISPATCH = "dispatch"
    RUNNING = "running"
    DESK = "desk"
    MINE = "mine"
    FORMS = "forms"
    REVIEW = "review"
    LATE_REPORTS = "late_reports"


class View(StrEnum):
    """Which part of a list is looked at; each list has some of them."""

    ALL = "all"
    MY_TURN = "my_turn"
    MINE = "mine"
    DEPARTMENT = "department"
    APPROVE = "approve"
    LATE = "late"
    TODAY = "today"


DESK_KINDS = frozenset(RequestKind) - SITE_KINDS - REVIEWED


@dataclass(frozen=True)
class Filter:
    """What narrows a queue; empty fields do not."""

    text: str = ""
    kind: RequestKind | None = None
    way: ServiceWay | None = None
    station_id: int | None = None
    view: View = View.ALL


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
    category: str
    symptom: str
    station: str
    owner: str
    technician: str
    # The time agreed with the technician; the one that the customer wants.
    agreed_from: datetime | None
    agreed_to: datetime | None
    wanted_from: datetime | None
    wanted_to: datetime | None
    # How often the customer has pressed for it.
    urged: int
    received_at: datetime
    next_due: datetime | None
    waits: WaitReason | None
    late: bool
    way: ServiceWay
    # What it lacks before somebody can be sent; only the pile that waits for that asks.
    lacks: tuple[ready.Lack, ...] = ()


Cases = Page[CaseRow]

NEXT_DUE = (
    select(func.min(Limit.due_at))
    .where(
        Limit.request_id == ServiceRequest.id, Limit.met_at.is_(None), Limit.dropped_at.is_(None)
    )
    .correlate(ServiceRequest)
    .scalar_subquery()
)


def is_late(uow: UnitOfWork) -> ColumnElement[bool]:
    """Whether a limit of a case is past, and the case does not wait for something."""
    return (uow.now > NEXT_DUE) & ServiceRequest.wait_reason.is_(None)


def is_due_today(uow: UnitOfWork) -> ColumnElement[bool]:
    """Whether a limit of a case that is not late is due before the company's day is over."""
    ends = midnight(uow.today + timedelta(days=1), uow.actor.zone_info)
    return NEXT_DUE.between(uow.now, ends) & ServiceRequest.wait_reason.is_(None)


def in_view(uow: UnitOfWork, view: View) -> list[ColumnElement[bool]]:
    """What makes a case belong to a part of a list that every list has."""
    parts = {View.LATE: is_late, View.TODAY: is_due_today}
    return [parts[view](uow)] if view in parts else []


def tally(
    uow: UnitOfWork, query: Select[Any], views: Mapping[View, Sequence[ColumnElement[bool]]]
) -> dict[View, int]:
    """How many rows of a list belong to each part of it; one query."""
    counts = [func.count().filter(*where) if where else func.count() for where in views.values()]
    found = uow.session.execute(query.with_only_columns(*counts)).one()
    return dict(zip(views, found, strict=True))


def how_many(uow: UnitOfWork, name: Queue) -> Select[int, int]:
    """How many cases a pile holds, and how many of them are late."""
    return (
        select(func.count(), func.count().filter(is_late(uow)))
        .select_from(ServiceRequest)
        .where(*pile(uow, name), visible_requests(uow.actor))
    )


NEWEST = (ServiceRequest.received_at.desc(), ServiceRequest.id.desc())


def queue(uow: UnitOfWork, *, name: Queue, filters: Filter = Filter(), page: int = 1) -> Cases:
    """Open cases of a pile: what is late or due next comes first."""
    require(uow, "case:read")
    where = [*pile(uow, name), *_narrow(uow, filters)]
    urgency = case((ServiceRequest.priority == Priority.CRITICAL, 0), else_=1)
    found = _page(uow, where, page, urgency, NEXT_DUE.asc().nulls_last(), ServiceRequest.id)
    if name is not Queue.DISPATCH:
        return found
    lacks = ready.of_cases(uow, [row.id for row in found.rows])
    rows = tuple(replace(row, lacks=lacks.get(row.id, ())) for row in found.rows)
    return replace(found, rows=rows)


def count(uow: UnitOfWork, *, name: Queue, filters: Filter = Filter()) -> int:
    """How many cases the pile holds."""
    require(uow, "case:read")
    return _count(uow, [*pile(uow, name), *_narrow(uow, filters)])


def views(uow: UnitOfWork, *, name: Queue, filters: Filter = Filter()) -> dict[View, int]:
    """The parts of a pile, and how many cases each holds; one query."""
    require(uow, "case:read")
    where = [*pile(uow, name), *_narrow(uow, replace(filters, view=View.ALL))]
    query = select(ServiceRequest.id).where(visible_requests(uow.actor), *where)
    parts = (View.ALL, View.LATE, View.TODAY)
    return tally(uow, query, {view: in_view(uow, view) for view in parts})


def search(uow: UnitOfWork, *, text: str, page: int = 1) -> Cases:
    """Cases by number, phone, name, address, serial or plate number, or words of the symptom.

    The newest first.
    """
    require(uow, "search:use")
    text = clean_search(text)
    return _page(uow, [searching.found(uow, text)] if text else [], page, *NEWEST)


def numbered(uow: UnitOfWork, *, text: str) -> int | None:
    """The case whose whole number was typed; None for any other text, and for what is not seen."""
    require(uow, "search:use")
    whole = numbers.read(clean_search(text))
    if not whole:
        return None
    query = select(ServiceRequest.id).where(ServiceRequest.number == whole)
    return uow.session.scalar(query.where(visible_requests(uow.actor)))


def by_ids(uow: UnitOfWork, *, ids: SelectBase, page: int = 1) -> Cases:
    """The cases behind a figure, as far as the actor may see them."""
    return _page(uow, [ServiceRequest.id.in_(ids)], page, *NEWEST)


def by_due(uow: UnitOfWork, where: list[ColumnElement[bool]], page: int) -> Cases:
    """The cases that some conditions name, as far as the actor may see them, the next due first."""
    return _page(uow, where, page, NEXT_DUE.asc().nulls_last(), ServiceRequest.id)


def of_customer(
    uow: UnitOfWork, *, customer_id: int, kind: RequestKind | None = None, page: int = 1
) -> Cases:
    """A customer's cases that the actor may see, of a kind or of all, the newest first."""
    require(uow, "case:read")
    where = [ServiceRequest.customer_id == customer_id]
    if kind is not None:
        where.append(ServiceRequest.kind == kind)
    return _page(uow, where, page, *NEWEST)


def kinds_of_customer(uow: UnitOfWork, *, customer_id: int) -> dict[RequestKind, int]:
    """How many cases of each kind a customer has, of those that the actor may see."""
    require(uow, "case:read")
    counted = select(ServiceRequest.kind, func.count()).where(
        ServiceRequest.customer_id == customer_id, visible_requests(uow.actor)
    )
    found = dict(uow.session.execute(counted.group_by(ServiceRequest.kind)).all())
    return {kind: found[kind] for kind in RequestKind if kind in found}


def of_piece(uow: UnitOfWork, *, asset_id: int, page: int = 1) -> Cases:
    """The cases about a piece that the actor may see, the newest first."""
    require(uow, "case:read")
    return _page(uow, [ServiceRequest.asset_id == asset_id], page, *NEWEST)


def pile(uow: UnitOfWork, name: Queue) -> list[ColumnElement[bool]]:
    """What makes a case belong to a pile."""
    if name is Queue.FORMS:
        return [forms_owed.owed(uow)]
    if name is Queue.REVIEW:
        return [forms_owed.to_review()]
    if name is Queue.LATE_REPORTS:
        return [forms_owed.to_decide()]
    kind, status = ServiceRequest.kind, ServiceRequest.status
    new, running = RequestStatus.REGISTERED, RequestStatus.IN_PROGRESS
    piles: dict[Queue, list[ColumnElement[bool]]] = {
        Queue.DISPATCH: [status == new, kind.in_(SITE_KINDS)],
        Queue.RUNNING: [status == running, kind.notin_(REVIEWED)],
        Queue.DESK: [status == new, kind.in_(DESK_KINDS)],
        Queue.MINE: [status.in_(OPEN), ServiceRequest.owner_id == uow.actor.id],
    }
    return piles[name]


def _narrow(uow: UnitOfWork, filters: Filter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if filters.kind:
        where.append(ServiceRequest.kind == filters.kind)
    if filters.way:
        where.append(ServiceRequest.way == filters.way)
    if filters.station_id:
        where.append(ServiceRequest.station_id == filters.station_id)
    where += in_view(uow, filters.view)
    if text := clean_search(filters.text):
        where.append(searching.about(uow, text))
    return where


def _count(uow: UnitOfWork, where: list[ColumnElement[bool]]) -> int:
    query = select(func.count(ServiceRequest.id)).where(visible_requests(uow.actor), *where)
    return uow.session.scalar(query) or 0


def _page(uow: UnitOfWork, where: list[ColumnElement[bool]], number: int, *order: Any) -> Cases:
    number = min(max(1, number), MOST_PAGES)
    total, ids = _ids(uow, where, number, order)
    if not ids and number > 1:  # beyond the last page, or the list has become shorter
        number = pages_of(_count(uow, where), PAGE)
        total, ids = _ids(uow, where, number, order)
    return Page(_rows(uow, ids), total, number)


def _ids(
    uow: UnitOfWork, where: list[ColumnElement[bool]], number: int, order: Sequence[Any]
) -> tuple[int, list[int]]:
    # How many there are and which come first is found out in one go: a search reads every case.
    # Only these few are then loaded with all that belongs to them.
    rows = uow.session.execute(
        select(ServiceRequest.id, func.count().over())
        .where(visible_requests(uow.actor), *where)
        .order_by(*order)
        .limit(PAGE)
        .offset((number - 1) * PAGE)
    ).all()
    return (rows[0][1] if rows else 0), [id for id, _ in rows]


_SENT = (
    select(Job.id)
    .where(Job.request_id == ServiceRequest.id, Job.status != JobStatus.CANCELLED)
    .order_by(Job.id.desc())
    .limit(1)
    .correlate(ServiceRequest)
    .scalar_subquery()
)
_TECHNICIAN, _OWNER = aliased(Person), aliased(Person)
_REQUESTED = (
    *("id", "version", "number", "kind", "status", "priority"),
    *("phone", "address", "symptom", "wanted_from", "wanted_to", "received_at", "way"),
)
# Columns, not records: a list shows some words of each of seven tables, and changes nothing.
_CASES = (
    select(
        *(getattr(ServiceRequest, name) for name in _REQUESTED),
        ServiceRequest.wait_reason.label("waits"),
        Customer.name.label("customer"),
        Product.brand,
        Product.model,
        func.coalesce(Product.category, "").label("category"),
        func.coalesce(Station.name, "").label("station"),
        func.coalesce(_OWNER.name, "").label("owner"),
        func.coalesce(_TECHNICIAN.name, "").label("technician"),
        Visit.agreed_from,
        Visit.agreed_to,
        urging.times().label("urged"),
        NEXT_DUE.label("next_due"),
    )
    .join(Customer, Customer.id == ServiceRequest.customer_id)
    .outerjoin(Asset, Asset.id == ServiceRequest.asset_id)
    .outerjoin(Product, Product.id == Asset.product_id)
    .outerjoin(Station, Station.id == ServiceRequest.station_id)
    .outerjoin(_OWNER, _OWNER.id == ServiceRequest.owner_id)
    .outerjoin(Job, Job.id == _SENT)
    .outerjoin(_TECHNICIAN, _TECHNICIAN.id == Job.technician_id)
    .outerjoin(Visit, (Visit.job_id == Job.id) & Visit.ended_at.is_(None))
)


def _rows(uow: UnitOfWork, ids: list[int]) -> tuple[CaseRow, ...]:
    if not ids:
        return ()
    found = uow.session.execute(_CASES.where(ServiceRequest.id.in_(ids))).mappings()
    by_id = {row["id"]: _row(uow, dict(row)) for row in found}
    return tuple(by_id[id] for id in ids)


def _row(uow: UnitOfWork, said: dict[str, Any]) -> CaseRow:
    product = f"{said.pop('brand') or ''} {said.pop('model') or ''}".strip()
    due, waits = said["next_due"], said["waits"]
    late = due is not None and waits is None and due < uow.now
    said["phone"] = masked.phone(uow.actor, said["phone"])
    return CaseRow(product=product, late=late, **said)
