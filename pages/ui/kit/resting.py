"""After a save nothing stands armed where the pressed button stood, until the person chooses.

A second press of a double click, or an absent-minded one, must meet no form that is open and
ready to be sent: the next action, the next record, another panel that has moved up.
"""

from typing import Any

import streamlit as st

from pages.ui.kit import places

SAVED, MOVED, MOVES = "resting", "resting·moved", "resting·moves"
# What the choice of an action ends with, among the keys of widgets.
CHOICE = "·action"


def rest() -> None:
    """Something was saved: from the next run on no action is open."""
    st.session_state[SAVED] = None


def move_on() -> None:
    """What was saved took its record on: the next run may choose the next one beside it."""
    st.session_state[MOVED] = True


def moves_on() -> bool:
    """Whether the run before took a record on; in the one run after it."""
    return bool(st.session_state.get(MOVES))


def begin(page: str) -> None:
    """At the start of a run of a page: rest where the save led to, wake up anywhere else."""
    st.session_state[MOVES] = st.session_state.pop(MOVED, False)
    if SAVED not in st.session_state:
        return
    place: tuple[Any, ...] = (page, places.asked("id"))
    if st.session_state[SAVED] is None:
        st.session_state[SAVED] = place
        for key in [key for key in st.session_state if str(key).endswith(CHOICE)]:
            st.session_state[key] = None
    elif st.session_state[SAVED] != place:
        wake()


def follow() -> None:
    """The tool itself has chosen the next record and put it into the address: rest goes on."""
    if rests():
        st.session_state[SAVED] = (places.current(), places.asked("id"))


def wake() -> None:
    """The person has chosen what to look at: its first action may be open."""
    st.session_state.pop(SAVED, None)


def rests() -> bool:
    """Whether something was just saved here, and nothing has been chosen since."""
    return SAVED in st.session_state
