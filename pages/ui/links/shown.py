"""A fresh address for customers as staff see it, the one time that it is there: text and code."""

from collections.abc import Callable
from typing import Any

import segno
import streamlit as st

from core.links import links
from pages.ui.kit import door, gate
from pages.ui.kit.forms import Form
from pages.ui.links import apart


def code(secret: str, *, note: str) -> None:
    """The address of a secret, to be copied or photographed; what is to be known about it."""
    address = f"{home()}/{door.CUSTOMERS}/{secret}"
    st.code(address, language=None, wrap_lines=True)
    st.image(
        segno.make(address, error="m").svg_data_uri(scale=4, border=2, light="white"), width=180
    )
    st.caption(note)


def make(
    form: Form,
    label: str,
    give: Callable[[Any, Any], Any],
    *,
    kind: str,
    about: int,
    icon: str | None = None,
) -> None:
    """The button that makes an address of a kind for a record; what is stored is its digest."""
    # The same for a form however often it is pressed: what is shown is what was stored.
    secret = st.session_state.setdefault(f"{kind}_secret·{form.key}", links.new_secret())
    if st.button(label, key=f"{kind}_{about}", icon=icon):
        form.send_by(
            lambda filled, key: gate.send(key, lambda uow: give(uow, filled)),
            extra={"digest": links.digest_of(secret)},
            then=lambda made: st.session_state.update({kind: (about, made, secret)}),
        )


def fresh(kind: str, about: int) -> tuple[int, str] | None:
    """What was made of a kind for a record a moment ago: its id, and the secret."""
    of, made, secret = st.session_state.get(kind, (None, 0, ""))
    return (made, secret) if of == about else None


def home() -> str:
    """Where customers find us: the host of their own, or the address of this page."""
    return apart.address() or (st.context.url or "").rpartition("/")[0]
