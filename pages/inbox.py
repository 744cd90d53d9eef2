"""Inbox 消息: a line a case, what is asked for first; a click opens what it is about."""

from itertools import groupby

import streamlit as st

from core.kernel.inputs import Input
from core.notices import notices
from core.notices.notices import NoticeView
from pages.ui.kit import gate, places, resting, words
from pages.ui.kit.forms import Form
from pages.ui.kit.lists import page_number
from pages.ui.kit.words import _
from pages.ui.notices import lines


def go(notice: NoticeView) -> None:
    """To what the notice is about."""
    resting.wake()
    if place := lines.place(notice):
        places.go(place.page, **place.asks)


def row(notice: NoticeView) -> None:
    """One notice as a button: bold until it was read."""
    said = lines.line(notice.kind, notice.data, words.language())
    others = words.n_("one more", "{n} more", notice.more) if notice.more else ""
    parts = (f"{notice.number} {notice.customer}".strip(), said, others)
    text = words.plain(" · ".join(part for part in parts if part))
    at = words.plain(words.moment(notice.at))
    pressed = st.button(
        f":gray[{at} {text}]" if notice.read else f":gray[{at}] **{text}**",
        type="tertiary",
        key=f"notice_{notice.id}",
        icon=":material/drafts:" if notice.read else ":material/mark_email_unread:",
    )
    if pressed and notice.read:
        go(notice)
    elif pressed:
        Form(f"notice·{notice.id}", Input).send(
            lambda uow, _input: notices.mark_read(uow, id=notice.id),
            then=lambda _result: go(notice),
        )


st.title(words.in_domain("page", "inbox"))
box = gate.read(notices.inbox, page=page_number("inbox"))
if not box.rows:
    st.info(_("Nothing has happened that you need to know."), icon=":material/check_circle:")
    st.stop()

if box.unread:
    st.caption(words.n_("One is not read yet.", "{n} are not read yet.", box.unread))
    newest = max(notice.id for notice in box.rows)
    if st.button(_("Mark all as read"), key="mark_all", icon=":material/done_all:"):
        Form("mark_all", Input).send(lambda uow, _input: notices.mark_all_read(uow, up_to=newest))
with st.container(gap=None):
    for group, rows in groupby(box.rows, key=lambda each: each.group):
        st.markdown(f"**{words.code(group)}**")
        for each in rows:
            row(each)
if box.pages > 1:
    st.pagination(box.pages, key="inbox_page")
