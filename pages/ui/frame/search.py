"""The search field of every page: a whole number opens its case, anything else the search page."""

import streamlit as st

from core.kernel.inputs import clean_search
from core.requests import lists
from pages.ui.kit import gate, places
from pages.ui.kit.lists import open_case
from pages.ui.kit.words import _

FIELD, SOUGHT = "search_text", "search·sought"


def field() -> None:
    """Look for what is typed."""
    st.text_input(
        _("Search"),
        key=FIELD,
        placeholder=_("Number, phone, name, serial"),
        label_visibility="collapsed",
        icon=":material/search:",
        width=280,
        on_change=_take,
    )
    text, page = st.session_state.pop(SOUGHT, ("", ""))
    # Who typed and then went to another page by the menu wants that page.
    if text and page == places.current():
        open_numbered(text)
        places.go("find", q=text)


def open_numbered(text: str) -> None:
    """Go to the case whose whole number was typed; nothing for any other text."""
    case_id = gate.read(lists.numbered, text=text)
    if case_id:
        open_case(case_id)


def _take() -> None:
    # The field is empty again, so that the same text can be looked for twice.
    state = st.session_state
    state[SOUGHT] = (clean_search(state.get(FIELD) or ""), places.current())
    state[FIELD] = ""
