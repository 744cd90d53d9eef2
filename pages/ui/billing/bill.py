"""The bill of a case, made for a phone: the quote, its agreement, the money (E5, A16, E13)."""

from typing import Any, Literal

import streamlit as st

from core.billing import payments, quotes
from core.billing import view as bills
from core.billing.inputs import AddLine, AddOwnLine, GiveMoneyBack, SignQuote, TakeMoney
from core.billing.view import Bill, LineView, PaymentView, QuoteView
from core.codes import PayMeans, PaymentStatus, QuoteStatus
from pages.ui.contracts import beside as contracts
from pages.ui.jobs import signature
from pages.ui.kit import actions, gate, headings, papers, sending, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

COLOURS: dict[QuoteStatus, Literal["orange", "green", "red"]] = {
    QuoteStatus.OPEN: "orange",
    QuoteStatus.AGREED: "green",
    QuoteStatus.DECLINED: "red",
}


def of_case(case_id: int) -> None:
    """What was agreed about a case, what it costs, what was paid, and what may be done now."""
    contracts.of_case(case_id)
    bill = gate.read(bills.bill, case_id=case_id)
    if not bill.is_there:
        return
    headings.part(_("Price"))
    if bill.quote:
        _quote(bill.quote)
    if bill.beyond:
        names = words.plain(words.listed(bill.beyond))
        said = _("Built in, and not in the quote: {names}. Change the quote first.", names=names)
        st.warning(said, icon=":material/inventory_2:")
    if bill.may_quote and not (bill.quote and bill.quote.status is QuoteStatus.AGREED):
        st.info(
            _("Paid work: the customer agrees to the price first."), icon=":material/credit_card:"
        )
    if bill.may_quote and (bill.quote is None or bill.quote.status is QuoteStatus.OPEN):
        _add(bill)
    if bill.quote:
        _say(bill, bill.quote)
    _money(bill)


def papers_of(case_id: int, number: str) -> None:
    """The quote and the receipt, where there is something to print."""
    bill = gate.read(bills.bill, case_id=case_id)
    if bill.quote and bill.quote.lines:
        papers.download("quotation", case_id, number)
    if any(row.status is not PaymentStatus.UNDONE for row in bill.payments):
        papers.download("payment_receipt", case_id, number)


def _quote(quote: QuoteView) -> None:
    with st.container(border=True, gap="small"):
        for line in quote.lines:
            _row(_line(line), line.cents)
            if line.ended_on:
                _say_ended(line)
        if quote.discount_cents:
            _row(" · ".join((_("Discount"), quote.discount_reason)), -quote.discount_cents)
        with st.container(horizontal=True, vertical_alignment="center"):
            total = _("Total {amount}", amount=words.money(quote.cents))
            st.markdown(f"**{total}**", width="stretch")
            st.badge(words.code(quote.status), color=COLOURS[quote.status])
        _agreed(quote)
        if quote.invoice:
            st.caption(words.plain(_("Invoice {number}", number=quote.invoice)))


def _row(text: str, cents: int) -> None:
    st.markdown(f"{words.plain(text)} **{words.money(cents)}**")


def _line(line: LineView) -> str:
    own = "" if line.is_listed else " · " + _("not on the list")
    times = f"{words.money(line.unit_cents)} ×{line.quantity}{line.unit}"
    return f"{words.code(line.kind)} · {line.name} · {times}{own}"


def _say_ended(line: LineView) -> None:
    day = words.day(line.ended_on)
    said = _("This price ended on {day}: take the line out, quote anew.", day=day)
    st.caption(f":red[{said}]")


def _agreed(quote: QuoteView) -> None:
    if quote.agreed_at is None:
        return
    at = words.moment(quote.agreed_at)
    said = _("Agreed by {name} at {time}", name=quote.agreed_by, time=at)
    how = f" · {words.code(quote.agreed_how)}" if quote.agreed_how else ""
    st.caption(words.plain(said + how))
    if quote.is_changed:
        st.warning(_("The quote is another one than was agreed."), icon=":material/report:")
    if quote.signature:
        st.image(quote.signature, width=160)
    elif quote.is_signature_lost:
        st.warning(_("The file of the signature is missing."), icon=":material/report:")


def _add(bill: Bill) -> None:
    is_new = bill.quote is None or not bill.quote.lines
    key = f"quote_add_{bill.case_id}"
    place = st.expander(
        _("Add to the quote"), icon=":material/add:", expanded=is_new, key=key, on_change="rerun"
    )
    if not place.open:
        return
    with place:
        offered = gate.read(quotes.offered, case_id=bill.case_id)
        names = {
            key: f"{item.name} · {words.money(item.cents)}{item.unit and '/' + item.unit}"
            for key, item in offered.items()
        }
        ways = {True: _("From the price list"), False: _("Not on the list")}
        listed = st.segmented_control(
            _("Where the price comes from"),
            list(ways),
            format_func=ways.__getitem__,
            default=bool(names),
            required=True,
            key=f"{key}_way",
            label_visibility="collapsed",
        )
        if listed and not names:
            st.caption(_("No price fits this case today."))
        elif listed:
            _form(bill, AddLine, quotes.add_line, {"items": names})
        else:
            _form(bill, AddOwnLine, quotes.add_own_line, {})


def _form(bill: Bill, model: Any, command: Any, options: Any) -> None:
    sending.form(
        f"quote·{bill.case_id}·{model.__name__}",
        model,
        lambda uow, filled, _seen: command(uow, filled, case_id=bill.case_id),
        options=options,
        button=_("Add"),
    )


def _say(bill: Bill, quote: QuoteView) -> None:
    """What the customer says to it: signed on the screen, or in another way."""
    if any(rule.action is SignQuote for rule in quote.actions):
        _sign(bill, quote)
    others = tuple(rule for rule in quote.actions if rule.action is not SignQuote)
    if others:
        look = actions.Look(is_wide=True)
        actions.panel(
            quotes.PROCESS,
            record_id=quote.id,
            version=quote.version,
            rules=others,
            opened=False,
            look=look,
        )


def _sign(bill: Bill, quote: QuoteView) -> None:
    name = words.action(SignQuote.name)
    values = {"signer": bill.contact}
    form = Form(f"quote·{quote.id}·sign", SignQuote, values=values, version=quote.version)
    form.field("signer")
    form.tell("strokes", signature.drawn(form.key, quote.digest))
    if st.button(name, type="primary", key=f"{form.name}·send", width="stretch"):
        taking = actions.taking(quotes.PROCESS, quote.id, form.seen)
        form.send(taking, done=_("Saved: {action}", action=name))


def _money(bill: Bill) -> None:
    for row in bill.payments:
        _payment(row)
    if bill.due_cents or bill.payments:
        paid, due = words.money(bill.paid_cents), words.money(bill.due_cents)
        said = _("Paid {paid} of {due}", paid=paid, due=due)
        st.markdown(f"**{said}**")
    if not bill.may_take or not bill.owed_cents:
        return
    is_owed = bill.owed_cents > 0
    label = _("Collect money") if is_owed else _("Give money back")
    icon = ":material/credit_card:" if is_owed else ":material/undo:"
    place = st.expander(label, icon=icon, key=f"money_{bill.case_id}", on_change="rerun")
    if place.open:
        with place:
            _take(bill, TakeMoney if is_owed else GiveMoneyBack, label)


def _take(bill: Bill, model: Any, label: str) -> None:
    values = {"paid_cents": abs(bill.owed_cents), "means": PayMeans.CASH}
    command = payments.take if model is TakeMoney else payments.give_back
    form = Form(f"money·{bill.case_id}·{model.__name__}", model, values=values)
    with st.form(f"{form.name}_form", enter_to_submit=False):
        form.fields(*(name for name in model.model_fields if name != "case_id"))
        pressed = st.form_submit_button(
            label, type="primary", key=f"{form.name}_send", width="stretch"
        )
    if pressed:
        form.send(command, done=_("Saved"), extra={"case_id": bill.case_id})


def _payment(row: PaymentView) -> None:
    with st.container(border=True, gap="small"):
        parts = (row.number, words.code(row.means), row.by, row.reference, row.note)
        _row(" · ".join(filter(None, (words.moment(row.at), *parts))), row.cents)
        st.caption(words.code(row.status))
        rules, version = row.actions, row.version
        actions.panel(
            payments.PROCESS, record_id=row.id, version=version, rules=rules, opened=False
        )
