"""My work: what is mine now, what is late, where to go next."""

import streamlit as st

from core.overview import overview
from core.requests import lists
from core.requests.lists import Queue
from pages.ui.kit import filters, gate, words
from pages.ui.kit.lists import open_case, table
from pages.ui.kit.words import _

# Where a pile is not found on the page of its own name.
PAGES = {"running": ("dispatch", {"dispatch_queue": "running"}), "jobs": ("my_jobs", {})}

st.title(_("My work"))
waiting = gate.read(overview)
if gate.allowed("request:register"):
    st.page_link("pages/intake.py", label=_("Register a request"), icon=":material/call:")

if waiting.piles:
    columns = st.columns(min(4, len(waiting.piles)))
    for place, pile in enumerate(waiting.piles):
        with columns[place % len(columns)].container(border=True):
            st.metric(
                words.in_domain("pile", pile.name),
                pile.count,
                words.n_("one late", "{n} late", pile.late) if pile.late else None,
                delta_color="inverse",
                delta_arrow="off",
            )
            page, shown = PAGES.get(pile.name, (pile.name, {}))
            with st.container(horizontal=True):
                st.page_link(f"pages/{page}.py", label=_("Open"), query_params=shown)
                if pile.late:
                    late = {f"{pile.name}_late": filters.ON}
                    st.page_link(
                        f"pages/{page}.py", label=_("Only late"), query_params=shown | late
                    )

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
