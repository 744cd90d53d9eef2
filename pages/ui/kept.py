"""Filters whose choice stays in the address as a code, in whatever language the link is opened."""

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from pages.ui import words
from pages.ui.words import _


def select(name: str, field: str, options: Mapping[Any, str], *, width: int = 150) -> Any:
    """One of some options; None for all of them."""
    key = f"{name}_{field}"
    st.session_state.setdefault(key, _asked_for(key, options))
    chosen = st.selectbox(
        words.field(field),
        list(options),
        index=None,
        format_func=lambda value: options.get(value, str(value)),
        key=key,
        placeholder=_("All"),
        width=width,
    )
    _keep(key, chosen)
    return chosen


def segments(name: str, field: str, label: str, options: Mapping[Any, str], *, usual: Any) -> Any:
    """One of a few options side by side; the usual one is not named in the address."""
    key = f"{name}_{field}"
    st.session_state.setdefault(key, _asked_for(key, options) or usual)
    chosen = st.segmented_control(
        label,
        list(options),
        required=True,
        format_func=lambda value: options.get(value, str(value)),
        key=key,
        label_visibility="collapsed",
    )
    _keep(key, None if chosen == usual else chosen)
    return chosen


def _asked_for(key: str, offered: Iterable[Any]) -> Any:
    # A bound widget writes its label into the address, and a label speaks one language only.
    asked = st.query_params.get(key)
    return next((code for code in offered if str(code) == asked), None)


def _keep(key: str, code: Any) -> None:
    if code is not None:
        st.query_params[key] = str(code)
    elif key in st.query_params:
        del st.query_params[key]
