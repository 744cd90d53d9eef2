"""The pages as PDF, with the Chinese font in it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst
from noto_cjk_sans_otc import FONT_PATH

from core.decks import said
from core.decks.fitting import fit
from core.decks.pages import HEIGHT, WIDTH, Chart, Item, Page

TEMPLATE = Path(__file__).parent / "deck.typ"
FONT = "Noto Sans CJK SC"
# Of a station beside its bar.
BESIDE, SMALL = 112.0, 8.0


def pdf(pages: Sequence[Page], title: str, words: Mapping[str, str]) -> bytes:
    """A page of PDF for each page."""
    made: bytes = _compiled(pages, title, words, format="pdf")
    return made


def _compiled(pages: Sequence[Page], title: str, words: Mapping[str, str], **asked: Any) -> Any:
    deck = {
        "title": title,
        "font": FONT,
        "width": WIDTH,
        "height": HEIGHT,
        "pages": [[_told(item, words) for item in page] for page in pages],
    }
    return typst.compile(
        TEMPLATE,
        font_paths=[Path(str(FONT_PATH)).parent],
        ignore_system_fonts=True,
        sys_inputs={"deck": json.dumps(deck)},
        **asked,
    )


def _told(item: Item, words: Mapping[str, str]) -> dict[str, Any]:
    told = asdict(item) | {"kind": type(item).__name__}
    return told | _marks(item, words) if isinstance(item, Chart) else told


def _marks(chart: Chart, words: Mapping[str, str]) -> dict[str, Any]:
    """What is written on a chart: the steps of its axis, its values, its target."""
    steps = [step * chart.step for step in range(round(chart.top / chart.step) + 1)]
    return {
        "ticks": [(step, said.bare(chart.unit, step)) for step in steps],
        "said": [said.bare(chart.unit, value) for value in chart.values],
        "goal": said.value(chart.unit, chart.target, words),
        "short": [_short(label) for label in chart.labels],
    }


def _short(label: str) -> str:
    shown = fit(label, BESIDE, SMALL * 1.5, (SMALL,))
    return f"{shown.text[:-1]}…" if shown.rest else shown.text
