"""Money from the customer's hand to finance: taken, given back, handed in, counted; cents add up."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import overview
from core.billing import hand_ins, payments, till, unpaid
from core.billing.inputs import (
    CountMoney,
    GiveDiscount,
    GiveMoneyBack,
    HandInMoney,
    ReviseQuote,
    SendMoneyBack,
    UndoPayment,
)
from core.followups import actions as followups
from core.followups.actions import RecordAnswers
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Refused, WrongStatus
from core.kernel.inputs import parse
from core.process import workflow
from core.requests.inputs import WaiveCharge
from db.codes import HandInStatus, PayMeans, PaymentStatus, QuoteStatus
from db.tables import FollowUp, HandIn, History, Payment, Quote, QuoteLine, ServiceRequest
from tests import billed
from tests.billed import OLD, bill, pay
from tests.company_cast import NOW, Company
from tests.test_core_dispatch_threads import at_once
from tests.test_core_jobs import act, codes, on_site, report

DAY = timedelta(days=1)
THREADS = 16
pytestmark = pytest.mark.usefixtures("files")


def owed(company: Company) -> int:
    """A case with a quote of 120 that was agreed."""
    case_id, _ = on_site(company, **OLD)
    billed.agreed(company, case_id)
    return case_id


def back(company: Company, case_id: int, cents: int, who: str = "technician", **facts: Any) -> int:
    usual = {"case_id": case_id, "means": "cash", "paid_cents": cents, "note": "多收"}
    return company.do(who, payments.give_back, parse(GiveMoneyBack, usual | facts))


def hand_in(company: Company, who: str = "technician", **more: Any) -> int:
    return company.do(who, hand_ins.hand_in, HandInMoney(), **more)


def count(company: Company, id: int, cash: int, who: str = "finance", **more: Any) -> None:
    facts = {"counted_cash_cents": cash, "counted_transfer_cents": 0, "counted_code_cents": 0}
    company.act(who, HandIn, id, CountMoney(**facts | more))


def revised(company: Company, case_id: int) -> None:
    (quote,) = company.rows(Quote, request_id=case_id)
    company.act("technician", Quote, quote.id, ReviseQuote(note="少做一项"))


def test_what_is_owed_is_taken_and_no_more(company: Company) -> None:
    case_id, _ = on_site(company, **OLD)
    billed.quoted(company, case_id)
    with pytest.raises(InvalidInput) as refusal:
        pay(company, case_id, 100)
    assert codes(refusal) == {("paid_cents", "nothing_owed")}
    (quote,) = company.rows(Quote)
    billed.sign(company, quote.id)
    pay(company, case_id, 100_00)
    with pytest.raises(InvalidInput) as refusal:
        pay(company, case_id, 20_01, means="code")
    (bad,) = refusal.value.problems
    assert (bad.code, bad.details) == ("more_than_owed", {"most": "20.00"})
    pay(company, case_id, 20_00, "agent", means="code", reference="WX-1")
    found = bill(company, case_id)
    assert (found.due_cents, found.paid_cents, found.owed_cents) == (120_00, 120_00, 0)
    assert [row.number for row in found.payments] == ["RC260302-0001", "RC260302-0002"]
    with pytest.raises(NotAllowed):
        pay(company, case_id, 1, "dispatcher")
    with pytest.raises(NotFound):
        pay(company, case_id, 1, "agent.stranger")


def test_what_is_owed_for_finished_work_is_a_pile_and_asked_about_at_the_end(
    company: Company,
) -> None:
    case_id, job_id = on_site(company, **OLD)
    billed.agreed(company, case_id)
    assert not company.see("technician", unpaid.listed)
    act(company, "technician", job_id, report())
    late = NOW + 3 * DAY
    pile = {row.name: row.count for row in company.see("agent", overview.overview).piles}
    (row,) = company.see("finance", unpaid.listed, now=late)
    assert pile["money_owed"] == 1
    assert (row.id, row.owed_cents, row.days, row.reason) == (case_id, 120_00, 3, "")
    assert not company.see("technician.stranger", unpaid.listed)
    with pytest.raises(NotAllowed):
        company.see("dispatcher", unpaid.listed)
    pay(company, case_id, 20_00)
    (call,) = company.rows(FollowUp)
    asked = {"process": followups.PROCESS, "record_id": call.id}
    drawn = company.see("agent", workflow.form, **asked, action=RecordAnswers)
    assert "unpaid_reason" in drawn.fields
    (row,) = company.see("agent", followups.due_calls, now=late)
    assert row.owed_cents == 100_00
    content = {"scores": {"attitude": 10}}
    with pytest.raises(InvalidInput) as refusal:
        company.act("agent", FollowUp, call.id, RecordAnswers(**content), now=late)
    assert codes(refusal) == {("unpaid_reason", "money_owed")}
    told = RecordAnswers(**content, unpaid_reason="月底转账")
    company.act("agent", FollowUp, call.id, told, now=late)
    (row,) = company.see("finance", unpaid.listed, now=late)
    assert (row.status, row.owed_cents, row.reason) == ("closed", 100_00, "月底转账")
    (closed,) = company.rows(History, subject="request", action="closed")
    assert "money" in closed.data["lacks"] and "E13" in closed.data["clauses"]
    pay(company, case_id, 100_00, "finance", means="transfer", now=late)
    assert not company.see("finance", unpaid.listed)


def test_a_call_about_a_paid_case_asks_for_no_reason(sqlite_company: Company) -> None:
    _case_id, call_id = sqlite_company.finished(**OLD)
    asked = {"process": followups.PROCESS, "record_id": call_id, "action": RecordAnswers}
    assert "unpaid_reason" not in sqlite_company.see("agent", workflow.form, **asked).fields
    sqlite_company.act("agent", FollowUp, call_id, RecordAnswers(scores={"attitude": 10}))
    (closed,) = sqlite_company.rows(History, subject="request", action="closed")
    assert "money" not in closed.data.get("lacks", [])


def test_a_mistake_is_undone_by_who_made_it_until_it_is_handed_in(company: Company) -> None:
    case_id = owed(company)
    first = pay(company, case_id, 50_00)
    with pytest.raises(NotAllowed):
        company.act("agent", Payment, first, UndoPayment(note="记错"))
    company.act("technician", Payment, first, UndoPayment(note="记错"))
    assert bill(company, case_id).paid_cents == 0
    second = pay(company, case_id, 50_00)
    hand_in(company)
    with pytest.raises(WrongStatus):
        company.act("technician", Payment, second, UndoPayment(note="记错"))


def test_what_was_paid_too_much_is_given_back_out_of_what_is_in_hand(company: Company) -> None:
    case_id = owed(company)
    pay(company, case_id, 120_00)
    with pytest.raises(InvalidInput) as refusal:
        back(company, case_id, 1)
    assert codes(refusal) == {("paid_cents", "more_than_overpaid")}
    revised(company, case_id)
    billed.quoted(company, case_id)  # twice the labour
    assert bill(company, case_id).owed_cents == -120_00
    with pytest.raises(InvalidInput) as refusal:
        back(company, case_id, 10_00, "agent")
    assert codes(refusal) == {("form", "not_in_hand")}
    back(company, case_id, 10_00)
    (first, _) = company.rows(Payment)
    with pytest.raises(InvalidInput) as refusal:
        company.act("technician", Payment, first.id, UndoPayment(note="记错"))
    assert codes(refusal) == {("form", "not_in_hand")}
    hand_in(company)
    (row,) = company.rows(HandIn)
    assert row.cash_cents == 110_00
    # Out of the company's account finance gives back what nobody holds.
    back(company, case_id, 110_00, "finance", means="transfer")
    assert bill(company, case_id).paid_cents == 0
    assert company.rows(Payment)[-1].status is PaymentStatus.COUNTED


def test_finance_counts_and_says_why_it_is_less(company: Company) -> None:
    case_id = owed(company)
    pay(company, case_id, 80_00)
    pay(company, case_id, 40_00, means="code")
    id = hand_in(company)
    with pytest.raises(InvalidInput) as refusal:
        hand_in(company)
    assert codes(refusal) == {("form", "nothing_held")}
    for who in ("technician", "agent", "auditor"):
        with pytest.raises((NotAllowed, NotFound)):
            count(company, id, 80_00, who)
    with pytest.raises(InvalidInput) as refusal:
        count(company, id, 79_00, counted_code_cents=41_00)
    assert codes(refusal) == {("difference_reason", "why_different")}
    count(company, id, 75_00, counted_code_cents=40_00, difference_reason="找零差错")
    (seen,) = company.see("technician", till.listed, day=NOW.date())
    assert (seen.cents, seen.difference, seen.difference_reason) == (120_00, -5_00, "找零差错")
    assert seen.sums[PayMeans.CASH] == (80_00, 75_00)
    assert {row.status for row in company.rows(Payment)} == {PaymentStatus.COUNTED}
    (row,) = company.see("finance", till.of_day, day=NOW.date())
    assert (row.taken, row.held, row.counted, row.difference) == (120_00, 0, 120_00, -5_00)


def test_nobody_counts_the_own_money_and_it_may_go_back(company: Company) -> None:
    case_id = owed(company)
    pay(company, case_id, 60_00, "manager")
    id = hand_in(company, "manager")
    with pytest.raises(NotAllowed) as refusal:
        count(company, id, 60_00, "manager")
    assert refusal.value.details["reason"] == "own_money"
    assert refusal.value.details["who"] == ("finance",)
    (kept, *_) = company.see("manager", till.barred, id=id)
    assert kept.reason == "own_money"
    company.act("finance", HandIn, id, SendMoneyBack(note="金额不清"))
    assert company.get(HandIn, id).status is HandInStatus.SENT_BACK
    (row,) = company.rows(Payment)
    assert (row.status, row.hand_in_id) == (PaymentStatus.HELD, None)
    assert hand_in(company, "manager") != id


def test_each_sees_the_own_money_and_finance_all_of_it(company: Company) -> None:
    case_id = owed(company)
    pay(company, case_id, 60_00)
    pay(company, case_id, 30_00, "agent", means="transfer")
    assert [row.person for row in company.see("finance", till.held)] == ["agent", "technician"]
    (mine,) = company.see("agent", till.held)
    assert (mine.person, mine.cents, mine.is_late) == ("agent", 30_00, False)
    hand_in(company, "agent")
    assert company.see("technician", till.listed) == ()
    assert len(company.see("finance", till.listed)) == 1
    with pytest.raises(NotAllowed):
        company.see("warehouse", till.held)
    tomorrow = company.see("finance", overview.overview, now=NOW + DAY)
    piles = {row.name: (row.count, row.late) for row in tomorrow.piles}
    assert (piles["money_held"], piles["money_to_count"]) == ((1, 1), (1, 1))


def test_what_is_waived_after_it_was_paid_is_owed_back(company: Company) -> None:
    case_id = owed(company)
    pay(company, case_id, 120_00)
    waived = WaiveCharge(charge_reason="goodwill", given_up_cents=120_00, note="老客户")
    company.act("manager", ServiceRequest, case_id, waived)
    assert bill(company, case_id).owed_cents == -120_00
    back(company, case_id, 120_00)
    assert bill(company, case_id).owed_cents == 0


def test_many_at_once_take_what_is_owed_once(company: Company) -> None:
    case_id = owed(company)
    people = ("technician", "agent", "manager", "agent.colleague")
    said = at_once(THREADS, lambda n: pay(company, case_id, 30_00, people[n % 4]))
    assert set(said) <= {"done", "InvalidInput", "Stale"}
    assert bill(company, case_id).paid_cents == said["done"] * 30_00 <= 120_00
    check_cents(company)


def check_cents(company: Company) -> None:
    """Every sum is the sum of its parts, and nobody holds less than nothing."""
    taken = company.rows(Payment)
    quotes = {row.id: row for row in company.rows(Quote)}
    lines = company.rows(QuoteLine)
    for id, quote in quotes.items():
        listed = sum(line.quantity * line.unit_cents for line in lines if line.quote_id == id)
        assert quote.cents == listed - quote.discount_cents >= 0
        valid = [p for p in taken if p.request_id == quote.request_id]
        paid = sum(p.cents for p in valid if p.status is not PaymentStatus.UNDONE)
        found = bill(company, quote.request_id, "manager")
        assert found.paid_cents == paid >= 0
        is_agreed = quote.status is QuoteStatus.AGREED and found.is_charged
        assert found.due_cents == (quote.cents if is_agreed else 0)
    for row in company.rows(HandIn):
        mine = [p for p in taken if p.hand_in_id == row.id]
        assert bool(mine) == (row.status is not HandInStatus.SENT_BACK)
        for means in PayMeans if mine else ():
            total = sum(p.cents for p in mine if p.means is means)
            assert getattr(row, f"{means.value}_cents") == total >= 0
    held = {row.person: row for row in company.see("finance", till.held)}
    for name in {*held, "technician", "agent", "manager"}:
        here = [p for p in taken if p.taken_by_id == company[name].id]
        for means in PayMeans:
            still = [p for p in here if p.means is means and p.status is PaymentStatus.HELD]
            sums = held[name].sums if name in held else {}
            assert sum(p.cents for p in still) == sums.get(means, 0) >= 0
    for row in company.see("finance", till.of_day, day=NOW.date()):
        here = [p for p in taken if p.taken_by_id == row.id]
        assert row.taken == sum(p.cents for p in here if p.status is not PaymentStatus.UNDONE)


@pytest.mark.parametrize("seed", [11])
def test_whatever_is_done_the_cents_add_up(company: Company, seed: int) -> None:
    dice = random.Random(seed)
    cases = [owed(company) for _ in range(3)]
    people = ("technician", "agent", "manager", "finance")

    def some(table: type, **facts: Any) -> Any:
        return dice.choice(company.rows(table, **facts) or [None])

    def on_quote(command: Any, who: str = "manager") -> None:
        (quote,) = company.rows(Quote, request_id=dice.choice(cases))
        company.act(who, Quote, quote.id, command)

    def counted() -> None:
        if row := some(HandIn, status=HandInStatus.HANDED_IN):
            off = dice.choice((0, 0, 1, -1))
            facts = {f"counted_{m.value}_cents": getattr(row, f"{m.value}_cents") for m in PayMeans}
            facts["counted_cash_cents"] = max(0, row.cash_cents + off)
            command = CountMoney(**facts, difference_reason="差错")
            company.act(dice.choice(("finance", "manager")), HandIn, row.id, command)

    def undone() -> None:
        if row := some(Payment):
            company.act(dice.choice(people), Payment, row.id, UndoPayment(note="记错"))

    def sent_back() -> None:
        if row := some(HandIn):
            company.act("finance", HandIn, row.id, SendMoneyBack(note="不清"))

    def signed() -> None:
        (quote,) = company.rows(Quote, request_id=dice.choice(cases))
        billed.sign(company, quote.id)

    means = [each.value for each in PayMeans]
    cents = lambda: dice.choice((1, 33, 33_33, 50_00, 120_00))  # noqa: E731
    ways: tuple[Callable[[], object], ...] = (
        *[lambda: pay(company, dice.choice(cases), cents(), dice.choice(people), means=dice.choice(means))] * 4,
        *[lambda: back(company, dice.choice(cases), cents(), dice.choice(people), means=dice.choice(means))] * 2,
        lambda: on_quote(ReviseQuote(note="改")),
        lambda: on_quote(GiveDiscount(discount_cents=cents(), discount_reason="优惠")),
        lambda: billed.own_line(company, dice.choice(cases), unit_cents=cents(), quantity=dice.randint(1, 3)),
        *[signed] * 2,
        *[lambda: hand_in(company, dice.choice(people))] * 2,
        counted,
        sent_back,
        undone,
    )  # fmt: skip
    done = 0
    for step in range(120):
        try:
            dice.choice(ways)()
            done += 1
        except Refused:
            continue
        if step % 10 == 0:
            check_cents(company)
    check_cents(company)
    assert done > 25
