"""My work: what is mine now, what is late, where to go next."""

import streamlit as st

from core import overview as home
from core.requests import lists
from core.requests.lists import Queue
from pages.ui.kit import filters, gate, words
from pages.ui.kit.lists import open_case, table
from pages.ui.kit.words import _

PAGES = {
    "dispatch": ("pages/dispatch.py", {}),
    "running": ("pages/dispatch.py", {"dispatch_queue": "running"}),
    "desk": ("pages/desk.py", {}),
    "complaints": ("pages/complaints.py", {}),
    "quality": ("pages/quality.py", {}),
    "suggestions": ("pages/suggestions.py", {}),
    "returns": ("pages/returns.py", {}),
    "jobs": ("pages/my_jobs.py", {}),
    "followups": ("pages/followups.py", {}),
}

st.title(_("My work"))
overview = gate.read(home.overview)
if gate.allowed("request:register"):
    st.page_link("pages/intake.py", label=_("Register a request"), icon=":material/call:")

if overview.piles:
    columns = st.columns(min(4, len(overview.piles)))
    for place, pile in enumerate(overview.piles):
        with columns[place % len(columns)].container(border=True):
            st.metric(
                words.in_domain("pile", pile.name),
                pile.count,
                words.n_("one late", "{n} late", pile.late) if pile.late else None,
                delta_color="inverse",
                delta_arrow="off",
            )
            page, shown = PAGES[pile.name]
            with st.container(horizontal=True):
                st.page_link(page, label=_("Open"), query_params=shown)
                if pile.late:
                    late = {f"{pile.name}_late": filters.ON}
                    st.page_link(page, label=_("Only late"), query_params=shown | late)

if gate.allowed("request:register"):
    st.subheader(_("Mine by first contact"))
    st.caption(_("Who takes the call owns the case until it is handed over by name (D9)."))
    chosen = table(
        gate.read(lists.queue, name=Queue.MINE),
        key="mine",
        columns=("number", "kind", "status", "customer", "symptom", "next_due"),
        empty=_("Nothing is yours at the moment."),
        once=True,
    )
    if chosen:
        open_case(chosen)

if gate.allowed("people:edit"):
    st.subheader(_("Set up the tool"))
    st.caption(_("Stations and people first; then bring in what you have from files."))
    st.page_link("pages/people.py", label=_("Add stations and people"), icon=":material/group:")
    st.page_link("pages/imports.py", label=_("Import a file"), icon=":material/upload_file:")
    st.page_link("pages/papers.py", label=_("Paper templates"), icon=":material/description:")
    st.page_link("pages/company.py", label=_("Company"), icon=":material/apartment:")
