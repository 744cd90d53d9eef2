"""Returns and exchanges 退换货: what is due next comes first, and the chosen one beside it."""

import streamlit as st

from pages.ui.kit import filters, gate, headings, places, words
from pages.ui.kit.queue import beside
from pages.ui.kit.words import _
from pages.ui.requests.beside import shows
from pages.ui.returns import file, queue

headings.title(words.in_domain("page", "returns"))
with filters.bar():
    chosen_filters = queue.filters()
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

found = queue.read(chosen_filters)
if queue.on_a_tablet():
    queue.pick(found)
    st.stop()
beside(
    bool(found.rows),
    lambda: queue.pick(found),
    shows(file.work, otherwise=_("This case is no return.")),
    widths=(1, 1),
)
