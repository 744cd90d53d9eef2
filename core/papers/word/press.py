"""Looks through, tries, fills and draws one template of people, in a process of its own.

A line of JSON says what is asked, the template follows.
"""

import json
import sys
from typing import Any

from PIL.Image import DecompressionBombError
from reportlab.platypus.doctemplate import LayoutError

from core.kernel import bounded
from core.kernel.bounded import MEGABYTE, TOO_LARGE
from core.papers import pdf
from core.papers.word import filling, inspection
from core.papers.word.marks import Vocabulary
from core.papers.word.refusals import TemplateRefused, UnsafeTemplate

REFUSED = 4
MEMORY = 512 * MEGABYTE
SECONDS = 5


def main() -> int:
    """Write the filled paper, or why there is none; the exit code tells which."""
    is_limited = bounded.stay_small(memory=MEMORY, seconds=SECONDS)
    asked = json.loads(sys.stdin.buffer.readline())
    try:
        made = _done(asked, sys.stdin.buffer.read())
    except TemplateRefused as error:
        said = {"unsafe": isinstance(error, UnsafeTemplate), "details": error.details}
        sys.stdout.write(json.dumps(said))
        return REFUSED
    except MemoryError:
        return TOO_LARGE if is_limited else 1
    sys.stdout.buffer.write(made)
    return 0


def _done(asked: dict[str, Any], template: bytes) -> bytes:
    if asked["verb"] == "look":
        inspection.look_through(template)
        return b""
    if asked["verb"] == "pdf":
        return _as_pdf(template, asked["title"])
    vocabulary = Vocabulary(tuple(asked["texts"]), asked["lists"])
    if asked["verb"] == "fill":
        return filling.fill_own(template, asked["samples"][0], vocabulary)
    for filled in filling.check(template, asked["samples"], vocabulary):
        _as_pdf(filled, "")
    return b""


def _as_pdf(paper: bytes, title: str) -> bytes:
    try:
        return pdf.of_word(paper, title=title)
    except (*filling.UNREADABLE, OSError, LayoutError, DecompressionBombError) as error:
        raise TemplateRefused(reason="no_pdf") from error


if __name__ == "__main__":
    sys.exit(main())
