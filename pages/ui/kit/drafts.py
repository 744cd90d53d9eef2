"""What a person types into a form, kept in the database until the form is sent.

A reload, another page, another telephone, a server that starts again: it is given back. Each
widget says when it was left; only what was touched is kept, so that what the tool proposes is
proposed anew.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import streamlit as st
from pydantic import AwareDatetime
from pydantic_core import to_jsonable_python

from core.kernel import drafts
from core.kernel.inputs import Input
from pages.ui.kit import gate
from pages.ui.kit.fields import kind_of


@dataclass
class _Held:
    """What this window knows of one form's draft."""

    stem: str
    # As the database gave it to this window: what the widgets start with.
    first: dict[str, Any] = field(default_factory=dict)
    given_at: datetime | None = None
    touched: set[str] = field(default_factory=set)
    saved: dict[str, Any] = field(default_factory=dict)
    # Drawn for the first time: the browser may have brought what it showed before the server went.
    is_new: bool = True


class Keeping:
    """Keeps one form of one person."""

    def __init__(self, form: str, model: type[Input], version: int) -> None:
        """The draft of a form is read once, when a window first draws it."""
        self.form = form
        if self._place not in st.session_state:
            st.session_state[self._place] = _begin(form, model, version)
        self._held: _Held = st.session_state[self._place]
        self._shown: dict[str, Any] = {}

    @property
    def stem(self) -> str:
        """What the widgets are named by, so that another window finds what a browser still shows.

        A server that started again knows no window, and every browser shows its page on.
        """
        return self._held.stem

    @property
    def first(self) -> Mapping[str, Any]:
        """What was kept, in the model's terms."""
        return self._held.first

    @property
    def given_at(self) -> datetime | None:
        """When what is given back was typed; None when nothing is."""
        return self._held.given_at

    def watched(self, name: str, shown: Any) -> dict[str, Any]:
        """What a widget that shows this at first has to be told, so that a change is noticed."""
        self._shown[name] = shown
        return {"on_change": self._held.touched.add, "args": (name,)}

    def keep(self, typed: Mapping[str, Any]) -> None:
        """Keep what was touched, if it has changed since the last time."""
        held = self._held
        if held.is_new:
            held.touched |= {
                name for name, shown in self._shown.items() if _is_other(typed.get(name), shown)
            }
            held.is_new = False
        now = to_jsonable_python({name: typed[name] for name in held.touched if name in typed})
        if now != held.saved:
            gate.keep_draft(self.form, held.stem, now)
            held.saved = now

    def forget(self) -> None:
        """The form was sent: the next one starts empty."""
        st.session_state.pop(self._place, None)

    def drop(self) -> None:
        """What was typed is not wanted any more."""
        gate.end_draft(self.form)
        st.session_state[self._place] = _Held(secrets.token_urlsafe(16))

    @property
    def _place(self) -> str:
        return f"draft:{self.form}"


def _begin(form: str, model: type[Input], version: int) -> _Held:
    found = gate.read(drafts.find, form=form)
    if found is None:
        return _Held(str(version) if version else secrets.token_urlsafe(16))
    first = {
        name: _back(kind_of(info), found.typed[name])
        for name, info in model.model_fields.items()
        if name in found.typed
    }
    saved = {name: found.typed[name] for name in first}
    return _Held(found.stem, first, found.saved_at if first else None, set(first), saved)


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
