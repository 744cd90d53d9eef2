"""How a file is read: encoding, sheet, the row of the names, the order of dates, the zone."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, TypeVar
from zoneinfo import available_timezones

import streamlit as st

from core.imports import look, reading
from core.imports.days import Order
from core.imports.errors import FileRefused
from core.imports.files import TYPES, Family, SourceFile
from core.imports.look import Look
from core.imports.mapping import ColumnMap
from core.imports.reading import Options
from pages.ui.imports.importing import say_refused
from pages.ui.kit import words
from pages.ui.kit.words import _

ReadT = TypeVar("ReadT")
ENCODINGS = ("", "utf-8", "gb18030", "big5", "utf-16", "shift_jis", "cp1252")


@dataclass(frozen=True)
class Read:
    """A file as it is read now, and the map that reads it so."""

    map: ColumnMap
    look: Look


def choose(file: SourceFile, file_id: str, start: ColumnMap) -> Read:
    """What the person says of the file; what nobody says is found out, and told."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        encoding = _encoding(file, file_id, start)
        told = start.options()
        first = looked(file, file_id, Options(encoding, told.delimiter))
        sheet = _sheet(first, file_id, start)
        at = Options(encoding, told.delimiter, sheet or None, start.skip_rows)
        skip = _heading(file, file_id, at)
        seen = looked(file, file_id, Options(encoding, told.delimiter, sheet or None, skip))
        order = _order(seen, file_id, start)
        zone = _zone(file_id, start)
    _say(seen, order)
    read = {"encoding": encoding or "", "sheet": sheet, "skip_rows": skip}
    return Read(start.model_copy(update=read | {"order": order, "zone": zone}), seen)


def looked(file: SourceFile, file_id: str, options: Options) -> Look:
    """A look into the file."""
    return _once(look.look, file, file_id, options)


def _once(
    ask: Callable[[SourceFile, Options], ReadT], file: SourceFile, file_id: str, options: Options
) -> ReadT:
    """What a file says, asked once for it and its options; a refused file says why and ends."""
    kept = st.session_state.setdefault(f"import_{ask.__name__}·{file_id}", {})
    if options not in kept:
        try:
            kept[options] = ask(file, options)
        except FileRefused as error:
            say_refused(error)
            st.stop()
    found: ReadT = kept[options]
    return found


def _encoding(file: SourceFile, file_id: str, start: ColumnMap) -> str | None:
    kind = TYPES.get(PurePath(file.name).suffix.lower().removeprefix("."))
    if kind is not Family.TEXT:
        return None
    known = list(dict.fromkeys((*ENCODINGS, start.encoding)))
    chosen = st.selectbox(
        _("Encoding"),
        known,
        index=known.index(start.encoding),
        format_func=lambda name: name.upper() or _("Found out"),
        key=f"import_encoding·{file_id}",
    )
    return chosen or None


def _sheet(found: Look, file_id: str, start: ColumnMap) -> str:
    if len(found.sheets) < 2:
        return ""
    wanted = start.sheet or found.sheet
    index = found.sheets.index(wanted) if wanted in found.sheets else 0
    chosen: str = st.selectbox(_("Sheet"), found.sheets, index=index, key=f"import_sheet·{file_id}")
    # Left as it was found, the map keeps no name: the next file's sheet may have another.
    return "" if chosen == found.sheet and not start.sheet else chosen


def _heading(file: SourceFile, file_id: str, at: Options) -> int | None:
    """Which row holds the names of the columns; None as long as it is found out."""
    rows = _once(reading.top, file, file_id, at)
    found = at.skip_rows
    options: list[int | None] = [None, *range(len(rows))]
    return st.selectbox(
        _("Row of the names"),
        options,
        index=0 if found is None or found >= len(rows) else found + 1,
        format_func=lambda row: _row_title(rows, row),
        key=f"import_heading·{file_id}·{at.sheet}·{at.encoding}",
    )


def _row_title(rows: tuple[tuple[str, ...], ...], row: int | None) -> str:
    if row is None:
        return _("Found out")
    said = " · ".join(filter(None, rows[row]))
    return f"{row + 1}: {said[:40]}"


def _order(seen: Look, file_id: str, start: ColumnMap) -> Order:
    orders = list(Order)
    wanted = seen.order if start.order is Order.ASKED else start.order
    chosen: Order = st.selectbox(
        _("Order of dates"),
        orders,
        index=orders.index(wanted),
        format_func=words.code,
        key=f"import_order·{file_id}",
    )
    return chosen


def _zone(file_id: str, start: ColumnMap) -> str:
    zones = ["", *sorted(available_timezones())]
    chosen: str = st.selectbox(
        _("Time zone"),
        zones,
        index=zones.index(start.zone),
        format_func=lambda name: name or _("The company's"),
        key=f"import_zone·{file_id}",
    )
    return chosen


def _say(seen: Look, order: Order) -> None:
    """What was found out: nothing is passed over, filled or read one way without a word."""
    for text in _found_out(seen, order):
        st.caption(text)


def _found_out(seen: Look, order: Order) -> list[str]:
    said: list[Any] = []
    if seen.above:
        above = words.plain(" / ".join(filter(None, seen.above)))
        line = words.number(seen.header_line)
        text = _("The names stand in row {row}; passed over: {above}", row=line, above=above)
        said.append(text)
    others = [name for name in seen.sheets if name != seen.sheet]
    if others:
        names = words.plain(", ".join(others))
        said.append(_("Other sheets are not read: {names}", names=names))
    if seen.filled:
        text = words.n_("One merged cell was filled down.", "{n} merged cells were filled down.",
                        seen.filled)  # fmt: skip
        said.append(text)
    if Order.ASKED is not seen.order is order:
        said.append(_("The order of dates is proved by the file."))
    return said
