"""A batch 批号: every case of it, what the tests say, and the recall (C7, A27)."""

import streamlit as st

from core.inputs import clean_search
from core.quality import batches
from pages.ui import batch, gate, words
from pages.ui.lists import open_case, page_number, table
from pages.ui.words import _

st.title(words.in_domain("page", "batch"))
typed = st.text_input(
    words.field("batch"), key="batch", bind="query-params", icon=":material/search:", width=320
)
wanted = clean_search(typed or "")
if not wanted:
    st.info(_("Type the number of a batch."), icon=":material/inventory_2:")
    st.stop()

view = gate.read(batches.view, batch=wanted, page=page_number("batch_cases"))
batch.figures(view)
batch.counts(view)
batch.recall(view)
chosen = table(
    view.cases,
    key="batch_cases",
    columns=("number", "kind", "status", "customer", "product", "symptom", "received_at"),
    empty=_("No case of this batch."),
    once=True,
)
if chosen:
    open_case(chosen)
