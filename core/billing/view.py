"""The bill of a case as screens show it: its quote, what was paid, what is owed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import joinedload

from core.billing import payments, prices, quotes
from core.billing.sight import QUOTE, TAKE
from core.jobs import signing
from core.kernel.unit_of_work import UnitOfWork
from core.process import workflow
from core.process.permissions import may, require_case
from core.process.rules import Rule
from core.requests import actions as requests
from core.requests import charging
from core.stock import catalogue, uses
from db.codes import Channel, PayMeans, PaymentStatus, PriceKind, QuoteStatus
from db.tables import Payment, Quote, QuoteLine, ServiceRequest


@dataclass(frozen=True)
class LineView:
    """One thing of a quote; `is_listed` where its price stands on a list, `ended_on` with its end.

    A price that has ended since cannot be agreed to any more.
    """

    id: int
    kind: PriceKind
    name: str
    unit: str
    quantity: int
    unit_cents: int
    cents: int
    is_listed: bool
    ended_on: date | None


@dataclass(frozen=True)
class QuoteView:
    """A quote with what the customer has said to it, and what may be done about it now."""

    id: int
    version: int
    status: QuoteStatus
    lines: tuple[LineView, ...]
    cents: int
    discount_cents: int
    discount_reason: str
    digest: str
    agreed_by: str
    agreed_at: datetime | None
    agreed_how: Channel | None
    signature: bytes | None
    # Whether it was signed, and the drawing is not there as it was.
    is_signature_lost: bool
    # Whether what stands there is another thing than what was agreed to.
    is_changed: bool
    invoice: str
    actions: tuple[Rule, ...]

    def sum_of(self, kind: PriceKind) -> int:
        """What the lines of a kind come to."""
        return sum(line.cents for line in self.lines if line.kind is kind)


@dataclass(frozen=True)
class PaymentView:
    """Money of one payment; less than nothing where it was given back."""

    id: int
    version: int
    number: str
    status: PaymentStatus
    means: PayMeans
    cents: int
    reference: str
    note: str
    by: str
    at: datetime
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class Bill:
    """What a case costs and what was paid; `owed_cents` is less than nothing when it was too much.

    `is_charged` says whether the customer pays at all; `beyond` which parts were built in, and
    how many, that the quote does not have.
    """

    case_id: int
    contact: str
    is_charged: bool
    quote: QuoteView | None
    beyond: tuple[str, ...]
    payments: tuple[PaymentView, ...]
    due_cents: int
    paid_cents: int
    may_quote: bool
    may_take: bool

    @property
    def owed_cents(self) -> int:
        """What is still to be paid."""
        return self.due_cents - self.paid_cents

    @property
    def is_there(self) -> bool:
        """Whether there is anything to show."""
        return self.is_charged or bool(self.quote or self.payments)


def bill(uow: UnitOfWork, *, case_id: int) -> Bill:
    """The bill of a case; NotFound where the case is out of sight."""
    require_case(uow, case_id)
    request = workflow.fetch(uow, requests.PROCESS, case_id)
    quote = quotes.of_case(uow, case_id)
    return Bill(
        case_id=case_id,
        contact=request.contact,
        is_charged=charging.is_charged(request),
        quote=_quote(uow, quote) if quote else None,
        beyond=_beyond(uow, request, quote),
        payments=_payments(uow, case_id),
        due_cents=charging.agreed_cents(request, quote),
        paid_cents=quote.paid_cents if quote else 0,
        may_quote=may(uow.actor, QUOTE) and quotes.may_quote(request),
        may_take=may(uow.actor, TAKE),
    )


def _beyond(uow: UnitOfWork, request: ServiceRequest, quote: Quote | None) -> tuple[str, ...]:
    if not charging.is_charged(request):
        return ()
    quoted: Counter[int | None] = Counter()
    for line in quote.lines if quote else ():
        quoted[line.part_id] += line.quantity
    return tuple(
        f"{catalogue.label(part)} ×{more}{part.unit}"
        for part, used in uses.sums(uow, case_id=request.id)
        if (more := used - quoted[part.id]) > 0
    )


def _quote(uow: UnitOfWork, quote: Quote) -> QuoteView:
    drawing = signing.picture_of(quote.signature) if quote.signature else None
    digest = quotes.digest(quote)
    return QuoteView(
        id=quote.id,
        version=quote.version,
        status=quote.status,
        lines=tuple(_line(uow, line) for line in quote.lines),
        cents=quote.cents,
        discount_cents=quote.discount_cents,
        discount_reason=quote.discount_reason,
        digest=digest,
        agreed_by=quote.agreed_by,
        agreed_at=quote.agreed_at,
        agreed_how=quote.agreed_how,
        signature=drawing,
        is_signature_lost=quote.signature is not None and drawing is None,
        is_changed=bool(quote.agreed_what) and quote.agreed_what != digest,
        invoice=quote.invoice,
        actions=quotes.PROCESS.allowed(uow.actor, quote),
    )


def _line(uow: UnitOfWork, line: QuoteLine) -> LineView:
    return LineView(
        id=line.id,
        kind=line.kind,
        name=line.name,
        unit=line.unit,
        quantity=line.quantity,
        unit_cents=line.unit_cents,
        cents=line.cents,
        is_listed=bool(line.price_id or line.part_id),
        ended_on=prices.ended_on(line.price, uow.today),
    )


def _payments(uow: UnitOfWork, case_id: int) -> tuple[PaymentView, ...]:
    rows = uow.session.scalars(
        payments.select_visible(uow.actor)
        .where(Payment.request_id == case_id)
        .options(joinedload(Payment.taken_by))
        .order_by(Payment.id)
    )
    return tuple(_payment(uow, row) for row in rows)


def _payment(uow: UnitOfWork, row: Payment) -> PaymentView:
    return PaymentView(
        id=row.id,
        version=row.version,
        number=row.number,
        status=row.status,
        means=row.means,
        cents=row.cents,
        reference=row.reference,
        note=row.note,
        by=row.taken_by.name,
        at=row.taken_at,
        actions=payments.PROCESS.allowed(uow.actor, row),
    )
