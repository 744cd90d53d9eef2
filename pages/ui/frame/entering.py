"""Between the right password and the first page: a code, a password of one's own, first codes."""

import logging

import streamlit as st

from core.kernel import database
from core.kernel.unit_of_work import transaction
from core.people import passwords, second_steps
from core.people.passwords import ChangePassword
from core.people.sign_ins import Held, Lacking
from pages.ui.frame import sign_in
from pages.ui.kit import asking, codes, gate, headings, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

log = logging.getLogger("aftercare")


def show(found: Held) -> None:
    """Ask for what the sign-in lacks; whoever gives it goes on into the page asked for."""
    sign_in.tell_browser("entering")
    with st.columns([1, 3, 1])[1]:
        headings.title(words.plain(found.actor.company))
        headings.part(words.code(found.lacking) if found.lacking else "")
        asking.panel()
        if found.lacking is Lacking.CODE:
            _code()
        elif found.lacking is Lacking.PASSWORD:
            _own_password()
        else:
            st.info(_("Your role signs in with a code of the telephone as well."))
            codes.set_up(gate.ask_entering, gate.send_entering)
        st.button(
            _("Sign out"),
            key="sign_out",
            type="tertiary",
            icon=":material/logout:",
            on_click=sign_in.leave,
        )


def _code() -> None:
    with st.form("code_form", clear_on_submit=True):
        st.caption(_("The code of your telephone, or one of the codes that you kept."))
        code = st.text_input(words.field("code"), key="code_field", autocomplete="one-time-code")
        pressed = st.form_submit_button(_("Sign in"), type="primary", key="code_send")
    if not pressed:
        return
    place = gate.place()
    with transaction(database.engine(), write=True) as session:
        is_right = second_steps.give(session, gate.own_secret(), code, gate.now(), place)
    if is_right:
        st.rerun()
    log.warning("a wrong code from %s", place.address or "this machine")
    st.error(
        _("The code is wrong, or was used before. After several wrong ones, wait some minutes."),
        icon=":material/error:",
    )


def _own_password() -> None:
    st.info(_("Your password was given to you: choose one that only you know."))
    form = Form("first_password", ChangePassword)
    with st.form("first_password_form", enter_to_submit=False):
        form.field("current")
        form.field("password", label=_("New password"))
        st.caption(_("At least 12 characters. Several words are easy to keep in mind."))
        pressed = st.form_submit_button(_("Go on"), type="primary", key="first_password_send")
    if pressed:
        secret = gate.own_secret()
        form.send_by(
            lambda filled, key: gate.send_entering(
                key, lambda uow: passwords.change_password(uow, filled, keep=secret)
            ),
            done=_("Saved"),
        )
