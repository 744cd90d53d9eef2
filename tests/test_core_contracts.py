"""Contracts judge cases where they are better for the customer; what goes beyond is approved (S7)."""

from datetime import timedelta
from typing import Any

import pytest

from core.billing import quotes
from core.billing.inputs import AddOwnLine
from core.contracts import contracts, supplements, view
from core.contracts.inputs import ApproveSupplement, EditContract, EndContract, PutInForce
from core.contracts.view import ContractPart
from core.customers import joining
from core.customers.joining import JoinDouble
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, WrongStatus
from core.kernel.given_files import AttachmentRefused
from core.kernel.inputs import parse
from core.process import proof
from core.requests import filing
from core.requests.inputs import ChangePiece, SetCharge
from db.codes import (
    Charge,
    ChargeReason,
    ContractStatus,
    NoticeKind,
    RequestStatus,
    SupplementStatus,
)
from db.tables import Contract, Customer, Limit, Notice, ServiceRequest, Supplement
from tests import contracted
from tests.attached_files import PDF
from tests.company_cast import Company
from tests.maintained import DAY, TODAY, at, run

OLD = {"purchased_on": "2020-06-01"}  # long out of the warranty
ALL_FREE = {"labour_free": True, "parts_free": True, "travel_free": True}


def case(company: Company, **facts: Any) -> ServiceRequest:
    """A repair out of the warranty, just registered."""
    return company.get(ServiceRequest, company.register(**OLD | facts))


def again(company: Company, of: ServiceRequest, **facts: Any) -> ServiceRequest:
    """Another case of the same customer, about the same piece unless it is said which."""
    facts = {
        "customer_id": of.customer_id,
        "asset_id": of.asset_id,
        "brand": "",
        "model": "",
    } | facts
    id = company.register(**{"purchased_on": None} | facts)
    return company.get(ServiceRequest, id)


def charged(of: ServiceRequest) -> tuple[Charge, ChargeReason]:
    return of.charge, of.charge_reason


def refused(company: Company, case_id: int) -> dict[str, str]:
    with pytest.raises(InvalidInput) as error:
        company.act("dispatcher", ServiceRequest, case_id, company.dispatch())
    return {bad.field: bad.code for bad in error.value.problems}


def limits(company: Company, case_id: int) -> dict[str, tuple[str, timedelta]]:
    rows = company.rows(Limit, request_id=case_id)
    return {
        row.name: (row.clause, row.due_at - row.started_at) for row in rows if not row.dropped_at
    }


def test_a_draft_binds_nobody_and_what_binds_judges_charge_and_limits(company: Company) -> None:
    first = case(company)
    assert (charged(first), first.contract_id) == (
        (Charge.PAID, ChargeReason.OUT_OF_WARRANTY),
        None,
    )
    id = contracted.draft(company, first.customer_id, **ALL_FREE, response_hours=2, arrival_hours=8)
    assert again(company, first).contract_id is None
    company.act("manager", Contract, id, PutInForce())
    # The cases that run are judged anew: free, and due as the contract says.
    first = company.get(ServiceRequest, first.id)
    assert (charged(first), first.contract_id) == ((Charge.FREE, ChargeReason.BY_CONTRACT), id)
    assert limits(company, first.id)["contract_response"] == ("S7", timedelta(hours=2))
    fresh = again(company, first)
    assert charged(fresh) == (Charge.FREE, ChargeReason.BY_CONTRACT)
    found = limits(company, fresh.id)
    assert found["contract_arrival"] == ("S7", timedelta(hours=8))
    assert "repair_response" in found  # the rule book's own goes on beside it
    seen = company.see("agent", view.of_case, case_id=fresh.id)
    assert seen is not None
    assert (seen.contract.number, seen.beyond) == ("HT-2026-01", False)
    # Over, it judges nothing new; what it has judged stays.
    company.act("manager", Contract, id, EndContract(note="提前终止"), now=at(TODAY + DAY))
    later = company.register(
        customer_id=first.customer_id, asset_id=first.asset_id, now=at(TODAY + DAY)
    )
    assert company.get(ServiceRequest, later).contract_id is None
    assert company.get(ServiceRequest, fresh.id).contract_id == id


def test_its_own_warranty_counts_where_it_is_longer(company: Company) -> None:
    first = case(company)
    own = {"own_warranty_until": TODAY + 30 * DAY, "labour_free": False}
    contracted.agreed(company, first.customer_id, **own)
    assert charged(again(company, first)) == (Charge.FREE, ChargeReason.IN_WARRANTY)
    id = company.register(
        customer_id=first.customer_id, asset_id=first.asset_id, now=at(TODAY + 31 * DAY)
    )
    assert charged(company.get(ServiceRequest, id)) == (Charge.PAID, ChargeReason.OUT_OF_WARRANTY)
    # In the warranty of the piece a contract that gives nothing takes nothing away.
    new = company.register(phone="13911112222", customer_name="李雷", serial="N-1")
    owner = company.get(ServiceRequest, new).customer_id
    contracted.agreed(company, owner, contract_no="HT-2", labour_free=False)
    assert charged(company.get(ServiceRequest, new)) == (Charge.FREE, ChargeReason.IN_WARRANTY)


def test_what_it_frees_costs_nothing_in_a_quote_and_the_rest_is_paid(company: Company) -> None:
    first = case(company)
    contracted.agreed(company, first.customer_id)
    fresh = again(company, first)
    assert charged(fresh) == (Charge.PAID, ChargeReason.OUT_OF_WARRANTY)
    own = {"line_name": "更换压缩机", "unit_cents": 100_00}
    with pytest.raises(InvalidInput) as error:
        line = parse(AddOwnLine, own | {"line_kind": "labour"})
        company.do("agent", quotes.add_own_line, line, case_id=fresh.id)
    assert [(bad.field, bad.code) for bad in error.value.problems] == [
        ("unit_cents", "free_by_contract")
    ]
    company.do(
        "agent",
        quotes.add_own_line,
        parse(AddOwnLine, own | {"line_kind": "part"}),
        case_id=fresh.id,
    )
    with pytest.raises(InvalidInput):
        free = SetCharge(charge=Charge.FREE, charge_reason=ChargeReason.BY_CONTRACT)
        company.act("agent", ServiceRequest, fresh.id, free)


def test_work_beyond_it_goes_nowhere_before_the_head_has_approved(company: Company) -> None:
    first = case(company, serial="A-1")
    pieces = [{"asset_id": first.asset_id}]
    contracted.agreed(company, first.customer_id, contract_pieces=pieces)
    other = case(company, serial="A-2", another_customer=False)
    assert (other.customer_id, other.beyond_contract) == (first.customer_id, True)
    assert refused(company, other.id) == {"supplement": "supplement_first"}
    id = contracted.asked(company, other.id)
    assert refused(company, other.id) == {"supplement": "supplement_first"}
    told = [row for row in company.rows(Notice) if row.kind is NoticeKind.APPROVAL]
    assert {company["manager"].id} == {row.person_id for row in told}
    with pytest.raises(InvalidInput):
        contracted.asked(company, other.id)
    company.act("manager", Supplement, id, ApproveSupplement(note="同意"))
    company.act("dispatcher", ServiceRequest, other.id, company.dispatch())
    assert company.get(ServiceRequest, other.id).status is RequestStatus.IN_PROGRESS
    assert company.history("supplement", id) == [
        ("asked", None, "asked"),
        ("approved", "asked", "approved"),
    ]
    # What is covered waits for nothing, unless more is asked for.
    covered = again(company, first)
    more = contracted.asked(company, covered.id)
    assert refused(company, covered.id) == {"supplement": "supplement_first"}
    company.act("agent", Supplement, more, supplements.WithdrawSupplement())
    company.act("dispatcher", ServiceRequest, covered.id, company.dispatch())


def test_the_amount_decides_who_approves_and_nobody_approves_the_own(company: Company) -> None:
    first = case(company)
    contracted.agreed(company, first.customer_id, contract_work=[{"kind": "cleaning"}])
    first = company.get(ServiceRequest, first.id)
    assert first.beyond_contract
    dear = contracted.asked(company, first.id, who="manager", supplement_cents=20_001_00)
    assert company.get(Supplement, dear).approvers == ["leader"]
    with pytest.raises(NotAllowed):
        company.act("manager", Supplement, dear, ApproveSupplement())
    company.act("leader", Supplement, dear, supplements.RefuseSupplement(note="太贵"))
    assert refused(company, first.id) == {"supplement": "supplement_first"}
    own = contracted.asked(company, first.id, who="manager")
    with pytest.raises(NotAllowed):
        company.act("manager", Supplement, own, ApproveSupplement())
    company.act("leader", Supplement, own, ApproveSupplement())
    company.act("dispatcher", ServiceRequest, first.id, company.dispatch())
    (row, *_) = company.see("agent", view.of_case, case_id=first.id).supplements
    assert (row.status, row.decided_by) == (SupplementStatus.APPROVED, "leader")


def test_a_case_put_right_falls_under_another_contract(company: Company) -> None:
    first, second = case(company, serial="A-1"), case(company, serial="A-2")
    contracted.agreed(
        company, first.customer_id, contract_pieces=[{"asset_id": second.asset_id}], **ALL_FREE
    )
    assert company.get(ServiceRequest, first.id).beyond_contract
    righted = parse(
        ChangePiece, {"piece": f"{filing.OWNED_PIECE}·{second.asset_id}", "note": "报错了产品"}
    )
    company.act("agent", ServiceRequest, first.id, righted)
    row = company.get(ServiceRequest, first.id)
    assert (charged(row), row.beyond_contract) == ((Charge.FREE, ChargeReason.BY_CONTRACT), False)


def test_drafts_are_edited_numbers_are_known_and_papers_kept(company: Company, files: Any) -> None:
    owner = case(company).customer_id
    id = contracted.draft(company, owner)
    with pytest.raises(InvalidInput) as error:
        contracted.draft(company, owner)
    assert [bad.code for bad in error.value.problems] == ["contract_known"]
    with pytest.raises(InvalidInput) as error:
        contracted.draft(company, owner, contract_no="x", valid_until=TODAY - DAY)
    assert [bad.code for bad in error.value.problems] == ["before_valid_from"]
    command = parse(EditContract, contracted.TERMS | {"parts_free": True, "response_hours": 4})
    company.act("agent", Contract, id, command)
    (edit,) = company.see("agent", view.edits, id=id)
    assert edit.fields == {"parts_free": (False, True), "response_hours": (None, 4)}
    with pytest.raises(AttachmentRefused):
        company.do("agent", contracts.attach, id=id, name="x.exe", content=b"MZ\0")
    company.do("agent", contracts.attach, id=id, name="合同.pdf", content=PDF)
    assert company.see("agent", contracts.paper, id=id) == PDF
    with pytest.raises(NotAllowed):
        company.act("agent", Contract, id, PutInForce())
    company.act("manager", Contract, id, PutInForce())
    with pytest.raises(WrongStatus):
        company.act("agent", Contract, id, command)
    assert company.see("admin", proof.verify) == ()


def test_it_expires_with_its_last_day_and_is_seen_by_its_own_station(company: Company) -> None:
    first = case(company)
    id = contracted.agreed(company, first.customer_id, valid_until=TODAY + 5 * DAY)
    part = {"part": ContractPart.IN_FORCE}
    assert company.see("agent", view.listed, **part).total == 1
    assert company.see("agent.stranger", view.listed, **part).total == 0
    with pytest.raises(NotFound):
        company.see("agent.stranger", view.view, id=id)
    run(company, TODAY + 5 * DAY)
    assert company.get(Contract, id).status is ContractStatus.IN_FORCE
    run(company, TODAY + 6 * DAY)
    assert company.get(Contract, id).status is ContractStatus.ENDED
    assert company.history("contract", id)[-1] == ("expired", "in_force", "ended")


def test_a_double_brings_its_contracts_along(company: Company) -> None:
    first = case(company, serial="A-1")
    other = case(company, customer_name="王小明2", phone="13922223333", serial="A-9")
    id = contracted.agreed(company, other.customer_id)
    command = JoinDouble(other_id=other.customer_id, reason="同一人")
    version = company.get(Customer, first.customer_id).version
    joined: dict[str, Any] = {"noun": Customer, "id": first.customer_id, "command": command}
    company.do("agent", joining.join, **joined, seen_version=version)
    assert company.get(Contract, id).customer_id == first.customer_id
    assert company.see("agent", view.of_customer, customer_id=first.customer_id)
