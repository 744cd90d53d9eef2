"""Queues of the files that stand beside requests: what is late or due next comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager

from core.kernel.errors import NotFound
from core.kernel.inputs import clean_search
from core.kernel.paging import PAGE, leaf
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import visible_requests
from core.process.rules import Process
from core.requests import searching
from core.requests.lists import NEXT_DUE, View, in_view, tally
from db.codes import Priority, WaitReason
from db.tables import (
    Asset,
    Limit,
    ServiceRequest,
)
from db.types import LARGEST_ID

# What is late or due next comes first.
DUE_NEXT = (NEXT_DUE.asc().nulls_last(), ServiceRequest.received_at)


@dataclass(frozen=True)
class CaseSummary:
    """What a row says of its case; `due_by` and `clause` name the limit that is due next."""

    case_id: int
    number: str
    customer: str
    product: str
    symptom: str
    batch: str
    station: str
    owner: str
    priority: Priority
    received_at: datetime
    next_due: datetime | None
    due_by: str
    clause: str
    waits: WaitReason | None
    late: bool


def of_case(uow: UnitOfWork, process: Process, case_id: int) -> Any:
    """The file of a case, if the actor may see it; NotFound otherwise."""
    if not 0 < case_id <= LARGEST_ID:  # typed into an address; drivers choke on it
        raise NotFound(subject=process.subject, id=case_id)
    query = process.select(uow.actor).where(process.table.request_id == case_id)
    file = uow.session.scalars(query).one_or_none()
    if file is None:
        raise NotFound(subject=process.subject, id=case_id)
    return file


def narrow(
    uow: UnitOfWork, *, text: str, station_id: int | None, view: View
) -> list[ColumnElement[bool]]:
    """The filters that every queue has; what is empty does not narrow."""
    where: list[ColumnElement[bool]] = []
    if text := clean_search(text):
        where.append(
            searching.about(uow, text) | ServiceRequest.batch.startswith(text, autoescape=True)
        )
    if station_id:
        where.append(ServiceRequest.station_id == station_id)
    return where + in_view(uow, view)


def how_many(uow: UnitOfWork, table: type[Any], where: Sequence[ColumnElement[bool]]) -> int:
    """How many files a queue holds."""
    query = select(func.count()).select_from(table).join(table.request)
    return uow.session.scalar(query.where(visible_requests(uow.actor), *where)) or 0


def views(
    uow: UnitOfWork,
    table: type[Any],
    where: Sequence[ColumnElement[bool]],
    parts: Mapping[View, Sequence[ColumnElement[bool]]],
) -> dict[View, int]:
    """The parts of a queue, and how many files each holds; one query."""
    query = select(table.id).join(table.request).where(visible_requests(uow.actor), *where)
    shared = {view: in_view(uow, view) for view in (View.LATE, View.TODAY)}
    return tally(uow, query, {View.ALL: ()} | dict(parts) | shared)


def ids(
    uow: UnitOfWork,
    table: type[Any],
    *,
    where: Sequence[ColumnElement[bool]],
    order: Sequence[Any],
    number: int,
) -> tuple[list[int], int, int]:
    """The files of one page, how many there are in all, and which page it is."""
    query = (
        select(table.id, func.count().over())
        .join(table.request)
        .where(visible_requests(uow.actor), *where)
        .order_by(*order, table.id)
    )
    found, number = leaf(uow, query, page=number, size=PAGE)
    return [id for id, _ in found], found[0][1] if found else 0, number


def load(
    uow: UnitOfWork, table: type[Any], ids: Sequence[int], *options: Any
) -> list[tuple[Any, CaseSummary]]:
    """Some files, in this order, each with the facts of its case; one query."""
    if not ids:
        return []
    request = contains_eager(table.request)
    found = uow.session.execute(
        select(table, Limit)
        .join(table.request)
        .outerjoin(Limit, Limit.id == _NEXT)
        .where(table.id.in_(ids))
        .options(
            request.joinedload(ServiceRequest.customer),
            request.joinedload(ServiceRequest.station),
            request.joinedload(ServiceRequest.owner),
            request.joinedload(ServiceRequest.asset).joinedload(Asset.product),
            *options,
        )
    )
    by_id = {file.id: (file, _facts(file.request, limit, uow.now)) for file, limit in found}
    return [by_id[id] for id in ids]


_NEXT = (
    select(Limit.id)
    .where(
        Limit.request_id == ServiceRequest.id, Limit.met_at.is_(None), Limit.dropped_at.is_(None)
    )
    .order_by(Limit.due_at, Limit.id)
    .limit(1)
    .correlate(ServiceRequest)
    .scalar_subquery()
)


def _facts(request: ServiceRequest, limit: Limit | None, now: datetime) -> CaseSummary:
    product = request.asset.product if request.asset else None
    waits = request.wait_reason
    return CaseSummary(
        case_id=request.id,
        number=request.number,
        customer=request.customer.name,
        product=f"{product.brand} {product.model}" if product else "",
        symptom=request.symptom,
        batch=request.batch,
        station=request.station.name if request.station else "",
        owner=request.owner.name if request.owner else "",
        priority=request.priority,
        received_at=request.received_at,
        next_due=limit.due_at if limit else None,
        due_by=limit.name if limit else "",
        clause=limit.clause if limit else "",
        waits=waits,
        late=limit is not None and waits is None and limit.due_at < now,
    )
