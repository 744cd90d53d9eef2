"""A piece has a life: sold, moved, taken back, sold again, scrapped; free service ends with it."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.complaints import inputs as complaints
from core.customers import customers, purchases
from core.customers import view as pieces
from core.customers.inputs import (
    CorrectPiece,
    MovePiece,
    RecyclePiece,
    RestorePiece,
    ScrapPiece,
)
from core.customers.life import RULES
from core.imports.errors import RowCode
from core.jobs import actions as jobs
from core.kernel.errors import InvalidInput, NotAllowed, Refused, WrongStatus
from core.kernel.inputs import Action, parse
from core.norms import revisions
from core.process import history
from core.requests import inputs as requests
from core.requests import intake
from core.returns import inputs
from db.codes import Charge, ChargeReason, PieceStatus, ReturnStatus
from db.tables import (
    Asset,
    Complaint,
    Customer,
    GoodsReturn,
    History,
    Job,
    Limit,
    PurchaseLine,
    ReturnLine,
    ServiceRequest,
)
from tests import complaint_steps
from tests import return_steps as take
from tests import test_core_purchases_once as once
from tests.company_cast import NOW, REPORT, Company
from tests.return_steps import FAULT, SWAP, do

ONE = {"quantity": 1, "serial": "SN-0042"}
WHY = {"note": "客户来电说明"}
AFTER = {"purchased_on": "2026-03-02", "received_on": None}
HELD, SCRAPPED, RECYCLED = PieceStatus.HELD, PieceStatus.SCRAPPED, PieceStatus.RECYCLED


def piece(company: Company, serial: str = "SN-0042") -> Asset:
    (found,) = company.rows(Asset, serial=serial)
    return found


def act(company: Company, who: str, command: Action, serial: str = "SN-0042") -> None:
    company.act(who, Asset, piece(company, serial).id, command)


def codes(caught: Any) -> list[tuple[str, str]]:
    return [(bad.field, bad.code) for bad in caught.value.problems]


def sold(company: Company, **facts: Any) -> tuple[int, int]:
    """A customer with one piece: the ids of both."""
    buyer = take.customer(company)
    (line,) = take.buy(company, ONE | facts, customer_id=buyer)
    return buyer, line


def back(company: Company, **facts: Any) -> int:
    """The customer who gave the piece back, by a return that was paid."""
    buyer, line = sold(company, **facts)
    take.refunded(company, FAULT | {"purchase_line_id": line})
    return buyer


def called(company: Company, **facts: Any) -> ServiceRequest:
    id = company.register(**facts)
    return company.get(ServiceRequest, id)


def test_free_service_ends_with_the_ownership(company: Company) -> None:
    buyer = back(company)
    row = piece(company)
    assert (row.status, row.left_on, row.customer_id) == (HELD, NOW.date(), buyer)
    (shown,) = company.see("agent", customers.view, id=buyer).assets
    assert (shown.status, shown.in_warranty, shown.is_owned) == (HELD, False, False)
    # Nobody registers a case about it, and the words say where it is.
    with pytest.raises(InvalidInput) as caught:
        company.register(customer_id=buyer, asset_id=row.id, brand="", model="")
    assert codes(caught) == [("asset_id", "piece_held")]
    assert caught.value.problems[0].details == {"day": "2026-03-02"}


def test_what_came_back_is_sold_to_the_next_customer_and_may_come_back_again(
    company: Company,
) -> None:
    first = back(company)
    number = company.rows(ServiceRequest)[0].number
    # The old sale, written down again, is none.
    with pytest.raises(InvalidInput) as caught:
        take.buy(company, ONE, customer_id=first)
    assert codes(caught) == [("lines.0.serial", "piece_came_back")]
    (line,) = take.buy(company, ONE | {"unit_cents": 300_00}, **AFTER)
    row, bought = piece(company), company.get(PurchaseLine, line)
    assert (row.status, row.left_on, row.purchased_on) == ("bought", None, date(2026, 3, 2))
    assert row.warranty_until == date(2027, 3, 1) and row.customer_id != first
    shown = company.see("agent", pieces.view, id=row.id)
    assert [step.action for step in shown.life] == ["resold", "taken_back", "used", "added"]
    assert shown.life[1].note == number and len(shown.sales) == 2
    # Who had it before has it no more, and is told with whom it is.
    with pytest.raises(InvalidInput) as caught:
        take.buy(company, ONE | {"brand": "海尔"}, customer_id=first, invoice_no="FP-X")
    assert codes(caught) == [("lines.0.serial", "piece_with")]
    id = take.refunded(company, FAULT | {"purchase_line_id": bought.id})
    assert company.get(GoodsReturn, id).refund_cents == 300_00
    assert piece(company).status is HELD
    assert company.see("admin", history.verify) == ()


def test_a_piece_in_the_scrap_is_no_more(company: Company) -> None:
    _, line = sold(company)
    id = take.received(company, FAULT | {"purchase_line_id": line})
    do(company, "quality", id, take.retested(company, id))
    do(company, "warehouse", id, take.stored(company, id, "scrap"))
    do(company, "agent", id, take.settle())
    assert piece(company).status is not SCRAPPED  # it is the customer's until it is paid
    do(company, "finance", id, take.confirm())
    assert (piece(company).status, piece(company).ended_from) == (SCRAPPED, HELD)
    with pytest.raises(InvalidInput) as caught:
        take.buy(company, ONE, **AFTER)
    assert codes(caught) == [("lines.0.serial", "piece_came_back")]
    with pytest.raises(InvalidInput) as caught:
        company.register(serial="sn-0042")
    assert codes(caught) == [("serial", "piece_scrapped")]
    act(company, "warehouse", RestorePiece(note="放错了货架"))
    assert piece(company).status is HELD
    take.buy(company, ONE, **AFTER)


def test_a_wrong_scrap_has_a_way_back(company: Company) -> None:
    buyer, _ = sold(company)
    until = piece(company).warranty_until
    act(company, "agent", ScrapPiece(**WHY))
    assert company.see("agent", customers.view, id=buyer).assets[0].in_warranty is False
    for wrong in (ScrapPiece(**WHY), RecyclePiece(**WHY), MovePiece(customer_id=9, **WHY)):
        with pytest.raises(WrongStatus):
            act(company, "agent", wrong)
    act(company, "agent", RestorePiece(**WHY))
    row = piece(company)
    assert (row.status, row.left_on, row.ended_from) == ("in_use", None, None)
    assert row.warranty_until == until
    act(company, "technician", RecyclePiece(**WHY))
    assert piece(company).status is RECYCLED
    rules = {rule.fact: rule.clause for rule in RULES}
    assert rules["recycled"] == "D29"
    facts = company.rows(History, subject="asset", subject_id=row.id)
    assert [fact.action for fact in facts[1:]] == ["scrapped", "restored", "recycled"]
    assert {fact.note for fact in facts[1:]} == {"客户来电说明"}


def test_a_piece_moves_to_a_new_owner_with_its_warranty(company: Company) -> None:
    buyer, line = sold(company)
    until, other = piece(company).warranty_until, take.customer(company)
    act(company, "agent", MovePiece(customer_id=other, **WHY))
    row = piece(company)
    assert (row.customer_id, row.warranty_until) == (other, until)
    # Who sold it on gives nothing back, and calls about nothing.
    with pytest.raises(InvalidInput) as caught:
        take.applied(company, FAULT | {"purchase_line_id": line, "quantity": 1})
    assert codes(caught) == [("lines.0.serial", "piece_with")]
    with pytest.raises(InvalidInput):
        company.register(customer_id=buyer, asset_id=row.id, brand="", model="")
    assert called(company, customer_id=other, asset_id=row.id, brand="", model="").charge == "free"
    with pytest.raises(InvalidInput) as caught:
        act(company, "agent", MovePiece(customer_id=other, **WHY))
    assert codes(caught) == [("customer_id", "same_customer")]


def test_a_piece_with_an_open_case_stays_where_it_is(company: Company) -> None:
    case = called(company, serial="S1")
    other = take.customer(company)
    for command in (ScrapPiece(**WHY), RecyclePiece(**WHY), MovePiece(customer_id=other, **WHY)):
        with pytest.raises(InvalidInput) as caught:
            act(company, "agent", command, "S1")
        assert caught.value.problems[0].details == {"number": case.number}
    company.act("agent", ServiceRequest, case.id, requests.Cancel(note="重复"))
    act(company, "agent", ScrapPiece(**WHY), "S1")


def test_another_stations_piece_is_not_changed(company: Company) -> None:
    sold(company)
    with pytest.raises(NotAllowed) as caught:
        act(company, "agent.stranger", ScrapPiece(**WHY))
    assert caught.value.details["reason"] == "not_its_station"
    with pytest.raises(NotAllowed):
        act(company, "auditor", ScrapPiece(**WHY))
    # Its serial number is refused there without its owner's name.
    with pytest.raises(InvalidInput) as refused:
        company.register("agent.stranger", serial="SN-0042")
    (bad,) = refused.value.problems
    assert (bad.code, bad.details) == ("piece_of_station", {"station": "North"})
    with pytest.raises(InvalidInput) as refused:
        company.register("manager", serial="sn0042", another_customer=True)
    assert refused.value.problems[0].code == "piece_with"


def corrected(**facts: Any) -> CorrectPiece:
    usual = {"brand": "海尔", "model": "XQG100", "serial": "SN-0042", "purchased_on": "2026-02-25"}
    return parse(CorrectPiece, usual | WHY | facts)


def test_facts_of_a_piece_are_put_right_with_all_that_hangs_on_them(company: Company) -> None:
    case = called(company, serial="S1", purchased_on="2020-01-05")
    assert (case.charge, case.charge_reason) == (Charge.PAID, ChargeReason.OUT_OF_WARRANTY)
    command = corrected(serial="S2", model="XQG200", purchased_on="2025-06-01", warranty_months=24)
    act(company, "agent", command, "S1")
    row, case = piece(company, "S2"), company.get(ServiceRequest, case.id)
    assert row.warranty_until == date(2027, 5, 31)
    assert (case.charge, case.charge_reason) == (Charge.FREE, ChargeReason.IN_WARRANTY)
    (fact,) = company.rows(History, subject="asset", action="edited")
    assert (fact.note, fact.data["serial"]) == ("客户来电说明", ["S1", "S2"])
    assert fact.data["model"] == ["XQG100", "XQG200"]
    assert fact.data["warranty_until"] == ["2021-01-04", "2027-05-31"]
    assert "charge_set" in [action for action, *_ in company.history("request", case.id)]
    # What a person decided stands.
    waived = {"charge_reason": "goodwill", "given_up_cents": 1, "note": "老客户"}
    act(company, "agent", corrected(serial="S2", purchased_on="2019-01-05"), "S2")
    company.act("manager", ServiceRequest, case.id, parse(requests.WaiveCharge, waived))
    act(company, "agent", corrected(serial="S2", purchased_on="2018-01-05"), "S2")
    assert company.get(ServiceRequest, case.id).charge_reason is ChargeReason.GOODWILL
    shown = company.see("agent", pieces.view, id=row.id)
    assert shown.edits[-1].fields["serial"] == ("S1", "S2")
    with pytest.raises(InvalidInput) as caught:
        act(company, "agent", corrected(serial="S2", purchased_on="2018-01-05"), "S2")
    assert codes(caught) == [("note", "nothing_changed")]


def test_limits_follow_the_warranty_that_was_put_right(sqlite_company: Company) -> None:
    company = sqlite_company
    company.do("admin", adopt, "engineering")
    case = called(company, serial="S1", purchased_on="2020-01-05", extra={"site": "南门"})
    names = {each.name for each in company.rows(Limit, request_id=case.id) if not each.dropped_at}
    assert "arrival_out_of_warranty" in names and "arrival_in_warranty" not in names
    act(company, "agent", corrected(serial="S1", purchased_on="2025-06-01"), "S1")
    names = {each.name for each in company.rows(Limit, request_id=case.id) if not each.dropped_at}
    assert "arrival_in_warranty" in names and "arrival_out_of_warranty" not in names


def adopt(uow: Any, pack: str, **more: Any) -> None:
    norm = revisions.shipped(pack).model_copy(update=more)
    revisions.adopt(uow, norm=norm, on=uow.today, signed_by="admin")


def test_a_renamed_piece_is_known_to_its_purchase_and_its_returns(company: Company) -> None:
    buyer, line = sold(company)
    act(company, "agent", corrected(serial="SN-0043", model="XQG200"))
    assert company.get(PurchaseLine, line).piece == "sn0043 海尔 xqg200"
    with pytest.raises(InvalidInput) as caught:
        take.buy(company, ONE | {"serial": "sn0043", "model": "XQG200"}, customer_id=buyer)
    assert codes(caught) == [("lines.0.serial", "piece_bought")]
    id = take.applied(company, FAULT | {"purchase_line_id": line, "quantity": 1})
    act(company, "agent", corrected(serial="SN-0044", model="XQG200"), "SN-0043")
    (row,) = company.rows(ReturnLine, return_id=id)
    assert row.piece == "sn0044 海尔 xqg200"
    (other,) = take.buy(company, ONE | {"serial": "X1"})
    assert other
    with pytest.raises(InvalidInput) as caught:
        act(company, "agent", corrected(serial="X-1"), "SN-0044")
    assert codes(caught) == [("serial", "piece_with")]
    with pytest.raises(InvalidInput) as caught:
        act(company, "agent", corrected(purchased_on="2026-03-05"), "SN-0044")
    assert codes(caught) == [("purchased_on", "in_the_future")]


def test_an_exchanged_piece_is_ours_and_the_new_one_theirs(company: Company) -> None:
    _, line = sold(company)
    id = take.refunded(company, SWAP | {"purchase_line_id": line})
    assert piece(company).status is HELD
    (swapped,) = take.lines_of(company, id)
    sent = {"paid_by": "company", "lines": [{"line_id": swapped.id, "serial": "N-1"}]}
    do(company, "warehouse", id, parse(inputs.SendReplacement, sent))
    assert (piece(company, "N-1").status, piece(company, "N-1").purchased_on) == (
        "bought",
        NOW.date(),
    )


def test_days_in_repair_make_the_warranty_longer_where_the_book_says_so(company: Company) -> None:
    done = NOW + timedelta(days=9)
    id, job_id = company.dispatched(serial="S1")
    steps = (
        jobs.AgreeVisit(agreed_from=done, agreed_to=done + timedelta(hours=2)),
        jobs.Arrive(),
        parse(jobs.FinishJob, REPORT),
    )
    for step in steps:
        company.act("technician", Job, job_id, step, now=done)
    row = piece(company, "S1")
    assert (row.repair_days, row.warranty_until) == (9, date(2026, 6, 9))
    # Put right later, the days stay on top of it.
    act(company, "agent", corrected(serial="S1", purchased_on="2025-07-01"), "S1")
    assert piece(company, "S1").warranty_until == date(2026, 7, 9)
    # A paid repair, and one under a book that says nothing of it, make nothing longer.
    company.do("admin", adopt, "appliance", repair_extends_warranty=False)
    id, job_id = company.dispatched(serial="S2", customer_name="李雷", phone="13900139000")
    for step in steps:
        company.act("technician", Job, job_id, step, now=done)
    assert piece(company, "S2").repair_days == 0


def test_imported_cases_of_what_no_customer_has_are_refused(
    sqlite_company: Company, tmp_path: Any
) -> None:
    company = sqlite_company
    back(company)
    with pytest.raises(AssertionError) as caught:
        once.brought(company, once.RETURNS, "结案", tmp_path)
    assert RowCode.PIECE_HELD.value in str(caught.value)
    act(company, "manager", ScrapPiece(**WHY))
    with pytest.raises(AssertionError) as caught:
        once.brought(company, once.RETURNS, "结案", tmp_path)
    assert RowCode.PIECE_SCRAPPED.value in str(caught.value)


# What was paid, to the cent


def paid_back(company: Company, line: int, count: int = 1) -> int:
    id = take.refunded(company, FAULT | {"purchase_line_id": line, "quantity": count})
    return company.get(GoodsReturn, id).refund_cents


def test_what_was_paid_is_paid_back_to_the_cent(company: Company) -> None:
    (line,) = take.buy(company, {"quantity": 3, "unit_cents": 34_00, "total_cents": 100_00})
    assert [paid_back(company, line), paid_back(company, line, 2)] == [33_33, 66_67]
    row = company.get(PurchaseLine, line)
    assert (row.returned, row.refunded_cents, row.total_cents) == (3, 100_00, 100_00)


def test_what_is_taken_off_an_invoice_is_shared_by_its_lines(company: Company) -> None:
    lines = ({"quantity": 1, "unit_cents": 100_00}, {"model": "B", "unit_cents": 66_67})
    ids = take.buy(company, *lines, discount_cents=50_00)
    assert [company.get(PurchaseLine, id).total_cents for id in ids] == [83_33, 166_68]
    assert paid_back(company, ids[0]) == 83_33
    assert sum(paid_back(company, ids[1]) for _ in range(3)) == 166_68
    buyer = company.rows(Customer)[0].id
    (bought, *_) = company.see("agent", purchases.of_customer, customer_id=buyer)
    assert sum(line.total_cents for line in bought.lines) == 250_01
    for wrong, field in (
        ({"total_cents": 500_00}, "lines.0.total_cents"),
        ({"total_cents": 1_00, "unit_cents": 1_00, "quantity": 1}, "discount_cents"),
    ):
        with pytest.raises(InvalidInput) as caught:
            take.buy(company, lines[0] | wrong, discount_cents=50_00)
        assert codes(caught) == [(field, "more_than_price")]


@pytest.mark.parametrize(
    ("price", "refund", "owed"), [(650_00, 0, 150_00), (500_00, 0, 0), (420_50, 79_50, 0)]
)
def test_an_exchange_for_another_model_settles_the_difference(
    company: Company, price: int, refund: int, owed: int
) -> None:
    _, bought = sold(company)
    take.buy(company, {"model": "XQG200", "quantity": 1, "serial": "Z9"})
    product = piece(company, "Z9").product_id
    id = take.in_stock(company, SWAP | {"purchase_line_id": bought})
    (line,) = take.lines_of(company, id)
    other = {"line_id": line.id, "replaced": 1, "product_id": product, "other_cents": price}
    with pytest.raises(InvalidInput):
        take.settle(lines=[other | {"other_cents": None}])
    do(company, "agent", id, take.settle(lines=[other]))
    sent = {"paid_by": "company", "lines": [{"line_id": line.id, "serial": "N-1"}]}
    with pytest.raises(Refused):
        do(company, "warehouse", id, parse(inputs.SendReplacement, sent))
    do(company, "finance", id, take.confirm())
    row = company.get(GoodsReturn, id)
    assert (row.refund_cents, row.owed_cents, row.status) == (refund, owed, ReturnStatus.REFUNDED)
    do(company, "warehouse", id, parse(inputs.SendReplacement, sent))
    fresh = piece(company, "N-1")
    (line,) = company.rows(PurchaseLine, asset_id=fresh.id)
    assert (fresh.product_id, line.total_cents) == (product, price)
    old = company.get(PurchaseLine, bought)
    assert (old.returned, old.refunded_cents, old.under_way) == (1, 500_00, 0)
    # It may come back for what it cost in the end.
    assert paid_back(company, line.id) == price


def test_a_piece_is_paid_for_once_by_a_return_or_by_a_complaint(company: Company) -> None:
    buyer, line = sold(company)
    about = {"customer_id": buyer, "asset_id": piece(company).id, "customer_name": "", "phone": ""}
    refund = {"measures": [{"kind": "refund", "what": "全额退款", "cost_cents": 500_00}]}
    paid = company.complaint(**about)
    late = company.complaint(**about)
    complaint_steps.take(company, paid, "investigated")
    complaint_steps.take(company, late, "investigated")
    company.act("quality", Complaint, paid, parse(complaints.Propose, refund))
    company.act("leader", Complaint, paid, complaints.Approve())
    # Only offered so far: the two know each other, and neither stands in the way.
    id = take.applied(company, FAULT | {"purchase_line_id": line, "quantity": 1})
    do(company, "agent", id, inputs.CancelReturn(note="改走投诉"))
    told = {"channel": "hotline", "answer": "同意退款", "reaction": "accepted"}
    company.act("agent", Complaint, paid, parse(complaints.Notify, told))
    with pytest.raises(InvalidInput) as caught:
        take.applied(company, FAULT | {"purchase_line_id": line, "quantity": 1})
    assert codes(caught) == [("lines.0.again", "paid_by_complaint")]
    again = FAULT | {"purchase_line_id": line, "quantity": 1, "again": "投诉退款未付"}
    take.refunded(company, again)
    with pytest.raises(InvalidInput) as caught:
        company.act("quality", Complaint, late, parse(complaints.Propose, refund))
    assert codes(caught) == [("measures", "piece_held")]


def test_what_came_in_odd_may_stay_when_something_else_is_changed() -> None:
    odd = {"phone": "内线 8001", "customer_name": "王小明"}
    kept = parse(customers.EditCustomer, odd | {"address": "新路 1 号"}, kept=odd)
    assert (kept.phone, kept.address) == ("内线 8001", "新路 1 号")
    for typed in ("内线 8002", "138"):
        with pytest.raises(InvalidInput) as caught:
            parse(customers.EditCustomer, odd | {"phone": typed}, kept=odd)
        assert codes(caught) == [("phone", "phone")]
    with pytest.raises(InvalidInput) as caught:
        parse(intake.Register, odd | {"kind": "?"}, kept=odd)
    assert ("phone", "phone") not in codes(caught)
