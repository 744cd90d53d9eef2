"""Returns and exchanges 退换货: what is due next comes first, and the chosen one beside it."""

import streamlit as st

from pages.ui.kit import gate, headings, places, words
from pages.ui.kit.words import _
from pages.ui.returns import file, queue

with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    headings.title(words.in_domain("page", "returns"))
    with st.container(horizontal=True, width="content"):
        if gate.allowed("return:apply"):
            places.link(
                "apply_return",
                words.in_domain("page", "apply_return"),
                icon=":material/edit_note:",
            )
        places.link(
            "scan",
            words.in_domain("page", "scan"),
            icon=":material/qr_code_scanner:",
        )

# Opened by a scan, a link or a tap: alone, as wide as the screen is.
if alone := places.number("id"):
    if st.button(_("All returns"), key="returns_back", icon=":material/arrow_back:"):
        places.keep("id", "")
        st.rerun()
    file.show(alone)
    st.stop()

found = queue.read(queue.filters())
if queue.on_a_tablet():
    if tapped := queue.pick(found, once=True):
        places.keep("id", str(tapped))
        st.rerun()
    st.stop()
# Beside each other on a desk, below each other where that would be too narrow.
grid = st.grid(2, min_column_width=360, gap="medium")
with grid.cell():
    chosen = queue.pick(found)
with grid.cell():
    if chosen:
        file.show(chosen)
    elif found.rows:
        st.info(_("Choose a row to work on it."), icon=":material/touch_app:")
