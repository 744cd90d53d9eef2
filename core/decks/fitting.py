"""How much of a text a box holds: letters are reckoned a little wider than they are drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

LEADING = 1.4
# In ems: a Chinese letter, a wide Latin one, a usual one.
FULL, WIDE, USUAL = 1.0, 0.9, 0.62


@dataclass(frozen=True)
class Fitted:
    """What stands in a box at a size, and what must go on elsewhere."""

    text: str
    size: float
    rest: str


def wrapped(text: str, room: float) -> list[str]:
    """The lines of a text that `room` ems hold; put together they are the text."""
    return [line for part in text.splitlines(keepends=True) for line in _lines(part, room)] or [""]


def height(text: str, width: float, size: float) -> float:
    """How high a text stands in a column."""
    return len(wrapped(text, width / size)) * size * LEADING


def fit(text: str, width: float, high: float, sizes: Sequence[float]) -> Fitted:
    """A text at the largest size that fits, or as much of it as fits at the smallest."""
    for size in sizes:
        if height(text, width, size) <= high:
            return Fitted(text, size, "")
    lines, most = wrapped(text, width / size), max(1, int(high // (size * LEADING)))
    # A whole paragraph goes over, where that leaves no large gap.
    ends = (at for at in range(most, most // 2, -1) if lines[at - 1].endswith("\n"))
    most = next(ends, most)
    return Fitted("".join(lines[:most]).rstrip("\n"), size, "".join(lines[most:]))


def _lines(text: str, room: float) -> Iterator[str]:
    begin, end, used = 0, 0, 0.0
    for at, letter in enumerate(text):
        wide = _width(letter)
        if used + wide > room and at > begin and not letter.isspace():
            cut = end if end > begin else at
            yield text[begin:cut]
            begin, used = cut, sum(_width(each) for each in text[cut:at])
        used += wide
        if letter.isspace() or _width(letter) == FULL:
            end = at + 1
    yield text[begin:]


def _width(letter: str) -> float:
    if east_asian_width(letter) in "WFA":
        return FULL
    return WIDE if letter in "mwMW@%" else USUAL
