"""A fresh address for customers as staff see it, the one time that it is there: text and code."""

import segno
import streamlit as st

from pages.ui.kit import door
from pages.ui.links import apart


def code(secret: str, *, note: str) -> None:
    """The address of a secret, to be copied or photographed; what is to be known about it."""
    address = f"{home()}/{door.CUSTOMERS}/{secret}"
    st.code(address, language=None, wrap_lines=True)
    st.image(
        segno.make(address, error="m").svg_data_uri(scale=4, border=2, light="white"), width=180
    )
    st.caption(note)


def home() -> str:
    """Where customers find us: the host of their own, or the address of this page."""
    return apart.address() or (st.context.url or "").rpartition("/")[0]
