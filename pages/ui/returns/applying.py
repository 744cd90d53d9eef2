"""The application for a return: whose it is, which purchase, what is to come back, what holds."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TypeVar

import streamlit as st

from core.codes import GoodsState, ReturnReason, Wish
from core.customers import customers, purchases
from core.customers.customers import AddCustomer, CustomerView
from core.customers.purchases import AddPurchase, PurchaseLineView
from core.kernel.errors import Problem
from core.requests import view as case
from core.returns import application, view
from core.returns.inputs import AppliedLine
from core.returns.view import LineView, ReturnView
from pages.ui.customers.purchase import days
from pages.ui.kit import cards, gate, headings, papers, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.requests import attachments, caller, pile
from pages.ui.returns import judgement

CodeT = TypeVar("CodeT", bound=StrEnum)

# What the lines say already, by the rule book's names for it.
SAID_BY_LINES = frozenset({"quantity", "mileage"})
BOUGHT = cards.drawer(purchases.BoughtLine, button=st.button)


def file_of(case_id: int | None) -> ReturnView | None:
    """The return whose lines are entered or put right; None for a new application."""
    return gate.read(view.view, case_id=case_id) if case_id else None


def customer_of(form: Form, file: ReturnView | None) -> CustomerView | None:
    """Whose return it is: of the case, of the address, or found as at the intake."""
    if file is not None:
        st.markdown(f"**{file.number} · {words.plain(file.customer)}**")
        return gate.read(customers.view, id=file.customer_id)
    known = places.number("customer")
    if known is None:
        if chosen := caller.find_customer(form, new=_new_customer):
            caller.whereabouts(chosen)
            caller.contact(form, chosen)
        return chosen
    found = gate.read(customers.view, id=known)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{words.plain(found.name)}** · {words.plain(found.phone)}")
        if st.button(_("Another customer"), key="apply_other", type="tertiary"):
            places.keep("customer", "")
            st.rerun()
    caller.contact(form, found)
    return found


def lines(
    form: Form, customer_id: int, file: ReturnView | None, mileage_km: int | None
) -> list[AppliedLine]:
    """What was bought; each product that is ticked asks for its facts and shows what holds."""
    headings.part(_("What is to come back"))
    bought = gate.read(purchases.of_customer, customer_id=customer_id)
    if not bought:
        st.caption(_("No purchase is on file: enter the one that the goods come from."))
    had = {line.purchase_line_id: line for line in file.lines} if file else {}
    chosen: list[AppliedLine] = []
    for purchase in bought:
        with st.container(border=True):
            st.markdown(f"**{days(purchase)}**")
            for line in purchase.lines:
                applied = _line(form, line, had.get(line.id))
                if applied:
                    chosen.append(_check(form, applied, file, mileage_km))
    _new_purchase(customer_id, opened=not bought)
    return chosen


def receipt(case_id: int) -> None:
    """What the customer is told, the paper to sign, and the place for photos."""
    shown = gate.read(case.view, id=gate.read(view.view, case_id=case_id).case_id)
    st.success(_("Registered"), icon=":material/check_circle:")
    headings.title(shown.number)
    pile.limits(shown)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(_("Next application"), type="primary", key="apply_next"):
            places.clear()
            st.rerun()
        papers.download("return_application", case_id, shown.number)
    places.link(
        "returns",
        _("Open the return"),
        icon=":material/undo:",
        id=str(case_id),
    )
    attachments.show(case_id, may_add=True)


def offer() -> None:
    """From the intake to the application, which knows purchases and conditions."""
    if gate.allowed("return:apply"):
        st.info(
            _("The application shows at once which condition holds and who pays the freight."),
            icon=":material/undo:",
        )
        places.link(
            "apply_return",
            words.in_domain("page", "apply_return"),
            icon=":material/edit_note:",
        )


def _new_customer(text: str) -> None:
    form = Form("apply_customer", AddCustomer)
    caller.new_customer(form, text)
    caller.known_already(form)
    if st.button(_("Save the customer"), key="apply_customer_send", type="primary"):
        form.send(customers.register, done=_("Saved"), then=_go_on_with("customer"))


def _go_on_with(name: str) -> Callable[[int], None]:
    def then(id: int) -> None:
        places.keep(name, str(id))

    return then


def _new_purchase(customer_id: int, *, opened: bool) -> None:
    form = Form(
        f"purchase·{customer_id}", AddPurchase, values={"lines": [{"quantity": 1}]}, rows=BOUGHT
    )
    # No form around it: the switch to a new product shows its fields at once.
    with st.expander(_("Enter a purchase"), expanded=opened, icon=":material/receipt_long:"):
        form.fields("invoice_no", "purchased_on", "received_on", "at_a_distance", "lines")
        form.field("discount_cents")
        _ask_whether_another(form)
        pressed = st.button(_("Save the purchase"), key=f"{form.name}·send", width="stretch")
    if pressed:
        form.send(purchases.add, extra={"customer_id": customer_id}, done=_("Saved"))
        _keep_question(form)


def _ask_whether_another(form: Form) -> None:
    """The question that the purchase just sent gave rise to, and the answer."""
    questions = st.session_state.get(_question(form), ())
    for bad in questions:
        st.warning(words.plain(words.problem(bad)), icon=":material/content_copy:")
    if questions:
        form.fields("another_purchase", "why")


def _keep_question(form: Form) -> None:
    asked = tuple(bad for bad in form.problems if bad.field == "another_purchase")
    if asked and asked != st.session_state.get(_question(form)):
        st.session_state[_question(form)] = asked
        st.rerun()


def _question(form: Form) -> str:
    return f"{form.name}·{form.key}·question"


def _line(form: Form, line: PurchaseLineView, had: LineView | None) -> AppliedLine | None:
    most = line.returnable + (had.quantity if had else 0)
    key = f"{form.name}·{form.key}·{line.id}"
    ticked = st.checkbox(
        words.plain(_product(line, most)),
        value=had is not None,
        key=f"{key}·take·",
        disabled=most < 1,
    )
    if not ticked:
        return None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        quantity = st.number_input(
            words.field("quantity"),
            value=min(had.quantity if had else 1, most),
            min_value=1,
            max_value=most,
            key=f"{key}·quantity·",
            width=cards.NARROW,
        )
        repairs = st.number_input(
            words.field("repairs"),
            value=had.repairs if had else 0,
            min_value=0,
            max_value=99,
            key=f"{key}·repairs·",
            width=cards.MIDDLE,
        )
        serial = st.text_input(
            words.field("serial"),
            value=(had.serial if had else line.serial),
            key=f"{key}·serial·",
            max_chars=60,
            width=cards.MIDDLE,
        )
    return AppliedLine(
        purchase_line_id=line.id,
        quantity=quantity,
        reason=_code("reason", [*ReturnReason], had.reason if had else ReturnReason.QUALITY, key),
        wish=_code("wish", [*Wish], had.wish if had else Wish.RETURN, key),
        goods=_code("goods", [*GoodsState], had.goods if had else GoodsState.USED, key),
        repairs=repairs,
        serial=serial,
    )


def _code(name: str, codes: list[CodeT], first: CodeT, key: str) -> CodeT:
    return st.pills(
        words.field(name),
        codes,
        default=first,
        required=True,
        format_func=words.code,
        key=f"{key}·{name}·",
        wrap=True,
    )


def _product(line: PurchaseLineView, most: int) -> str:
    name = f"{line.product} {line.specification}".strip()
    price = f"{words.money(line.unit_cents)} × {line.quantity}"
    if line.total_cents != line.unit_cents * line.quantity:
        price += f" = {words.money(line.total_cents)}"
    left = _("{n} may come back", n=most)
    under_way = _("{n} under way", n=line.under_way) if line.under_way else ""
    parts = (name, line.serial, line.batch, price, left, under_way)
    return " · ".join(part for part in parts if part)


def _check(
    form: Form, line: AppliedLine, file: ReturnView | None, mileage_km: int | None
) -> AppliedLine:
    """What the conditions and the archive say of a line, before it is sent in."""
    (found,) = gate.read(
        application.prospect,
        lines=[line],
        asked_on=file.asked_on if file else None,
        mileage_km=mileage_km,
        case_id=file.case_id if file else None,
    )
    with st.container(border=True):
        st.caption(
            _("{amount} · checked against the rule book", amount=words.money(found.amount_cents))
        )
        for bad in found.problems:
            st.warning(words.plain(words.problem(bad)), icon=":material/block:")
        judgement.show(found.judgement)
        if found.judgement.is_hopeless:
            judgement.instead(found.other_wishes)
        return _answered(form, line, found.problems)


def _answered(form: Form, line: AppliedLine, problems: Sequence[Problem]) -> AppliedLine:
    """Why a piece may come back again, where that is asked."""
    if not any(bad.field.endswith(".again") for bad in problems):
        return line
    key = f"{form.name}·{form.key}·{line.purchase_line_id}·again·"
    return line.model_copy(update={"again": st.text_input(words.field("again"), key=key)})
