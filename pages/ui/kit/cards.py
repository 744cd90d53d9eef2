"""A field that holds rows, drawn as cards with large fields inside a form: for tablets."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any

import streamlit as st
from pydantic.fields import FieldInfo

from core.kernel.inputs import Choice, Input
from pages.ui.kit import products, words
from pages.ui.kit.fields import Options, is_optional, is_said, kind_of, shown_as, word_for
from pages.ui.kit.rows import Drawer, Row
from pages.ui.kit.words import _

# Options that stand side by side; more of them open as a list.
FEW = 5
# Fields that name a product of the catalogue together.
PRODUCT = ("brand", "model", "specification")
NARROW, MIDDLE, WIDE = 150, 220, 320


Button = Callable[..., bool]


def drawer(*growing: type[Input], button: Button = st.form_submit_button) -> Drawer:
    """Draw rows as cards; rows of the `growing` models may be added and taken out.

    Outside a form the `button` is an ordinary one.
    """
    return partial(_draw, growing, button)


def _draw(
    growing: tuple[type[Input], ...],
    button: Button,
    label: str,
    line: type[Input],
    first: Iterable[Any] | None,
    options: Options,
    key: str,
) -> dict[int, Row]:
    proposed = [dict(row) for row in first or ()]
    # Other proposals are other cards: the record has changed.
    base = f"{key}·{hashlib.sha256(repr(proposed).encode()).hexdigest()[:8]}"
    numbers = st.session_state.setdefault(f"{base}·cards", tuple(range(len(proposed))))
    if numbers or line in growing:
        st.markdown(f":small[{words.plain(label)}]")
    filled = {}
    for place, number in enumerate(numbers, 1):
        row = proposed[number] if number < len(proposed) else {}
        with st.container(border=True):
            card = _Card(line, row, options, f"{base}·{number}")
            filled[place] = card.draw(place)
            if line in growing and _pressed(
                button, _("Take out"), f"{base}·{number}·out", "remove"
            ):
                _keep(base, tuple(each for each in numbers if each != number))
    if line in growing and _pressed(button, _("Add a row"), f"{base}·more", "add"):
        # A number of its own for every card: what is typed in one never comes up in another.
        last = st.session_state.get(f"{base}·last", len(proposed) - 1) + 1
        st.session_state[f"{base}·last"] = last
        _keep(base, (*numbers, last))
    return filled


def _pressed(button: Button, label: str, key: str, icon: str) -> bool:
    return button(label, key=key, icon=f":material/{icon}:", type="tertiary")


def _keep(base: str, numbers: tuple[int, ...]) -> None:
    st.session_state[f"{base}·cards"] = numbers
    st.rerun()


class _Card:
    """One row: what it speaks of as its title, every other field as large as fingers want."""

    def __init__(self, line: type[Input], row: Mapping[str, Any], options: Options, key: str):
        self.fields = line.model_fields
        self.row = row
        self.options = options
        self.key = key

    def draw(self, place: int) -> Row:
        titled = self._title(place)
        typed = {name: self.row[name] for name in titled}
        if set(PRODUCT) <= self.fields.keys():
            typed |= products.pick(self._widget, *PRODUCT)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            for name, info in self.fields.items():
                if name not in typed:
                    typed[name] = self._field(name, info)
        return {name: value for name, value in typed.items() if value is not None}

    def _widget(self, name: str, scope: str) -> dict[str, Any]:
        return {"key": f"{self.key}·{name}·{scope}", "persist_state": "session"}

    def _title(self, place: int) -> tuple[str, ...]:
        """The proposed thing that the row speaks of is not chosen again."""
        name, info = next(iter(self.fields.items()))
        known = self._offered(info)
        if known is None or self.row.get(name) not in known:
            return ()
        st.markdown(f"**{place}\\. {words.plain(word_for(known, self.row[name]))}**")
        return (name,)

    def _offered(self, info: FieldInfo) -> Mapping[Any, str] | None:
        choice = next((mark for mark in info.metadata if isinstance(mark, Choice)), None)
        return self.options.get(choice.options, {}) if choice else None

    def _field(self, name: str, info: FieldInfo) -> Any:
        is_missing = (info.is_required() or is_said(info)) and not is_optional(info)
        label, key = words.field(name) + (" *" if is_missing else ""), f"{self.key}·{name}·"
        first = self.row.get(name, None if info.is_required() else info.default)
        kind, known = kind_of(info), self._offered(info)
        if known is not None:
            return _listed(label, known, first, key)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return _code(label, kind, first, key)
        if is_said(info):
            return _said(label, self.row.get(name), key)
        if kind is bool:
            return st.toggle(label, value=bool(first), key=key)
        if kind is int:
            if shown_as(info) == "money":
                return _money(label, first, key, may_lack=is_optional(info))
            return _number(label, first, key)
        return st.text_input(label, value=first or "", key=key, width=WIDE)


def _listed(label: str, known: Mapping[Any, str], first: Any, key: str) -> Any:
    keys = list(known)
    return st.selectbox(
        label,
        keys,
        index=keys.index(first) if first in known else None,
        format_func=lambda value: word_for(known, value),
        placeholder=_("Choose"),
        key=key,
        width=WIDE,
    )


def _code(label: str, codes: type[StrEnum], first: Any, key: str) -> Any:
    if len(codes) > FEW:
        return _listed(label, words.options(codes), first, key)
    return st.pills(label, list(codes), default=first, format_func=words.code, key=key, wrap=True)


def _said(label: str, first: Any, key: str) -> Any:
    names = {True: _("Yes"), False: _("No")}
    said = st.pills(label, list(names), default=first, format_func=names.__getitem__, key=key)
    # Empty is not nothing: nothing would be taken for the model's own yes.
    return "" if said is None else said


def _money(label: str, first: Any, key: str, *, may_lack: bool) -> int | None:
    yuan: float | None = st.number_input(
        label,
        value=None if may_lack and first is None else (first or 0) / 100,
        min_value=0.0,
        step=1.0,
        format="%.2f",
        key=key,
        width=MIDDLE,
    )
    return None if may_lack and yuan is None else round((yuan or 0) * 100)


def _number(label: str, first: Any, key: str) -> int | None:
    count: int | None = st.number_input(
        label, value=first, min_value=0, step=1, key=key, width=NARROW
    )
    return count
