"""A meeting on the screen: from figure to figure, by hand or by the arrow keys."""

from collections.abc import Mapping

import streamlit as st

from core.codes import MeetingStatus
from core.kpi import FigureName
from core.meetings import lists, meetings
from core.meetings.view import MeetingView
from pages.ui.kit import actions, filters, gate, headings, places, words
from pages.ui.kit.words import _
from pages.ui.meetings import decisions, exports, figure, sentences

FIGURE, JUST_READ = "meeting_figure", "meeting·just_read"


def show(view: MeetingView) -> None:
    """The figure that the address names, what was decided, and what may be done."""
    headings.title(words.plain(view.row.topic))
    names = {each.name: words.code(each.name) for each in view.frozen.figures}
    name = _bar(view, names)
    figure.show(view, view.frozen.figure(name))
    decisions.show(view, name)
    _close(view)
    if view.row.status is MeetingStatus.OPEN:
        st.session_state[JUST_READ] = True
        _follow(view)


@st.fragment(run_every="10s")
def _follow(shown: MeetingView) -> None:
    # What somebody else decides meanwhile belongs on the wall, and into the files below. A form
    # keeps what is half typed.
    if st.session_state.pop(JUST_READ, False):
        return
    if gate.read(lists.show, id=shown.row.id) != shown:
        st.rerun()


def _bar(view: MeetingView, names: Mapping[FigureName, str]) -> FigureName:
    order = list(names)
    with filters.bar():
        # Filled last: only what is chosen says what comes before and after it.
        turns = st.container(horizontal=True, width="content", gap="small")
        chosen: FigureName = filters.one_of(
            *("meeting", "figure", _("Figure"), names),
            usual=order[0],
            label_visibility="collapsed",
            width=240,
        )
        at = order.index(chosen)
        last = len(order) - 1
        with turns:
            _turn(_("Previous figure"), "Left", order[max(0, at - 1)], is_end=at == 0)
            _turn(_("Next figure"), "Right", order[min(at + 1, last)], is_end=at == last)
        place = f"{at + 1} / {len(order)}"
        said = (place, words.code(view.row.status), *sentences.about(view))
        st.caption(words.plain(" · ".join(said)), width="content")
    return chosen


def _turn(label: str, key: str, name: FigureName, *, is_end: bool) -> None:
    st.button(
        label,
        key=f"meeting_{key.lower()}",
        shortcut=key,
        disabled=is_end,
        on_click=_to,
        args=(name,),
    )


def _to(name: FigureName) -> None:
    st.session_state[FIGURE] = name


def _close(view: MeetingView) -> None:
    with filters.bar():
        places.link("meeting", _("All meetings"), icon=":material/arrow_back:")
        exports.show(view)
    actions.panel(
        meetings.PROCESS,
        record_id=view.row.id,
        version=view.version,
        rules=view.actions,
        opened=False,
    )
