"""Two weeks of load as a picture: technicians or stations by day; a day leads to its board."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import streamlit as st

from core.dispatch import load
from core.dispatch.board import Filter
from core.dispatch.load import Cell, Line
from core.process.permissions import sees_all_stations
from pages.ui.kit import charts, filters, gate, places, window, words
from pages.ui.kit.words import _

ROW, HEAD = 26, 70
DAYS = load.DAYS
USUAL, OVER = "#0072b2", "#d55e00"


def show(since: date, narrowed: Filter) -> None:
    """The picture; a click opens the board of the day, and of the station where one is meant."""
    rows = "technician"
    if sees_all_stations(gate.actor()):
        kinds = {"technician": _("By technician"), "station": _("By station")}
        rows = filters.segments("board", "rows", _("Whose load"), kinds, usual=rows)
    lines = gate.read(load.load, since=since, filters=narrowed)
    if not lines:
        st.info(_("No technician is at this station."), icon=":material/group:")
        return
    if rows == "station":
        lines = load.by_station(lines)
    st.caption(
        _("Planned of the hours there are. ▲ is more than there are. A click opens the day.")
    )
    picked = charts.draw(picture(list(_records(lines)), len(lines)), key="board_load")
    if isinstance(day := picked.get("d"), str):
        asked = {"board_day": day}
        if sees_all_stations(gate.actor()) and (station := picked.get("st")):
            asked["board_station"] = str(station)
        places.go("board", **asked)


def _records(lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
    names: Counter[str] = Counter()
    for line in lines:
        name = line.name if line.name == line.station else f"{line.name} · {line.station}"
        names[name] += 1
        row = name if names[name] == 1 else f"{name} ({names[name]})"
        for cell in line.cells:
            yield {
                "d": cell.day.isoformat(),
                "day": words.weekday(cell.day),
                "st": line.station_id or 0,
                "r": row,
                "v": round(min(cell.share or 0, 1), 2),
                "x": OVER if cell.is_over else USUAL,
                "t": said(cell, is_narrow=window.is_narrow()),
                "h": f"{_hours(cell.planned)} / {_hours(cell.working)} h",
                "a": cell.away or "",
            }


def said(cell: Cell, *, is_narrow: bool = False) -> str:
    """What stands in a cell: how much of the day is planned, or that nobody works."""
    if cell.is_over:
        return f"▲{_share(cell)}" if cell.working and not is_narrow else "▲"
    if cell.share is None:
        return _("away") if cell.away else _("off")
    if not cell.planned:
        return "·"
    return "" if is_narrow else _share(cell)


def _share(cell: Cell) -> str:
    return f"{words.number(100 * (cell.share or 0))}%"


def _hours(length: timedelta) -> str:
    return words.number(length / timedelta(hours=1), 1)


def picture(records: charts.Records, lines: int) -> dict[str, Any]:
    """The cells as a chart: how full by how dark, too full by colour and sign."""
    titles = {"r": words.field("technician"), "day": _("Day"), "h": _("Load"), "a": _("away")}
    fields = ["d", "st"]
    axis = {
        "orient": "top",
        "labelAngle": 0,
        "labelFlush": False,
        "title": None,
        "labelOverlap": window.is_narrow(),
    }
    rows = {"title": None, "labelLimit": 150}
    cells: dict[str, Any] = {
        "params": [
            {"name": charts.PICK, "select": {"type": "point", "fields": fields, "on": "click"}}
        ],
        "mark": {"type": "rect", "cursor": "pointer", "stroke": "#8884", "strokeWidth": 1},
        "encoding": {
            "color": {"field": "x", "type": "nominal", "scale": None},
            "opacity": {
                "field": "v",
                "type": "quantitative",
                "scale": {"domain": [0, 1], "range": [0.04, 0.65]},
                "legend": None,
            },
            "tooltip": [
                {"field": name, "type": "nominal", "title": title} for name, title in titles.items()
            ],
        },
    }
    text = {
        "mark": {"type": "text", "fontSize": 12, "color": charts.ink(), "tooltip": None},
        "encoding": {"text": {"field": "t", "type": "nominal"}},
    }
    return {
        "data": {"values": records},
        "height": HEAD + lines * ROW,
        "encoding": {
            "x": {"field": "day", "type": "ordinal", "sort": None, "axis": axis},
            "y": {"field": "r", "type": "ordinal", "sort": None, "axis": rows},
        },
        "layer": [cells, text],
    }
