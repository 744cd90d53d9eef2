"""Pareto of causes and of faults: the few that most of the trouble comes from (A26)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import accumulate
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal_column,
    select,
    union_all,
)

from core.kernel import period
from core.kernel.inputs import clean_search
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import in_force, norm_of
from core.prevention.actions import READ
from core.prevention.watch import COUNTS
from core.process.permissions import require, visible_requests
from core.requests import lists
from db.codes import CauseKind, ComplaintStatus, FaultArea, QualityStatus, RequestKind
from db.tables import Asset, Complaint, Product, QualityFeedback, ServiceRequest

# So many bars of products and faults are shown; the shares are of all.
BARS = 15
REVIEWED = (RequestKind.COMPLAINT, RequestKind.QUALITY_FEEDBACK)
NO_LOSS = literal_column("0", BigInteger)


class Weight(StrEnum):
    """What makes a bar long: how many cases, or what they cost (loss on file, in cents)."""

    CASES = "cases"
    LOSS = "loss"


@dataclass(frozen=True)
class Asked:
    """Which cases are looked at: received in the local months from `since` to `until`.

    What is empty does not narrow. `product` is looked for in brand, model and specification.
    """

    since: date
    until: date
    station_id: int | None = None
    product: str = ""
    case_class: str = ""


@dataclass(frozen=True)
class CauseBar:
    """One cause; its share, and the cumulative one (0 to 1), of all causes found or their loss."""

    cause: CauseKind
    cases: int
    loss_cents: int
    share: float
    cumulative: float


@dataclass(frozen=True)
class Causes:
    """The causes of complaints and quality feedback, the heaviest first."""

    bars: tuple[CauseBar, ...]
    cases: int
    loss_cents: int
    # Complaints and feedback of the period in which nobody has found a cause yet.
    without_cause: int


@dataclass(frozen=True)
class FaultBar:
    """One fault of one product model; share and cumulative share (0 to 1) of all that are known."""

    product_id: int
    product: str
    fault_area: FaultArea
    cases: int
    share: float
    cumulative: float


@dataclass(frozen=True)
class Faults:
    """The faults of product models, the most frequent first, at most BARS of them."""

    bars: tuple[FaultBar, ...]
    cases: int
    # Cases of the period whose product or fault nobody wrote down.
    unknown: int


def classes(uow: UnitOfWork) -> Mapping[str, str]:
    """The classes of complaints and quality feedback in force, in the actor's language (E15)."""
    require(uow, READ)
    found = norm_of(in_force(uow)).classes
    mine = (each for each in found if {*REVIEWED} & {*each.kinds})
    return {each.name: each.text[uow.actor.language] for each in mine}


def causes(uow: UnitOfWork, *, asked: Asked, weight: Weight = Weight.CASES) -> Causes:
    """Pareto of the causes of complaints and quality feedback; one query."""
    require(uow, READ)
    where = _where(uow, asked)
    found = union_all(*(_grouped(table, where) for table in (Complaint, QualityFeedback)))
    tallies: dict[CauseKind, tuple[int, int]] = {}
    without_cause = 0
    for cause, cases, loss in uow.session.execute(found):
        if cause is None:
            without_cause += cases
            continue
        before = tallies.get(cause, (0, 0))
        # PostgreSQL gives sums of large integers as decimals.
        tallies[cause] = before[0] + cases, before[1] + int(loss)
    total, whole = (sum(each[place] for each in tallies.values()) for place in (0, 1))
    return Causes(tuple(_bars(tallies, weight)), total, whole, without_cause)


def cases_of_cause(
    uow: UnitOfWork, *, asked: Asked, cause: CauseKind, page: int = 1
) -> lists.Cases:
    """The cases that a cause's bar counts, the newest first."""
    require(uow, READ)
    where = _where(uow, asked)
    ids = (
        select(ServiceRequest.id)
        .join(table, table.request_id == ServiceRequest.id)
        .where(table.cause_kind == cause, _counts(table), *where)
        for table in (Complaint, QualityFeedback)
    )
    return lists.by_ids(uow, ids=select(union_all(*ids).subquery().c.id), page=page)


def faults(uow: UnitOfWork, *, asked: Asked) -> Faults:
    """Pareto of fault areas by product model, over cases of all kinds; one query."""
    require(uow, READ)
    groups = (
        select(Asset.product_id, ServiceRequest.fault_area, func.count().label("cases"))
        .select_from(ServiceRequest)
        .outerjoin(Asset, Asset.id == ServiceRequest.asset_id)
        .where(*_where(uow, asked))
        .group_by(Asset.product_id, ServiceRequest.fault_area)
        .subquery()
    )
    g = groups.c
    known = and_(g.product_id.is_not(None), g.fault_area.is_not(None))
    total, unknown = (
        func.coalesce(func.sum(case((each, g.cases), else_=0)).over(), 0)
        for each in (known, ~known)
    )
    found = uow.session.execute(
        select(Product, g.fault_area, g.cases, total, unknown)
        .select_from(groups)
        .outerjoin(Product, Product.id == g.product_id)
        .order_by(case((known, 0), else_=1), g.cases.desc(), g.product_id, g.fault_area)
        .limit(BARS)
    ).all()
    if not found:
        return Faults((), 0, 0)
    whole = int(found[0][3])
    rows = [(product, area, n) for product, area, n, _, _ in found if product and area]
    return Faults(tuple(_fault_bars(rows, whole)), whole, int(found[0][4]))


def cases_of_fault(
    uow: UnitOfWork, *, asked: Asked, product_id: int, fault_area: FaultArea, page: int = 1
) -> lists.Cases:
    """The cases that the bar of a product and fault counts, the newest first."""
    require(uow, READ)
    pieces = select(Asset.id).where(Asset.product_id == product_id)
    ids = select(ServiceRequest.id).where(
        ServiceRequest.asset_id.in_(pieces),
        ServiceRequest.fault_area == fault_area,
        *_where(uow, asked),
    )
    return lists.by_ids(uow, ids=ids, page=page)


def _where(uow: UnitOfWork, asked: Asked) -> list[ColumnElement[bool]]:
    span = period.months(asked.since, asked.until, uow.actor.zone_info)
    where = [
        visible_requests(uow.actor),
        ServiceRequest.received_at >= span.begins,
        ServiceRequest.received_at < span.ends,
        COUNTS,
    ]
    if asked.station_id is not None:
        where.append(ServiceRequest.station_id == asked.station_id)
    if asked.case_class:
        where.append(ServiceRequest.case_class == asked.case_class)
    if text := clean_search(asked.product):
        pieces = select(Asset.id).join(Asset.product).where(names(text))
        where.append(ServiceRequest.asset_id.in_(pieces))
    return where


def names(text: str) -> ColumnElement[bool]:
    """The products whose brand, model and specification hold a text, whatever its case."""
    whole = Product.brand + " " + Product.model + " " + Product.specification
    return whole.icontains(text, autoescape=True)


def _counts(table: type[Complaint] | type[QualityFeedback]) -> ColumnElement[bool]:
    # A duplicate that was merged has its cause in the complaint that it went into.
    if table is Complaint:
        return Complaint.status.not_in((ComplaintStatus.MERGED, ComplaintStatus.WITHDRAWN))
    return QualityFeedback.status != QualityStatus.WITHDRAWN


def _grouped(
    table: type[Complaint] | type[QualityFeedback], where: list[ColumnElement[bool]]
) -> Select[Any]:
    loss = func.coalesce(func.sum(Complaint.loss_cents), 0) if table is Complaint else NO_LOSS
    columns: tuple[Any, ...] = (table.cause_kind, func.count(), loss)
    return (
        select(*columns)
        .join(ServiceRequest, ServiceRequest.id == table.request_id)
        .where(_counts(table), *where)
        .group_by(table.cause_kind)
    )


def _bars(tallies: Mapping[CauseKind, tuple[int, int]], weight: Weight) -> Iterator[CauseBar]:
    place = 1 if weight is Weight.LOSS else 0
    order = list(CauseKind)
    found = [(cause, each) for cause, each in tallies.items() if each[place]]
    found.sort(key=lambda row: (-row[1][place], order.index(row[0])))
    whole = sum(each[place] for _, each in found)
    for (cause, each), running in zip(
        found, accumulate(each[place] for _, each in found), strict=True
    ):
        yield CauseBar(cause, *each, each[place] / whole, running / whole)


def _fault_bars(rows: list[tuple[Product, FaultArea, int]], whole: int) -> Iterator[FaultBar]:
    for (product, area, n), running in zip(rows, accumulate(n for _, _, n in rows), strict=True):
        name = " ".join(filter(None, (product.brand, product.model, product.specification)))
        yield FaultBar(product.id, name, area, n, n / whole, running / whole)
