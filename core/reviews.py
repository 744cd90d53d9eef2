"""What goes its own way once registered: complaints, quality feedback, suggestions, returns.

Each has a file of its own beside the request. The request is opened with it, and settled by it.
"""

from core.unit_of_work import UnitOfWork
from db.codes import RequestKind
from db.tables import ServiceRequest


def record(uow: UnitOfWork, request: ServiceRequest, *, about_id: int | None = None) -> None:
    """Open the file of a request that was just registered, where its kind has one."""
    # The files know requests, and requests open files.
    from core import quality, suggestions
    from core.complaints import actions as complaints
    from core.returns import actions as returns

    if request.kind is RequestKind.COMPLAINT:
        complaints.record(uow, request, about_id=about_id)
    elif request.kind is RequestKind.QUALITY_FEEDBACK:
        quality.record(uow, request)
    elif request.kind is RequestKind.SUGGESTION:
        suggestions.record(uow, request)
    elif request.kind is RequestKind.RETURN:
        returns.record(uow, request)


def withdraw(uow: UnitOfWork, request: ServiceRequest, note: str) -> None:
    """The file of a request that is cancelled goes with it."""
    from core import quality, suggestions
    from core.complaints import actions as complaints
    from core.returns import actions as returns

    if request.kind is RequestKind.COMPLAINT:
        complaints.withdraw(uow, request, note)
    elif request.kind is RequestKind.QUALITY_FEEDBACK:
        quality.withdraw(uow, request, note)
    elif request.kind is RequestKind.SUGGESTION:
        suggestions.withdraw(uow, request, note)
    elif request.kind is RequestKind.RETURN:
        returns.withdraw(uow, request, note)
