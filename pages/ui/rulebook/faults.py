"""What is wrong with a draft, in words: the table, the row, the column, and why."""

from typing import Any

import streamlit as st

from core.kernel.errors import Problem
from core.rulebook.book import Fault
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.rulebook import parts

NAMES = {"limits": "limit", "ladders": "ladder", "hours": "weekday", "targets": "FigureName"}


def show(found: tuple[Fault, ...], data: Any = None) -> None:
    """Why a draft cannot be kept or signed; `data` is what was typed, to name its rows."""
    if not found:
        return
    st.error(words.n_("One fault", "{n} faults", len(found)), icon=":material/error:")
    for fault in found:
        text = " · ".join(part for part in (place(fault.place, data), _why(fault)) if part)
        st.markdown(f"- {words.plain(text)}")


def place(dotted: str, data: Any = None) -> str:
    """A place of a rule book as its screens call it."""
    part, *rest = dotted.split(".")
    said = [words.in_domain("norm", part)]
    if rest and rest[0].isdecimal():
        said.append(_("Row {n}", n=int(rest[0]) + 1))
        said += _row(parts.value_of(data, f"{part}.{rest.pop(0)}"))
    elif rest and part == "hours":
        said += [words.in_domain("weekday", name) for name in rest if not name.isdecimal()]
        rest = []
    elif rest:
        said.append(_name(part, rest.pop(0), data))
    said += [_("Row {n}", n=int(name) + 1) if name.isdecimal() else _column(name) for name in rest]
    return " · ".join(said)


def _row(row: Any) -> list[str]:
    """What a row of a table is called, as far as it says so."""
    if not isinstance(row, dict):
        return []
    text = row.get("text")
    if isinstance(text, dict) and text.get(words.language().value):
        return [str(text[words.language().value])]
    return [words.in_domain("limit", str(row["name"]))] if "measure" in row else []


def _name(part: str, name: str, data: Any) -> str:
    rows = data.get(part) if isinstance(data, dict) else None
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("name") == name and (called := _row(row)):
            return called[0]
    return words.in_domain(NAMES.get(part, "norm"), name)


def _column(name: str) -> str:
    languages = {each.value: text for each, text in words.NAMES.items()}
    return languages.get(name) or words.in_domain("norm", name)


def _why(fault: Fault) -> str:
    known = words.in_domain("fault", fault.code)
    if known == fault.code:
        known = words.problem(Problem(fault.place, fault.code, dict(fault.details)))
    return f"{known} {fault.value}".strip()
