"""What is wrong with a draft, in words: the table, the row, the column, and why."""

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st

from core.kernel.errors import Problem
from core.rulebook.checks import Fault
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.rulebook import parts

NAMES = {"limits": "limit", "hours": "weekday", "targets": "FigureName"}
# Where a place of a draft is on the screen: its table, and the number of its row.
Shown = Mapping[str, tuple[str, int]]


def show(found: tuple[Fault, ...], data: Any = None, shown: Shown | None = None) -> None:
    """Why a draft cannot be kept or signed; `data` is what was typed, to name its rows."""
    if not found:
        return
    st.error(words.n_("One fault", "{n} faults", len(found)), icon=":material/error:")
    for text in dict.fromkeys(_said(fault, data, shown or {}) for fault in found):
        st.markdown(f"- {words.plain(text)}")


def place(dotted: str, data: Any = None, shown: Shown | None = None) -> str:
    """A place of a rule book as its screens call it."""
    if found := _on_screen(dotted, data, shown or {}):
        return found
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
    return " · ".join((*said, *_columns(rest)))


def _on_screen(dotted: str, data: Any, shown: Shown) -> str:
    """A place as its row is numbered in its table now."""
    steps = dotted.split(".")
    for end in range(len(steps), 1, -1):
        start = ".".join(steps[:end])
        if start in shown:
            table, number = shown[start]
            said = [*_table(table), _("Row {n}", n=number), *_row(parts.value_of(data, start))]
            return " · ".join((*said, *_columns(steps[end:])))
    return ""


def _table(key: str) -> list[str]:
    return [words.in_domain("norm", name) for name in key.split(".")]


def _columns(names: Iterable[str]) -> list[str]:
    return [_("Row {n}", n=int(name) + 1) if name.isdecimal() else _column(name) for name in names]


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


def _said(fault: Fault, data: Any, shown: Shown) -> str:
    if fault.code == "still_named":
        return _still_named(fault, data, shown)
    return " · ".join(part for part in (place(fault.place, data, shown), _why(fault)) if part)


def _still_named(fault: Fault, data: Any, shown: Shown) -> str:
    """What was taken away, and everything that names it."""
    part, name = fault.place.split(".", 1)
    row, by = fault.details["row"], fault.details["by"]
    called = "".join(_row(row)) or name
    places = words.listed(place(each, data, shown) for each in by)  # type: ignore[attr-defined]
    return _(
        "{part} · {name} is still named by: {places}",
        part=words.in_domain("norm", part),
        name=called,
        places=places,
    )


def _why(fault: Fault) -> str:
    known = words.in_domain("fault", fault.code)
    if known == fault.code:
        known = words.problem(Problem(fault.place, fault.code, dict(fault.details)))
    return f"{known} {fault.value}".strip()
