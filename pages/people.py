"""People and stations: who may sign in, as what, and where."""

import streamlit as st

from pages.ui.kit import headings, words
from pages.ui.kit.words import _
from pages.ui.people import staff

headings.title(words.in_domain("page", "people"))
people_tab, stations_tab = st.tabs([_("People"), _("Stations")], key="people_tabs")
with people_tab:
    st.caption(_("Somebody without a station sees every station."))
    staff.people_list()
with stations_tab:
    staff.station_list()
