"""Parts that lay ready (K11), what came back of what was sold, and what that cost (K12, C14)."""

from typing import Any

from sqlalchemy import ColumnElement, func, join, select

from core.kpi.facts import Facts, Moment
from db.codes import OrderStatus, Wish
from db.tables import (
    GoodsReturn,
    PartOrder,
    PartOrderLine,
    PurchaseLine,
    ReturnLine,
    ReturnLoss,
    ServiceRequest,
    Visit,
)

# Nobody waits for what was refused or is not wanted any more.
UNWANTED = (OrderStatus.REFUSED, OrderStatus.WITHDRAWN)
# When somebody came; until then when they will.
BEGINS: ColumnElement[Any] = func.coalesce(Visit.arrived_at, Visit.agreed_from)


def parts(now: Moment) -> Facts:
    """Lines of parts for a job: whether they lay ready when the visit after it began (K11, D22).

    A visit that was put off before its time needed no parts yet.
    """
    came = Visit.arrived_at.is_not(None) | (Visit.agreed_from < func.coalesce(Visit.ended_at, now))
    visit = select(func.min(BEGINS)).where(
        Visit.job_id == PartOrder.job_id, PartOrder.asked_at < BEGINS, came
    )
    begins = visit.correlate(PartOrder).scalar_subquery()
    cases = join(PartOrder, ServiceRequest, PartOrder.case_id == ServiceRequest.id)
    return Facts(
        rows=cases.join(PartOrderLine, PartOrderLine.order_id == PartOrder.id),
        at=begins,
        counts=(PartOrder.status.not_in(UNWANTED),),
        hit=PartOrder.ready_at <= begins,
        row=PartOrderLine.id,
        technician=PartOrder.technician_id,
    )


def returned() -> Facts:
    """Pieces that were taken back or exchanged, on the day when the customer asked for it."""
    cases = join(GoodsReturn, ServiceRequest, GoodsReturn.request_id == ServiceRequest.id)
    lines = cases.join(ReturnLine, ReturnLine.return_id == GoodsReturn.id)
    return Facts(
        rows=lines.join(PurchaseLine, PurchaseLine.id == ReturnLine.purchase_line_id),
        at=ServiceRequest.received_at,
        counts=(ReturnLine.accepted > 0, ReturnLine.wish != Wish.REPAIR),
        hit=ReturnLine.id.is_not(None),
        total=ReturnLine.accepted,
        row=ReturnLine.id,
        product=PurchaseLine.product_id,
    )


def losses() -> Facts:
    """What returns cost, on the day that a loss stands under; in cents."""
    lines = join(GoodsReturn, ServiceRequest, GoodsReturn.request_id == ServiceRequest.id)
    lines = lines.join(ReturnLine, ReturnLine.return_id == GoodsReturn.id)
    lines = lines.join(PurchaseLine, PurchaseLine.id == ReturnLine.purchase_line_id)
    return Facts(
        rows=lines.join(ReturnLoss, ReturnLoss.line_id == ReturnLine.id),
        at=ReturnLoss.booked_on,
        counts=(),
        total=ReturnLoss.loss_cents,
        row=ReturnLoss.id,
        product=PurchaseLine.product_id,
    )
