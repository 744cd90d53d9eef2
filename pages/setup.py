"""First start: the company, its rule book and the first administrator."""

import streamlit as st

from core.norms import revisions
from core.people.company import FirstStart
from pages.ui.frame import founder, language
from pages.ui.kit import gate, headings, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.people import zones
from pages.ui.rulebook import packs

language.choose()
headings.title(_("First start"))
st.write(_("Set up your company once. Everything can be changed later."))
with st.expander(_("What the rule packs contain"), expanded=True):
    packs.show()

form = Form(
    "setup",
    FirstStart,
    options={"zones": zones.OPTIONS, "packs": packs.titles()},
    values={
        "time_zone": "Asia/Shanghai",
        "pack": revisions.DEFAULT_PACK,
        "language": words.language(),
    },
)
with st.form("setup_form", enter_to_submit=False):
    left, right = st.columns(2)
    with left:
        headings.part(_("Company"))
        form.fields("company", "time_zone", "language", "pack", "hotline", "station")
    with right:
        headings.part(_("First administrator"))
        form.fields("admin_name", "username", "password", "token")
        st.caption(_("At least 12 characters. There is no default password anywhere."))
        st.caption(_("The token stands in the log of the server, where it was started."))
    pressed = st.form_submit_button(_("Set up"), type="primary", key="setup_send")
if pressed:
    done = _("The company is set up, and you are signed in as its administrator.")
    form.send_by(gate.set_up, done=done, then=lambda _person: founder.enter(form))
