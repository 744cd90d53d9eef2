"""Price before work: the list, the quote and its agreement, the gate, discounts, the papers."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from core import printing
from core.billing import items, prices, quotes
from core.billing import view as bills
from core.billing.inputs import (
    AcceptQuote,
    DeclineQuote,
    GiveDiscount,
    RemoveLine,
    ReviseQuote,
    SignQuote,
    WithdrawInvoice,
    WriteInvoice,
)
from core.billing.prices import EditPrice, InForce, NewPeriod
from core.jobs.report import FinishAnyway
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongStatus
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.requests.inputs import SetCharge, WaiveCharge
from db.codes import JobStatus, QuoteStatus
from db.tables import History, Job, Price, Quote, QuoteLine, ServiceRequest
from tests import billed, stocked
from tests.billed import LABOUR, OLD, TRAVEL
from tests.company_cast import NOW, REPORT, Company
from tests.printed_papers import word
from tests.test_core_jobs import act, codes, on_site, report

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("files")


def quote(company: Company, quote_id: int) -> Quote:
    found: Quote = company.get(Quote, quote_id)
    return found


def says(company: Company, quote_id: int, who: str, command: Any, **more: Any) -> None:
    company.act(who, Quote, quote_id, command, **more)


def last(company: Company, fact: str) -> History:
    row: History = company.rows(History, subject="quote", action=fact)[-1]
    return row


def test_a_price_ends_where_the_next_one_begins(company: Company) -> None:
    id = billed.price(company)
    period = NewPeriod(price_cents=150_00, valid_from="2026-03-03")
    company.do("manager", prices.begin_period, id=id, command=period, seen_version=1)
    found = company.see("technician", prices.listed)
    assert [(row.price_cents, row.in_force) for row in found] == [
        (120_00, InForce.NOW),
        (150_00, InForce.AHEAD),
    ]
    assert str(found[0].valid_until) == "2026-03-02"
    tomorrow = company.see("technician", prices.listed, now=NOW + DAY)
    assert [(row.price_cents, row.in_force) for row in tomorrow] == [
        (150_00, InForce.NOW),
        (120_00, InForce.ENDED),
    ]
    for facts in ({"valid_from": "2026-02-01"}, {"price_name": "上门 维修"}):
        with pytest.raises(InvalidInput) as refusal:
            billed.price(company, **facts)
        assert codes(refusal) == {("valid_from", "periods_overlap")}
    early = NewPeriod(price_cents=1, valid_from="2025-12-31")
    with pytest.raises(InvalidInput) as refusal:
        company.do("manager", prices.begin_period, id=id, command=early, seen_version=2)
    assert codes(refusal) == {("valid_from", "period_too_early")}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"price_kind": "part"}, ("part_id", "missing")),
        ({"price_kind": "part", "part_id": 99}, ("part_id", "not_an_option")),
        ({"part_id": 99}, ("part_id", "only_of_parts")),
        ({"product_id": 99}, ("product_id", "not_an_option")),
        ({"price_name": ""}, ("price_name", "missing")),
        ({"valid_until": "2025-12-31"}, ("valid_until", "period_backwards")),
    ],
)
def test_a_bad_price_is_refused_in_its_place(
    sqlite_company: Company, facts: Any, field: tuple[str, str]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        billed.price(sqlite_company, **facts)
    assert codes(refusal) == {field}
    assert not sqlite_company.rows(Price)


def test_only_a_manager_changes_prices_and_history_keeps_old_and_new(company: Company) -> None:
    id = billed.price(company)
    facts = parse(EditPrice, LABOUR | {"price_cents": 130_00, "valid_from": "2026-01-01"})
    for who in ("technician", "finance", "agent"):
        with pytest.raises(NotAllowed):
            company.do(who, prices.change, id=id, command=facts, seen_version=1)
    company.do("manager", prices.change, id=id, command=facts, seen_version=1)
    with pytest.raises(Stale):
        company.do("manager", prices.change, id=id, command=facts, seen_version=1)
    (change,) = company.see("auditor", prices.edits, id=id)
    assert change.fields == {"cents": (120_00, 130_00)}


def test_what_may_be_quoted_is_what_fits_at_the_price_of_the_day(company: Company) -> None:
    case_id, _job_id = on_site(company, **OLD)
    billed.price(company)
    billed.price(company, request_kind="repair", price_cents=140_00)
    billed.price(company, request_kind="cleaning", price_cents=1_00)
    billed.price(company, **TRAVEL)
    billed.price(company, price_name="旧项目", valid_until="2026-03-01")
    billed.price(company, price_name="新项目", valid_from="2026-03-03")
    belt = stocked.part(company, price_cents=38_00)
    pump = stocked.part(company, number="P-1", part_name="排水泵", price_cents=96_00)
    stocked.part(company, number="N-1", part_name="无价件")
    billed.price(company, price_kind="part", part_id=pump, price_name="", price_cents=90_00)
    found = company.see("technician", quotes.offered, case_id=case_id)
    assert [(item.name, item.cents) for item in found.values()] == [
        ("上门维修", 140_00),
        ("市区上门", 30_00),
        ("排水泵 P-1", 90_00),
        ("皮带 WM-B10", 38_00),
    ]
    billed.line(company, case_id, f"{items.OF_CATALOGUE}·{belt}", quantity=2)
    (row,) = company.rows(QuoteLine)
    assert (row.cents, row.part_id, row.unit) == (76_00, belt, "件")


def test_a_price_that_ended_yesterday_is_said_so(company: Company) -> None:
    case_id, _ = on_site(company, **OLD)
    ended = billed.price(company, valid_until="2026-03-01")
    with pytest.raises(InvalidInput) as refusal:
        billed.line(company, case_id, f"{items.OF_LIST}·{ended}")
    (bad,) = refusal.value.problems
    assert (bad.code, bad.details) == ("price_ended", {"on": "2026-03-01"})
    for key in ("price·77", "part·77", "other", "price·x"):
        with pytest.raises(InvalidInput):
            billed.line(company, case_id, key)
    today = billed.price(company, price_name="检修", valid_until="2026-03-02")
    quote_id = billed.line(company, case_id, f"{items.OF_LIST}·{today}")
    with pytest.raises(InvalidInput) as refusal:
        billed.sign(company, quote_id, now=NOW + DAY)
    assert codes(refusal) == {("form", "quoted_price_ended")}
    billed.sign(company, quote_id)
    assert quote(company, quote_id).status is QuoteStatus.AGREED


def test_paid_work_is_not_finished_before_the_price_is_agreed(company: Company) -> None:
    case_id, job_id = on_site(company, **OLD)
    with pytest.raises(InvalidInput) as refusal:
        act(company, "technician", job_id, report())
    assert codes(refusal) == {("quote", "quote_first")}
    quote_id = billed.quoted(company, case_id, quantity=2)
    billed.own_line(company, case_id, line_kind="part", line_name="水管", unit_cents=9_99)
    with pytest.raises(InvalidInput):
        act(company, "technician", job_id, report())
    billed.sign(company, quote_id)
    act(company, "technician", job_id, report())
    job = company.get(Job, job_id)
    assert job.status is JobStatus.DONE
    assert (job.labour_cents, job.parts_cents) == (240_00, 9_99)
    (row,) = company.rows(History, subject="job", action="finished")
    assert row.data["cents"] == 249_99
    assert last(company, "agreed").data["of"] == quote(company, quote_id).agreed_what


def test_free_work_needs_no_quote_and_has_none(company: Company) -> None:
    case_id, job_id = on_site(company)
    with pytest.raises(WrongStatus):
        billed.quoted(company, case_id)
    act(company, "technician", job_id, report())
    assert company.get(Job, job_id).labour_cents == 0
    assert not billed.bill(company, case_id).is_there


def test_what_was_agreed_for_a_case_that_turns_out_free_is_not_asked(company: Company) -> None:
    case_id, job_id = on_site(company)
    paid = SetCharge(charge="paid", charge_reason="not_makers_fault")
    company.act("technician", ServiceRequest, case_id, paid)
    billed.agreed(company, case_id)
    free = SetCharge(charge="free", charge_reason="in_warranty")
    company.act("technician", ServiceRequest, case_id, free)
    act(company, "technician", job_id, report())
    assert company.get(Job, job_id).labour_cents == 0
    assert billed.bill(company, case_id).due_cents == 0


def test_who_may_go_against_the_rule_says_why(company: Company) -> None:
    _, job_id = on_site(company, **OLD)
    anyway = parse(FinishAnyway, REPORT | {"exception_reason": "客户已离开，次日补签"})
    with pytest.raises(NotAllowed):
        act(company, "technician", job_id, anyway)
    act(company, "manager", job_id, anyway)
    (row,) = company.rows(History, subject="job", action="finished")
    assert (row.data["lacks"], row.data["clauses"]) == (["quote"], ["E5"])


def test_a_quote_that_is_changed_is_agreed_anew(company: Company) -> None:
    case_id, job_id = on_site(company, **OLD)
    quote_id = billed.agreed(company, case_id)
    with pytest.raises(WrongStatus):
        billed.own_line(company, case_id)
    (row,) = company.rows(QuoteLine)
    with pytest.raises(WrongStatus):
        says(company, quote_id, "technician", RemoveLine(line_id=row.id))
    says(company, quote_id, "technician", ReviseQuote(note="加换水管"))
    assert quote(company, quote_id).signature is None
    billed.own_line(company, case_id)
    with pytest.raises(InvalidInput):
        act(company, "technician", job_id, report())
    told = AcceptQuote(signer="王小明", channel="hotline", note="电话里同意")
    says(company, quote_id, "technician", told)
    act(company, "technician", job_id, report())
    assert company.get(Job, job_id).labour_cents == 170_00
    assert last(company, "agreed").data["channel"] == "hotline"
    # What is done is done: the price stays.
    with pytest.raises(WrongStatus):
        says(company, quote_id, "manager", ReviseQuote(note="太贵"))


def test_what_is_built_in_beyond_the_quote_is_pointed_out(sqlite_company: Company) -> None:
    company = sqlite_company
    case_id, job_id = on_site(company, **OLD)
    belt = stocked.part(company, price_cents=38_00)
    stocked.deliver(company, belt, 5)
    quote_id = billed.line(company, case_id, f"{items.OF_CATALOGUE}·{belt}")
    stocked.use(company, job_id, quantity=2, old_part="none")
    assert billed.bill(company, case_id).beyond == ("皮带 WM-B10 ×1件",)
    billed.line(company, case_id, f"{items.OF_CATALOGUE}·{belt}")
    billed.sign(company, quote_id)
    assert not billed.bill(company, case_id).beyond


def test_what_was_seen_is_what_is_signed(company: Company) -> None:
    case_id, _ = on_site(company, **OLD)
    quote_id = billed.quoted(company, case_id)
    seen = quote(company, quote_id).version
    billed.own_line(company, case_id)
    with pytest.raises(Stale):
        billed.sign(company, quote_id, seen_version=seen)
    with pytest.raises(InvalidInput) as refusal:
        says(company, quote_id, "technician", SignQuote(signer="王", strokes=[]))
    assert codes(refusal) == {("strokes", "not_signed")}
    billed.sign(company, quote_id)
    assert billed.bill(company, case_id).quote.is_changed is False  # type: ignore[union-attr]
    with transaction(company.engine, write=True) as session:
        session.query(QuoteLine).update({"unit_cents": 1_00})
    seen_now = billed.bill(company, case_id).quote
    assert seen_now and seen_now.is_changed and seen_now.signature


def test_a_declined_quote_stands_in_the_way_and_may_be_made_anew(company: Company) -> None:
    case_id, job_id = on_site(company, **OLD)
    quote_id = billed.quoted(company, case_id)
    says(company, quote_id, "technician", DeclineQuote(note="太贵"))
    with pytest.raises(InvalidInput):
        act(company, "technician", job_id, report())
    says(company, quote_id, "technician", ReviseQuote(note="只收上门费"))
    (row,) = company.rows(QuoteLine)
    says(company, quote_id, "technician", RemoveLine(line_id=row.id))
    with pytest.raises(WrongStatus):
        billed.sign(company, quote_id)
    billed.own_line(company, case_id, line_kind="travel", unit_cents=30_00)
    billed.sign(company, quote_id)
    assert billed.bill(company, case_id).due_cents == 30_00


def discount(cents: int) -> GiveDiscount:
    return GiveDiscount(discount_cents=cents, discount_reason="等了两周，老客户")


def test_a_discount_is_within_the_authority_of_the_role(company: Company) -> None:
    case_id, job_id = on_site(company, **OLD)
    quote_id = billed.quoted(company, case_id, quantity=3)
    with pytest.raises(NotAllowed):
        says(company, quote_id, "technician", discount(10_00))
    with pytest.raises(InvalidInput) as refusal:
        says(company, quote_id, "agent", discount(200_01))
    assert codes(refusal) == {("discount_cents", "over_authority")}
    with pytest.raises(InvalidInput) as refusal:
        says(company, quote_id, "manager", discount(360_01))
    assert codes(refusal) == {("discount_cents", "more_than_quoted")}
    says(company, quote_id, "agent", discount(200_00))
    row = last(company, "discounted")
    assert row.data == {"cents": 200_00, "departs_from": "E5"} and row.note == "等了两周，老客户"
    billed.sign(company, quote_id)
    act(company, "technician", job_id, report())
    assert company.get(Job, job_id).labour_cents == 160_00


def test_a_discount_goes_with_the_line_that_it_was_for(company: Company) -> None:
    case_id, job_id = on_site(company, **OLD)
    quote_id = billed.quoted(company, case_id)
    billed.own_line(company, case_id, line_kind="part", unit_cents=50_00)
    says(company, quote_id, "manager", discount(150_00))
    assert quote(company, quote_id).cents == 20_00
    billed.sign(company, quote_id)
    act(company, "manager", job_id, report())
    job = company.get(Job, job_id)
    assert (job.labour_cents, job.parts_cents) == (0, 20_00)
    other, _ = on_site(company, **OLD, serial="SN9")
    second = billed.quoted(company, other)
    says(company, second, "manager", discount(120_00))
    (row,) = company.rows(QuoteLine, quote_id=second)
    says(company, second, "technician", RemoveLine(line_id=row.id))
    left = quote(company, second)
    assert (left.cents, left.discount_cents, left.discount_reason) == (0, 0, "")


def test_who_waives_gives_up_what_was_quoted(company: Company) -> None:
    case_id, _ = on_site(company, **OLD)
    billed.quoted(company, case_id, quantity=2)
    waived = {"charge_reason": "goodwill", "note": "老客户"}
    for who, cents, code in (
        ("agent", 1_00, "less_than_quoted"),
        ("agent", 240_00, "over_authority"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            command = WaiveCharge(given_up_cents=cents, **waived)
            company.act(who, ServiceRequest, case_id, command)
        assert codes(refusal) == {("given_up_cents", code)}
    company.act("manager", ServiceRequest, case_id, WaiveCharge(given_up_cents=240_00, **waived))
    assert company.get(ServiceRequest, case_id).charge.value == "free"


def test_an_invoice_is_written_once_and_holds_the_price(company: Company) -> None:
    case_id, _ = on_site(company, **OLD)
    quote_id = billed.agreed(company, case_id)
    says(company, quote_id, "technician", WriteInvoice(invoice="24312000000123"))
    for who, command in (
        ("finance", WriteInvoice(invoice="2")),
        ("technician", ReviseQuote(note="加价")),
    ):
        with pytest.raises(WrongStatus):
            says(company, quote_id, who, command)
    with pytest.raises(NotAllowed):
        says(company, quote_id, "technician", WithdrawInvoice(note="抬头有误"))
    says(company, quote_id, "finance", WithdrawInvoice(note="抬头有误"))
    assert last(company, "invoice_withdrawn").note == "24312000000123: 抬头有误"
    says(company, quote_id, "technician", ReviseQuote(note="加价"))


def test_only_who_sees_the_case_sees_and_makes_its_quote(company: Company) -> None:
    case_id, _ = on_site(company, **OLD)
    quote_id = billed.quoted(company, case_id)
    for who in ("technician.stranger", "agent.stranger"):
        with pytest.raises(NotFound):
            company.see(who, bills.bill, case_id=case_id)
        with pytest.raises(NotFound):
            billed.quoted(company, case_id, who)
        with pytest.raises(NotFound):
            billed.sign(company, quote_id, who)
    with pytest.raises(NotAllowed):
        billed.quoted(company, case_id, "auditor")
    assert billed.bill(company, case_id, "auditor").quote


@pytest.mark.parametrize("paper", ["quotation", "payment_receipt"])
def test_quote_and_receipt_are_printed(company: Company, paper: str) -> None:
    case_id, _ = on_site(company, **OLD)
    asked = {"paper": paper, "word": word, "case_id": case_id}
    with pytest.raises(NotFound):
        company.see("agent", printing.content, **asked)
    billed.agreed(company, case_id)
    billed.pay(company, case_id, 100_00, means="code", reference="WX-77")
    text = printed(company.see("agent", printing.content, **asked))
    assert {"上门维修", "120.00 元", "王小明"} <= text
    assert ({"WX-77", "20.00 元"} <= text) == (paper == "payment_receipt")


def printed(document: bytes) -> set[str]:
    found = Document(BytesIO(document))
    return {cell.text for table in found.tables for cell in table._cells}
