"""The row above every page: its title, search, register, what is new, and who is signed in."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from core.codes import Language
from core.kernel.unit_of_work import Actor
from core.notices import notices
from core.notices.notices import Group, NoticeView
from core.people import people
from core.people.people import ChooseLanguage
from core.process.permissions import may
from pages.ui.frame import search, sign_in
from pages.ui.kit import gate, headings, places, window, words
from pages.ui.kit.forms import Form
from pages.ui.kit.words import _
from pages.ui.notices import opening

LOGO = str(Path(__file__).parent.parent / "icon.png")
ALL = 0  # of the bell's menu: no notice has this id


def draw(actor: Actor) -> None:
    """Draw the row; a search, a notice or the button of it may lead to another page."""
    st.logo(LOGO, size="large")
    with st.container(gap=None):
        sign_in.tell_browser("row")
        window.measure()
        with st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
        ):
            headings.stand_in(st.container(width="content"))
            with st.container(
                horizontal=True,
                vertical_alignment="center",
                horizontal_alignment="right",
                width="content",
            ):
                _tools(actor)


def _tools(actor: Actor) -> None:
    # In a narrow window all of it stands on one line: what is rare is a sign only.
    narrow = window.is_narrow()
    if may(actor, "search:use"):
        if not narrow:
            search.field()
        elif st.button("", key="search", icon=":material/search:", help=_("Search")):
            places.go("find")
    if may(actor, "request:register") and st.button(
        _("New request"),
        key="new_request",
        type="primary",
        icon=":material/call:",
        shortcut=None if narrow else "Alt+N",
    ):
        places.go("intake")
    with st.container(width="content"):
        _bell()
    _person(actor)


@st.fragment(run_every="30s")
def _bell() -> None:
    # It looks by itself: whoever has a page open and does nothing is told within the minute.
    box = gate.kept(notices.newest_unread)
    _announce(box.rows)
    # The browser names an entry by its text: no two may have the same.
    names: dict[int, str] = {}
    for notice in box.rows:
        text = f"{words.plain(words.moment(notice.at))} {opening.said(notice)}"
        names[notice.id] = text + "\u200b" * sum(text in each for each in names.values())
    names[ALL] = _("All notices")
    chosen = st.menu_button(
        str(box.unread),
        list(names),
        format_func=names.__getitem__,
        key="bell",
        type="tertiary",
        icon=":material/notifications:",
        help=words.in_domain("page", "inbox"),
    )
    if chosen == ALL:
        places.go("inbox")
    for notice in box.rows:
        if notice.id == chosen:
            opening.open_notice(notice)


def _announce(rows: Sequence[NoticeView]) -> None:
    """Say aloud what has been asked since the last look in this window."""
    known = st.session_state.get("bell·known")
    for notice in rows:
        if known is not None and notice.id > known and notice.group is Group.TURN:
            st.toast(opening.said(notice), icon=":material/notifications_active:")
    st.session_state["bell·known"] = max([known or 0, *(notice.id for notice in rows)])


def _person(actor: Actor) -> None:
    # Its key tells where one is: whoever has chosen something in it finds it shut.
    name = actor.name[:1] if window.is_narrow() else actor.name
    menu = st.popover(
        words.plain(name),
        key=f"person_{places.arrival()}",
        type="tertiary",
        icon=":material/account_circle:",
    )
    with menu:
        parts = (actor.name, actor.role and words.code(actor.role), actor.station)
        st.caption(" · ".join(words.plain(part) for part in parts if part))
        places.link(
            "account", words.in_domain("page", "account"), icon=":material/manage_accounts:"
        )
        for language in Language:
            if language != words.language():
                _offer(language)
        st.button(
            _("Sign out"),
            key="sign_out",
            type="tertiary",
            icon=":material/logout:",
            on_click=sign_in.leave,
        )


def _offer(language: Language) -> None:
    if st.button(
        words.NAMES[language],
        key=f"speak_{language.value}",
        type="tertiary",
        icon=":material/translate:",
    ):
        Form("own_language", ChooseLanguage).send(
            people.choose_language,
            extra={"language": language},
            then=lambda _result: st.session_state.pop("choice", None),
        )
