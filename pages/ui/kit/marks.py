"""What stands out: in a table a sign before the text, and the text in red; a badge elsewhere."""

from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from pages.ui.kit.words import _

LATE, CRITICAL = "▲", "‼"
# Each is read with ease on the background of its theme.
RED, RED_ON_DARK = "#d32f2f", "#ff7b72"


def coloured(frame: pd.DataFrame) -> Any:
    """The table with its marked cells in red; as it is where nothing is marked."""
    cells = [
        f"row{row}_col{column}"
        for column, name in enumerate(frame.columns)
        for row, value in enumerate(frame[name])
        if isinstance(value, str) and value.startswith((LATE, CRITICAL))
    ]
    return _red(frame, cells) if cells else frame


def _red(frame: pd.DataFrame, cells: list[str]) -> Styler:
    # Streamlit asks a style for the look of every cell, and pandas works them out one by one, ten
    # times as long as the table itself takes. Here only some cells have a look, and it is known.
    # What is answered in pandas' place is private to it: its version is pinned, a test holds.
    look = Styler(frame)
    colour = RED_ON_DARK if st.context.theme.type == "dark" else RED
    props = [("color", colour), ("font-weight", "600")]
    answer = {"cellstyle": [{"props": props, "selectors": cells}]}
    vars(look).update(_compute=lambda: look, _translate=lambda *_asked: answer)
    return look


def urged(times: int) -> None:
    """How often the customer has pressed for a case, where that has happened."""
    if times:
        said = _("Chased ×{n}", n=times)
        st.badge(said, color="orange", icon=":material/notification_important:")
