"""What returns cost in a period, by product and cause (C14, K12)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from core.kernel import period
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require, visible_requests
from core.requests import lists
from core.requests.drills import IN_EARNEST
from db.codes import CauseKind
from db.tables import GoodsReturn, Product, PurchaseLine, ReturnLine, ReturnLoss, ServiceRequest

READ = "kpi:read"


@dataclass(frozen=True)
class CostRow:
    """One product and cause; money in cents.

    `is_defect` tells defects that quality control confirmed from the customers' own reasons,
    which do not count against the quality of the product (C8).
    """

    product_id: int
    product: str
    cause: CauseKind | None
    is_defect: bool
    returns: int
    value_cents: int
    freight_cents: int
    deducted_cents: int
    loss_cents: int


@dataclass(frozen=True)
class Costs:
    """The losses that were booked in a period, the dearest first, and what they come to."""

    rows: tuple[CostRow, ...]
    loss_cents: int
    defect_cents: int


def costs(uow: UnitOfWork, *, since: date, until: date, station_id: int | None = None) -> Costs:
    """Losses booked in the local months from `since` to `until`; one query."""
    require(uow, READ)
    sums = [func.sum(getattr(ReturnLoss, name)) for name in _MONEY]
    grouped = (
        select(Product, ReturnLine.cause_kind, _IS_DEFECT, func.count(_RETURN.distinct()), *sums)
        .where(*_where(uow, since, until, station_id))
        .group_by(Product.id, ReturnLine.cause_kind, _IS_DEFECT)
        .order_by(sums[-1].desc(), Product.id)
    )
    rows = tuple(_row(*each) for each in uow.session.execute(_joined(grouped)))
    total = sum(row.loss_cents for row in rows)
    return Costs(rows, total, sum(row.loss_cents for row in rows if row.is_defect))


def cases(
    uow: UnitOfWork,
    *,
    row: CostRow,
    since: date,
    until: date,
    station_id: int | None = None,
    page: int = 1,
) -> lists.Cases:
    """The returns that a row adds up, the newest first."""
    require(uow, READ)
    of_row = (
        Product.id == row.product_id,
        ReturnLine.cause_kind.is_not_distinct_from(row.cause),
        _IS_DEFECT.is_(row.is_defect),
    )
    ids = _joined(select(ServiceRequest.id)).where(*_where(uow, since, until, station_id), *of_row)
    return lists.by_ids(uow, ids=ids, page=page)


_MONEY = ("value_cents", "freight_cents", "deducted_cents", "loss_cents")
_IS_DEFECT = func.coalesce(ReturnLine.defect, False)
_RETURN = GoodsReturn.id


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(ReturnLoss)
        .join(ReturnLine, ReturnLine.id == ReturnLoss.line_id)
        .join(GoodsReturn, GoodsReturn.id == ReturnLine.return_id)
        .join(ServiceRequest, ServiceRequest.id == GoodsReturn.request_id)
        .join(PurchaseLine, PurchaseLine.id == ReturnLine.purchase_line_id)
        .join(Product, Product.id == PurchaseLine.product_id)
    )


def _where(
    uow: UnitOfWork, since: date, until: date, station_id: int | None
) -> list[ColumnElement[bool]]:
    asked = period.months(since, until, uow.actor.zone_info)
    # Losses are booked on the company's own day.
    last = asked.ends.astimezone(uow.actor.zone_info).date() - timedelta(days=1)
    where = [visible_requests(uow.actor), IN_EARNEST]
    where.append(ReturnLoss.booked_on.between(asked.first, last))
    if station_id is not None:
        where.append(ServiceRequest.station_id == station_id)
    return where


def _row(
    product: Product, cause: CauseKind | None, is_defect: bool, returns: int, *money: int
) -> CostRow:
    # PostgreSQL gives sums of large integers as decimals.
    cents = dict(zip(_MONEY, (int(each) for each in money), strict=True))
    name = " ".join(filter(None, (product.brand, product.model, product.specification)))
    return CostRow(product.id, name, cause, bool(is_defect), returns, **cents)
