"""Contracts and supplements: every action in every state by everybody, told by hand."""

from typing import Any

import pytest

from core.contracts import contracts, supplements
from core.contracts.inputs import (
    ApproveSupplement,
    EditContract,
    EndContract,
    PutInForce,
    RefuseSupplement,
    WithdrawSupplement,
)
from core.house import HOUSE
from core.kernel.inputs import parse
from core.kernel.unit_of_work import unit_of_work
from db.codes import ContractStatus, RequestStatus, SupplementStatus
from tests import contracted, stored_rows
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

KEEPERS, HEADS = "agent dispatcher manager", "manager leader"
DECIDERS = {"roles": HEADS, "kinds": "supplement", "not_for": "own_supplement too_low"}
CONTRACT_CELLS = (
    Cells("edit_contract", "edited", "draft", None, KEEPERS, "contract"),
    Cells("put_in_force", "put_in_force", "draft", "in_force", HEADS, "contract"),
    Cells("end_contract", "ended", "draft in_force", "ended", HEADS, "contract"),
)
CONTRACT_SAMPLES = (
    parse(EditContract, contracted.TERMS),
    PutInForce(),
    EndContract(note="停止合作"),
)
SUPPLEMENT_CELLS = (
    Cells("approve_supplement", "approved", "asked", "approved", **DECIDERS),
    Cells("refuse_supplement", "refused", "asked", "refused", **DECIDERS),
    Cells("withdraw_supplement", "withdrawn", "asked", "withdrawn", KEEPERS, "supplement"),
)
SUPPLEMENT_SAMPLES = (ApproveSupplement(), RefuseSupplement(note="太贵"), WithdrawSupplement())


def check(company: Company, status: Any, names: list[str]) -> None:
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        owner = stored_rows.customer(uow.session, station_id=company.NORTH)
        binds = status if isinstance(status, ContractStatus) else ContractStatus.IN_FORCE
        row = stored_rows.add(uow.session, contracted.contract(binds, owner.id))
        stand = Stand(contracts.PROCESS, row, status.value, "contract", None, CONTRACT_CELLS)
        samples: Any = CONTRACT_SAMPLES
        if isinstance(status, SupplementStatus):
            case = stored_rows.request(uow.session, company, RequestStatus.REGISTERED)
            asker = company["agent"].id or 0
            made = contracted.supplement(status, asker, company["manager"].id or 0)
            made.contract_id, made.request_id = row.id, case.id
            stored_rows.add(uow.session, made)
            everybody = [actor.id for actor in company.people.values()]
            kept = {
                "own_supplement": [asker],
                "too_low": [id for id in everybody if id != company["manager"].id],
            }
            cells, samples = SUPPLEMENT_CELLS, SUPPLEMENT_SAMPLES
            shown = (case.owner_id,)
            stand = Stand(
                *(supplements.PROCESS, made, status.value, "supplement", None, cells),
                relations=kept,
                shown_to=shown,
            )
        check_stand(uow, stand, [company[each] for each in names], samples)


@pytest.mark.parametrize("status", [*ContractStatus, *SupplementStatus])
def test_they_move_as_the_table_says(sqlite_company: Company, status: Any) -> None:
    check(sqlite_company, status, list(sqlite_company.people))


def test_a_sample_on_both_databases(company: Company) -> None:
    names = ["agent.stranger", "agent", "manager", "leader", "auditor"]
    check(company, ContractStatus.DRAFT, names)
    check(company, SupplementStatus.ASKED, names)


def test_no_rule_is_left_out() -> None:
    check_no_rule_is_left_out(contracts.PROCESS, CONTRACT_SAMPLES, CONTRACT_CELLS)
    check_no_rule_is_left_out(supplements.PROCESS, SUPPLEMENT_SAMPLES, SUPPLEMENT_CELLS)
