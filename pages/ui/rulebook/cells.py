"""A cell of a rule book: read, edited and signed in the same words and units."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from core.codes import Language, LimitUnit
from core.norms.lengths import LengthUnit, kept, spoken
from core.norms.model import Norm
from pages.ui.kit import lengths, words
from pages.ui.kit.words import _

Row = dict[str, Any]
# The words for codes: those of a closed list, or those that the rule book itself names.
Names = Callable[[Norm], Mapping[str, str]]
HOUR = 60


@dataclass(frozen=True)
class Cell:
    """A text of one line; other kinds of cells are below. Empty is the model's own default."""

    field: str

    @property
    def label(self) -> str:
        """The heading of its column."""
        return words.in_domain("norm", self.field)

    def columns(self, norm: Norm) -> dict[str, Any]:
        """How its columns are drawn in a table that is edited."""
        return {self.field: st.column_config.TextColumn(self.label)}

    def spread(self, row: Row) -> Row:
        """What its columns show of a row."""
        return {self.field: row.get(self.field)}

    def gather(self, typed: Row) -> Row:
        """What the model keeps of what is typed in its columns; None stands for nothing."""
        return {self.field: typed_in(typed[self.field])}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """Its value in words; nothing where there is none."""
        value = row.get(self.field)
        return "" if value is None else str(value)


class Number(Cell):
    """A number."""

    def columns(self, norm: Norm) -> dict[str, Any]:
        """A number that is not below nothing."""
        return {self.field: st.column_config.NumberColumn(self.label, min_value=0)}

    def gather(self, typed: Row) -> Row:
        """Whole where it is whole."""
        return {self.field: _whole(typed_in(typed[self.field]))}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """As the language writes numbers."""
        value = row.get(self.field)
        return "" if value is None else words.number(value, 2)


class Percent(Cell):
    """A share of 1, as so many of a hundred."""

    def columns(self, norm: Norm) -> dict[str, Any]:
        """Up to a hundred."""
        column = st.column_config.NumberColumn(self.label, min_value=0, max_value=100, format="%g")
        return {self.field: column}

    def spread(self, row: Row) -> Row:
        """Of a hundred."""
        value = row.get(self.field)
        return {self.field: None if value is None else round(value * 100, 4)}

    def gather(self, typed: Row) -> Row:
        """Of one."""
        value = typed_in(typed[self.field])
        return {self.field: None if value is None else round(value / 100, 6)}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """As a percentage."""
        value = row.get(self.field)
        return "" if value is None else words.share(value)


@dataclass(frozen=True)
class Share(Cell):
    """So many parts of a unit of which people speak: yuan for cents, hours for minutes."""

    parts: int
    spoken: Callable[[int], str]

    def columns(self, norm: Norm) -> dict[str, Any]:
        """In the larger unit."""
        return {self.field: st.column_config.NumberColumn(self.label, min_value=0, format="%g")}

    def spread(self, row: Row) -> Row:
        """In the larger unit."""
        value = row.get(self.field)
        return {self.field: None if value is None else value / self.parts}

    def gather(self, typed: Row) -> Row:
        """In the smaller one."""
        value = typed_in(typed[self.field])
        return {self.field: None if value is None else round(value * self.parts)}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """As it is read."""
        value = row.get(self.field)
        return "" if value is None else self.spoken(value)


class Flag(Cell):
    """Yes or no."""

    def columns(self, norm: Norm) -> dict[str, Any]:
        """A box to tick."""
        return {self.field: st.column_config.CheckboxColumn(self.label, default=False)}

    def spread(self, row: Row) -> Row:
        """Ticked or not."""
        return {self.field: bool(row.get(self.field))}

    def gather(self, typed: Row) -> Row:
        """An empty box is no."""
        return {self.field: bool(typed_in(typed[self.field]))}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """Yes or no."""
        return _("Yes") if row.get(self.field) else _("No")


@dataclass(frozen=True)
class Code(Cell):
    """One of several codes, by its word. `heading` where its column is called otherwise."""

    names: Names
    heading: str = ""

    @property
    def label(self) -> str:
        """The heading of its column."""
        return words.in_domain("norm", self.heading or self.field)

    def columns(self, norm: Norm) -> dict[str, Any]:
        """A list to choose from."""
        names = self.names(norm)
        column = st.column_config.SelectboxColumn(
            self.label,
            options=list(names),
            format_func=_word(names),
        )
        return {self.field: column}

    def spread(self, row: Row) -> Row:
        """Nothing where none is chosen."""
        return {self.field: row.get(self.field) or None}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """The word of the code."""
        code = row.get(self.field)
        return self.names(norm).get(code, code) if code else ""


class Codes(Code):
    """Some of several codes, by their words."""

    def columns(self, norm: Norm) -> dict[str, Any]:
        """A list to choose several from."""
        names = self.names(norm)
        column = st.column_config.MultiselectColumn(
            self.label,
            options=list(names),
            format_func=_word(names),
        )
        return {self.field: column}

    def spread(self, row: Row) -> Row:
        """The chosen ones."""
        return {self.field: [str(code) for code in row.get(self.field) or ()]}

    def gather(self, typed: Row) -> Row:
        """An empty list where none is chosen."""
        value = typed[self.field]
        return {self.field: list(value) if isinstance(value, list | tuple) else []}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """Their words."""
        names = self.names(norm)
        chosen = (names.get(str(code), str(code)) for code in row.get(self.field) or ())
        return words.listed(chosen, language)


@dataclass(frozen=True)
class Warranty(Code):
    """In or out of warranty, or both."""

    def spread(self, row: Row) -> Row:
        """The code of what is asked for."""
        asked = row.get(self.field)
        return {self.field: None if asked is None else ("in" if asked else "out")}

    def gather(self, typed: Row) -> Row:
        """Yes, no or nothing."""
        return {self.field: {"in": True, "out": False}.get(typed_in(typed[self.field]))}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """In words; nothing for both."""
        return self.names(norm).get(self.spread(row)[self.field] or "", "")


class Texts(Cell):
    """A text in both languages."""

    def columns(self, norm: Norm) -> dict[str, Any]:
        """A column for each language."""
        return {
            self._column(each): st.column_config.TextColumn(f"{self.label} · {words.NAMES[each]}")
            for each in Language
        }

    def spread(self, row: Row) -> Row:
        """The text of each language."""
        texts = row.get(self.field) or {}
        return {self._column(each): texts.get(each.value) for each in Language}

    def gather(self, typed: Row) -> Row:
        """The languages in which there is a text."""
        texts = {each.value: typed_in(typed[self._column(each)]) for each in Language}
        return {self.field: {language: text or "" for language, text in texts.items()}}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """In a language."""
        return str((row.get(self.field) or {}).get(language.value, ""))

    def _column(self, language: Language) -> str:
        return f"{self.field}.{language.value}"


@dataclass(frozen=True)
class Inside(Cell):
    """Rows that stand inside a row: read in one cell, edited in a table of their own."""

    cells: tuple[Cell, ...]
    # What the outer row is called in that table.
    outer: str

    def columns(self, norm: Norm) -> dict[str, Any]:
        """None: its rows do not fit into a cell."""
        return {}

    def spread(self, row: Row) -> Row:
        """All of it, so that a change is noticed."""
        return {self.field: row.get(self.field)}

    def gather(self, typed: Row) -> Row:
        """Stays as it is."""
        return {}

    def called(self, norm: Norm, inner: Row, language: Language) -> str:
        """What a row inside is called."""
        return str(inner["text"].get(language.value, ""))

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """What the rows inside are called, in a language."""
        inside = row.get(self.field) or ()
        return words.listed((self.called(norm, each, language) for each in inside), language)


class Steps(Inside):
    """The steps of a ladder."""

    def called(self, norm: Norm, inner: Row, language: Language) -> str:
        """When, and who is told."""
        who = words.in_domain("Receiver", inner["to"])
        if inner.get("share") is None:
            return _("{time} late: {who}", time=lengths.minutes(inner["after_minutes"]), who=who)
        return _("{share} used up: {who}", share=words.share(inner["share"]), who=who)


class Length(Cell):
    """How long a limit is: its amount, and in what people count it."""

    def columns(self, norm: Norm) -> dict[str, Any]:
        """The amount and its unit."""
        return {
            "amount": st.column_config.NumberColumn(
                words.in_domain("norm", "amount"), min_value=0, step=1
            ),
            "unit": st.column_config.SelectboxColumn(
                words.in_domain("norm", "unit"),
                options=[each.value for each in LengthUnit],
                format_func=lambda unit: words.code(LengthUnit(str(unit))),
            ),
        }

    def spread(self, row: Row) -> Row:
        """The amount as it is said."""
        if not row.get("unit"):
            return {"amount": row.get("amount"), "unit": None}
        amount, unit = spoken(LimitUnit(row["unit"]), row.get("amount") or 0, row.get("moment"))
        return {"amount": amount, "unit": unit.value}

    def gather(self, typed: Row) -> Row:
        """As the rule book counts."""
        unit = typed_in(typed["unit"])
        amount = _whole(typed_in(typed["amount"]))
        return kept(amount, LengthUnit(unit)) if unit else {"amount": amount, "unit": None}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """As people say it."""
        return lengths.said(LimitUnit(row["unit"]), row["amount"], row["moment"])


def _word(names: Mapping[str, str]) -> Callable[[Any], str]:
    return lambda code: names.get(str(code), str(code))


def money(cents: int) -> str:
    """An amount of money."""
    return words.money(cents)


def typed_in(value: Any) -> Any:
    """What is typed in a cell; None for nothing."""
    if isinstance(value, str):
        return value.strip() or None
    return None if value is None or pd.isna(value) else value


def _whole(value: Any) -> Any:
    return int(value) if value is not None and float(value).is_integer() else value
