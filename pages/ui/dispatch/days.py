"""The board in a narrow window: each technician's day as a list."""

from core.dispatch.board import Board, Card
from pages.ui.kit import headings, lacking, lists, words
from pages.ui.kit.words import _


def show(found: Board) -> None:
    """What waits, then each technician with the day's jobs in order."""
    headings.part(_("Waiting: {n}", n=found.total))
    for card in found.waiting:
        _line(card)
    for row in found.rows:
        mine = [card for card in found.planned if card.technician_id == row.technician_id]
        names = [words.plain(row.name)] if row.working else [words.plain(row.name), _("off")]
        headings.part(" · ".join(names))
        for card in sorted(mine, key=lambda each: (str(each.start), each.case_id)):
            _line(card)


def _line(card: Card) -> None:
    when = words.window(card.start, card.end) if card.is_planned else ""
    lacks = lacking.said(card.lacks) if card.lacks else ""
    label = " · ".join(part for part in (when, card.customer, card.what, lacks) if part)
    lists.case_link(card.case_id, words.plain(label))
