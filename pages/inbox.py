"""Inbox 消息: a line a case, what is asked for first; a click opens what it is about."""

from collections.abc import Callable
from itertools import groupby
from typing import Any

import streamlit as st

from core.kernel.inputs import Input
from core.notices import notices
from core.notices.notices import Inbox, NoticeView
from pages.ui.kit import gate, headings, places, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import page_number
from pages.ui.kit.words import _
from pages.ui.notices import opening


def row(notice: NoticeView) -> None:
    """One notice as a button: bold until it was read."""
    at, text = words.plain(words.moment(notice.at)), opening.said(notice)
    if st.button(
        f":gray[{at} {text}]" if notice.read else f":gray[{at}] **{text}**",
        type="tertiary",
        key=f"notice_{notice.id}",
        icon=":material/drafts:" if notice.read else ":material/mark_email_unread:",
    ):
        opening.open_notice(notice)


def mark_all(box: Inbox, mark: Callable[..., Any]) -> None:
    """The button that has all read that is shown."""
    if st.button(_("Mark all as read"), key="mark_all", icon=":material/done_all:"):
        Form("mark_all", Input).send(lambda uow, _input: mark(uow, up_to=box.newest))


headings.title(words.in_domain("page", "inbox"))
is_digest = places.asked("part") == "digest"
if is_digest:
    places.link("inbox", _("All notices"), icon=":material/arrow_back:")
key = "digest" if is_digest else "inbox"
box = gate.read(notices.digest if is_digest else notices.inbox, page=page_number(key))
if not box.rows:
    st.info(_("Nothing has happened that you need to know."), icon=":material/check_circle:")
    st.stop()

if box.unread:
    with st.container(horizontal=True, vertical_alignment="center"):
        if is_digest:
            said = words.n_("A case calls you.", "{n} cases call you.", box.unread)
        else:
            said = words.n_("One unread", "{n} unread", box.unread)
        st.caption(said, width="content")
        mark_all(box, notices.mark_digest_read if is_digest else notices.mark_all_read)
with st.container(gap=None):
    for group, rows in groupby(box.rows, key=lambda each: each.group):
        st.markdown(f"**{words.code(group)}**")
        for each in rows:
            row(each)
if box.pages > 1:
    st.pagination(box.pages, key=f"{key}_page")
