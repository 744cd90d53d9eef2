"""What a person types into a form, kept in the database until the form is sent.

A reload, another page, another telephone, a server that starts again: it is given back. Each
widget says when it was left; only what was touched is kept, so that what the tool proposes is
proposed anew. Of two windows with the same form the slower one is asked which of both holds.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import streamlit as st
from pydantic import AwareDatetime
from pydantic_core import to_jsonable_python

from core.kernel import drafts
from core.kernel.errors import Hindered, NotSignedIn, Stale
from pages.ui.kit import gate

Read = Callable[[Any], Any]


@dataclass
class _Held:
    """What this window knows of one form's draft; by place, which is a field and its scope."""

    stem: str
    # As the database gave it to this window, in JSON: what the widgets start with.
    first: dict[str, Any] = field(default_factory=dict)
    # When what is given back was typed, and when what this window goes on from was kept.
    given_at: datetime | None = None
    seen: datetime | None = None
    touched: set[str] = field(default_factory=set)
    saved: dict[str, Any] = field(default_factory=dict)
    # Kept with anything else that is: whom the form is about, by the keys of the widgets.
    along: dict[str, str] = field(default_factory=dict)
    # Drawn for the first time: the browser may have brought what it showed before the server went.
    is_new: bool = True
    # Another window has gone on with the same form.
    is_outrun: bool = False
    # The last change could not be kept: it stands in the window alone.
    is_hindered: bool = False


class Keeping:
    """Keeps one form of one person."""

    def __init__(self, form: str, version: int) -> None:
        """The draft of a form is read once, when a window first draws it."""
        self.form = form
        if self._place not in st.session_state:
            st.session_state[self._place] = _begin(form, version)
        self._held: _Held = st.session_state[self._place]
        self._widgets: dict[str, tuple[str, Read, Any]] = {}

    @property
    def stem(self) -> str:
        """What the widgets are named by, so that another window finds what a browser still shows.

        A server that started again knows no window, and every browser shows its page on.
        """
        return self._held.stem

    def has(self, place: str) -> bool:
        """Whether something is given back here."""
        return place in self._held.first

    def first(self, place: str, kind: Any = None) -> Any:
        """What is given back here, as a value of this kind."""
        return _back(kind, self._held.first.get(place))

    @property
    def given_at(self) -> datetime | None:
        """When what is given back was typed; None when nothing is."""
        return self._held.given_at

    @property
    def is_outrun(self) -> bool:
        """Whether another window has kept, sent or dropped the same form meanwhile."""
        return self._held.is_outrun

    @property
    def is_hindered(self) -> bool:
        """Whether what was typed last stands in this window alone."""
        return self._held.is_hindered

    @property
    def saved(self) -> Mapping[str, Any]:
        """What is kept now, in JSON."""
        return self._held.saved

    def take_along(self, place: str, key: str) -> None:
        """Keep this with whatever else is kept, and not for itself."""
        self._held.along[place] = key

    def touch(self, place: str) -> None:
        """What stands here is a person's own, as if it were typed."""
        self._held.touched.add(place)

    def watched(self, place: str, key: str, shown: Any, read: Read) -> dict[str, Any]:
        """What a widget that shows this at first has to be told, so that a change is kept.

        `read` gives what it holds in the model's terms.
        """
        self._widgets[place] = (key, read, shown)
        return {"on_change": self._leave, "args": (place, key, read)}

    def keep(self, *, anyway: bool = False) -> None:
        """Keep what was touched, if it has changed since the last time."""
        held, state = self._held, st.session_state
        typed = {
            place: read(state[key])
            for place, (key, read, _shown) in self._widgets.items()
            if key in state
        }
        if held.is_new:
            shown = {place: each[-1] for place, each in self._widgets.items()}
            held.touched |= {place for place in typed if _is_other(typed[place], shown[place])}
            held.is_new = False
        self._save({name: typed[name] for name in held.touched & typed.keys()}, anyway=anyway)

    def forget(self) -> None:
        """The form was sent, or goes on as the other window has kept it: it is read anew."""
        st.session_state.pop(self._place, None)

    def drop(self) -> None:
        """What was typed is not wanted any more."""
        gate.end_draft(self.form)
        st.session_state[self._place] = _Held(secrets.token_hex(16))

    def _leave(self, place: str, key: str, read: Read) -> None:
        # At once, and not when the page is drawn: whoever leaves a field by a link draws another.
        self._held.touched.add(place)
        if key in st.session_state:
            try:
                self._save({place: read(st.session_state[key])})
            except NotSignedIn:
                return  # it stands in the window, and is kept when the page is drawn again

    def _save(self, typed: dict[str, Any], *, anyway: bool = False) -> None:
        held, state = self._held, st.session_state
        if typed:
            typed = {name: state[key] for name, key in held.along.items() if key in state} | typed
        # What is not drawn now may be again: the contact of another customer.
        now = held.saved | to_jsonable_python(typed)
        if (now == held.saved or held.is_outrun) and not anyway:
            return
        try:
            kept_at = gate.keep_draft(self.form, held.stem, now, seen=held.seen, anyway=anyway)
        except Stale:
            held.is_outrun = True
            return
        except Hindered:
            held.is_hindered = True
            return
        held.is_hindered = False
        held.saved, held.seen, held.is_outrun = now, kept_at or held.seen, False

    @property
    def _place(self) -> str:
        return f"draft:{self.form}"


def _begin(form: str, version: int) -> _Held:
    found = gate.read(drafts.find, form=form)
    if found is None:
        return _Held(str(version) if version else secrets.token_hex(16))
    typed, at = dict(found.typed), found.saved_at
    return _Held(found.stem, typed, at if typed else None, at, set(typed), typed)


def _is_other(typed: Any, shown: Any) -> bool:
    if isinstance(typed, datetime) and isinstance(shown, datetime):
        return typed != shown.replace(second=0, microsecond=0)  # no widget knows of seconds
    return bool(typed) and typed != shown


def _back(kind: Any, value: Any) -> Any:
    """What JSON made of a value, as the model has it."""
    if not isinstance(value, str):
        return value
    if kind in (datetime, AwareDatetime):
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return next((code for code in kind if code.value == value), None)
    return value
