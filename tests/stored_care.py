"""One row of key customers, calls on a plan, contracts; what the database refuses of them."""

from typing import Any

from db.codes import CareStatus, ContractStatus, EntryStatus, KeyStatus, SupplementStatus
from db.tables import ContractPiece, KeyCustomer, PointEntry
from tests.cared import call
from tests.company_cast import NOW
from tests.contracted import contract, supplement
from tests.maintained import DAY, TODAY


def fill(s: Any) -> None:
    """Rows of each table, on the stage of the constraint tests."""
    s.care = s.add(call(CareStatus.DONE, "first", s.case.customer_id, link_digest="1"))
    s.care.caller_id, s.care.complaint_id = s.technician, s.case.id
    s.add(key(s))
    terms = {"valid_until": TODAY, "warranty_until": TODAY, "paper_digest": "d"}
    hours = {"response_hours": 2, "arrival_hours": 8}
    in_force = ContractStatus.IN_FORCE
    s.agreed = s.add(contract(in_force, s.case.customer_id, **terms, **hours))
    s.add(ContractPiece(contract_id=s.agreed.id, asset_id=s.asset.id))
    s.beyond = supplement(SupplementStatus.APPROVED, s.technician, s.company["manager"].id)
    s.beyond.contract_id, s.beyond.request_id = s.agreed.id, s.case.id
    s.add(s.beyond)
    s.case.contract_id = s.agreed.id
    source = {"rule": "purchase", "subject": "purchase", "subject_id": 1}
    s.points = s.add(points(s, **source))
    s.add(points(s, points=-5, counters_id=s.points.id, actor_id=s.technician))


def key(s: Any) -> KeyCustomer:
    facts = {"since": TODAY, "reason": "大", "status": KeyStatus.KEY}
    return KeyCustomer(customer_id=s.case.customer_id, **facts)


def points(s: Any, **facts: Any) -> PointEntry:
    usual = {"points": 5, "reason": "购买", "at": NOW, "status": EntryStatus.BOOKED}
    return PointEntry(customer_id=s.case.customer_id, **usual | facts)


SPOILERS: dict[str, Any] = {
    "uq_key_customers_customer_id": lambda s: s.add(key(s)),
    "uq_care_calls_customer_id_plan_due_on": lambda s: s.add(
        call(CareStatus.DUE, "first", s.case.customer_id)
    ),
    "ck_care_calls_attempts_not_negative": lambda s: s.change(s.care, attempts=-1),
    "ix_care_calls_link": lambda s: s.add(
        call(CareStatus.DUE, "third", s.case.customer_id, link_digest="1", plan="others")
    ),
    "ck_care_calls_ended_when": lambda s: s.change(s.care, ended_at=None),
    "uq_contracts_customer_id_number": lambda s: s.add(
        contract(ContractStatus.DRAFT, s.case.customer_id)
    ),
    "ck_contracts_valid_in_order": lambda s: s.change(s.agreed, valid_until=TODAY - DAY),
    "ck_contracts_response_positive": lambda s: s.change(s.agreed, response_hours=0),
    "ck_contracts_arrival_positive": lambda s: s.change(s.agreed, arrival_hours=0),
    "ck_contracts_in_force_when": lambda s: s.change(s.agreed, in_force_at=None),
    "uq_contract_pieces_contract_id_asset_id": lambda s: s.add(
        ContractPiece(contract_id=s.agreed.id, asset_id=s.asset.id)
    ),
    "ck_supplements_not_negative": lambda s: s.change(s.beyond, cents=-1),
    "ck_supplements_decided_by": lambda s: s.change(s.beyond, decided_by_id=None),
    "uq_point_entries_rule_subject_subject_id": lambda s: s.add(
        points(s, rule="purchase", subject="purchase", subject_id=1)
    ),
    "uq_point_entries_counters_id": lambda s: s.add(points(s, counters_id=s.points.id)),
    "ck_point_entries_not_nothing": lambda s: s.change(s.points, points=0),
    "ck_point_entries_counters_another": lambda s: s.change(s.points, counters_id=s.points.id),
    "ck_care_calls_score_range": lambda s: s.change(s.care, score=11),
}
