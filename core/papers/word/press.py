"""Looks through, tries and fills one template of people, in a process of its own (see apart.py).

A line of JSON says what is asked, the template follows.
"""

import json
import sys
from typing import Any

from core.kernel import bounded
from core.kernel.bounded import MEGABYTE, TOO_LARGE
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
    vocabulary = Vocabulary(tuple(asked["texts"]), asked["lists"])
    if asked["verb"] == "fill":
        return filling.fill_own(template, asked["samples"][0], vocabulary)
    filling.check(template, asked["samples"], vocabulary)
    return b""


if __name__ == "__main__":
    sys.exit(main())
