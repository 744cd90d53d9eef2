"""The day on a map without a ground: stations, each technician's way in order, and what waits."""

from collections.abc import Iterable, Iterator, Mapping
from math import cos, radians
from typing import Any

import streamlit as st

from core.dispatch import places
from core.dispatch.board import Board, Card
from core.dispatch.places import Map, Route, Stop
from core.planning.travel import Place
from pages.ui.dispatch import planner
from pages.ui.kit import charts, gate, headings, lists, words
from pages.ui.kit.words import _

KEY, HEIGHT = "board_map", 470
# Told apart by eyes of every kind, under white figures, on light and on dark.
COLOURS = ("#0072b2", "#b34d00", "#00755a", "#a0457f", "#6a51a3", "#7a6000", "#4b5d67", "#a3312a")
IDLE = "#6b6b6b"
KM, LEAST_KM = 111.32, 3.0
MOST_MISSING = 20
Records = list[dict[str, Any]]


def draw(found: Board) -> None:
    """The map; a click on a point opens its card. Below it is what is on no map."""
    seen = gate.read(places.on_map, found=found)
    drawn = list(records(seen))
    if drawn:
        # Another card, another chart: the same point can be clicked again once it is closed.
        key = f"{KEY}·{planner.opened() or ''}"
        st.vega_lite_chart(
            spec=picture(drawn), key=key, on_select=lambda: hear(key), selection_mode=charts.PICK
        )
    else:
        st.info(_("Nothing of this day is on the map yet."), icon=":material/location_on:")
    if len(seen.stations) > 1:
        st.caption(_("Choose a station to see it closer."))
    _list_missing(seen.missing)


def hear(key: str) -> None:
    """A point was clicked: its card opens."""
    picked = st.session_state[key].selection.get(charts.PICK) or [{}]
    if isinstance(case_id := picked[0].get("c"), int):
        planner.close()
        st.session_state[planner.OPENED] = case_id


def _list_missing(cards: tuple[Card, ...]) -> None:
    if not cards:
        return
    headings.part(_("Not on the map: {n}", n=len(cards)))
    st.caption(_("Put the place right on the case: correct its latitude and longitude."))
    for card in cards[:MOST_MISSING]:
        said = " · ".join(part for part in (card.number, card.customer, card.address) if part)
        lists.case_link(card.case_id, words.plain(said))


def records(seen: Map) -> Iterator[dict[str, Any]]:
    """Each place in kilometres from the middle: stations, starts of the day, stops."""
    known = list(_places(seen))
    if not known:
        return
    north = sum(place.latitude for place in known) / len(known)
    east = sum(place.longitude for place in known) / len(known)

    def at(place: Place) -> dict[str, float]:
        x = (place.longitude - east) * KM * cos(radians(north))
        return {"x": round(x, 3), "y": round((place.latitude - north) * KM, 3)}

    for name, place in seen.stations:
        yield at(place) | {"station": f"⌂ {name}"}
    for number, route in enumerate(seen.routes):
        colour = COLOURS[number % len(COLOURS)]
        if route.start:
            yield at(route.start) | {"p": route.technician_id, "f": colour, "o": 0}
        for order, stop in enumerate(route.stops, 1):
            yield at(stop.place) | _stop(stop.card, colour, order, route)
    for stop in seen.waiting:
        yield at(stop.place) | _stop(stop.card, IDLE)


def _places(seen: Map) -> Iterator[Place]:
    yield from (place for _name, place in seen.stations)
    yield from (route.start for route in seen.routes if route.start)
    stops: Iterable[Stop] = (stop for route in seen.routes for stop in route.stops)
    yield from (stop.place for stop in (*stops, *seen.waiting))


def _stop(card: Card, colour: str, order: int = 0, route: Route | None = None) -> dict[str, Any]:
    state = _("late") if card.late else _("planned") if route else _("waits")
    when = words.window(card.start, card.end) if route else words.due(card.due_at, now=gate.now())
    told = {
        "c": card.case_id,
        "f": colour,
        "s": state,
        "n": str(order or ("!" if card.late else "?")),
        "t": f"{card.number} {card.customer}",
        "w": when,
        "who": route.name if route else "—",
        "open": card.case_id == planner.opened(),
    }
    if route is None:
        return told
    return told | {"p": route.technician_id, "o": order, "name": route.name if order == 1 else ""}


def picture(records: Records) -> dict[str, Any]:
    """The map as a chart: both ways are as long as each other, whatever its width."""
    return {
        "data": {"values": records},
        "height": HEIGHT,
        "encoding": {"x": _way("x", "width", records), "y": _way("y", "height", records)},
        "layer": [_ways(), _stations(), _points(), _figures(), _names()],
    }


def _way(name: str, side: str, records: Records) -> dict[str, Any]:
    def spread(way: str) -> tuple[float, float]:
        each = [record[way] for record in records]
        return (min(each) + max(each)) / 2, max(LEAST_KM, (max(each) - min(each)) * 1.2)

    middle = round(spread(name)[0], 3)
    scale = f"max({spread('x')[1]:.3f}/width,{spread('y')[1]:.3f}/height)*{side}/2"
    ends = {"domainMin": {"expr": f"{middle}-{scale}"}, "domainMax": {"expr": f"{middle}+{scale}"}}
    axis = {"title": "km" if name == "x" else None, "tickCount": 6, "domain": False}
    return {
        "field": name,
        "type": "quantitative",
        "axis": axis,
        "scale": {"zero": False, "nice": False, **ends},
    }


def _only(test: str) -> list[dict[str, str]]:
    return [{"filter": test}]


def _field(name: str, **more: Any) -> dict[str, Any]:
    return {"field": name, "type": "nominal", **more}


def _ways() -> dict[str, Any]:
    return {
        "transform": _only("isValid(datum.o)"),
        "mark": {"type": "line", "strokeWidth": 2, "opacity": 0.7},
        "encoding": {
            "color": _field("f", scale=None),
            "detail": _field("p"),
            "order": {"field": "o", "type": "quantitative"},
        },
    }


def _stations() -> dict[str, Any]:
    return {
        "transform": _only("datum.station"),
        "mark": {
            "type": "text",
            "fontSize": 14,
            "fontWeight": "bold",
            "dy": 26,
            "color": charts.ink(),
        },
        "encoding": {"text": _field("station")},
    }


def _points() -> dict[str, Any]:
    shapes = {
        "domain": [_("planned"), _("waits"), _("late")],
        "range": ["circle", "diamond", "triangle-up"],
    }
    legend = {"title": None, "orient": "top", "symbolSize": 130, "symbolFillColor": IDLE}
    titles: Mapping[str, str] = {
        "t": words.field("number"),
        "who": words.field("technician"),
        "w": _("When"),
        "s": words.field("status"),
    }
    return {
        "params": [
            {"name": charts.PICK, "select": {"type": "point", "fields": ["c"], "on": "click"}}
        ],
        "transform": _only("datum.s"),
        "mark": {
            "type": "point",
            "filled": True,
            "opacity": 1,
            "size": 420,
            "cursor": "pointer",
        },
        "encoding": {
            "color": _field("f", scale=None),
            "shape": _field("s", scale=shapes, legend=legend),
            "stroke": {
                "condition": {"test": "datum.open", "value": charts.ink()},
                "value": "white",
            },
            "strokeWidth": {"condition": {"test": "datum.open", "value": 3}, "value": 1},
            "tooltip": [_field(name, title=title) for name, title in titles.items()],
        },
    }


def _figures() -> dict[str, Any]:
    look = {"fontSize": 11, "fontWeight": "bold", "color": "white", "dy": 1, "tooltip": None}
    return {
        "transform": _only("datum.s"),
        "mark": {"type": "text", **look},
        "encoding": {"text": _field("n")},
    }


def _names() -> dict[str, Any]:
    return {
        "transform": _only("datum.name"),
        "mark": {"type": "text", "fontSize": 13, "dy": -18, "color": charts.ink()},
        "encoding": {"text": _field("name")},
    }
