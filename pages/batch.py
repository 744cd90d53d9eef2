"""A batch 批号: its cases and owners, what the tests say, and the recall (C7, A27)."""

import streamlit as st

from core.quality import batches
from pages.ui.kit import filters, gate, headings, words
from pages.ui.kit.lists import open_case, page_number, table
from pages.ui.kit.words import _
from pages.ui.quality import batch, owners

headings.title(words.in_domain("page", "batch"))
wanted = filters.line("batch", words.field("batch"), icon=":material/search:", width=320)
if not wanted:
    owners.recalls()
    st.info(_("Type the number of a batch."), icon=":material/inventory_2:")
    st.stop()

view = gate.read(batches.view, batch=wanted, page=page_number("batch_cases"))
batch.figures(view)
batch.counts(view)
batch.recall(view)
parts = {"cases": _("Cases"), "owners": _("Owners")}
usual = "owners" if view.emergency_id else "cases"
if filters.segments("batch", "part", _("What is listed"), parts, usual=usual) == "owners":
    owners.listed(wanted)
    st.stop()
chosen = table(
    view.cases,
    key="batch_cases",
    columns=("number", "kind", "status", "customer", "product", "symptom", "received_at"),
    empty=_("No case of this batch."),
    once=True,
)
if chosen:
    open_case(chosen)
