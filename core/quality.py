"""Quality feedback 质量反馈 (C7, S11)."""

from core.unit_of_work import UnitOfWork
from db.codes import QualityStatus
from db.tables import QualityFeedback, ServiceRequest


def record(uow: UnitOfWork, request: ServiceRequest) -> QualityFeedback:
    """Open the file of quality feedback that was just registered."""
    row = QualityFeedback(request_id=request.id, request=request, status=QualityStatus.RECORDED)
    uow.session.add(row)
    uow.session.flush()
    return row


def withdraw(uow: UnitOfWork, request: ServiceRequest, note: str) -> None:
    """The feedback of a case that is cancelled goes with it."""
