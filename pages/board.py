"""The board 排班板: technicians' days, what waits, and both brought together."""

from datetime import timedelta

import streamlit as st

from core.codes import RequestKind
from core.dispatch.board import Filter
from core.requests.kinds import SITE_KINDS
from core.roster import qualifications
from pages.ui.dispatch import days, load, opened, planner, planning, reminding
from pages.ui.dispatch import map as day_map
from pages.ui.kit import filters, gate, headings, window, words
from pages.ui.kit.words import _

AHEAD, BACK = 28, 7

headings.title(words.in_domain("page", "board"))
today = gate.now().astimezone(words.zone()).date()
offered = [today + timedelta(days=n) for n in range(-BACK, AHEAD + 1)]
with filters.bar():
    views = {"board": _("Board"), "map": _("On the map"), "load": _("Load")}
    view = filters.segments("board", "view", _("View"), views, usual="board")
    labels = {day: words.weekday(day) for day in offered}
    since = filters.one_of(
        "board", "day", _("Day"), labels, usual=today, width=150, label_visibility="collapsed"
    )
    length = 1
    if view == "board" and not window.is_phone():
        lengths = {1: _("By day"), 7: _("By week")}
        length = filters.segments("board", "days", _("How long"), lengths, usual=1)
    if length > 1:  # a week is read from its Monday on
        since -= timedelta(days=since.weekday())
    if view == "load":  # a click opens a day that can be chosen
        since = min(since, offered[-load.DAYS])
    kinds = {kind: words.code(kind) for kind in RequestKind if kind in SITE_KINDS}
    narrowed = Filter(
        station_id=filters.station("board"),
        # Hours are taken whatever the work is.
        kind=None if view == "load" else filters.select("board", "kind", kinds),
        skill=filters.select("board", "skill", gate.kept(qualifications.kinds)),
    )

    if view == "board" and not window.is_phone():
        planning.offer(since, length, narrowed)
planning.show(since, length)
if view == "load":
    load.show(since, narrowed)
    st.stop()


@st.fragment(run_every="15s")
def _board() -> None:
    found = planner.look(since, length, narrowed)
    # The board keeps its place whatever is said above or opened beside it: elsewhere it would be
    # drawn anew.
    above = st.container()
    if found.until < gate.now().astimezone(words.zone()).date():  # a board may stand all night
        above.info(_("This is a day that is over: {day}.", day=words.weekday(found.until)))
    if view == "board" and window.is_phone():
        days.show(found)
        return
    with above:
        plans = reminding.offer(found)
    with st.container(horizontal=True):
        with st.container():
            if view == "map":
                day_map.draw(found)
            else:
                planner.draw(found, plans)
        if case_id := planner.opened():
            with st.container(key=planner.PANEL, width=300):
                opened.show(case_id, found)


_board()
