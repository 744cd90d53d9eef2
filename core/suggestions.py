"""Suggestions 建议 (S12, A25)."""

from core.unit_of_work import UnitOfWork
from db.codes import SuggestionStatus
from db.tables import ServiceRequest, Suggestion


def record(uow: UnitOfWork, request: ServiceRequest) -> Suggestion:
    """Open the file of a suggestion that was just registered."""
    row = Suggestion(request_id=request.id, request=request, status=SuggestionStatus.COLLECTED)
    uow.session.add(row)
    uow.session.flush()
    return row


def withdraw(uow: UnitOfWork, request: ServiceRequest, note: str) -> None:
    """The suggestion of a case that is cancelled goes with it."""
