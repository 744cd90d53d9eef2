"""The choice of language for somebody who is not signed in."""

import streamlit as st

from core.codes import Language
from pages.ui.kit import words


def choose() -> None:
    """Choose between the languages; the choice holds for this browser window."""
    st.selectbox(
        "语言 · Language",
        list(Language),
        format_func=words.NAMES.__getitem__,
        index=list(Language).index(words.language()),
        key="language_choice",
        on_change=lambda: st.session_state.update(choice=st.session_state["language_choice"]),
        width=200,
    )
