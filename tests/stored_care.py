"""One row of key customers and of calls on a plan, and what the database refuses about them."""

from typing import Any

from db.codes import CareStatus, KeyStatus
from db.tables import KeyCustomer
from tests.maintained import TODAY
from tests.test_core_care_matrix import call


def fill(s: Any) -> None:
    """Rows of each table, on the stage of the constraint tests."""
    s.care = s.add(call(CareStatus.DONE, "first", s.case.customer_id))
    s.care.caller_id, s.care.complaint_id = s.technician, s.case.id
    s.add(key(s))


def key(s: Any) -> KeyCustomer:
    facts = {"since": TODAY, "reason": "大", "status": KeyStatus.KEY}
    return KeyCustomer(customer_id=s.case.customer_id, **facts)


SPOILERS: dict[str, Any] = {
    "uq_key_customers_customer_id": lambda s: s.add(key(s)),
    "uq_care_calls_customer_id_plan_due_on": lambda s: s.add(
        call(CareStatus.DUE, "first", s.case.customer_id)
    ),
    "ck_care_calls_attempts_not_negative": lambda s: s.change(s.care, attempts=-1),
    "ck_care_calls_ended_when": lambda s: s.change(s.care, ended_at=None),
    "ck_care_calls_score_range": lambda s: s.change(s.care, score=11),
}
