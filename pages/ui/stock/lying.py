"""What lies where: too few or too old first; beside it how it came there, or what to do."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.stock import catalogue, lists, receiving, sight
from core.stock.inputs import MoveParts, ReceiveParts, SetMinimum, TakeOut
from core.stock.lists import StockFilter, StockRow
from core.stock.sight import ASK, KEEP
from pages.ui.kit import filters, gate, marks, sending, words
from pages.ui.kit.lists import choose
from pages.ui.kit.words import _
from pages.ui.stock import naming

ALL = 0


def show() -> None:
    """The list, and beside it the moves of the chosen part, or what may be done."""
    rows = {row.id: row for row in gate.read(lists.listed, filters=_asked())}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = choose("stock", {id: _cells(row) for id, row in rows.items()})
        if not rows:
            st.info(_("No part lies here."), icon=":material/inventory_2:")
    with right:
        if chosen in rows:
            _moves(rows[chosen])
        elif gate.allowed(KEEP):
            _work()


def _asked() -> StockFilter:
    known = gate.read(lists.places)
    names = {ALL: _("All places")} | {id: naming.place(each) for id, each in known.items()}
    own = gate.read(lists.mine) if gate.allowed(ASK) else None
    with filters.bar():
        place = filters.one_of(
            *("lying", "place", words.field("place_id"), names),
            usual=own or ALL,
            width=180,
            label_visibility="collapsed",
        )
        text = filters.text("lying", label=_("Name or number of a part"))
        only = filters.switch("lying", "only", _("Too few or too old"))
    return StockFilter(text=text, place_id=place or None, only=only)


def _cells(row: StockRow) -> dict[str, Any]:
    short, old = marks.LATE * row.is_short, marks.LATE * row.is_old
    expired = _("{n} expired", n=row.expired) if row.expired else ""
    until = words.day(row.expires_on) if row.expires_on else ""
    return {
        words.field("part_name"): row.part,
        words.field("number"): row.number,
        words.field("quantity"): f"{short} {row.quantity}{row.unit}".strip(),
        words.field("minimum"): str(row.minimum or ""),
        words.field("place_id"): naming.place(row.place),
        words.field("expires_on"): " · ".join(filter(None, (f"{old} {until}".strip(), expired))),
    }


def _moves(row: StockRow) -> None:
    st.markdown(f"**{words.plain(row.part)}** {words.plain(row.number)}")
    place_id, part_id = row.place_id, row.part_id
    found = gate.read(lists.moves, place_id=place_id, part_id=part_id)
    with st.container(gap="xsmall"):
        for each in found:
            ways = (naming.place(way) if way else "" for way in (each.source, each.target))
            road = " → ".join(filter(None, ways))
            parts = (words.code(each.reason), str(each.quantity), each.batch, road, each.note)
            said = words.plain(" · ".join(filter(None, parts)))
            st.markdown(f":gray[{words.moment(each.at)} · {words.plain(each.person)}] {said}")


def _work() -> None:
    ways: dict[str, tuple[str, Callable[[], None]]] = {
        "receive": (_("Receive parts"), _receive),
        "bring": (_("Bring elsewhere"), _bring),
        "out": (_("Send back or throw away"), _out),
        "minimum": (_("Set a minimum"), _minimum),
    }
    labels = {name: label for name, (label, _draw) in ways.items()}
    way = st.pills(
        _("What to do"),
        list(labels),
        default="receive",
        required=True,
        format_func=labels.__getitem__,
        key="stock_way",
        label_visibility="collapsed",
    )
    ways[way or "receive"][1]()


def _receive() -> None:
    options = _catalogue() | {"suppliers": gate.read(catalogue.regular)}
    sending.form(
        "stock·receive",
        ReceiveParts,
        lambda uow, filled, _seen: receiving.receive(uow, filled),
        options=options,
        values={"station_id": gate.actor().station_id},
    )
    st.caption(_("Only regular sources may deliver: the catalogue of parts says which these are."))


def _bring() -> None:
    lots = {row.id: naming.lot(row) for row in gate.read(lists.balances)}
    sending.form(
        "stock·bring",
        MoveParts,
        lambda uow, filled, _seen: receiving.bring(uow, filled),
        options={"balances": lots, "places": _targets()},
    )


def _out() -> None:
    lots = {row.id: naming.lot(row) for row in gate.read(lists.balances)}
    sending.form(
        "stock·out",
        TakeOut,
        lambda uow, filled, _seen: receiving.take_out(uow, filled),
        options={"balances": lots, "suppliers": gate.read(catalogue.sources)},
    )
    st.caption(_("Back to a source; without one only what has expired. The rest is counted."))


def _minimum() -> None:
    sending.form(
        "stock·minimum",
        SetMinimum,
        lambda uow, filled, _seen: receiving.set_minimum(uow, filled),
        options={"places": _targets(), "parts": gate.read(catalogue.parts)},
    )


def _targets() -> dict[str, str]:
    return {key: naming.place(each) for key, each in gate.read(sight.targets).items()}


def _catalogue() -> dict[str, Any]:
    return {
        "stores": naming.stores(gate.read(sight.stores)),
        "parts": gate.read(catalogue.parts),
    }
