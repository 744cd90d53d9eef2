"""The lists of what customers asked for online: what waits, what became of the rest."""

from typing import Any

from core.online import view
from core.online.view import OnlinePart, OnlineRow
from core.requests.lists import Page
from pages.ui.kit import filters, gate, places, queue, window, words
from pages.ui.kit.lists import page_number, pick
from pages.ui.kit.words import _
from pages.ui.online import asked

KEY = "online"


def show() -> None:
    """One of the lists, and the chosen request beside it."""
    with filters.bar():
        names = {part: words.code(part) for part in OnlinePart}
        usual = OnlinePart.NEW
        part = filters.segments(KEY, "part", _("Which requests"), names, usual=usual)
        text = filters.text(KEY, label=_("Name, product, words"))
    found = gate.read(view.listed, part=part, text=text, page=page_number(KEY))
    queue.beside(bool(found.rows), lambda: _pick(part, found), asked.show)


def _pick(part: OnlinePart, found: Page[OnlineRow]) -> int | None:
    rows = {row.id: _cells(part, row) for row in found.rows}
    narrow = window.is_narrow()
    if not narrow:
        queue.begin(KEY)
    empty = _("No online requests here.")
    chosen = pick(KEY, found, rows, empty=empty, are_cases=False, once=narrow)
    if not narrow:
        return queue.hold(chosen)
    if chosen:
        places.go("online", id=str(chosen))
    return None


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
