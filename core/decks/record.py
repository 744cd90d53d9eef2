"""The minutes of a meeting, filled into a Word template."""

from collections.abc import Mapping
from pathlib import Path

from core.decks import said
from core.decks.deck import WORDS, Decision, Deck
from core.kpi.frozen import FrozenFigure
from core.papers.word import filling
from core.papers.word.filling import Texts
from core.papers.word.marks import Vocabulary

TEMPLATE = Path(__file__).parent / "minutes.docx"
VOCABULARY = Vocabulary(
    texts=(*sorted(WORDS), "deck_title", "deck_subtitle", "deck_people"),
    lists={
        "figure_lines": ("name", "value", "state", "target", "previous", "note"),
        "decision_lines": ("text", "figure", "owner", "due", "done"),
    },
)


def minutes(deck: Deck, words: Mapping[str, str]) -> bytes:
    """Who was there, each figure with its sentence, and what was decided."""
    texts: Texts = {
        **{code: words[code] for code in WORDS},
        "deck_title": deck.title,
        "deck_subtitle": deck.subtitle,
        "deck_people": ", ".join(deck.people),
        "figure_lines": [_figure(deck, each, words) for each in deck.figures],
        "decision_lines": [_decision(each, words) for each in deck.decided],
    }
    return filling.fill(TEMPLATE.read_bytes(), texts, VOCABULARY)


def _figure(deck: Deck, figure: FrozenFigure, words: Mapping[str, str]) -> dict[str, str]:
    return {
        "name": words[figure.name],
        "value": said.value(figure.unit, figure.value, words),
        "state": said.state(figure, words),
        "target": said.value(figure.unit, figure.target, words),
        "previous": said.since(figure, figure.previous, words),
        "note": deck.notes.get(figure.name, ""),
    }


def _decision(decision: Decision, words: Mapping[str, str]) -> dict[str, str]:
    text, owner, due, done = said.decided(decision, words)
    figure = words[decision.figure] if decision.figure else said.NOTHING
    return {"text": text, "figure": figure, "owner": owner, "due": due, "done": done}
