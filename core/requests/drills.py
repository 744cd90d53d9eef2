"""Drills count in no figure (D19): the one place that says which cases were real."""

from sqlalchemy import select

from db.tables import Emergency, ServiceRequest

# Drills are few: they are looked up once, whatever is counted.
IN_EARNEST = ServiceRequest.id.not_in(
    select(Emergency.request_id).where(Emergency.drill).scalar_subquery()
)
