"""What was tried from afar, for whoever goes next (D27)."""

from collections.abc import Iterable

import streamlit as st

from core.requests.guiding import Guided
from pages.ui.kit import words


def show(tries: Iterable[Guided]) -> None:
    """Each try: when, how, what came of it."""
    for each in tries:
        parts = (
            words.action("guide"),
            words.moment(each.at),
            words.code(each.by),
            words.code(each.result),
            each.tried,
        )
        st.caption(words.plain(" · ".join(parts)))
