"""The search box of every page: a whole number opens its case, anything else the search page."""

import streamlit as st

from core.kernel.inputs import clean_search
from core.requests import lists
from pages.ui.kit import gate, places
from pages.ui.kit.lists import open_case
from pages.ui.kit.words import _


def box() -> None:
    """Look for what is typed."""
    with st.form("search_box", clear_on_submit=True, border=False):
        typed = st.text_input(
            _("Search"),
            key="search_text",
            placeholder=_("Number, phone, name, serial"),
            label_visibility="collapsed",
            icon=":material/search:",
        )
        text = clean_search(typed)
        if st.form_submit_button(_("Search"), width="stretch") and text:
            open_numbered(text)
            places.go("find", q=text)


def open_numbered(text: str) -> None:
    """Go to the case whose whole number was typed; nothing for any other text."""
    case_id = gate.read(lists.numbered, text=text)
    if case_id:
        open_case(case_id)
