"""The lists of what customers asked for online: what waits, what became of the rest."""

from functools import partial
from typing import Any

from core.online import view
from core.online.view import OnlinePart, OnlineRow
from pages.ui.kit import filters, gate, words
from pages.ui.kit.lists import page_number
from pages.ui.kit.words import _
from pages.ui.online import asked
from pages.ui.requests import arrivals

KEY = "online"


def show() -> None:
    """One of the lists, and the chosen request beside it."""
    with filters.bar():
        names = {part: words.code(part) for part in OnlinePart}
        usual = OnlinePart.NEW
        part = filters.segments(KEY, "part", _("Which requests"), names, usual=usual)
        text = filters.text(KEY, label=_("Name, product, words"))
    found = gate.read(view.listed, part=part, text=text, page=page_number(KEY))
    cells = partial(_cells, part)
    arrivals.beside(KEY, found, cells, asked.show, empty=_("No online requests here."))


def _cells(part: OnlinePart, row: OnlineRow) -> dict[str, Any]:
    cells = {
        words.field("received_at"): words.moment(row.taken_at),
        words.field("kind"): words.code(row.kind),
        words.field("customer"): row.name or _("nameless"),
        words.field("body"): row.body,
    }
    if part is OnlinePart.SETTLED:
        cells[words.field("number")] = row.number
    return cells
