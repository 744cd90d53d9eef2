"""The Streamlit script: language, sign-in, navigation by permission, search, then the page."""

from pathlib import Path

import streamlit as st

from pages.ui.frame import entering, navigation, sign_in
from pages.ui.kit import gate, words

st.set_page_config(
    page_icon=str(Path(__file__).parent / "pages" / "ui" / "icon.png"),
    layout="wide",
)
st.session_state["guess"] = words.guess()
words.use(st.session_state.get("choice") or st.session_state["guess"])

actor = gate.enter(sign_in.secret())
company = None if actor else gate.find_company()
if actor is None and company is not None:
    actor = gate.enter(sign_in.secret(company))

if company is not None and actor is None and not gate.entering():
    gate.note_ended()
    # The form and its cookie are drawn first: a right password goes on into the page asked for.
    sign_in.form(company)
    actor = gate.enter(sign_in.secret())
if actor is None and (held := gate.entering()):
    entering.show(held)

if actor is not None:
    sign_in.renew()
    page = navigation.for_actor(actor)
    gate.show_flashes()
    navigation.run(page)
elif company is None:
    navigation.first_start().run()
else:
    navigation.signed_out()
