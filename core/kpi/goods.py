"""What came back of what was sold, and what that cost (K12, C14)."""

from sqlalchemy import join

from core.kpi.facts import Facts
from db.codes import Wish
from db.tables import (
    GoodsReturn,
    PurchaseLine,
    ReturnLine,
    ReturnLoss,
    ServiceRequest,
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
