"""Action x status x role of quotes, of payments, and of money that was handed in."""

from collections.abc import Callable, Sequence
from functools import partial

import pytest

from core.billing import hand_ins, inputs, payments, quotes
from core.house import HOUSE
from core.kernel.inputs import Action
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from db.codes import (
    Channel,
    Charge,
    HandInStatus,
    PayMeans,
    PaymentStatus,
    PriceKind,
    QuoteStatus,
    RequestStatus,
    Role,
)
from db.tables import HandIn, Payment, Quote, QuoteLine
from tests import stored_rows
from tests.billed import STROKES
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

# A quote with a line, one with an invoice, one without a line, one of a case that became free.
KINDS = "lines invoiced empty free"
make = partial(Cells, roles="agent dispatcher technician manager", kinds="lines")
QUOTE_CELLS = (
    make("sign_quote", "agreed", "open", "agreed"),
    make("accept_quote", "agreed", "open", "agreed"),
    make("remove_line", "line_removed", "open", None),
    make("give_discount", "discounted", "open", None, roles="agent handler manager leader"),
    make("decline_quote", "declined", "open", "declined"),
    # What customers say by links: nobody of the company says it for them by the same way.
    make("confirm_quote", "agreed", "open", "agreed", roles=""),
    make("refuse_quote", "declined", "open", "declined", roles=""),
    make("revise_quote", "revised", "agreed declined", "open", kinds="lines empty"),
    make(
        *("write_invoice", "invoiced", "agreed", None),
        roles="agent technician finance manager",
        kinds="lines empty",
    ),
    make(
        *("withdraw_invoice", "invoice_withdrawn", "agreed", None),
        roles="finance manager",
        kinds="invoiced",
    ),
)
TAKERS = "agent technician finance manager"
PAYMENT_CELLS = (Cells("undo_payment", "undone", "held", "undone", "", "payment", own=TAKERS),)
count = partial(Cells, roles="finance manager", kinds="hand_in", not_for="own_money")
HAND_IN_CELLS = (
    count("count_money", "counted", "handed_in", "counted"),
    count("send_money_back", "sent_back", "handed_in", "sent_back"),
)
# Who follows all money on its way.
FOLLOWERS = (Role.FINANCE, Role.MANAGER, Role.LEADER, Role.AUDITOR)


def quote_steps(line_id: int = 1) -> tuple[Action, ...]:
    return (
        inputs.SignQuote(signer="王", strokes=STROKES),
        inputs.AcceptQuote(signer="王", channel=Channel.HOTLINE),
        inputs.RemoveLine(line_id=line_id),
        inputs.GiveDiscount(discount_cents=1, discount_reason="老客户"),
        inputs.DeclineQuote(note="太贵"),
        inputs.ConfirmQuote(seen="", signer="王"),
        inputs.RefuseQuote(seen="", note="太贵"),
        inputs.ReviseQuote(note="加项"),
        inputs.WriteInvoice(invoice="2"),
        inputs.WithdrawInvoice(note="抬头有误"),
    )


PAYMENT_STEPS = (inputs.UndoPayment(note="记错"),)
COUNTED = {f"counted_{each.value}_cents": 0 for each in PayMeans}
HAND_IN_STEPS = (
    inputs.CountMoney(**COUNTED, difference_reason="丢失"),
    inputs.SendMoneyBack(note="不清"),
)


def put_quote(uow: UnitOfWork, company: Company, state: str, kind: str) -> Stand:
    case = stored_rows.request(uow.session, company, RequestStatus.IN_PROGRESS)
    case.charge = Charge.FREE if kind == "free" else Charge.PAID
    is_agreed = state == "agreed"
    row = Quote(
        request=case,
        status=QuoteStatus(state),
        cents=0 if kind == "empty" else 100,
        agreed_at=NOW if is_agreed else None,
        invoice="1" if kind == "invoiced" and is_agreed else "",
        lines=[],
    )
    if kind != "empty":
        line = {"kind": PriceKind.LABOUR, "name": "维修", "quantity": 1, "unit_cents": 100}
        row.lines.append(QuoteLine(**line))
    stored_rows.add(uow.session, row)
    return Stand(quotes.PROCESS, row, state, kind, None, QUOTE_CELLS)


def put_payment(uow: UnitOfWork, company: Company, state: str, _kind: str) -> Stand:
    case = stored_rows.request(uow.session, company, RequestStatus.IN_PROGRESS)
    person_id = company["technician"].id
    agreed = {"status": QuoteStatus.AGREED, "agreed_at": NOW, "lines": []}
    stored_rows.add(uow.session, Quote(request=case, cents=1, paid_cents=1, **agreed))
    handed = {} if state in ("held", "undone") else {"hand_in_id": hand_in(uow, person_id).id}
    row = Payment(
        number=f"RC-{state}",
        request=case,
        status=PaymentStatus(state),
        means=PayMeans.CASH,
        cents=1,
        taken_by_id=person_id,
        taken_at=NOW,
        **handed,
    )
    stored_rows.add(uow.session, row)
    return Stand(payments.PROCESS, row, state, "payment", person_id, PAYMENT_CELLS)


def hand_in(uow: UnitOfWork, person_id: int | None, state: str = "handed_in") -> HandIn:
    when = {"handed_at": NOW, "handed_on": NOW.date(), "counted_at": NOW}
    sums = {f"{each.value}_cents": 1 for each in PayMeans}
    facts = when | sums | COUNTED
    row = HandIn(person_id=person_id, status=HandInStatus(state), **facts)
    stored: HandIn = stored_rows.add(uow.session, row)
    return stored


def put_hand_in(uow: UnitOfWork, company: Company, state: str, _kind: str) -> Stand:
    manager = company["manager"].id
    row = hand_in(uow, manager, state)
    others = [each.id for each in company.people.values() if each.role not in FOLLOWERS]
    own, all_ = {"own_money": [manager]}, HAND_IN_CELLS
    return Stand(hand_ins.PROCESS, row, state, "hand_in", None, all_, own, (), others)


Put = Callable[[UnitOfWork, Company, str, str], Stand]


def check(company: Company, put: Put, state: str, kind: str, names: Sequence[str]) -> None:
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        stand = put(uow, company, state, kind)
        lines = getattr(stand.record, "lines", ())
        steps = {
            quotes.PROCESS.subject: quote_steps(lines[0].id if lines else 1),
            payments.PROCESS.subject: PAYMENT_STEPS,
            hand_ins.PROCESS.subject: HAND_IN_STEPS,
        }
        people = [company[each] for each in names]
        check_stand(uow, stand, people, steps[stand.process.subject])


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("kind", KINDS.split())
def test_quotes_move_as_the_table_says(sqlite_company: Company, kind: str) -> None:
    for state in QuoteStatus:
        if kind != "invoiced" or state is QuoteStatus.AGREED:
            check(sqlite_company, put_quote, state, kind, [*sqlite_company.people])


@pytest.mark.parametrize("state", [each.value for each in PaymentStatus])
def test_payments_move_as_the_table_says(sqlite_company: Company, state: str) -> None:
    check(sqlite_company, put_payment, state, "payment", [*sqlite_company.people])


@pytest.mark.parametrize("state", [each.value for each in HandInStatus])
def test_handed_in_money_moves_as_the_table_says(sqlite_company: Company, state: str) -> None:
    check(sqlite_company, put_hand_in, state, "hand_in", [*sqlite_company.people])


@pytest.mark.usefixtures("files")
def test_a_sample_on_both_databases(company: Company) -> None:
    names = ["technician", "technician.stranger", "finance", "manager", "warehouse"]
    for put, state, kind in (
        (put_quote, "open", "lines"),
        (put_payment, "held", "payment"),
        (put_hand_in, "handed_in", "hand_in"),
    ):
        check(company, put, state, kind, names)


def test_no_rule_is_left_out() -> None:
    check_no_rule_is_left_out(quotes.PROCESS, quote_steps(), QUOTE_CELLS)
    check_no_rule_is_left_out(payments.PROCESS, PAYMENT_STEPS, PAYMENT_CELLS)
    check_no_rule_is_left_out(hand_ins.PROCESS, HAND_IN_STEPS, HAND_IN_CELLS)
