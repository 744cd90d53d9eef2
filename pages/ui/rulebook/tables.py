"""The tables of a draft: how the rows of a rule book are laid out, drawn, and put back."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

import pandas as pd
import streamlit as st

from core.norms import revisions
from core.norms.model import Norm
from core.rulebook.checks import Fault
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.rulebook import parts
from pages.ui.rulebook.cells import Cell, Code, Inside, Row
from pages.ui.rulebook.parts import KEYED, PARTS, SCOPE

EMPTY: tuple[Any, ...] = (None, [], "", {}, False)
# The longest code that is worked out from a name; a number still fits behind it.
MOST = 34


@dataclass
class Typed:
    """The data of a draft with what is typed in its tables."""

    data: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)
    # Where a place of the data is on the screen: its table, and the number of its row.
    shown: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A part of the rule book that is a list of rows."""

    key: str
    cells: tuple[Cell, ...]

    @property
    def heading(self) -> str:
        """What it is called."""
        return words.in_domain("norm", self.key)

    @property
    def is_named(self) -> bool:
        """Whether its rows have a code that nobody is asked for."""
        return "name" in model_of(self.key).model_fields and all(
            cell.field != "name" for cell in self.cells
        )

    def rows(self, data: Mapping[str, Any]) -> list[Row]:
        """Its rows in the data of a rule book."""
        return list(data[self.key])

    def put(self, typed: Typed, rows: list[Row]) -> None:
        """Put its rows into the data of a draft."""
        order = sorted(range(len(rows)), key=lambda number: _place(self.key, rows[number]))
        typed.data[self.key] = [rows[number] for number in order]
        for place, number in enumerate(order):
            typed.shown[f"{self.key}.{place}"] = (self.key, number + 1)


@dataclass(frozen=True)
class Inner(Table):
    """The rows that stand inside the rows of a part, all in one table, the outer row beside."""

    part: str
    field: str
    outer: str

    @property
    def heading(self) -> str:
        """What it is called, and where it belongs."""
        part = words.in_domain("norm", self.part)
        return _("{part}: {rows}", part=part, rows=words.in_domain("norm", self.field))

    def rows(self, data: Mapping[str, Any]) -> list[Row]:
        """The rows of every outer one, with its name."""
        return [
            inner | {self.outer: each["name"]}
            for each in data[self.part]
            for inner in each[self.field]
        ]

    def put(self, typed: Typed, rows: list[Row]) -> None:
        """Each row into its outer one; those of an outer row that is gone go with it."""
        outer = {row["name"]: (n, row) for n, row in enumerate(typed.data[self.part])}
        for each in typed.data[self.part]:
            each[self.field] = []
        for number, row in sorted(enumerate(rows), key=lambda item: _place(self.key, item[1])):
            name = row.get(self.outer)
            if name in outer:
                place, each = outer[name]
                typed.shown[f"{self.part}.{place}.{self.field}.{len(each[self.field])}"] = (
                    self.key,
                    number + 1,
                )
                each[self.field].append({n: v for n, v in row.items() if n != self.outer})
            elif not name:
                typed.shown[f"{self.key}.{number}"] = (self.key, number + 1)
                typed.faults.append(Fault(f"{self.key}.{number}.{self.outer}", "missing"))


@dataclass(frozen=True)
class Keyed(Table):
    """A part that holds values by a name: `value` is their column, empty where they are rows."""

    name: str
    value: str

    @property
    def is_named(self) -> bool:
        """Their name is typed."""
        return False

    def rows(self, data: Mapping[str, Any]) -> list[Row]:
        """A row for each name."""
        found = data[self.key].items()
        if self.key == "clauses":
            found = sorted(found, key=lambda item: parts.order(item[0]))
        return [
            {self.name: name} | ({self.value: value} if self.value else value)
            for name, value in found
        ]

    def put(self, typed: Typed, rows: list[Row]) -> None:
        """The values by their names; a name that is missing or there twice is a fault."""
        typed.data[self.key] = found = {}
        for number, row in enumerate(rows):
            typed.shown[f"{self.key}.{number}"] = (self.key, number + 1)
            name = row.get(self.name)
            if not name or name in found:
                code = "twice" if name else "missing"
                typed.faults.append(Fault(f"{self.key}.{number}.{self.name}", code, name or ""))
                continue
            typed.shown[f"{self.key}.{name}"] = (self.key, number + 1)
            rest = {n: value for n, value in row.items() if n != self.name}
            # No public holidays are kept where none are named, whatever a new calendar has.
            whole = {"public_holidays": None} | rest
            found[name] = row.get(self.value) if self.value else whole


@dataclass(frozen=True)
class Listed(Table):
    """A part that is a list of codes, one a row."""

    @property
    def is_named(self) -> bool:
        """They are codes themselves."""
        return False

    def rows(self, data: Mapping[str, Any]) -> list[Row]:
        """A row for each."""
        return [{self.cells[0].field: code} for code in data[self.key]]

    def put(self, typed: Typed, rows: list[Row]) -> None:
        """Each once."""
        codes = dict.fromkeys(row.get(self.cells[0].field) for row in rows)
        typed.data[self.key] = [code for code in codes if code]


def _tables() -> Iterator[Table]:
    for part, cells in PARTS.items():
        yield Table(part, cells)
        for cell in cells:
            if isinstance(cell, Inside):
                outer = Code(cell.outer, parts.texts(part))
                inner = (outer, *cell.cells)
                yield Inner(f"{part}.{cell.field}", inner, part, cell.field, cell.outer)
    for part, (name, value, cells) in KEYED.items():
        yield Keyed(part, cells, name, value)
    yield Listed("principles", (parts.CLAUSE,))


TABLES = {table.key: table for table in _tables()}


def model_of(key: str) -> Any:
    """The model of the rows of a table: `part`, or `part.field` for rows inside its rows."""
    model: Any = Norm
    for name in key.split("."):
        model = get_args(model.model_fields[name].annotation)[0]
    return model


def draw(table: Table, draft: Norm, rows: list[Row], turn: str) -> list[Row]:
    """Draw rows as a table in which rows are changed, added and taken out; gives what is left."""
    columns = _joined(cell.columns(draft) for cell in table.cells)
    shown = [_joined(cell.spread(row) for cell in table.cells) for row in rows]
    edited = st.data_editor(
        pd.DataFrame(shown, columns=list(columns)),
        num_rows="dynamic",
        hide_index=True,
        column_config=columns,
        placeholder="",
        key=f"draft_{table.key}·{turn}",
    )
    kept: list[Row] = []
    taken = {row.get("name") for row in rows}
    records: list[Row] = edited.to_dict("records")  # type: ignore[assignment]
    for place, typed in zip(edited.index, records, strict=True):
        patch = _joined(cell.gather(typed) for cell in table.cells)
        if place < len(rows):
            row = rows[place] | patch
        elif any(map(_is_filled, patch.values())):
            row = _added(table, patch, taken) | patch
        else:
            continue  # a row that was added and never filled in
        kept.append({name: value for name, value in row.items() if value is not None})
    return kept


def _joined(cells: Iterable[Row]) -> Row:
    return {name: value for cell in cells for name, value in cell.items()}


def _is_filled(value: Any) -> bool:
    return any(value.values()) if isinstance(value, dict) else value not in EMPTY


def _added(table: Table, typed: Row, taken: set[Any]) -> Row:
    """What a new row holds besides what is typed: a limit's facts, or a code of its own."""
    if table.key == "limits":
        return _known_limit(typed)
    if not table.is_named:
        return {}
    name = next(name for name in _codes(typed["text"].get("en") or "") if name not in taken)
    taken.add(name)
    inside: Row = {cell.field: [] for cell in table.cells if isinstance(cell, Inside)}
    return {"name": name} | inside


def _codes(english: str) -> Iterator[str]:
    """Codes for what is called so in English, each longer by a number."""
    code = re.sub(r"[^a-z0-9]+", "_", english.lower()).strip("_").lstrip("0123456789_")
    code = code[:MOST].rstrip("_") or "own"
    yield from (code if n == 1 else f"{code}_{n}" for n in range(1, 10_000))


def _known_limit(typed: Row) -> Row:
    """What the packs know of a limit: its facts, and all that was left empty."""
    known = revisions.known_limits().get(typed.get("name") or "")
    if known is None:
        return {}
    row = known.model_dump(mode="json")
    for name in tuple(typed):
        if typed[name] in (None, []):
            typed[name] = row.get(name)
    return row


NARROWING = (*(cell.field for cell in SCOPE), "region")


def _place(key: str, row: Row) -> Any:
    """Where a row belongs among its like; what is added stands at the end of a table."""
    if key == "routes":
        # One more would never be reached behind one that takes every case.
        return not any(row.get(name) not in (None, [], "") for name in NARROWING)
    if key == "ladders.steps":
        return row.get("share") or 1, row.get("after_minutes") or 0
    return 0
