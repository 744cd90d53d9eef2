"""The files of a meeting or a report: slides, pages, minutes and a workbook."""

from collections.abc import Mapping

from core.decks import book, said
from core.decks.deck import WORDS, Decision, Deck, Grid

__all__ = ["WORDS", "Deck", "Decision", "Grid", "minutes", "pdf", "slides", "workbook"]


def slides(deck: Deck, words: Mapping[str, str]) -> bytes:
    """The deck as a presentation (.pptx) whose charts and tables can be edited."""
    from core.decks import pages, presentation  # noqa: PLC0415 - dear, and seldom asked for

    deck = said.tidy(deck)
    return presentation.slides(pages.pages(deck, words), deck.title)


def pdf(deck: Deck, words: Mapping[str, str]) -> bytes:
    """The same pages as a .pdf that every machine shows alike."""
    from core.decks import pages, printed  # noqa: PLC0415 - dear, and seldom asked for

    deck = said.tidy(deck)
    return printed.pdf(pages.pages(deck, words), deck.title, words)


def minutes(deck: Deck, words: Mapping[str, str]) -> bytes:
    """The minutes of the meeting as a Word document (.docx)."""
    from core.decks import record  # noqa: PLC0415 - dear, and seldom asked for

    return record.minutes(said.tidy(deck), words)


def workbook(deck: Deck, words: Mapping[str, str]) -> bytes:
    """The numbers with what they are counted from, as a workbook (.xlsx)."""
    return book.workbook(said.tidy(deck), words)
