"""A piece that is paid for another way too: by a complaint's plan, or by a return (E14, C8)."""

from collections.abc import Collection

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import ties
from db.codes import ComplaintStatus, MeasureKind, ReturnStatus
from db.tables import (
    Complaint,
    ComplaintMeasure,
    GoodsReturn,
    PurchaseLine,
    ReturnLine,
    ServiceRequest,
)

GIVES = (MeasureKind.REFUND, MeasureKind.REPLACE)
TOLD = (ComplaintStatus.NOTIFIED, ComplaintStatus.PENALISED, ComplaintStatus.CLOSED)
NOTHING_CAME = (ComplaintStatus.REFUSED, ComplaintStatus.MERGED, ComplaintStatus.WITHDRAWN)


def by_complaints(uow: UnitOfWork, asset_ids: Collection[int]) -> tuple[tuple[int, str], ...]:
    """Complaints about these pieces whose plan refunds or replaces, as far as they may be seen."""
    if not asset_ids:
        return ()
    offering = (
        select(Complaint.request_id)
        .join(ComplaintMeasure, ComplaintMeasure.complaint_id == Complaint.id)
        .where(ComplaintMeasure.kind.in_(GIVES), Complaint.status.not_in(NOTHING_CAME))
    )
    return ties(uow, ServiceRequest.asset_id.in_(asset_ids) & ServiceRequest.id.in_(offering))


def told_by_complaints(uow: UnitOfWork, asset_id: int | None) -> tuple[tuple[int, str], ...]:
    """Complaints whose customer was told that this piece is refunded or replaced."""
    if asset_id is None:
        return ()
    told = (
        select(Complaint.request_id)
        .join(ComplaintMeasure, ComplaintMeasure.complaint_id == Complaint.id)
        .where(ComplaintMeasure.kind.in_(GIVES), Complaint.status.in_(TOLD))
    )
    return ties(uow, (ServiceRequest.asset_id == asset_id) & ServiceRequest.id.in_(told))


def by_returns(uow: UnitOfWork, asset_id: int | None) -> tuple[tuple[int, str], ...]:
    """Returns of a piece that run, or took it back, as far as they may be seen."""
    if asset_id is None:
        return ()
    kept = GoodsReturn.status.not_in((ReturnStatus.CANCELLED, ReturnStatus.REFUSED))
    held = (
        select(GoodsReturn.request_id)
        .join(ReturnLine, ReturnLine.return_id == GoodsReturn.id)
        .join(PurchaseLine, PurchaseLine.id == ReturnLine.purchase_line_id)
        .where(PurchaseLine.asset_id == asset_id, kept)
    )
    about = (
        select(GoodsReturn.request_id)
        .join(ServiceRequest, ServiceRequest.id == GoodsReturn.request_id)
        .where(ServiceRequest.asset_id == asset_id, kept)
    )
    return ties(uow, ServiceRequest.id.in_(held) | ServiceRequest.id.in_(about))
