"""The pile of goods in the shop: unclaimed ones first, then the own work, then what is late."""

from typing import Any

import streamlit as st

from core.codes import ShopStatus
from core.kernel.paging import Page
from core.workshop import view
from core.workshop.rules import IN_SHOP
from core.workshop.view import Filter, PieceRow
from pages.ui.kit import filters, gate, marks, places, queue, window, words
from pages.ui.kit.lists import page_number, pick
from pages.ui.kit.words import _
from pages.ui.workshop import piece

KEY = "workshop"


def show() -> None:
    """The pile, and the chosen piece beside it."""
    asked = _filters()
    found = gate.read(view.listed, filters=asked, page=page_number(KEY))
    if unclaimed := sum(row.unclaimed for row in found.rows):
        said = words.n_(
            "One piece has been ready for two weeks and nobody has collected it.",
            "{n} pieces have been ready for two weeks and nobody has collected them.",
            unclaimed,
        )
        st.warning(said, icon=":material/error:")

    def beside(id: int) -> None:
        with st.container(border=True):
            piece.show(gate.read(view.view, id=id))

    queue.beside(bool(found.rows), lambda: _pick(found), beside)


def _filters() -> Filter:
    with filters.bar():
        label = _("Number, name, place")
        text = filters.text(KEY, label=label)
        steps = {each: words.code(each) for each in ShopStatus if each in IN_SHOP}
        status = filters.select(KEY, "step", steps)
        station = filters.station(KEY)
        return Filter(text, status, station, ended=filters.ended(KEY))


def _pick(found: Page[PieceRow]) -> int | None:
    rows = {row.id: _cells(row) for row in found.rows}
    empty, narrow = _("No goods here."), window.is_narrow()
    if not narrow:
        queue.begin(KEY)
    chosen = pick(KEY, found, rows, empty=empty, are_cases=False, once=narrow)
    if not narrow:
        return queue.hold(chosen)
    if chosen:
        places.go("workshop", id=str(chosen))
    return None


def _cells(row: PieceRow) -> dict[str, Any]:
    return {
        words.field("step"): step(row),
        words.field("product"): row.product,
        words.field("customer"): row.customer,
        words.field("shelf"): row.shelf,
        words.field("promised_at"): words.moment(row.promised_at),
        words.field("technician"): row.technician,
        words.field("station"): row.station,
        words.field("number"): row.number,
    }


def step(row: PieceRow) -> str:
    """How far it is; a mark where its day is past or nobody collects it."""
    said = _("Not collected") if row.unclaimed else words.code(row.status)
    return f"{marks.LATE} {said}" if row.late or row.unclaimed else said
