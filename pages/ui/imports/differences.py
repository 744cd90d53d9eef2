"""What a file says otherwise of who or what is on file: listed, and nothing is replaced."""

from collections.abc import Sequence

import streamlit as st

from core.imports.tallies import Difference
from pages.ui.kit import words
from pages.ui.kit.words import _


def show(found: Sequence[Difference], count: int, *, key: str) -> None:
    """Each fact that differs, as it is here and in the file."""
    if not found:
        return
    st.warning(
        words.n_(
            "One fact is on file otherwise. It stays as it is here.",
            "{n} facts are on file otherwise. They stay as they are here.",
            count,
        )
    )
    st.dataframe(
        [
            {
                _("Line"): each.line,
                _("Who or what"): each.who,
                _("Fact"): words.field(each.field),
                _("Here"): each.here,
                _("In the file"): each.there,
            }
            for each in found
        ],
        hide_index=True,
        key=f"{key}_differences",
    )
