"""Contracts of customers, put in force."""

from typing import Any

from core.contracts import contracts, supplements
from core.contracts.inputs import ApproveSupplement, AskSupplement, MakeContract, PutInForce
from core.kernel.inputs import parse
from db.codes import ContractStatus, SupplementStatus
from db.tables import Contract, Supplement
from tests.company_cast import NOW, Company
from tests.maintained import TODAY

TERMS: dict[str, Any] = {
    "contract_no": "HT-2026-01",
    "contract_scope": "空调全年维保",
    "valid_from": TODAY,
    "labour_free": True,
}
WORK = {"supplement_work": "加装支架", "supplement_cents": 500_00, "reason": "客户要求"}


def draft(company: Company, customer_id: int, *, who: str = "agent", **facts: Any) -> int:
    """A contract that does not bind yet; gives its id."""
    command = parse(MakeContract, TERMS | {"customer_id": customer_id} | facts)
    return company.do(who, contracts.make, command)


def agreed(company: Company, customer_id: int, **facts: Any) -> int:
    """A contract that binds."""
    id = draft(company, customer_id, **facts)
    company.act("manager", Contract, id, PutInForce())
    return id


def asked(company: Company, case_id: int, *, who: str = "agent", **facts: Any) -> int:
    """A supplement that waits for its answer."""
    return company.do(who, supplements.ask, parse(AskSupplement, WORK | facts), case_id=case_id)


def approved(company: Company, case_id: int, **facts: Any) -> None:
    """A supplement that the head has approved."""
    company.act("manager", Supplement, asked(company, case_id, **facts), ApproveSupplement())


def contract(status: ContractStatus, customer_id: int, **facts: Any) -> Contract:
    terms = {"number": "HT-1", "scope": "维保", "kinds": [], "valid_from": TODAY}
    begun = None if status is ContractStatus.DRAFT else NOW
    row = terms | {"customer_id": customer_id, "status": status, "in_force_at": begun} | facts
    return Contract(**row)


def supplement(status: SupplementStatus, asked_by_id: int, decided_by_id: int) -> Supplement:
    decided = status in (SupplementStatus.APPROVED, SupplementStatus.REFUSED)
    return Supplement(
        status=status,
        work="加装支架",
        cents=500_00,
        reason="客户要求",
        approvers=["manager"],
        asked_by_id=asked_by_id,
        decided_by_id=decided_by_id if decided else None,
    )
