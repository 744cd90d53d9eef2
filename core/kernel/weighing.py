"""How much two texts have in common, in the pieces of db/words.py: what few say counts more."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from math import fsum, log, sqrt

from db.words import RUN, fold, pieces, spelled

# Words that ask, or what is left of them: two questions have them in common by being questions.
ASKING = re.compile("怎[么样]?|如何|什么?|多少|请问|^[么样何]")
# A few texts tell little of which pieces are common.
FEW = 10
# How many pieces are looked up at most, whatever the length of a text.
MOST_PIECES = 60


class Sample:
    """Texts that tell which pieces are common."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Of texts as an index keeps them."""
        held = [set(pairs(said)) for said in texts]
        self.size = max(len(held), FEW)
        self.seen = Counter(piece for each in held for piece in each)

    def weight(self, found: Iterable[str]) -> float:
        """How much some pieces say together."""
        # Exact: the order of a set must not decide which of two texts comes first.
        return fsum(log((self.size + 1) / (self.seen[piece] + 0.5)) for piece in found)


class Weighing:
    """A text, held against others."""

    def __init__(self, text: str, sample: Sample, *, without: str = "") -> None:
        """A text without the pieces of some others: names that are compared in another way."""
        self._text, self._sample = text, sample
        self.size = sample.size
        self._left_out = set(pairs(spelled(without)))
        self.own = set(pairs(spelled(text))) - self._left_out
        self.own_weight = sample.weight(self.own)

    def likeness(self, said: str) -> float:
        """From 0, no piece in common, to 1, the same ones."""
        other = set(pairs(said)) - self._left_out
        shared = self._sample.weight(self.own & other)
        return shared / sqrt(self.own_weight * self._sample.weight(other)) if shared else 0.0

    def telling(self, texts: int, most: int) -> list[str]:
        """The rarest own pieces: as many as `most` of all texts are expected to hold."""
        chosen: list[str] = []
        expected = 0.0
        for piece in sorted(self.own, key=lambda piece: (self._sample.seen[piece], piece)):
            expected += (self._sample.seen[piece] + 0.5) / (self.size + 1) * texts
            if chosen and (expected > most or len(chosen) == MOST_PIECES):
                break
            chosen.append(piece)
        return chosen

    def words(self, said: str, most: int = 6) -> tuple[str, ...]:
        """The words that the text has in common with another one, in its own order."""
        shared = self.own & set(pairs(said))
        runs = RUN.findall(fold(self._text))
        stretches = (word for run in runs for word in _stretches(run, shared))
        found = (word for stretch in stretches for word in ASKING.split(stretch))
        return tuple(dict.fromkeys(word for word in found if len(word) > 1))[:most]


def pairs(said: str) -> list[str]:
    """The pairs of signs of what an index keeps; single ones say nothing by themselves."""
    return [piece for piece in said.split() if len(piece) > 1]


def _stretches(run: str, shared: set[str]) -> Iterator[str]:
    """The longest parts of a run whose pieces are all shared."""
    word = ""
    for piece in pieces(run):
        if piece in shared:
            word = word + piece[1] if word else piece
        elif word:
            yield word
            word = ""
    if word:
        yield word
