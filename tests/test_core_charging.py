"""Free or paid: by the rule where the file bears it, beyond it within the authority of a role."""

from datetime import timedelta
from typing import Any

import pytest

from core.kernel.errors import InvalidInput, NotAllowed, WrongStatus
from core.kernel.inputs import parse
from core.norms import revisions
from core.norms.model import Norm
from core.requests import intake
from core.requests.inputs import Correct, SetCharge, WaiveCharge
from core.requests.view import view
from db.codes import Charge, ChargeReason, FaultArea, RequestKind
from db.tables import Asset, History, ServiceRequest
from tests.company_cast import NOW, Company

OLD = {"purchased_on": "2020-06-01"}
NO_DATE = {"purchased_on": None}
NO_PRODUCT = {"brand": "", "model": "", "purchased_on": None}
WAIVED = {"charge_reason": "goodwill", "given_up_cents": 150_00, "note": "等了两周，老客户"}


def put(company: Company, who: str, case_id: int, command: Any, **more: Any) -> None:
    company.act(who, ServiceRequest, case_id, command, **more)


def case(company: Company, case_id: int) -> tuple[str, str]:
    row = company.get(ServiceRequest, case_id)
    return row.charge.value, row.charge_reason.value


def refused(company: Company, who: str, case_id: int, command: Any) -> set[tuple[str, str]]:
    before = case(company, case_id)
    with pytest.raises(InvalidInput) as refusal:
        put(company, who, case_id, command)
    assert case(company, case_id) == before
    assert not company.rows(History, action="charge_set")
    return {(bad.field, bad.code) for bad in refusal.value.problems}


CONTRADICTIONS = [
    *(("free", reason) for reason in ("out_of_warranty", "not_makers_fault", "no_warranty_data")),
    *(("paid", reason) for reason in ("in_warranty", "no_charge_kind", "rework")),
]


@pytest.mark.parametrize(("charge", "reason"), CONTRADICTIONS)
def test_a_reason_that_contradicts_is_refused(
    sqlite_company: Company, charge: str, reason: str
) -> None:
    case_id = sqlite_company.register(**OLD)
    command = SetCharge(charge=charge, charge_reason=reason, note="客户要求")
    found = refused(sqlite_company, "manager", case_id, command)
    assert found == {("charge_reason", "contradicts_charge")}


@pytest.mark.parametrize("charge", ["free", "paid"])
def test_goodwill_is_no_matter_of_setting_the_charge(company: Company, charge: str) -> None:
    case_id = company.register(**OLD)
    for who in ("technician", "manager"):
        command = SetCharge(charge=charge, charge_reason="goodwill", note="客户要求")
        found = refused(company, who, case_id, command)
        assert found == {("charge_reason", "not_an_option")}


UNBORNE = [
    *((facts, "in_warranty") for facts in (OLD, NO_DATE, NO_PRODUCT)),
    *((facts, "rework") for facts in (OLD, NO_PRODUCT)),
    (OLD, "no_charge_kind"),
]


@pytest.mark.parametrize(("facts", "reason"), UNBORNE)
def test_free_for_a_reason_that_the_file_does_not_bear_is_no_way_round(
    company: Company, facts: dict[str, Any], reason: str
) -> None:
    case_id = company.register(**facts)
    for who in ("technician", "leader"):
        command = SetCharge(charge="free", charge_reason=reason, note="客户说在保")
        assert refused(company, who, case_id, command) == {("charge_reason", "not_on_file")}


def test_what_the_file_bears_needs_no_exception(company: Company) -> None:
    case_id = company.register(serial="SN1")
    put(company, "technician", case_id, SetCharge(charge="paid", charge_reason="not_makers_fault"))
    put(company, "technician", case_id, SetCharge(charge="free", charge_reason="in_warranty"))
    assert case(company, case_id) == ("free", "in_warranty")


def test_a_case_that_came_in_inside_the_warranty_stays_inside_it(company: Company) -> None:
    case_id = company.register(purchased_on="2025-03-04")  # until 3 March, the day after NOW
    later = NOW + timedelta(days=30)
    paid = SetCharge(charge="paid", charge_reason="not_makers_fault")
    put(company, "technician", case_id, paid, now=later)
    free = SetCharge(charge="free", charge_reason="in_warranty")
    put(company, "technician", case_id, free, now=later)
    assert case(company, case_id) == ("free", "in_warranty")


def test_bad_work_on_the_same_piece_is_done_again_free(company: Company) -> None:
    company.finished(**OLD, serial="SN7")
    (asset,) = company.rows(Asset)
    asked = {"customer_id": asset.customer_id, "asset_id": asset.id, "symptom": "又坏了"}
    asked |= {"fault_area": "noise"}
    again = company.register(**asked, now=NOW + timedelta(days=10))
    assert case(company, again)[0] == "paid"
    put(company, "technician", again, SetCharge(charge="free", charge_reason="rework"))
    assert case(company, again) == ("free", "rework")
    late = company.register(**asked, now=NOW + timedelta(days=900))
    with pytest.raises(InvalidInput):
        put(company, "manager", late, SetCharge(charge="free", charge_reason="rework", note="x"))


def test_the_same_fault_after_own_work_is_rework_by_itself(company: Company) -> None:
    first, _call = company.finished(**OLD, serial="SN7")
    (asset,) = company.rows(Asset)
    known = {"customer_id": asset.customer_id, "asset_id": asset.id, "symptom": "又不转了"}
    soon, days = NOW + timedelta(days=10), timedelta(days=90)
    asked = {"kind": RequestKind.REPAIR, "asset_id": asset.id, "now": soon}
    told = company.see("agent", intake.prospect, **asked, fault_area=FaultArea.FUNCTION)
    assert told.rework is not None
    assert (told.rework.case_id, told.rework.technician) == (first, "technician")
    assert (told.charge_reason, told.rework_by) == (ChargeReason.REWORK, "same")
    far = company.see("agent.stranger", intake.prospect, **asked, fault_area=FaultArea.FUNCTION)
    assert far.rework is not None and far.rework.number == ""
    assert company.see("agent", intake.prospect, **asked, fault_area=FaultArea.NOISE).rework is None
    # On the last day, and a moment after it.
    for at, reason in ((NOW + days, "rework"), (NOW + days + timedelta(seconds=1), None)):
        id = company.register(**known, fault_area="function", now=at)
        assert case(company, id)[1] == (reason or "out_of_warranty")
    again = company.register(**known, fault_area=None, now=soon)
    assert case(company, again)[0] == "paid"
    for fault, now_so in (("function", "rework"), ("noise", "out_of_warranty")):
        put(company, "agent", again, Correct(symptom="又不转了", fault_area=fault), now=soon)
        assert case(company, again)[1] == now_so
    put(company, "agent", again, Correct(symptom="又不转了", fault_area="function"), now=soon)
    assert company.see("agent", view, id=again, now=soon).rework.case_id == first
    # What somebody has decided stays as it was decided.
    by_hand = SetCharge(charge="paid", charge_reason="not_makers_fault", note="进水")
    put(company, "manager", again, by_hand, now=soon)
    put(company, "agent", again, Correct(symptom="进水", fault_area="function"), now=soon)
    assert case(company, again) == ("paid", "not_makers_fault")
    # For a reason that the file gives as well, too.
    other = company.register(**known, fault_area="noise", now=soon)
    put(company, "agent", other, SetCharge(charge="paid", charge_reason="out_of_warranty"))
    put(company, "agent", other, Correct(symptom="又不转了", fault_area="function"), now=soon)
    told = company.see("agent", view, id=other, now=soon)
    assert (told.charge_reason, told.charge_by_person) == (ChargeReason.OUT_OF_WARRANTY, True)
    assert told.charge_by_file == (Charge.FREE, ChargeReason.REWORK)


def test_paid_against_the_file_says_why(company: Company) -> None:
    case_id = company.register()
    command = SetCharge(charge="paid", charge_reason="out_of_warranty")
    assert refused(company, "technician", case_id, command) == {("note", "why_against_file")}
    put(company, "technician", case_id, command.model_copy(update={"note": "发票为 2022 年"}))
    assert case(company, case_id) == ("paid", "out_of_warranty")


@pytest.mark.parametrize("who", ["technician", "dispatcher", "support", "quality", "finance"])
def test_who_has_no_authority_gives_nothing_away(company: Company, who: str) -> None:
    case_id = company.register(**OLD)
    with pytest.raises(NotAllowed):
        put(company, who, case_id, WaiveCharge(**WAIVED))
    assert case(company, case_id) == ("paid", "out_of_warranty")


def test_an_exception_keeps_old_and_new_reason_value_and_clause(company: Company) -> None:
    case_id = company.register(**OLD)
    put(company, "agent", case_id, WaiveCharge(**WAIVED))
    assert case(company, case_id) == ("free", "goodwill")
    (row,) = company.rows(History, action="charge_set")
    assert row.note == WAIVED["note"]
    assert row.data == {
        "charge": ["paid", "free"],
        "before": "out_of_warranty",
        "reason": "goodwill",
        "cents": 150_00,
        "departs_from": "E5",
    }


def test_what_is_free_already_is_not_given_away(company: Company) -> None:
    case_id = company.register()
    with pytest.raises(WrongStatus):
        put(company, "manager", case_id, WaiveCharge(**WAIVED))


def test_value_and_reason_are_named() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse(WaiveCharge, {"given_up_cents": 0, "note": " "})
    found = {(bad.field, bad.code) for bad in refusal.value.problems}
    assert found == {
        ("charge_reason", "missing"),
        ("given_up_cents", "no_amount"),
        ("note", "missing"),
    }


LIMITS = {"agent": 200_00, "handler": 500_00, "manager": 5_000_00, "leader": None}


@pytest.mark.parametrize(("who", "most"), LIMITS.items())
def test_each_role_gives_up_to_its_own_limit(company: Company, who: str, most: int | None) -> None:
    case_id = company.register(**OLD)
    if most is not None:
        command = WaiveCharge(**WAIVED | {"given_up_cents": most + 1})
        assert refused(company, who, case_id, command) == {("given_up_cents", "over_authority")}
    command = WaiveCharge(**WAIVED | {"given_up_cents": most or 99_999_00})
    put(company, who, case_id, command)
    assert company.get(ServiceRequest, case_id).charge is Charge.FREE


def signed(company: Company, *levels: dict[str, Any]) -> None:
    """A rule book with these levels of authority, and no others."""
    data = revisions.shipped("appliance").dump()
    data["approvals"] = [each for each in data["approvals"] if each["what"] != "goodwill"]
    norm = Norm.model_validate(data | {"approvals": [*data["approvals"], *levels]})
    company.do("admin", revisions.adopt, norm=norm, on=NOW.date(), signed_by="x")


def test_a_book_without_levels_leaves_it_to_manager_and_leader(company: Company) -> None:
    signed(company)
    case_id = company.register(**OLD)
    for who in ("agent", "handler"):
        found = refused(company, who, case_id, WaiveCharge(**WAIVED))
        assert found == {("given_up_cents", "over_authority")}
    put(company, "manager", case_id, WaiveCharge(**WAIVED | {"given_up_cents": 9_000_00}))
    assert case(company, case_id) == ("free", "goodwill")


def test_where_every_level_ends_nobody_goes_beyond(company: Company) -> None:
    level = {"what": "goodwill", "clause": "E24", "up_to_cents": 100_00, "role": "manager"}
    signed(company, level)
    case_id = company.register(**OLD)
    for who in ("manager", "leader"):
        found = refused(company, who, case_id, WaiveCharge(**WAIVED))
        assert found == {("given_up_cents", "over_authority")}


def test_a_reason_that_is_not_on_file_yet_is_an_exception_too(company: Company) -> None:
    case_id = company.register(**NO_DATE)
    facts = WAIVED | {"charge_reason": "in_warranty", "note": "已见 2025-12 的发票"}
    other = WaiveCharge(**facts | {"charge_reason": "no_charge_kind"})
    assert refused(company, "agent", case_id, other) == {("charge_reason", "not_an_option")}
    put(company, "agent", case_id, WaiveCharge(**facts))
    request = company.get(ServiceRequest, case_id)
    assert request.charge_reason is ChargeReason.IN_WARRANTY


def test_a_technician_is_not_offered_what_is_refused(company: Company) -> None:
    case_id, _job = company.dispatched(**OLD)
    offered = {
        who: {rule.action for rule in company.see(who, view, id=case_id).actions}
        for who in ("technician", "agent")
    }
    assert WaiveCharge not in offered["technician"]
    assert WaiveCharge in offered["agent"]
