"""What a draft changes, as sentences that a manager signs."""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

import streamlit as st

from core.codes import Channel, Language, RequestKind
from core.norms.model import Norm
from core.rulebook.changes import Change, changes, keyed
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.rulebook import parts
from pages.ui.rulebook.cells import Cell, Inside, Row


def difference(old: Norm, new: Norm) -> bool:
    """Show what a draft changes, part by part; whether it changes anything."""
    found = changes(old, new)
    for part, inside in groupby(found, key=lambda change: change.part):
        st.markdown(f"**{words.plain(words.in_domain('norm', part))}**")
        lines = [text for change in inside for text in said(old, new, change)]
        st.markdown("\n".join(f"- {words.plain(line)}" for line in lines))
    return bool(found)


def said(old: Norm, new: Norm, change: Change) -> Iterator[str]:
    """The sentences of one change."""
    if change.part in parts.PARTS:
        yield from _row(old, new, change) if change.key else _order(old, new, change)
    elif change.part in ("clauses", "title", "about"):
        yield from _texts(change)
    else:
        name = _name(change)
        yield _moved(name, *(_value(new, change, side) for side in (change.old, change.new)))


def _row(old: Norm, new: Norm, change: Change) -> Iterator[str]:
    part = change.part
    if change.old is None:
        yield _("Added: {row}", row=_whole(new, part, change.new))
        return
    if change.new is None:
        yield _("Taken out: {row}", row=_whole(old, part, change.old))
        return
    name = parts.title(new, part, change.new)
    cells = tuple(each for each in parts.PARTS[part] if not isinstance(each, Inside))
    yield from _cells(cells, (old, new), (change.old, change.new), name)
    for cell in parts.PARTS[part]:
        if isinstance(cell, Inside):
            yield from _inside(old, new, change, cell, name)


def _inside(old: Norm, new: Norm, change: Change, cell: Inside, name: str) -> Iterator[str]:
    """What changes of the rows inside a row."""
    speaks = words.language()
    before, after = (keyed(cell.field, side[cell.field]) for side in (change.old, change.new))
    if [*before] != [*after] and before.keys() == after.keys():
        about = _("{name}, {field}", name=name, field=cell.label)
        yield _moved(
            about, *(cell.said(*side, speaks) for side in ((old, change.old), (new, change.new)))
        )
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        norm, row = (old, was) if now is None else (new, now)
        called = f"{cell.label} {cell.called(norm, row or {}, speaks)}"
        about = _("{name}, {field}", name=name, field=called)
        if was is None or now is None:
            yield (_("Added: {row}") if was is None else _("Taken out: {row}")).format(row=about)
        else:
            yield from _cells(cell.cells, (old, new), (was, now), about)


def _cells(
    cells: tuple[Cell, ...], books: tuple[Norm, Norm], rows: tuple[Row, Row], name: str
) -> Iterator[str]:
    """The cells of a row that are not as they were."""
    (old, new), (was, now) = books, rows
    for cell in cells:
        if cell.spread(was) != cell.spread(now):
            about = _("{name}, {field}", name=name, field=cell.label)
            before, after = parts.told(cell, old, was, now), parts.told(cell, new, now, was)
            yield _moved(name if cell is parts.LENGTH else about, before, after)


def _whole(norm: Norm, part: str, row: Row) -> str:
    """A row with all that it says."""
    texts = {
        cell.label: cell.said(norm, row, words.language())
        for cell in parts.PARTS[part]
        if cell is not parts.CLAUSE
    }
    name = parts.title(norm, part, row)
    rest = (f"{label} {text}" for label, text in texts.items() if text and text not in name)
    return "；".join((name, *rest))


def _order(old: Norm, new: Norm, change: Change) -> Iterator[str]:
    for norm, keys, said in (
        (old, change.old, _("The order was: {rows}")),
        (new, change.new, _("The order is now: {rows}")),
    ):
        rows = keyed(change.part, parts.rows_of(norm, change.part))
        yield said.format(rows=words.listed(parts.title(norm, change.part, rows[k]) for k in keys))


def _texts(change: Change) -> Iterator[str]:
    name = _("Clause {clause}", clause=change.key) if change.key else _name(change)
    for language in Language:
        before, after = ((side or {}).get(language.value, "") for side in (change.old, change.new))
        if before != after:
            yield _moved(f"{name} · {words.NAMES[language]}", before, after)


def _moved(name: str, old: str, new: str) -> str:
    nothing = _("nothing")
    return _("{name}: from {old} to {new}", name=name, old=old or nothing, new=new or nothing)


def _name(change: Change) -> str:
    part, key = change.part, change.key
    if part == "targets":
        return words.in_domain("FigureName", key)
    if part == "hours" and key.startswith("weekly."):
        return words.in_domain("weekday", key.removeprefix("weekly."))
    if part == "station_hours":
        return key
    return words.in_domain("norm", key or part)


def _value(norm: Norm, change: Change, value: Any) -> str:
    if value is None:
        return ""
    known: Mapping[str, Callable[[Any], str]] = {
        "hours": _windows,
        "station_hours": _station,
        "kinds": _kinds,
        "follow_up_kinds": _kinds,
        "free_kinds": _kinds,
        "channels": lambda codes: words.listed(words.code(Channel(code)) for code in codes),
        "principles": "、".join,
    }
    if change.key == "public_holidays":
        return _("Yes") if value else _("No")
    if change.part == "targets":
        row = {"figure": change.key, "target": value}
        return parts.KEYED["targets"][2][1].said(norm, row, words.language())
    if change.part in known:
        return known[change.part](value)
    return words.number(value, 3) if isinstance(value, int | float) else str(value)


def _kinds(codes: list[str]) -> str:
    return words.listed(words.code(RequestKind(code)) for code in codes)


def _windows(value: Any) -> str:
    """Opening hours of a day, days, or days with their hours."""
    if isinstance(value, dict):
        return "；".join(f"{day} {_windows(windows)}" for day, windows in value.items())
    if isinstance(value, list):
        return words.listed(each if isinstance(each, str) else "-".join(each) for each in value)
    return str(value)


def _station(hours: Row) -> str:
    week = {words.in_domain("weekday", day): each for day, each in hours["weekly"].items()}
    rest = (f"{_name(Change('hours', name, None, None))} {_windows(hours[name])}"
            for name in ("closed", "open") if hours[name])  # fmt: skip
    return "；".join((_windows(week), *rest))
