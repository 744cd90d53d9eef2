"""Drills count in no figure (D19): the one place that says which cases were real."""

from sqlalchemy import ColumnElement, select

from db.tables import Emergency, ServiceRequest


def in_earnest(request: type[ServiceRequest]) -> ColumnElement[bool]:
    """Whether a case, under the name that a query has for it, was real."""
    # Drills are few: they are looked up once, whatever is counted.
    drills = select(Emergency.request_id).where(Emergency.drill).scalar_subquery()
    return request.id.not_in(drills)


IN_EARNEST = in_earnest(ServiceRequest)
