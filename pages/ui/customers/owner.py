"""A customer's facts put right, and what was changed of them before (C9)."""

import streamlit as st

from core.customers import contacts as listed
from core.customers import customers, purchases
from core.customers.contacts import ContactView, SetContacts
from core.customers.customers import CustomerView, EditCustomer
from core.people import people
from core.process import masked
from pages.ui.kit import dialled, edits, gate, headings, lists, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

CONTACT = ("contact", "phone", "email", "address", "region")


def call_for(view: CustomerView) -> None:
    """The customer calls again: to the intake, which knows who it is, and about which product."""
    who = view.name if masked.is_masked(view.phone) else view.phone or view.name
    with st.container(horizontal=True):
        places.link("intake", _("New request"), icon=":material/call:", who=who)
        for asset in filter(lambda each: each.is_owned, view.assets):
            name = words.plain(f"{asset.brand} {asset.model} {asset.serial}".strip())
            label = _("Repair: {product}", product=name)
            places.link("intake", label, who=who, product=str(asset.id))


def contact(view: CustomerView) -> None:
    """How the customer is reached; of another station's customer what a call needs."""
    lists.facts({words.field(name): getattr(view, name) for name in CONTACT})
    if view.narrow and view.station:
        said = _(
            "A customer of station {station}: the facts are kept there.",
            station=words.plain(view.station),
        )
        st.caption(said)


def correct(view: CustomerView) -> None:
    """The form for whoever may correct the facts, and the corrections made so far."""
    stations = gate.read(people.station_options)
    with st.expander(_("Correct the customer's facts")):
        form = Form(
            f"customer·{view.id}",
            EditCustomer,
            version=view.version,
            options={"stations": stations},
            values={
                "customer_name": view.name,
                "station_id": view.station_id,
                "language": view.language,
                "no_messages": view.no_messages,
                **{name: getattr(view, name) for name in CONTACT},
            },
        )
        with st.form("customer_form", enter_to_submit=False):
            form.fields()
            if st.form_submit_button(_("Save"), type="primary", key="customer_send"):
                form.send(
                    lambda uow, command: customers.edit(
                        uow, id=view.id, command=command, seen_version=form.seen
                    ),
                    done=_("Saved"),
                )
    known = dict(stations)
    if view.station_id is not None:
        known[view.station_id] = view.station  # also one that is shut by now
    found = gate.read(customers.edits, id=view.id)
    edits.show(found, {"station_id": known, "language": words.NAMES}, key="customer_edits")


def pieces(view: CustomerView) -> None:
    """What the customer owns and owned; a row leads to the page of its piece."""
    rows = {
        asset.id: {
            words.field("brand"): asset.brand,
            words.field("model"): asset.model,
            words.field("serial"): asset.serial,
            words.field("status"): words.code(asset.status),
            words.field("purchased_on"): words.day(asset.purchased_on),
            words.field("warranty_until"): words.day(asset.warranty_until),
        }
        for asset in view.assets
    }
    chosen = lists.choose("assets", rows, once=True)
    if chosen:
        places.go("piece", id=str(chosen))


def contacts(view: CustomerView) -> None:
    """Whom else to call, and the form for whoever keeps the facts."""
    found = gate.read(listed.of_customer, customer_id=view.id)
    may_set = view.may_edit and gate.allowed(masked.CALLS)
    if found or may_set:
        headings.part(_("Contacts"))
    for each in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            said = " · ".join(filter(None, (each.contact_role, each.name)))
            st.markdown(words.plain(said), width="content")
            dialled.call(each.phone)
    if may_set:
        with st.expander(_("Set the contacts")):
            _set_contacts(view, found)


def _set_contacts(view: CustomerView, found: tuple[ContactView, ...]) -> None:
    form = Form(
        f"contacts·{view.id}", SetContacts, version=view.version, values={"contacts": found}
    )
    with st.form("contacts_form", border=False, enter_to_submit=False):
        form.fields()
        pressed = st.form_submit_button(_("Save"), type="primary", key="contacts_send")
    if pressed:
        form.send(
            lambda uow, command: listed.put(
                uow, id=view.id, command=command, seen_version=form.seen
            ),
            done=_("Saved"),
        )


def bought(view: CustomerView) -> None:
    """What the customer bought, the latest first, with what was paid; a row leads to its page."""
    found = gate.read(purchases.of_customer, customer_id=view.id)
    lines = [(purchase, line) for purchase in found for line in purchase.lines]
    rows = {
        line.id: {
            words.field("purchased_on"): words.day(purchase.purchased_on),
            words.field("invoice_no"): purchase.invoice_no,
            words.field("product"): f"{line.product} {line.specification}".strip(),
            words.field("serial"): line.serial,
            words.field("quantity"): line.quantity,
            words.field("total_cents"): words.money(line.total_cents),
        }
        for purchase, line in lines
    }
    if not rows:
        return
    headings.part(_("Purchases"))
    chosen = lists.choose("bought", rows, once=True)
    if chosen:
        (purchase_id,) = [purchase.id for purchase, line in lines if line.id == chosen]
        places.go("purchase", id=str(purchase_id))
