"""What of a person stands in a text or in data, and what is left when it is blanked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from db import phones

# No longer than the shortest text that is looked for, so that nothing outgrows its column.
BLANK = "**"
SHORTEST = 2
# What may be a telephone number inside a text.
_NUMBER = re.compile(r"\+?\d(?:[ ()\-]*\d){4,}")


@dataclass(frozen=True)
class Traces:
    """Names, numbers and addresses of a person, however the numbers are written."""

    texts: frozenset[str]
    numbers: frozenset[str]
    country: str

    @classmethod
    def of(cls, texts: Iterable[str], numbers: Iterable[str], country: str) -> "Traces":
        """The traces of these names and addresses, and of these telephone numbers."""
        told = [number for number in numbers if number]
        keys = (key for number in told for key in phones.same_as(number, country))
        found = {text.strip() for text in (*texts, *told)}
        long = frozenset(text for text in found if len(text) >= SHORTEST)
        return cls(long, frozenset(keys), country)

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        longest = sorted(self.texts, key=lambda text: (-len(text), text))
        return re.compile("|".join(map(re.escape, longest)), re.IGNORECASE) if longest else None

    def blanked(self, value: Any) -> Any:
        """The same value without the person: of a text, and of all texts inside of data."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.blanked(each) for each in value]
        if isinstance(value, dict):
            return {name: self.blanked(each) for name, each in value.items()}
        return value

    def _text(self, text: str) -> str:
        if self._pattern:
            text = self._pattern.sub(BLANK, text)
        return _NUMBER.sub(self._number, text)

    def _number(self, found: re.Match[str]) -> str:
        is_theirs = self.numbers.intersection(phones.same_as(found[0], self.country))
        return BLANK if is_theirs else found[0]
