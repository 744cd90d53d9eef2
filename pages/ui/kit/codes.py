"""Codes of the telephone: how one is set up, and the codes for the day when it is lost."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import segno
import streamlit as st

from core.kernel.unit_of_work import UnitOfWork
from core.people import second_steps
from core.people.second_steps import GiveCode, Telephone
from pages.ui.kit import gate, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _

Ask = Callable[[Callable[[UnitOfWork], Any]], Any]
Send = Callable[[str, Callable[[UnitOfWork], Any]], Any]

RECOVERY = "recovery·codes"


def set_up(ask: Ask, send: Send) -> None:
    """What the telephone scans, what to keep for when it is lost, and the first code."""
    telephone = ask(second_steps.telephone)
    if telephone is None:
        send(uuid4().hex, second_steps.prepare)
        telephone = ask(second_steps.telephone)
    left, right = st.columns(2, gap="large")
    with left:
        _scan(telephone)
    with right:
        recovery = fresh_recovery()
        keep(recovery)
    form = Form("first_code", GiveCode)
    with st.form("first_code_form"):
        form.field("code", label=_("The code that the telephone shows now"), width=320)
        pressed = st.form_submit_button(_("Turn on"), type="primary", key="first_code_send")
    if pressed:
        secret = gate.own_secret()
        form.send_by(
            lambda filled, key: send(
                key, lambda uow: second_steps.begin(uow, filled, recovery=recovery, secret=secret)
            ),
            done=_("From now on a code of your telephone is asked for at the sign-in."),
            then=lambda _result: st.session_state.pop(RECOVERY, None),
        )


def fresh_recovery() -> Sequence[str]:
    """Codes for when the telephone is lost, the same in this window until they are in force."""
    made: Sequence[str] = st.session_state.setdefault(RECOVERY, second_steps.new_recovery_codes())
    return made


def keep(recovery: Sequence[str]) -> None:
    """Show the codes for when the telephone is lost."""
    st.markdown(_("**Keep these codes** on paper: each lets you in once without the telephone."))
    pairs = ["   ".join(recovery[n : n + 2]) for n in range(0, len(recovery), 2)]
    st.code("\n".join(pairs), language=None)


def _scan(telephone: Telephone) -> None:
    st.markdown(_("**Scan this** with an app for codes on your telephone."))
    # In the page itself: an address of its own could be asked for by whoever knows it.
    st.image(
        segno.make(telephone.address).svg_data_uri(scale=4, border=2, light="white"), width=200
    )
    parts = [telephone.secret[n : n + 4] for n in range(0, len(telephone.secret), 4)]
    st.caption(_("Or type it: {secret}", secret=words.plain(" ".join(parts))))
