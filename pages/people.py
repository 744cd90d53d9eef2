"""People and stations: who may sign in, as what, and where."""

import streamlit as st

from pages.ui.kit import headings, words
from pages.ui.kit.words import _
from pages.ui.people import many, staff

headings.title(words.in_domain("page", "people"))
people_tab, many_tab, stations_tab = st.tabs(
    [_("People"), _("Many at once"), _("Stations")], key="people_tabs"
)
with people_tab:
    st.caption(_("Somebody without a station sees every station."))
    staff.people_list()
with many_tab:
    many.add()
with stations_tab:
    staff.station_list()
