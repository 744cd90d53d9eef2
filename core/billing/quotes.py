"""Quotes 报价: what the work costs, told and agreed before it is done (E5, S6, A16, E13)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload

from core.billing import items, prices
from core.billing.inputs import (
    AcceptQuote,
    AddLine,
    AddOwnLine,
    Answer,
    ConfirmQuote,
    DeclineQuote,
    GiveDiscount,
    RefuseQuote,
    RemoveLine,
    ReviseQuote,
    SignQuote,
    WithdrawInvoice,
    WriteInvoice,
)
from core.billing.items import Item
from core.billing.sight import ANSWER, COUNT, GOODWILL, QUOTE, TAKE
from core.jobs import signing
from core.kernel import chain
from core.kernel.errors import InvalidInput, Problem, Stale, WrongStatus
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import workflow
from core.process.permissions import require, visible_requests
from core.process.rules import Done, Process, Rule
from core.requests import actions as requests
from core.requests import charging
from db.codes import Channel, PriceKind, QuoteStatus
from db.tables import Quote, QuoteLine, ServiceRequest

OPEN, AGREED, DECLINED = QuoteStatus
MOST_LINES = 100
# What all of a quote may come to.
MOST_CENTS = 100_000_000_00


def may_quote(request: ServiceRequest) -> bool:
    """Whether a price is to be told: paid work that is not over."""
    return charging.is_charged(request) and request.status in requests.OPEN


def _runs(quote: Quote) -> bool:
    return may_quote(quote.request)


def _has_lines(quote: Quote) -> bool:
    return _runs(quote) and bool(quote.lines)


def _is_uninvoiced(quote: Quote) -> bool:
    return _runs(quote) and not quote.invoice


def _lacks_invoice(quote: Quote) -> bool:
    return charging.is_charged(quote.request) and not quote.invoice


def _has_invoice(quote: Quote) -> bool:
    return bool(quote.invoice)


HERE, THERE, OVER = frozenset({OPEN}), frozenset({AGREED}), frozenset({AGREED, DECLINED})
RULES = (
    Rule("begun", None, frozenset(), OPEN, QUOTE, "E5"),
    Rule("agreed", SignQuote, HERE, AGREED, QUOTE, "E5", _has_lines),
    Rule("agreed", AcceptQuote, HERE, AGREED, QUOTE, "E5", _has_lines),
    Rule("agreed", ConfirmQuote, HERE, AGREED, ANSWER, "E5", _has_lines),
    Rule("line_removed", RemoveLine, HERE, None, QUOTE, "E5", _has_lines),
    Rule("discounted", GiveDiscount, HERE, None, GOODWILL, "E24", _has_lines),
    Rule("declined", DeclineQuote, HERE, DECLINED, QUOTE, "E5", _has_lines),
    Rule("declined", RefuseQuote, HERE, DECLINED, ANSWER, "E5", _has_lines),
    Rule("revised", ReviseQuote, OVER, OPEN, QUOTE, "E5", _is_uninvoiced),
    Rule("invoiced", WriteInvoice, THERE, None, TAKE, "E13", _lacks_invoice),
    Rule("invoice_withdrawn", WithdrawInvoice, THERE, None, COUNT, "E13", _has_invoice),
    Rule("line_added", None, HERE, None, QUOTE, "E5", _runs),
)


def select_visible(actor: Actor) -> Select[Quote]:
    """The quotes of the cases that the actor may see."""
    return (
        select(Quote)
        .join(Quote.request)
        .where(visible_requests(actor))
        .options(
            contains_eager(Quote.request),
            selectinload(Quote.lines).joinedload(QuoteLine.price),
        )
    )


def of_case(uow: UnitOfWork, case_id: int) -> Quote | None:
    """The quote of a case that the actor may see."""
    return uow.session.scalar(select_visible(uow.actor).where(Quote.request_id == case_id))


def add_line(uow: UnitOfWork, command: AddLine, *, case_id: int) -> int:
    """Quote something from the list, at the price of today; gives the quote's id."""
    request = _case(uow, case_id)
    return _add(uow, request, items.chosen(uow, request, command.item), command.quantity)


def add_own_line(uow: UnitOfWork, command: AddOwnLine, *, case_id: int) -> int:
    """Quote something that no list has; gives the quote's id."""
    request = _case(uow, case_id)
    if command.line_kind in charging.free_parts(uow, request):
        raise InvalidInput(Problem("unit_cents", "free_by_contract"))
    item = Item(command.line_kind, command.line_name, "", command.unit_cents)
    return _add(uow, request, item, command.quantity)


def agree_elsewhere(uow: UnitOfWork, request: ServiceRequest, name: str, cents: int) -> None:
    """The customer has agreed to a price in the shop: it stands beside what was agreed before."""
    if not may_quote(request):
        return
    quote = of_case(uow, request.id) or _begin(uow, request)
    before = quote.lines if quote.status is AGREED else []
    kept = [line for line in before if line.name != name]
    if quote.status is not OPEN:
        workflow.advance(
            uow, PROCESS, quote, "revised", _revise(uow, quote, ReviseQuote(note=name))
        )
    line = QuoteLine(kind=PriceKind.LABOUR, name=name, quantity=1, unit_cents=cents)
    quote.lines = [*kept, line]
    data = _reckon(quote) | {"cents": cents}
    workflow.advance(uow, PROCESS, quote, "line_added", Done(_said(line), data))
    workflow.advance(uow, PROCESS, quote, "agreed", Done(data=_agree(uow, quote, request.contact)))


def offered(uow: UnitOfWork, *, case_id: int) -> Mapping[str, Item]:
    """What may be quoted on a case."""
    return items.of_case(uow, workflow.fetch(uow, requests.PROCESS, case_id))


def digest(quote: Quote) -> str:
    """The SHA-256 of what the customer agrees to: every line, the discount and the sum."""
    lines = [[each.kind, each.name, each.quantity, each.unit_cents] for each in quote.lines]
    said = {"case": quote.request_id, "lines": lines, "cents": quote.cents}
    said["discount"] = quote.discount_cents
    return chain.digest_of(said)


def _case(uow: UnitOfWork, case_id: int) -> ServiceRequest:
    require(uow, QUOTE)
    request: ServiceRequest = workflow.fetch(uow, requests.PROCESS, case_id, lock=True)
    if not may_quote(request):
        raise WrongStatus(subject="request", status=request.status.value, action="add_line")
    return request


def _begin(uow: UnitOfWork, request: ServiceRequest) -> Quote:
    quote = Quote(request=request, lines=[], cents=0, discount_cents=0)
    workflow.begin(uow, PROCESS, quote)
    return quote


def _add(uow: UnitOfWork, request: ServiceRequest, item: Item, quantity: int) -> int:
    quote = of_case(uow, request.id)
    if quote is None:
        quote = _begin(uow, request)
    if len(quote.lines) >= MOST_LINES:
        raise InvalidInput(Problem("form", "too_many_lines", {"most": MOST_LINES}))
    line = QuoteLine(
        kind=item.kind,
        name=item.name,
        unit=item.unit,
        quantity=quantity,
        unit_cents=item.cents,
        price_id=item.price_id,
        part_id=item.part_id,
    )
    quote.lines.append(line)
    data = _reckon(quote) | {"cents": line.cents}
    workflow.advance(uow, PROCESS, quote, "line_added", Done(_said(line), data))
    return quote.id


def _said(line: QuoteLine) -> str:
    return f"{line.name} ×{line.quantity}{line.unit}"


def _reckon(quote: Quote) -> dict[str, Any]:
    """The sum anew; a discount that is more than what is left has gone with its line."""
    listed = sum(line.cents for line in quote.lines)
    if listed > MOST_CENTS:
        raise InvalidInput(Problem("quantity", "too_much_money"))
    data = {}
    if quote.discount_cents > listed:
        data = {"discount_cents": [quote.discount_cents, 0]}
        quote.discount_cents, quote.discount_reason = 0, ""
    quote.cents = listed - quote.discount_cents
    return data


def _remove(_uow: UnitOfWork, quote: Quote, command: RemoveLine) -> Done:
    line = next(each for each in quote.lines if each.id == command.line_id)
    quote.lines.remove(line)
    return Done(_said(line), _reckon(quote) | {"cents": -line.cents})


def _discount(uow: UnitOfWork, quote: Quote, command: GiveDiscount) -> Done:
    cents = command.discount_cents
    charging.require_authority(uow, quote.request, "discount_cents", cents)
    if cents > sum(line.cents for line in quote.lines):
        raise InvalidInput(Problem("discount_cents", "more_than_quoted"))
    quote.discount_cents = cents
    quote.discount_reason = command.discount_reason if cents else ""
    _reckon(quote)
    return Done(command.discount_reason, {"cents": cents, "departs_from": charging.RULE})


def _agree(uow: UnitOfWork, quote: Quote, who: str) -> dict[str, Any]:
    for line in quote.lines:
        if until := prices.ended_on(line.price, uow.today):
            details = {"name": line.name, "on": until.isoformat()}
            raise InvalidInput(Problem("form", "quoted_price_ended", details))
    quote.agreed_at, quote.agreed_by, quote.agreed_what = uow.now, who, digest(quote)
    return {"cents": quote.cents, "signed_by": who, "of": quote.agreed_what}


def _sign(uow: UnitOfWork, quote: Quote, command: SignQuote) -> Done:
    signing.check(command.strokes)
    data = _agree(uow, quote, command.signer)
    quote.signature = signing.keep(command.strokes)
    return Done(data=data | {"sha256": quote.signature})


def _accept(uow: UnitOfWork, quote: Quote, command: AcceptQuote) -> Done:
    data = _agree(uow, quote, command.signer)
    quote.agreed_how = command.channel
    return Done(command.note, data | {"channel": command.channel.value})


def _agree_by_link(uow: UnitOfWork, quote: Quote, command: ConfirmQuote) -> Done:
    _check_seen(quote, command)
    quote.agreed_how = Channel.ONLINE
    return Done(data=_agree(uow, quote, command.signer))


def _refuse(_uow: UnitOfWork, quote: Quote, command: RefuseQuote) -> Done:
    _check_seen(quote, command)
    return Done(command.note)


def _check_seen(quote: Quote, command: Answer) -> None:
    if command.seen != digest(quote):
        raise Stale(subject=PROCESS.subject)


def _decline(_uow: UnitOfWork, _quote: Quote, command: DeclineQuote) -> Done:
    return Done(command.note)


def _revise(_uow: UnitOfWork, quote: Quote, command: ReviseQuote) -> Done:
    quote.agreed_at, quote.agreed_by, quote.agreed_what = None, "", ""
    quote.agreed_how = quote.signature = None
    return Done(command.note)


def _invoice(_uow: UnitOfWork, quote: Quote, command: WriteInvoice) -> Done:
    quote.invoice = command.invoice
    return Done(command.invoice, {"cents": quote.cents})


def _withdraw_invoice(_uow: UnitOfWork, quote: Quote, command: WithdrawInvoice) -> Done:
    note, quote.invoice = f"{quote.invoice}: {command.note}", ""
    return Done(note)


def _lines(_uow: UnitOfWork, quote: Quote) -> Mapping[int, str]:
    return {line.id: _said(line) for line in quote.lines}


def _whom(_uow: UnitOfWork, quote: Quote) -> dict[str, Any]:
    return {"signer": quote.request.contact, "channel": Channel.HOTLINE}


PROCESS = Process(
    subject="quote",
    rules=RULES,
    effects={
        AcceptQuote: _accept,
        ConfirmQuote: _agree_by_link,
        DeclineQuote: _decline,
        GiveDiscount: _discount,
        RefuseQuote: _refuse,
        RemoveLine: _remove,
        ReviseQuote: _revise,
        SignQuote: _sign,
        WithdrawInvoice: _withdraw_invoice,
        WriteInvoice: _invoice,
    },
    select=select_visible,
    table=Quote,
    case_id=lambda quote: quote.request_id,
    options={"quote_lines": _lines},
    proposals={AcceptQuote: _whom},
)
