"""What was written down wrongly of a case is put right: customer, piece, kind, with the reason."""

from datetime import timedelta
from typing import Any

import pytest

from core.customers import customers
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, WrongStatus
from core.kernel.inputs import Action, parse
from core.process import history, workflow
from core.requests import inputs
from core.requests import view as case
from core.requests.actions import PROCESS
from core.requests.inputs import ChangeCustomer, ChangeKind, ChangePiece, SetCharge
from db import phones
from db.codes import (
    Charge,
    ChargeReason,
    ComplaintStatus,
    RequestKind,
    RequestStatus,
    ReturnStatus,
)
from db.tables import (
    Asset,
    Complaint,
    Customer,
    GoodsReturn,
    History,
    Limit,
    QualityFeedback,
    ServiceRequest,
    ShopPiece,
)
from tests import return_steps as take
from tests import shop_steps
from tests.company_cast import NOW, Company

WHY = {"note": "登记时听错了"}


def act(company: Company, id: int, command: Action, who: str = "agent", **more: Any) -> None:
    company.act(who, ServiceRequest, id, command, **more)


def row(company: Company, id: int) -> ServiceRequest:
    return company.get(ServiceRequest, id)


def kind(to: str) -> ChangeKind:
    return parse(ChangeKind, {"kind": to} | WHY)


def codes(caught: Any) -> list[tuple[str, str]]:
    return [(bad.field, bad.code) for bad in caught.value.problems]


def fact(company: Company, id: int, name: str) -> History:
    *_, found = company.rows(History, subject="request", subject_id=id, action=name)
    return found


def running(company: Company, id: int) -> set[str]:
    limits = company.rows(Limit, request_id=id)
    return {each.name for each in limits if not (each.met_at or each.dropped_at)}


def test_a_case_goes_to_its_right_customer(company: Company) -> None:
    id = company.register(serial="S1")
    other = take.customer(company)
    assert row(company, id).charge is Charge.FREE
    act(company, id, ChangeCustomer(customer_id=other, **WHY))
    now, said = row(company, id), fact(company, id, "customer_changed")
    # What came from the wrong archive has gone with it, the piece too.
    assert (now.customer_id, now.asset_id, now.contact) == (other, None, "李雷")
    assert (now.phone, now.phone_key) == ("13900139000", phones.key_of("13900139000"))
    assert (now.charge, now.charge_reason) == (Charge.PAID, ChargeReason.NO_WARRANTY_DATA)
    assert (said.note, said.data["to_name"]) == ("登记时听错了", "李雷")
    assert said.data["customer_id"] == [1, other]
    assert company.see("agent", customers.view, id=other).name == "李雷"
    shown = company.see("agent", case.view, id=id)
    assert (shown.customer.id, shown.asset) == (other, None)
    for wrong, refused in ((other, InvalidInput), (999, NotFound)):
        with pytest.raises(refused):
            act(company, id, ChangeCustomer(customer_id=wrong, **WHY))
    # Back again, and its piece with it.
    act(company, id, ChangeCustomer(customer_id=1, **WHY))
    act(company, id, parse(ChangePiece, {"piece": "own·1"} | WHY))
    assert row(company, id).charge is Charge.FREE
    assert company.see("admin", history.verify) == ()


def test_what_was_told_for_the_case_alone_stays(sqlite_company: Company) -> None:
    told = {"contact": "赵女士", "phone": "13712345678", "address": "北路 9 号"}
    id = sqlite_company.register()
    corrected = {"symptom": "漏水"} | told
    act(sqlite_company, id, parse(inputs.Correct, corrected))
    act(sqlite_company, id, ChangeCustomer(customer_id=take.customer(sqlite_company), **WHY))
    now = row(sqlite_company, id)
    assert {name: getattr(now, name) for name in told} == told


def test_a_closed_case_is_put_right_too_and_its_charge_stands(company: Company) -> None:
    id, _ = company.finished(serial="S1")
    other = take.customer(company)
    act(company, id, ChangeCustomer(customer_id=other, **WHY))
    now = row(company, id)
    assert (now.status, now.customer_id) == (RequestStatus.RESOLVED, other)
    assert now.charge is Charge.FREE
    act(company, id, parse(ChangePiece, {"piece": "new·1", "serial": "S9"} | WHY))
    assert company.get(Asset, row(company, id).asset_id or 0).customer_id == other


def test_the_right_piece_decides_about_charge_and_shop(company: Company) -> None:
    id = company.register(serial="S1", purchased_on="2019-01-05")
    company.register(customer_id=1, customer_name="", phone="", model="XQG200", serial="S2")
    assert row(company, id).charge_reason is ChargeReason.OUT_OF_WARRANTY
    with pytest.raises(InvalidInput) as caught:
        act(company, id, parse(ChangePiece, {"piece": "own·1"} | WHY))
    assert codes(caught) == [("piece", "same_piece")]
    in_shop = shop_steps.taken(company, id)
    act(company, id, parse(ChangePiece, {"piece": "own·2"} | WHY))
    assert company.get(ShopPiece, in_shop).asset_id == 2
    now = row(company, id)
    assert (now.asset_id, now.charge_reason) == (2, ChargeReason.IN_WARRANTY)
    assert fact(company, id, "piece_changed").data == {"asset_id": [1, 2]}
    act(company, id, ChangePiece(**WHY))
    assert (row(company, id).asset_id, row(company, id).charge) == (None, Charge.PAID)
    # What a person has decided stands, and the case says what the file would say.
    act(company, id, SetCharge(charge="paid", charge_reason="no_warranty_data"))
    act(company, id, parse(ChangePiece, {"piece": "own·2"} | WHY))
    told = company.see("agent", case.view, id=id)
    assert (told.charge_reason, told.charge_by_person) == (ChargeReason.NO_WARRANTY_DATA, True)
    assert told.charge_by_file == (Charge.FREE, ChargeReason.IN_WARRANTY)
    with pytest.raises(InvalidInput):
        act(company, id, parse(ChangePiece, {"piece": "own·77"} | WHY))


def test_a_repair_that_is_a_complaint_gets_its_file_and_its_limits(company: Company) -> None:
    id = company.register()
    before = running(company, id)
    act(company, id, kind("complaint"), now=NOW + timedelta(hours=1))
    (complaint,) = company.rows(Complaint, request_id=id)
    assert complaint.status is ComplaintStatus.RECORDED
    now = row(company, id)
    assert (now.kind, now.status) == (RequestKind.COMPLAINT, RequestStatus.REGISTERED)
    assert now.charge_reason is ChargeReason.NO_CHARGE_KIND
    limits = {each.name: each for each in company.rows(Limit, request_id=id)}
    # They run from the day of the contact, and what was the repair's is dropped.
    fresh = running(company, id) - before
    assert fresh and all(limits[name].started_at == now.received_at for name in fresh)
    assert fact(company, id, "kind_changed").data == {"kind": ["repair", "complaint"]}
    # And back: the file is withdrawn, the case waits for a technician again.
    act(company, id, kind("repair"))
    assert company.get(Complaint, complaint.id).status is ComplaintStatus.WITHDRAWN
    assert row(company, id).status is RequestStatus.REGISTERED
    assert running(company, id) == before
    # A file is opened once.
    with pytest.raises(InvalidInput) as caught:
        act(company, id, kind("complaint"))
    assert codes(caught) == [("kind", "not_an_option")]
    act(company, id, kind("quality_feedback"))
    assert len(company.rows(QualityFeedback, request_id=id)) == 1
    assert company.see("admin", history.verify) == ()


def test_a_return_that_is_none_goes_on_as_what_it_is(company: Company) -> None:
    id = take.applied(company)
    request_id = take.case_of(company, id).id
    with pytest.raises(InvalidInput) as caught:
        act(company, request_id, ChangeCustomer(customer_id=take.customer(company), **WHY))
    assert codes(caught) == [("customer_id", "lines_of_other_purchases")]
    act(company, request_id, kind("repair"))
    assert company.get(GoodsReturn, id).status is ReturnStatus.CANCELLED
    now = row(company, request_id)
    assert (now.kind, now.status) == (RequestKind.REPAIR, RequestStatus.REGISTERED)
    # Once the goods are here it is a return.
    late = take.received(company)
    with pytest.raises(InvalidInput) as caught:
        act(company, take.case_of(company, late).id, kind("repair"))
    assert codes(caught) == [("note", "goods_are_here")]


def test_who_is_under_way_is_sent_for_other_work_and_no_file_is_opened(company: Company) -> None:
    id, _job = company.dispatched()
    offered = company.see("agent", workflow.form, process=PROCESS, record_id=id, action=ChangeKind)
    kinds = set(offered.options["kinds"])
    assert RequestKind.INSTALLATION in kinds
    assert not kinds & {RequestKind.REPAIR, RequestKind.COMPLAINT, RequestKind.RETURN}
    act(company, id, kind("installation"))
    assert (row(company, id).kind, row(company, id).status) == ("installation", "in_progress")
    act(company, id, inputs.Cancel(note="不修了"))
    with pytest.raises(WrongStatus):
        act(company, id, kind("cleaning"))


def test_who_may_put_a_case_right(sqlite_company: Company) -> None:
    company = sqlite_company
    id = company.register()
    command = ChangeCustomer(customer_id=take.customer(company), **WHY)
    for who, refused in (("auditor", NotAllowed), ("agent.stranger", NotFound)):
        with pytest.raises(refused):
            act(company, id, command, who)
    shown = company.see("technician", case.view, id=id)
    assert [rule.fact for rule in shown.rights] == [
        *("customer_changed", "piece_changed", "kind_changed")
    ]
    assert not {rule.action for rule in shown.actions} & {ChangeCustomer, ChangePiece, ChangeKind}
    named = company.register(kind="complaint", about_id=company["technician"].id)
    with pytest.raises(NotAllowed):
        act(company, named, kind("repair"), "technician")


def test_a_correction_of_a_customer_says_why(company: Company) -> None:
    company.register()
    facts = {"customer_name": "王大明", "phone": "13800138000", "station_id": 1}
    with pytest.raises(InvalidInput) as caught:
        command = parse(customers.EditCustomer, facts)
        company.do("agent", customers.edit, id=1, command=command, seen_version=1)
    assert codes(caught) == [("reason", "missing")]
    command = parse(customers.EditCustomer, facts | {"reason": WHY["note"]})
    company.do("agent", customers.edit, id=1, command=command, seen_version=1)
    (said,) = company.rows(History, subject="customer", action="edited")
    assert (said.note, said.data["name"]) == ("登记时听错了", ["王小明", "王大明"])
    assert company.get(Customer, 1).name == "王大明"
