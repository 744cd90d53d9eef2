"""The queue of complaints: what is due next comes first, with the limit that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from core.complaints.rules import APPROVES, OPEN
from core.kernel import paging
from core.kernel.inputs import clean_search
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import in_force, norm_of
from core.process.permissions import may, require, visible_requests
from core.requests import lists, queues, searching
from core.requests.lists import View
from core.requests.queues import CaseSummary
from db.codes import ComplaintStatus, Priority, RequestKind
from db.tables import Asset, Complaint, Product, ServiceRequest

READ = "complaint:read"


@dataclass(frozen=True)
class Filter:
    """What narrows the queue; empty fields do not. `ended` looks at what is over instead."""

    text: str = ""
    case_class: str = ""
    status: ComplaintStatus | None = None
    station_id: int | None = None
    product: str = ""
    view: View = View.ALL
    ended: bool = False


@dataclass(frozen=True)
class ComplaintRow:
    """One complaint of the queue."""

    id: int
    version: int
    status: ComplaintStatus
    priority: Priority
    case_class: str
    department: str
    handler: str
    level: int
    case: CaseSummary


Page = paging.Page[ComplaintRow]


def queue(uow: UnitOfWork, *, filters: Filter = Filter(), page: int = 1) -> Page:
    """Complaints that wait for a step: what is late or due next comes first; two queries."""
    require(uow, READ)
    ended = (Complaint.closed_at.desc().nulls_last(), Complaint.id.desc())
    ids, total, number = queues.ids(
        uow,
        Complaint,
        where=_where(uow, filters),
        order=ended if filters.ended else queues.DUE_NEXT,
        number=page,
    )
    rows = queues.load(uow, Complaint, ids, joinedload(Complaint.handler))
    return Page(tuple(_row(row, case) for row, case in rows), total, number)


def count(uow: UnitOfWork, *, filters: Filter = Filter()) -> int:
    """How many complaints the queue holds."""
    require(uow, READ)
    return queues.how_many(uow, Complaint, _where(uow, filters))


def views(uow: UnitOfWork, *, filters: Filter = Filter()) -> dict[View, int]:
    """The parts of the queue that the actor may have, and how many each holds; one query."""
    require(uow, READ)
    parts = _parts(uow)
    if not uow.actor.department:
        del parts[View.DEPARTMENT]
    if not may(uow.actor, APPROVES):
        del parts[View.APPROVE]
    where = _where(uow, replace(filters, view=View.ALL))
    return queues.views(uow, Complaint, where, parts)


def classes(uow: UnitOfWork) -> Mapping[str, str]:
    """The classes of complaints in the rule book in force, in the actor's language (E15)."""
    require(uow, READ)
    found = norm_of(in_force(uow)).classes
    mine = (each for each in found if RequestKind.COMPLAINT in each.kinds)
    return {each.name: each.text[uow.actor.language] for each in mine}


def products(uow: UnitOfWork) -> tuple[str, ...]:
    """The models that open complaints are about, for the filter."""
    require(uow, READ)
    rows = uow.session.scalars(
        select(Product.model)
        .join(Asset, Asset.product_id == Product.id)
        .join(ServiceRequest, ServiceRequest.asset_id == Asset.id)
        .join(Complaint, Complaint.request_id == ServiceRequest.id)
        .where(Complaint.status.in_(OPEN), visible_requests(uow.actor))
        .distinct()
        .order_by(Product.model)
    )
    return tuple(rows)


def _where(uow: UnitOfWork, filters: Filter) -> list[ColumnElement[bool]]:
    running = Complaint.status.in_(OPEN)
    where = [Complaint.status.not_in(OPEN) if filters.ended else running, *_part(uow, filters.view)]
    if text := clean_search(filters.text):
        where.append(searching.found(uow, text) if filters.ended else searching.about(uow, text))
    if filters.case_class:
        where.append(ServiceRequest.case_class == filters.case_class)
    if filters.status:
        where.append(Complaint.status == filters.status)
    if filters.station_id:
        where.append(ServiceRequest.station_id == filters.station_id)
    if filters.product:
        models = select(Product.id).where(Product.model == filters.product)
        pieces = select(Asset.id).where(Asset.product_id.in_(models))
        where.append(ServiceRequest.asset_id.in_(pieces))
    return where


def _part(uow: UnitOfWork, view: View) -> list[ColumnElement[bool]]:
    return _parts(uow).get(view, []) + lists.in_view(uow, view)


def _parts(uow: UnitOfWork) -> dict[View, list[ColumnElement[bool]]]:
    actor = uow.actor
    # What waits for this actor's decision; own plans wait for somebody else's.
    another = Complaint.proposed_by_id.is_distinct_from(actor.id)
    return {
        View.MINE: [(Complaint.handler_id == actor.id) | (ServiceRequest.owner_id == actor.id)],
        View.DEPARTMENT: [Complaint.department == actor.department, Complaint.department != ""],
        View.APPROVE: [Complaint.status == ComplaintStatus.PROPOSED, another],
    }


def _row(row: Complaint, case: CaseSummary) -> ComplaintRow:
    return ComplaintRow(
        id=row.id,
        version=row.version,
        status=row.status,
        priority=row.request.priority,
        case_class=row.request.case_class,
        department=row.department,
        handler=row.handler.name if row.handler else "",
        level=row.level,
        case=case,
    )
