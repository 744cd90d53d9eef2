"""What came back of what was sold, and what that cost (K12, C14)."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import join, select
from sqlalchemy.orm import Session

from core.kpi.facts import Facts
from db.codes import Wish
from db.tables import (
    Customer,
    GoodsReturn,
    Purchase,
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


def losses(session: Session, ids: Collection[int]) -> Iterable[Any]:
    """What returns cost: case, booking, the day that it stands under, cents, product."""
    query = (
        select(
            GoodsReturn.request_id,
            ReturnLoss.id,
            ReturnLoss.booked_on,
            ReturnLoss.loss_cents,
            PurchaseLine.product_id,
        )
        .join(ReturnLine, ReturnLine.id == ReturnLoss.line_id)
        .join(GoodsReturn, GoodsReturn.id == ReturnLine.return_id)
        .join(PurchaseLine, PurchaseLine.id == ReturnLine.purchase_line_id)
        .where(GoodsReturn.request_id.in_(ids))
    )
    return session.execute(query).all()


def sold(session: Session, customers: Collection[int]) -> Iterable[Any]:
    """What customers bought: customer, line, day, pieces, product, station, from a file."""
    query = (
        select(
            Customer.id,
            PurchaseLine.id,
            Purchase.purchased_on,
            PurchaseLine.quantity,
            PurchaseLine.product_id,
            Customer.station_id,
            Purchase.source.is_not(None),
        )
        .join(Purchase, Purchase.customer_id == Customer.id)
        .join(PurchaseLine, PurchaseLine.purchase_id == Purchase.id)
        .where(Customer.id.in_(customers))
    )
    return session.execute(query).all()
