"""One's own account: where one is signed in, and codes of the telephone."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import streamlit as st

from core.kernel.errors import AskAgain, Refused
from core.kernel.unit_of_work import UnitOfWork
from core.people import second_steps, sign_ins
from pages.ui.kit import asking, codes, gate, headings, words
from pages.ui.kit.words import _
from pages.ui.people import agents

SETTING_UP, NEW = "codes·setting_up", "codes·new"


def open_sign_ins() -> None:
    """Where one is signed in, and the way out of all other places."""
    headings.part(_("Where you are signed in"))
    found = gate.read(sign_ins.own, secret=gate.own_secret())
    rows = [
        {
            _("Signed in"): words.moment(each.started_at, year=True),
            _("Last used"): words.moment(each.seen_at, year=True),
            _("Address"): each.address,
            _("Browser"): agents.named(each.agent),
            _("This one"): _("this one") if each.is_this else "",
        }
        for each in found
    ]
    st.dataframe(rows, hide_index=True, key="own_sign_ins")
    if len(found) > 1 and st.button(_("Sign out everywhere else"), key="end_elsewhere"):
        secret = gate.own_secret()
        _send(
            lambda uow: sign_ins.end_elsewhere(uow, secret=secret),
            _("You are signed in here only."),
        )


def telephone() -> None:
    """Codes of the telephone: set up, made anew for when it is lost, turned off."""
    headings.part(_("Codes of the telephone"))
    standing = gate.read(second_steps.standing)
    if standing.since:
        _turned_on(standing)
    elif st.session_state.get(SETTING_UP):
        codes.set_up(gate.ask, gate.send)
    else:
        st.caption(_("A code of your telephone beside the password keeps strangers out."))
        if st.button(_("Set up a telephone"), key="codes_set_up"):
            st.session_state[SETTING_UP] = True
            st.rerun()


def _turned_on(standing: second_steps.Standing) -> None:
    st.session_state.pop(SETTING_UP, None)
    since = words.moment(standing.since, year=True)
    st.success(_("Turned on since {at}.", at=since), icon=":material/check_circle:")
    left = words.n_(
        "One code for a lost telephone is left.",
        "{n} codes for a lost telephone are left.",
        standing.left,
    )
    st.caption(left)
    if made := st.session_state.get(NEW):
        codes.keep(made)
        st.button(_("I have kept them"), key="codes_kept", on_click=_forget)
    elif st.button(_("New codes for a lost telephone"), key="codes_renew"):
        made = second_steps.new_recovery_codes()
        if _sent(lambda uow: second_steps.renew_recovery(uow, recovery=made)):
            st.session_state[NEW] = made
            st.rerun()
    if not standing.is_asked and st.button(_("Turn off"), key="codes_stop"):
        _send(second_steps.stop, _("Saved"))


def _forget() -> None:
    st.session_state.pop(NEW, None)


def _send(command: Callable[[UnitOfWork], Any], done: str) -> None:
    if _sent(command):
        gate.flash(done)
        st.rerun()


def _sent(command: Callable[[UnitOfWork], Any]) -> bool:
    try:
        gate.send(uuid4().hex, command)
    except AskAgain:
        asking.ask()
    except Refused as error:
        st.error(words.refusal(error), icon=":material/error:")
        return False
    return True
