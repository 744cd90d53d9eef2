"""The case that somebody names by its number."""

from sqlalchemy import select

from core.kernel import numbers
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import visible_requests
from db.tables import Customer, ServiceRequest


def case(uow: UnitOfWork, number: str) -> ServiceRequest:
    """The case of a number, for something new; InvalidInput out of sight, or of nobody any more."""
    named = ServiceRequest.number == numbers.meant(number)
    request = uow.session.scalar(select(ServiceRequest).where(named, visible_requests(uow.actor)))
    if request is None:
        raise InvalidInput(Problem("case_number", "no_such_case"))
    if uow.session.get_one(Customer, request.customer_id).erased_at is not None:
        raise InvalidInput(Problem("case_number", "erased"))
    return request
