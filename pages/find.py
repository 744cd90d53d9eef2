"""Search: cases and customers by number, phone, name, serial or plate number."""

import streamlit as st

from core.customers import customers
from core.requests import lists
from pages.ui.frame import search
from pages.ui.kit import filters, gate, headings, places, words
from pages.ui.kit.lists import open_case, page_number, table
from pages.ui.kit.words import _
from pages.ui.requests import where

headings.title(_("Search"))
label = _("Number, phone, name, serial")
icon = ":material/search:"
text = filters.typed_line("q", label, type="search", placeholder=label, icon=icon)
# A whole number opens its case; not again for whoever comes back from there to a link to it.
if not (places.came_back() and text == places.asked("q")):
    search.open_numbered(text)
places.keep("q", text)
if not text:
    st.info(_("Type part of a case number, a phone number, a name or a serial number."))
    if gate.allowed("request:register"):
        places.link("customer", _("Perhaps the same"), icon=":material/group:")
    st.stop()

found = gate.read(customers.find, text=text)
if found:
    open_cases = where.of_customers([customer.id for customer in found])
    headings.part(_("Customers"))
    for customer in found:
        parts = [customer.name, customer.phone, customer.address]
        places.link(
            "customer",
            words.plain(" · ".join(part for part in parts if part)),
            icon=":material/person:",
            id=str(customer.id),
        )
        where.show(open_cases[customer.id])

headings.part(_("Cases"))
chosen = table(
    gate.read(lists.search, text=text, page=page_number("find")),
    key="find",
    columns=(
        *("customer", "status", "technician", "agreed", "product", "symptom"),
        *("phone", "address", "kind", "received_at", "number"),
    ),
    empty=_("No case fits “{text}”.", text=words.plain(text)),
    once=True,
)
if chosen:
    open_case(chosen)
