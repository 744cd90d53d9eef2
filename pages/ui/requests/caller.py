"""Who calls, about which product: the upper part of the intake form."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.codes import Channel, RequestKind
from core.customers import customers
from core.customers.customers import AssetView, CustomerView
from core.kernel.inputs import clean_search, is_email, phone_in
from core.process import masked
from core.requests import intake
from core.requests.intake import Prospect
from pages.ui.kit import gate, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import case_link
from pages.ui.kit.words import _
from pages.ui.requests import where

NEW, NONE = 0, -1
WHO = "who"


def kind_and_channel(form: Form, channel: Channel, kind: RequestKind | None = None) -> None:
    """What is asked for, and how the contact came in."""
    form.pick("kind", list(RequestKind), first=kind or RequestKind.REPAIR)
    form.pick("channel", list(Channel), first=channel)


def asked() -> str:
    """The caller's number, where a telephone system or another page has opened this one with it."""
    return clean_search(places.asked(WHO))


def answer(form: Form) -> None:
    """Ask first where somebody calls while the call of somebody else is half written down."""
    half = form.kept.saved if form.kept else {}
    if not half or not asked() or half.get(WHO, "") == asked():
        return
    if not half.keys() - {WHO}:
        form.drop()
        st.rerun()
    st.warning(
        _("The request of {who} is half filled in.", who=words.plain(half.get(WHO) or "—")),
        icon=":material/edit_note:",
    )
    with st.container(horizontal=True):
        if st.button(_("Go on with it"), key="intake_go_on"):
            places.keep(WHO, "")
            st.rerun()
        new = _("Drop it, and begin with {who}", who=words.plain(asked()))
        if st.button(new, key="intake_anew", type="primary"):
            form.drop()
            st.rerun()
    st.stop()


def find_customer(form: Form, *, new: Callable[[str], None] | None = None) -> CustomerView | None:
    """Type a phone number, name, serial or plate: known customers appear. None: a new one.

    Of several known ones none is meant before the person says which: also None, and core is told
    that it is missing. `new` draws the fields of a new customer from what was typed; else they
    are the form's own.
    """
    told = form.widget(WHO, shown=asked())
    if form.kept:
        form.kept.take_along(WHO, told["key"])
    if told["key"] not in st.session_state:
        st.session_state[told["key"]] = asked()
    text = st.text_input(
        _("Who is calling? Phone, name, serial or plate number"),
        type="search",
        placeholder=_("Number, phone, name, serial"),
        live=True,
        icon=":material/search:",
        **told,
    )
    found = gate.read(customers.find, text=text or "")
    known = {customer.id: customer for customer in found}
    choice: int | None = NEW
    # One place for either: a field below that moves loses what is just being typed into it.
    with st.container():
        if found:
            # One hit is chosen, several are not: two questions, each with its own answer.
            scope = "one" if len(found) == 1 else "several"
            labels = {customer.id: _label(customer) for customer in found}
            others = {NEW: _("New customer")}
            choice = form.record("customer_id", labels, others, scope=scope)
        elif text:
            st.caption(_("Nobody found. Enter the new customer."))
    if choice is None:
        st.caption(_("Choose who is calling."))
    elif choice == NEW:
        (new or partial(new_customer, form))(text or "")
    else:
        return known[choice]
    return None


def whereabouts(customer: CustomerView) -> None:
    """Where the open cases of a known caller are: the first thing that most of them ask."""
    where.show(where.of_customers([customer.id])[customer.id])


def choose_product(form: Form, customer: CustomerView | None) -> int | None:
    """A product that the customer is known to own, another one in the same form, or none."""
    known = customer.assets if customer else ()
    owned = {asset.id: _product(asset) for asset in known if asset.is_owned}
    choice: int | None = NEW
    if customer and owned:
        others = {NEW: _("Another product"), NONE: _("No product, or not known which")}
        choice = form.record(
            "asset_id", owned, others, scope=customer.id, asked=places.number("product")
        )
    if choice == NEW:
        _new_product(form)
    return choice if choice and choice > 0 else None


def complained_of(form: Form) -> None:
    """Which batch the goods are of, and whom a complaint is about (A23)."""
    if form.typed["kind"] in (RequestKind.COMPLAINT, RequestKind.QUALITY_FEEDBACK):
        form.field("batch", on_change="ignore")
    if form.typed["kind"] is RequestKind.COMPLAINT:
        form.field("about_id", on_change="ignore")


def prospect(form: Form, asset_id: int | None) -> Prospect:
    """What core knows about the call so far."""
    told = ("brand", "model", "purchased_on", "warranty_months")
    return gate.read(
        intake.prospect,
        kind=form.typed["kind"],
        asset_id=asset_id,
        fault_area=form.typed["fault_area"],
        **{name: form.typed[name] for name in told if form.typed.get(name) is not None},
    )


def case_class(form: Form, known: Prospect) -> None:
    """Of which class it is, where the rule book has classes for such requests."""
    if known.classes:
        speaks = words.language()
        form.options["classes"] = {name: text[speaks] for name, text in known.classes.items()}
        form.field("case_class", scope=form.typed["kind"])


def show_prospect(known: Prospect) -> None:
    """Warranty, free or paid with the reason, earlier cases, a warning for the same fault."""
    _price(known)
    _rework(known)
    if known.repeats:
        st.warning(
            words.n_(
                "The same fault was reported once before on this product (S8).",
                "The same fault was reported {n} times before on this product (S8).",
                len(known.repeats),
            ),
            icon=":material/repeat:",
        )
    if known.open_cases:
        st.warning(
            words.n_(
                "One case of this product is still open.",
                "{n} cases of this product are still open.",
                known.open_cases,
            ),
            icon=":material/pending:",
        )
    _earlier(known)


def _price(known: Prospect) -> None:
    if known.charge is None or known.charge_reason is None:
        st.caption(_("Free or paid is told once the product is chosen."))
        return
    with st.container(border=True):
        st.markdown(f"**{words.code(known.charge)}** · {words.code(known.charge_reason)}")
        text = known.charge_text.get(words.language(), "")
        st.caption(_("Rule {clause}", clause=f"E5 · {words.plain(text)}"))
        if known.asset and known.asset.warranty_until:
            st.write(_("Warranty until {day}", day=words.day(known.asset.warranty_until)))


def _rework(known: Prospect) -> None:
    """Whose work it was that has to be done again, and who goes (A20)."""
    before = known.rework
    if before is None:
        return
    told = {"name": before.technician or "–", "at": words.moment(before.done_at)}
    said = _("Rework: {name} did this on {at}. It is free (A20).", **told)
    goes = {
        "same": _("The same person goes."),
        "other": _("Somebody else goes."),
    }
    st.warning(f"{words.plain(said)} {goes[known.rework_by]}", icon=":material/build_circle:")


def _earlier(known: Prospect) -> None:
    if not known.earlier:
        return
    title = _("Earlier cases of this product")
    st.markdown(f"**{title}**")
    for case in known.earlier[:6]:
        mark = "↻ " if case.repeat else ""
        label = (
            f"{mark}{case.number} · {words.moment(case.received_at)} · {words.code(case.kind)} · "
            f"{words.code(case.status)} · {words.plain(case.symptom[:40])}"
        )
        case_link(case.id, label)


def contact(form: Form, customer: CustomerView) -> None:
    """Whom to call about this case: the customer's own contact unless another is told."""
    with st.expander(_("Contact for this case")):
        for name in ("contact", "phone", "address"):
            known = getattr(customer, name)  # what is not shown stays as it is on file
            form.suggest(name, "" if masked.is_masked(known) else known, scope=customer.id)
            form.field(name, scope=customer.id, on_change="ignore")


def new_customer(form: Form, text: str) -> None:
    """The fields of a new customer; what was looked for is filled in."""
    is_phone, is_mailbox = len(phone_in(text)) >= 5, is_email(text)
    form.suggest("phone", text if is_phone else "")
    form.suggest("email", text if is_mailbox else "")
    form.suggest("customer_name", "" if is_phone or is_mailbox else text)
    left, right = st.columns(2)
    with left:
        form.field("customer_name", label=_required("customer_name"), on_change="ignore")
        form.field("contact", on_change="ignore")
    with right:
        # Who has written can be written back to.
        is_mail = form.typed.get("channel") is Channel.EMAIL
        asked = words.field("phone") if is_mail else _required("phone")
        form.field("phone", label=asked, on_change="ignore")
        form.field("region", on_change="ignore")
    form.field("email", on_change="ignore")
    form.field("address", on_change="ignore")


def known_already(form: Form) -> None:
    """Who has the number, or the piece, of somebody who is to be written down as new."""
    told = {name: form.typed.get(name) or "" for name in ("phone", "brand", "model", "serial")}
    found = gate.read(customers.alike, **told) if told["phone"] or told["serial"] else ()
    if not found:
        return
    st.warning(
        _("This number or this product is on file. Is it one of these?"),
        icon=":material/person_search:",
    )
    who = form.widget(WHO)["key"]
    for customer in found:
        st.button(
            words.plain(f"{_label(customer)} · {customer.station}".rstrip(" ·")),
            key=f"{form.name}·meant·{customer.id}",
            icon=":material/person:",
            on_click=_mean,
            args=(who, customer, told["phone"]),
        )
    form.field("another_customer")


def _mean(key: str, customer: CustomerView, typed: str) -> None:
    whole = "" if masked.is_masked(customer.phone) else customer.phone
    st.session_state[key] = whole or typed or customer.name


def _required(name: str) -> str:
    """The label of a field that only a new customer must have."""
    return f"{words.field(name)} *"


def _new_product(form: Form) -> None:
    form.product()
    left, right = st.columns(2)
    with left:
        form.field("serial", on_change="ignore")
        form.field("warranty_months")
    with right:
        form.field("purchased_on")


def _label(customer: CustomerView) -> str:
    parts = [customer.name, customer.phone, customer.address]
    return words.plain(" · ".join(part for part in parts if part))


def _product(asset: AssetView) -> str:
    parts = [asset.brand, asset.model, asset.specification, asset.serial]
    state = {True: _("in warranty"), False: _("out of warranty"), None: _("warranty unknown")}
    text = " ".join(part for part in parts if part)
    return f"{words.plain(text)} · {state[asset.in_warranty]}"
