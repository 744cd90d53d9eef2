"""The quote and the receipt of a case on paper (A16, E13)."""

import base64
from dataclasses import dataclass

from core.billing import view as bills
from core.billing.view import Bill, LineView, PaymentView, QuoteView
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers.placeholders import CaseFacts, Picture, made
from core.papers.speech import Speech
from core.requests import papers as case_papers
from core.requests import view as case
from db.codes import PaymentStatus


@dataclass(frozen=True)
class ChargeLine:
    """One thing of a quote."""

    number: str
    kind: str
    item: str
    quantity: str
    price: str
    amount: str


@dataclass(frozen=True)
class PaymentLine:
    """Money that was paid, or given back."""

    number: str
    at: str
    means: str
    amount: str
    reference: str
    by: str


@dataclass(frozen=True)
class BillFacts(CaseFacts):
    """The quote and the receipt."""

    status: str
    listed: str
    discount: str
    discount_reason: str
    total: str
    agreed_by: str
    agreed_at: str
    signature: Picture
    invoice: str
    paid: str
    unpaid: str

    charges: tuple[ChargeLine, ...]
    payments: tuple[PaymentLine, ...]


def quote(uow: UnitOfWork, speech: Speech, *, case_id: int) -> BillFacts:
    """What the quote says; NotFound where nothing was quoted."""
    bill = bills.bill(uow, case_id=case_id)
    if bill.quote is None or not bill.quote.lines:
        raise NotFound(subject="quote")
    return _facts(uow, speech, bill)


def receipt(uow: UnitOfWork, speech: Speech, *, case_id: int) -> BillFacts:
    """What the receipt says; NotFound where nothing was paid."""
    bill = bills.bill(uow, case_id=case_id)
    if not any(row.status is not PaymentStatus.UNDONE for row in bill.payments):
        raise NotFound(subject="payment")
    return _facts(uow, speech, bill)


def _facts(uow: UnitOfWork, speech: Speech, bill: Bill) -> BillFacts:
    about = case.view(uow, id=bill.case_id, with_timeline=False)
    quote = bill.quote
    lines = quote.lines if quote else ()
    counted = (row for row in bill.payments if row.status is not PaymentStatus.UNDONE)
    texts = {
        **case_papers.of_case(uow, about, speech),
        **_quoted(quote, speech),
        "paid": speech.money(bill.paid_cents),
        "unpaid": speech.money(bill.owed_cents),
    }
    return made(
        BillFacts,
        texts,
        signature=_signature(quote),
        charges=tuple(_charge(at, line, speech) for at, line in enumerate(lines, 1)),
        payments=tuple(_payment(row, speech) for row in counted),
    )


def _quoted(quote: QuoteView | None, speech: Speech) -> dict[str, str]:
    if quote is None:
        names = ("status", "listed", "discount", "discount_reason", "total")
        return dict.fromkeys((*names, "agreed_by", "agreed_at", "invoice"), "")
    return {
        "status": speech.code(quote.status),
        "listed": speech.money(quote.cents + quote.discount_cents),
        "discount": speech.money(quote.discount_cents) if quote.discount_cents else "",
        "discount_reason": quote.discount_reason,
        "total": speech.money(quote.cents),
        "agreed_by": quote.agreed_by,
        "agreed_at": speech.moment(quote.agreed_at),
        "invoice": quote.invoice,
    }


def _signature(quote: QuoteView | None) -> Picture:
    """The drawing, but not below another quote than the customer signed."""
    if quote is None or quote.is_changed or not quote.signature:
        return Picture()
    return Picture(base64.b64encode(quote.signature).decode())


def _charge(at: int, line: LineView, speech: Speech) -> ChargeLine:
    texts = {
        "number": str(at),
        "kind": speech.code(line.kind),
        "item": line.name,
        "quantity": f"{line.quantity}{line.unit}",
        "price": speech.money(line.unit_cents),
        "amount": speech.money(line.cents),
    }
    return made(ChargeLine, texts)


def _payment(row: PaymentView, speech: Speech) -> PaymentLine:
    texts = {
        "number": row.number,
        "at": speech.moment(row.at),
        "means": speech.code(row.means),
        "amount": speech.money(row.cents),
        "reference": row.reference,
        "by": row.by,
    }
    return made(PaymentLine, texts)
