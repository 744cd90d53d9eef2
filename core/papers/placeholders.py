"""What a template may name: every fact of a paper, and facts to try a template with.

Each family of papers has facts of its own, so that a template cannot name what its readers are
not to see: a letter to the customer knows no cost, and no complaint form a penalty.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args, get_type_hints

from core.papers.word.marks import Vocabulary

# A picture of one black point: what a new template is tried with.
POINT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)

ShapeT = TypeVar("ShapeT")

# What XML cannot hold; imported rows may carry it.
FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Picture:
    """A drawing on a paper: a PNG or JPEG in base64, empty where there is none; millimetres."""

    png: str = ""
    height: int = 13


@dataclass(frozen=True)
class LimitLine:
    """What is due when, when it was met, with the clause that says so and its text."""

    what: str
    due: str
    met: str
    clause: str
    text: str


@dataclass(frozen=True)
class Facts:
    """What every paper knows. Empty texts where there is no such fact."""

    company: str
    hotline: str
    printed: str
    number: str


@dataclass(frozen=True)
class CaseFacts(Facts):
    """What every paper about a case knows."""

    station: str
    received: str
    kind: str
    channel: str
    priority: str
    owner: str
    customer: str
    contact: str
    phone: str
    address: str

    brand: str
    model: str
    specification: str
    serial: str
    purchased: str
    warranty: str
    warranty_until: str

    symptom: str
    fault_area: str
    answer: str


def vocabulary(shape: type[Facts]) -> Vocabulary:
    """What the templates of a family may name."""
    texts = tuple(name for name, hint in get_type_hints(shape).items() if hint in PRINTED)
    lists = {name: tuple(get_type_hints(line)) for name, line in _lines_of(shape).items()}
    return Vocabulary(texts, lists)


def sample(shape: type[Facts]) -> Facts:
    """Facts as awkward as customers write them: what a new template is tried with."""
    return _all_alike(shape, "样 <b>&amp;\"' {{ x }} {% y %}\n\t😀", count=2)


def bare(shape: type[Facts]) -> Facts:
    """Facts of a case about which nothing is known."""
    return _all_alike(shape, "", count=0)


def made(shape: type[ShapeT], texts: Mapping[str, str], **more: Any) -> ShapeT:
    """Facts, or one line of a list, from texts that are cleaned for Word here and nowhere else."""
    return shape(**{name: plain(text) for name, text in texts.items()}, **more)


def plain(text: str) -> str:
    """A text that a Word file can hold."""
    return FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _lines_of(shape: type[Facts]) -> dict[str, Any]:
    hints = get_type_hints(shape)
    return {name: get_args(hint)[0] for name, hint in hints.items() if hint not in PRINTED}


def _all_alike(shape: type[Facts], text: str, *, count: int) -> Facts:
    lists: dict[str, Any] = {
        name: (line(**_printed(line, text)),) * count for name, line in _lines_of(shape).items()
    }
    return shape(**_printed(shape, text), **lists)


def _printed(shape: type[Any], text: str) -> dict[str, Any]:
    drawn = Picture(POINT if text else "")
    hints = get_type_hints(shape).items()
    return {name: drawn if hint is Picture else text for name, hint in hints if hint in PRINTED}


# What a template prints by its name alone.
PRINTED = (str, Picture)
