"""A field that holds rows, drawn as a table that is filled in: a row of the table, a row sent."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd
import streamlit as st
from pydantic.fields import FieldInfo

from core.kernel.errors import Problem
from core.kernel.inputs import Choice, Input
from pages.ui.kit import words
from pages.ui.kit.fields import Options, is_optional, kind_of, shown_as, word_for
from pages.ui.kit.words import _

Row = dict[str, Any]

# In pixels; they grow where there is room. Columns as wide as their longest text would push the
# last ones, on a phone all but the first, out of sight.
NARROW, WIDE = 80, 90
# Draws rows by label, model, what is shown first, options and key; gives them by their place.
Drawer = Callable[[str, type[Input], Iterable[Any] | None, Options, str], dict[int, Row]]


def table(
    label: str, line: type[Input], first: Iterable[Any] | None, options: Options, key: str
) -> dict[int, Row]:
    """Draw the table and give its filled rows in the model's terms, each at its place from 1.

    `first` is shown until something is typed. Rows that were left as they came up are no rows.
    """
    cells = {name: _Cell(name, info, options) for name, info in line.model_fields.items()}
    widget = f"{key}·{_drawn_as(cells)}"
    shown = _shown(cells, first or (), key, widget)
    hint = _("Click the empty row to add one.")
    st.markdown(f":small[{words.plain(label)} :gray[{hint}]]")
    edited = st.data_editor(
        shown,
        num_rows="dynamic",
        hide_index=True,
        column_config={name: cell.column() for name, cell in cells.items()},
        placeholder="",
        key=widget,
    )
    typed = [
        {name: cell.typed(row[name]) for name, cell in cells.items()}
        for row in edited.to_dict("records")
    ]
    st.session_state[f"{key}·typed"] = typed
    return {
        place: {
            name: cells[name].sent(value)
            for name, value in row.items()
            if cells[name].is_sent(value)
        }
        for place, row in enumerate(typed, 1)
        if any(value not in (None, cells[name].start) for name, value in row.items())
    }


def row_of(bad: Problem) -> tuple[str, int, str] | None:
    """The table, the row from 0 and the column of a mistake in a row; None for other mistakes."""
    table, _dot, rest = bad.field.partition(".")
    number, _dot, column = rest.partition(".")
    return (table, int(number), column) if number.isdecimal() else None


def said(bad: Problem, table: str, number: int, column: str, places: tuple[int, ...]) -> str:
    """What is wrong in which row, as the person counts the rows of the table."""
    at = places[number] if number < len(places) else number + 1
    where = _("Row {n}", n=at) + (f" · {words.field(column)}" if column else "")
    where = where if places else f"{words.field(table)} · {where}"
    return f"{words.plain(where)}: {words.plain(words.problem(bad))}"


class _Cell:
    """A column of the table: how it is drawn, and how what is typed there is sent."""

    def __init__(self, name: str, info: FieldInfo, options: Options) -> None:
        self.kind = kind_of(info)
        self.is_money = shown_as(info) == "money"
        is_missing = info.is_required() and not is_optional(info)
        self.label = words.field(name) + (" *" if is_missing else "")
        choice = next((mark for mark in info.metadata if isinstance(mark, Choice)), None)
        self.names = self._names(options.get(choice.options, {}) if choice else None)
        self.start = self.shown(None if info.is_required() else info.default)
        if self.kind is bool:
            self.start = bool(self.start)

    def _names(self, offered: Mapping[Any, str] | None) -> dict[Any, str] | None:
        if offered is None and not _is_code(self.kind):
            return None
        known = words.options(self.kind) if offered is None else offered
        return {self.shown(code): word_for(known, code) for code in known}

    def column(self) -> Any:
        if self.names is not None:
            return st.column_config.SelectboxColumn(
                self.label,
                width=WIDE,
                options=list(self.names),
                format_func=self._word,
                default=self.start,
            )
        if self.is_money:
            return st.column_config.NumberColumn(
                self.label, width=NARROW, default=self.start, step=0.01, format="%.2f"
            )
        if self.kind is int:
            return st.column_config.NumberColumn(
                self.label, width=NARROW, default=self.start, step=1
            )
        if self.kind is bool:
            return st.column_config.CheckboxColumn(self.label, width=WIDE, default=self.start)
        if self.kind is date:
            return st.column_config.DateColumn(self.label, width=WIDE, default=self.start)
        return st.column_config.TextColumn(self.label, width=WIDE, default=self.start)

    def shown(self, value: Any) -> Any:
        """A value of the model as its cell shows it: yuan for cents, the code for a member."""
        if value is None or value == "":
            return None
        if self.is_money:
            return value / 100
        return value.value if isinstance(value, StrEnum) else value

    def first(self, row: Any, name: str) -> Any:
        """What the cell shows of a proposed row; what it starts with where the row is silent."""
        said = row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)
        return self.start if said is None else self.shown(said)

    def typed(self, value: Any) -> Any:
        """What stands in the cell; None when it is empty. A day comes as text, or with a time."""
        if self.kind is date:
            value = pd.to_datetime(value, errors="coerce")
            return None if pd.isna(value) else value.date()
        return None if pd.isna(value) or value == "" else value

    def sent(self, value: Any) -> Any:
        """What is typed in the cell as the model takes it: cents for yuan."""
        return round(value * 100) if self.is_money and value is not None else value

    def is_sent(self, value: Any) -> bool:
        """Whether the cell says something: also an empty one where something stood at first."""
        return value is not None or self.start is not None

    def _word(self, value: Any) -> str:
        assert self.names is not None
        return self.names.get(value) or str(value)


def _is_code(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)


def _drawn_as(cells: Mapping[str, _Cell]) -> str:
    faces = repr([(name, cell.label, cell.names, cell.start) for name, cell in cells.items()])
    return hashlib.sha256(faces.encode()).hexdigest()[:12]


def _shown(cells: Mapping[str, _Cell], first: Iterable[Any], key: str, widget: str) -> pd.DataFrame:
    # Streamlit forgets what was typed into a table as soon as its rows, labels or options change:
    # the rows stay as they came up first, and where the table itself must change (another
    # language, another offer, back from another page) the new one starts with what was typed.
    state = st.session_state
    if widget not in state or f"{key}·shown" not in state:
        proposed = [{name: cell.first(row, name) for name, cell in cells.items()} for row in first]
        state[f"{key}·shown"] = state.get(f"{key}·typed", proposed)
    rows = state[f"{key}·shown"]
    # Columns without a type of their own take in any row; pandas would recast the others.
    return pd.DataFrame(rows, columns=list(cells), dtype=object)
