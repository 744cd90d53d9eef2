"""My work: what is mine now, what is late, where to go next."""

import streamlit as st

from core.codes import Role
from core.overview import overview
from core.requests import lists
from core.requests.lists import Queue
from pages.ui.backups import told as backups
from pages.ui.frame.screens import place_of
from pages.ui.kit import filters, gate, headings, places, words
from pages.ui.kit.lists import open_case, table
from pages.ui.kit.words import _
from pages.ui.meetings import decisions
from pages.ui.process import doubt

# Who does one thing all day begins there; whoever comes here later wants this page.
FIRST = {Role.TECHNICIAN: "my_jobs", Role.WAREHOUSE: "scan"}
role = gate.actor().role
begins = FIRST.get(role) if role else None
if begins and places.arrival() == 1 and not places.came_back():
    places.go(begins)

headings.title(_("My work"))
backups.warning()
doubt.warning()
piles = gate.read(overview).piles
if not any(pile.count for pile in piles):
    st.info(_("Nothing waits for you."), icon=":material/check:")
grid = st.grid(4, min_column_width=200)
# What is late comes first; what is empty is named below, where it is found on a busier day.
for pile in sorted((each for each in piles if each.count), key=lambda each: not each.late):
    with grid.cell(), st.container(border=True, height="stretch", gap="small"):
        st.metric(
            words.in_domain("pile", pile.name),
            pile.count,
            _("{n} late", n=pile.late) if pile.late else None,
            delta_color="inverse",
            delta_arrow="off",
        )
        page, shown = place_of(pile.name)
        with st.container(horizontal=True):
            places.link(page, _("Open"), **shown)
            if pile.late:
                places.link(page, _("Only late"), **(shown | {f"{pile.name}_late": filters.ON}))
if idle := [pile.name for pile in piles if not pile.count]:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_("Nothing waits in:"), width="content")
        for name in idle:
            page, shown = place_of(name)
            places.link(page, words.in_domain("pile", name), **shown)

if gate.allowed("decision:do"):
    decisions.mine()

if gate.allowed("request:register"):
    headings.part(_("My cases by first contact"))
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
    headings.part(_("Set up the tool"))
    st.caption(_("Stations and people first; then bring in what you have from files."))
    places.link("people", _("Add stations and people"), icon=":material/group:")
    places.link("imports", _("Import a file"), icon=":material/upload_file:")
    places.link("papers", _("Paper templates"), icon=":material/description:")
    places.link("company", _("Company"), icon=":material/apartment:")
