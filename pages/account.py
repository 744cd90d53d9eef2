"""My account: language and password."""

import streamlit as st

from core.people import passwords, people
from core.people.passwords import ChangePassword
from core.people.people import ChooseLanguage
from pages.ui.kit import gate, headings, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.people import own

headings.title(words.in_domain("page", "account"))
left, right = st.columns(2, gap="large")
with left, st.form("language_form"):
    headings.part(_("Language"))
    choice = Form("language", ChooseLanguage, values={"language": words.language()})
    choice.fields()
    if st.form_submit_button(_("Save"), type="primary", key="language_send"):
        choice.send(
            people.choose_language,
            then=lambda _result: st.session_state.pop("choice", None),
            done=_("Saved"),
        )
with right, st.form("password_form", enter_to_submit=False):
    headings.part(_("New password"))
    change = Form("own_password", ChangePassword)
    change.field("current")
    change.field("password", label=_("New password"))
    st.caption(_("You are then signed out everywhere and sign in with the new one."))
    if st.form_submit_button(_("Change password"), key="password_send"):
        change.send(passwords.change_password)
own.open_sign_ins()
own.telephone()
st.caption(_("Signed in as {name}", name=words.plain(gate.actor().name)))
