"""A customer's number: a tap calls it, where it is shown whole."""

import streamlit as st

from core.process import masked
from pages.ui.kit import words


def call(phone: str) -> None:
    """The number to tap on; a masked one is only read."""
    if not phone:
        return
    if masked.is_masked(phone):
        st.caption(words.plain(phone))
    else:
        st.link_button(phone, f"tel:{phone}", icon=":material/call:", type="tertiary")
