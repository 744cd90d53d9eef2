"""Ties of a complaint: to the one that it repeats, to a case, a product, a batch."""

from typing import Any

from sqlalchemy import select

from core.complaints.inputs import Link, Merge
from core.complaints.rules import MERGED, WITHDRAWN, select_visible
from core.kernel import numbers
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.process import changes
from core.process.permissions import visible_requests
from core.process.rules import Done
from db.tables import Complaint, ServiceRequest


def merge(uow: UnitOfWork, complaint: Complaint, command: Merge) -> Done:
    """Go on with the complaint that was registered before; InvalidInput when there is none."""
    other = uow.session.scalar(
        select_visible(uow.actor).where(
            ServiceRequest.number == numbers.meant(command.number), Complaint.id != complaint.id
        )
    )
    if other is None or other.status in (MERGED, WITHDRAWN):
        raise InvalidInput(Problem("number", "unknown_case"))
    complaint.merged_into_id, complaint.closed_at = other.id, uow.now
    return Done(data={"into": other.request_id, "number": other.request.number})


def link(uow: UnitOfWork, complaint: Complaint, command: Link) -> Done:
    """Tie it to a case, a product, a batch; history keeps what it was tied to before."""
    request = complaint.request
    tied: dict[str, Any] = {}
    if command.number:
        tied["origin_id"] = _origin(uow, request, command.number)
    if command.asset_id:
        tied["asset_id"] = command.asset_id
    if command.batch:
        tied["batch"] = command.batch
    if not tied:
        raise InvalidInput(Problem("number", "missing"))
    return Done(data=changes.write(request, tied))


def _origin(uow: UnitOfWork, request: ServiceRequest, number: str) -> int:
    found = uow.session.scalar(
        select(ServiceRequest.id).where(
            ServiceRequest.number == numbers.meant(number),
            ServiceRequest.id != request.id,
            visible_requests(uow.actor),
        )
    )
    if found is None:
        raise InvalidInput(Problem("number", "unknown_case"))
    return found
