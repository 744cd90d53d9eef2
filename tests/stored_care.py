"""One row of key customers, calls on a plan, contracts; what the database refuses of them."""

from typing import Any

from db.codes import CareStatus, ContractStatus, KeyStatus, SupplementStatus
from db.tables import ContractPiece, KeyCustomer
from tests.cared import call
from tests.contracted import contract, supplement
from tests.maintained import DAY, TODAY


def fill(s: Any) -> None:
    """Rows of each table, on the stage of the constraint tests."""
    s.care = s.add(call(CareStatus.DONE, "first", s.case.customer_id))
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
    "ck_care_calls_score_range": lambda s: s.change(s.care, score=11),
}
