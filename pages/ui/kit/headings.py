"""Titles of pages and of their parts, without the anchors that nobody at work links to."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

SLOT = "title·slot"


def stand_in(slot: DeltaGenerator) -> None:
    """The page of this run puts its title into a slot of the frame."""
    st.session_state[SLOT] = (_run(), slot)


def title(text: str) -> None:
    """The title of a page, in the row above every page where there is one."""
    run, slot = st.session_state.get(SLOT, (0, None))
    place = slot if slot is not None and run == _run() else st
    place.title(text, anchor=False)


def part(text: str) -> None:
    """The title of a part of a page."""
    st.subheader(text, anchor=False)


def _run() -> Any:
    # One object a run; a fragment's run has another one.
    return id(get_script_run_ctx())
