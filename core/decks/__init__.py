"""The files of a meeting or a report: slides, pages, minutes and a workbook."""

from collections.abc import Mapping

from core.decks.deck import WORDS, Decision, Deck

__all__ = ["WORDS", "Deck", "Decision", "minutes", "pdf", "slides", "workbook"]


def slides(deck: Deck, words: Mapping[str, str]) -> bytes:
    """The deck as a presentation (.pptx) whose charts and tables can be edited."""
    raise NotImplementedError


def pdf(deck: Deck, words: Mapping[str, str]) -> bytes:
    """The same pages as a .pdf that every machine shows alike."""
    raise NotImplementedError


def minutes(deck: Deck, words: Mapping[str, str]) -> bytes:
    """The minutes of the meeting as a Word document (.docx)."""
    raise NotImplementedError


def workbook(deck: Deck, words: Mapping[str, str]) -> bytes:
    """The numbers with what they are counted from, as a workbook (.xlsx)."""
    raise NotImplementedError
