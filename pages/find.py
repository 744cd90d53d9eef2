"""Search: cases and customers by number, phone, name, serial or plate number."""

import streamlit as st

from core import customers
from core.requests import lists
from pages.ui import gate, words
from pages.ui.lists import open_case, page_number, table
from pages.ui.words import _

st.title(_("Search"))
text = st.text_input(
    _("Number, phone, name, serial"),
    key="q",
    bind="query-params",
    type="search",
    placeholder=_("Number, phone, name, serial"),
    icon=":material/search:",
)
if not (text or "").strip():
    st.info(_("Type part of a case number, a phone number, a name or a serial number."))
    st.stop()

cases = gate.read(lists.search, text=text, page=page_number("find"))
if cases.total == 1 and cases.rows[0].number == text.strip().upper():
    del st.query_params["q"]
    open_case(cases.rows[0].id)

found = gate.read(customers.find, text=text)
if found:
    st.subheader(_("Customers"))
    for customer in found:
        parts = [customer.name, customer.phone, customer.address]
        st.page_link(
            "pages/customer.py",
            label=words.plain(" · ".join(part for part in parts if part)),
            icon=":material/person:",
            query_params={"id": str(customer.id)},
        )

st.subheader(_("Cases"))
chosen = table(
    cases,
    key="find",
    columns=("number", "kind", "status", "customer", "phone", "product", "symptom", "received_at"),
    empty=_("No case fits “{text}”.", text=words.plain(text)),
    once=True,
)
if chosen:
    open_case(chosen)
