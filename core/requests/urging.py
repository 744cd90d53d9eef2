"""How often the customer has pressed for a case: counted in its history, and no limit moves."""

from typing import Any

from sqlalchemy import ScalarSelect, func, select

from db.tables import History, ServiceRequest

FACT = "urged"


def times(case_id: Any = ServiceRequest.id) -> ScalarSelect[int]:
    """How often; of each case of a query, or of one."""
    return (
        select(func.count())
        .where(History.case_id == case_id, History.subject == "request", History.action == FACT)
        .correlate(ServiceRequest)
        .scalar_subquery()
    )
