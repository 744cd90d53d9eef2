"""Key customers: the list, and what a customer's page says and asks of it (S14)."""

import streamlit as st

from core.care import keys
from core.care.inputs import MarkKey
from core.care.rules import MARK
from core.customers.customers import CustomerView
from pages.ui.kit import actions, gate, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _


def listed() -> None:
    """The key customers of the station; a row leads to its customer."""
    found = gate.read(keys.listed)
    if not found:
        st.info(_("Nobody is a key customer yet: it is said on the customer's page."))
        return
    rows = {
        row.customer_id: {
            words.field("customer"): row.customer,
            words.field("since"): words.day(row.since),
            words.field("reason"): row.reason,
        }
        for row in found
    }
    if chosen := choose("key_customers", rows, once=True):
        places.go("customer", id=str(chosen))


def badge(customer_id: int) -> None:
    """That it is a key customer."""
    found = gate.read(keys.of_customer, customer_id=customer_id)
    if found and found.is_key:
        st.badge(_("Key customer"), color="orange")


def of_customer(view: CustomerView) -> None:
    """Name a key customer, end it, name it again; by who may."""
    found = gate.read(keys.of_customer, customer_id=view.id)
    if found:
        actions.barred(found.barred)
        if found.actions:
            with st.expander(_("Key customer")):
                since = words.day(found.since)
                st.caption(words.plain(f"{words.code(found.status)} · {since} · {found.reason}"))
                actions.panel(
                    keys.PROCESS,
                    record_id=found.id,
                    version=found.version,
                    rules=found.actions,
                    opened=False,
                )
    elif view.may_edit and gate.allowed(MARK):
        with st.expander(_("Key customer")):
            _mark(view.id)


def _mark(customer_id: int) -> None:
    form = Form(f"key·{customer_id}", MarkKey)
    with st.form(f"{form.name}·form", border=False, enter_to_submit=False):
        form.fields("reason")
        pressed = st.form_submit_button(_("Make a key customer"), key=f"{form.name}·send")
    if pressed:
        form.send(keys.mark, extra={"customer_id": customer_id}, done=_("Saved"))
