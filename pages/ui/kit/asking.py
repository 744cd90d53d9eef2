"""The password is asked for once more, before roles, passwords or rule books change."""

import logging

import streamlit as st

from core.kernel import database
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import transaction
from core.people import sign_ins
from pages.ui.kit import gate, outside, words
from pages.ui.kit.words import _

log = logging.getLogger("aftercare")

ASKED = "password·asked"


def ask() -> None:
    """Ask for it above the page, and draw the page anew: what was typed stays."""
    st.session_state[ASKED] = True
    st.rerun()


def panel() -> None:
    """Where the password is typed, once it is asked for."""
    if not st.session_state.get(ASKED):
        return
    with st.form("ask_again_form", clear_on_submit=True):
        st.warning(
            _("Give your password once more, then press again: what you typed is still there."),
            icon=":material/lock:",
        )
        label = words.field("password")
        given = st.text_input(label, type="password", key="ask_again·password", width=320)
        pressed = st.form_submit_button(_("Go on"), type="primary", key="ask_again_send")
    if outside.is_offered():
        label = _("Sign in with the company account")
        st.button(label, key="ask_outside", icon=":material/badge:", on_click=outside.go)
    if pressed and _is_right(given):
        st.session_state.pop(ASKED)
        gate.flash(_("Thank you: now press once more."))
        st.rerun()
    elif pressed:
        st.error(
            _("The password is wrong. After several wrong tries, wait some minutes."),
            icon=":material/error:",
        )


def _is_right(password: str) -> bool:
    place, secret, now = gate.place(), gate.own_secret(), gate.now()
    with transaction(database.engine(), write=True) as session:
        tried = sign_ins.attempt_again(session, secret, now, place.address)
    if not sign_ins.is_right(tried, password):
        log.warning("asked again at %s %s", place.address or "this machine", tried.story())
        with transaction(database.engine(), write=True) as session:
            sign_ins.note_wrong(session, tried, now, place)
        return False
    try:
        with transaction(database.engine(), write=True) as session:
            sign_ins.confirm(session, secret, gate.now(), tried)
    except NotFound:
        return False
    return True
