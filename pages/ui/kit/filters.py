"""Filters that stay in the address as codes, in whatever language the link is opened.

The address decides what a filter shows when somebody comes to the page, by a link, by the menu or
by the browser's Back; from then on the filter decides what stands in the address.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.kernel.inputs import clean_search
from core.people import people
from core.process.permissions import sees_all_stations
from core.requests.lists import View
from pages.ui.kit import gate, places, window, words
from pages.ui.kit.widgets import EARLIEST, LATEST
from pages.ui.kit.words import _

ON, TAB = "true", "tab"
# What named a part of a list in the addresses of before.
BEFORE = ("late", "whose")


def bar() -> DeltaGenerator:
    """One line for the parts of a list and for all that narrows it: the rows begin below it."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small")


def text(name: str, field: str = "q", *, label: str = "", width: int = 190) -> str:
    """What is looked for."""
    return line(
        f"{name}_{field}",
        label or _("Filter"),
        placeholder=label or _("Number, phone, name"),
        icon=":material/filter_list:",
        width=width,
        label_visibility="collapsed",
    )


def line(key: str, label: str, **shown: Any) -> str:
    """A line of text, cleaned as everything that is looked for."""
    typed = typed_line(key, label, **shown)
    places.keep(key, typed)
    return typed


def typed_line(key: str, label: str, **shown: Any) -> str:
    """As `line`, for a page that may lead elsewhere before the address keeps what was typed."""
    _begin(key, clean_search(places.asked(key)))
    return clean_search(st.text_input(label, key=key, **shown) or "")


def switch(name: str, field: str, label: str) -> bool:
    """A switch that is off unless the address says so."""
    key = f"{name}_{field}"
    _begin(key, places.asked(key) == ON)
    is_on = st.toggle(label, key=key)
    places.keep(key, ON if is_on else "")
    return is_on


def view(name: str, counts: Mapping[View, int]) -> View:
    """Which part of a list is looked at; `counts` say which there are, and how many rows of each.

    Links of before name a part in other ways: they are read, and stay until another is chosen.
    """
    key = f"{name}_view"
    asked = _asked_for(key, counts) or _asked_before(name, counts) or View.ALL
    _begin(key, asked)
    labels = {each: f"{words.code(each)} {words.number(n)}" for each, n in counts.items()}
    chosen = st.pills(
        _("Which part of the list"),
        list(labels),
        required=True,
        format_func=lambda each: labels.get(each, str(each)),
        key=key,
        label_visibility="collapsed",
    )
    chosen = View.ALL if chosen is None else chosen
    if chosen != asked:
        places.keep(key, "" if chosen is View.ALL else chosen)
        for field in BEFORE:
            places.keep(f"{name}_{field}", "")
    return chosen


def _asked_before(name: str, counts: Mapping[View, int]) -> View | None:
    if places.asked(f"{name}_late") == ON:
        return View.LATE
    asked: View | None = _asked_for(f"{name}_whose", counts) if View.MINE in counts else None
    return asked


def ended(name: str) -> bool:
    """Whether what is over is looked at instead."""
    return switch(name, "ended", _("Closed ones instead"))


def select(name: str, field: str, options: Mapping[Any, str], *, width: int = 120) -> Any:
    """One of some options; None for all of them."""
    key = f"{name}_{field}"
    _begin(key, _asked_for(key, options))
    chosen = st.selectbox(
        words.field(field),
        list(options),
        index=None,
        format_func=lambda value: options.get(value, str(value)),
        key=key,
        placeholder=words.field(field),
        width=width,
        label_visibility="collapsed",
    )
    places.keep(key, "" if chosen is None else str(chosen))
    return chosen


def station(name: str, *, width: int = 120) -> int | None:
    """One station, for those who see them all."""
    if not sees_all_stations(gate.actor()):
        return None
    options = dict(gate.kept(people.station_options))
    chosen: int | None = select(name, "station", options, width=width)
    return chosen


def one_of(
    name: str,
    field: str,
    label: str,
    options: Mapping[Any, str],
    *,
    usual: Any,
    draw: Callable[..., Any] = st.selectbox,
    **shown: Any,
) -> Any:
    """Always one of some options; the usual one is not named in the address."""
    key = f"{name}_{field}"
    asked = _asked_for(key, options)
    _begin(key, usual if asked is None else asked)
    chosen = draw(
        label,
        list(options),
        format_func=lambda value: options.get(value, str(value)),
        key=key,
        **shown,
    )
    # Nothing is chosen when an option has gone meanwhile that stood here.
    chosen = usual if chosen is None else chosen
    places.keep(key, "" if chosen in (None, usual) else str(chosen))
    return chosen


def day(name: str, field: str, label: str, *, usual: date, width: int = 130) -> date:
    """Any day; the address says it as 2026-03-01, and nothing for the usual one."""
    address, key = f"{name}_{field}", f"{name}_{field}·day"
    try:
        asked = date.fromisoformat(places.asked(address))
    except ValueError:
        asked = usual
    _begin(key, min(max(asked, EARLIEST), LATEST))
    chosen = st.date_input(
        label,
        min_value=EARLIEST,
        max_value=LATEST,
        key=key,
        width=width,
        label_visibility="collapsed",
    )
    chosen = chosen if isinstance(chosen, date) else usual
    places.keep(address, "" if chosen == usual else chosen.isoformat())
    return chosen


def segments(
    name: str,
    field: str,
    label: str,
    options: Mapping[Any, str],
    *,
    usual: Any,
    draw: Callable[..., Any] = st.segmented_control,
) -> Any:
    """As `one_of`, side by side; without a usual one nothing is chosen until somebody does."""
    look = {"required": usual is not None, "label_visibility": "collapsed"}
    return one_of(name, field, label, options, usual=usual, draw=draw, **look)


def tabs(labels: Mapping[str, str], *, of: int) -> Mapping[str, Any]:
    """Tabs that the address keeps by their code; gives those to be drawn, with their places.

    `of` is the record: another one begins as its own address says. The first tab stays drawn once
    it was open: what is half typed there is still there after a look at another one.
    """
    state, first = st.session_state, next(iter(labels))
    visit = (places.arrival(), of)
    if state.get("tab·visit") != visit:
        state["tab·visit"] = visit
        chosen, seen = _asked_for(TAB, labels) or first, False
    else:
        chosen, seen = state["tab·labels"].get(state.get("tabs"), state["tab"]), state["tab·seen"]
    state["tab"], state["tab·seen"] = chosen, seen or chosen == first
    # Its labels change with the language and with what they count: the code is what lasts.
    state["tab·labels"] = {label: code for code, label in labels.items()}
    state["tabs"] = labels[chosen]
    drawn = st.tabs(list(labels.values()), key="tabs", on_change="rerun")
    places.keep(TAB, "" if chosen == first else chosen)
    shown = {chosen, first} if state["tab·seen"] else {chosen}
    return {code: place for code, place in zip(labels, drawn, strict=True) if code in shown}


def picked(name: str, field: str, mark: str, offered: Iterable[str]) -> str:
    """What was picked on a chart, or by the address; a chart forgets its mark, the address not."""
    key, state = f"{name}_{field}", st.session_state
    if not _has_begun(key):
        _begin(key, _asked_for(key, offered) or "")
    elif mark != state.get(f"{key}·mark"):
        state[key] = mark
    state[f"{key}·mark"] = mark
    chosen: str = state[key] if state[key] in offered else ""
    places.keep(key, chosen)
    return chosen


def unpick(name: str, *fields: str) -> None:
    """Forget what was picked on charts."""
    for field in fields:
        st.session_state[f"{name}_{field}"] = ""


def more(name: str, *fields: str) -> AbstractContextManager[Any] | None:
    """Where the rarer filters are drawn; None while nobody wants them: their options cost."""
    # Its label never changes: another one would be another popover, and shut under the mouse.
    place = st.popover(_("More"), key=f"{name}_more", on_change="rerun", icon=":material/tune:")
    used = sum(_is_used(f"{name}_{field}") for field in fields)
    if used:
        st.badge(_("{n} used", n=used), color="blue")
    return place if place.open or used else None


def _begin(key: str, asked: Any) -> None:
    """Show what the address asks for, if somebody has come to it since the last time."""
    if not _has_begun(key):
        st.session_state[key] = asked
        st.session_state[f"{key}·arrival"] = _arrival()


def _has_begun(key: str) -> bool:
    state = st.session_state
    return key in state and state.get(f"{key}·arrival") == _arrival()


def _arrival() -> tuple[int, bool]:
    # A page that turns out to be narrow is drawn anew, and the browser may not have seen the first.
    return places.arrival(), window.is_narrow()


def _is_used(key: str) -> bool:
    return bool(st.session_state[key] if _has_begun(key) else places.asked(key))


def _asked_for(key: str, offered: Iterable[Any]) -> Any:
    asked = places.asked(key)
    return next((code for code in offered if str(code) == asked), None)
