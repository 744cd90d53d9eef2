"""The cell that a map's rule finds in a row."""

import re
from collections.abc import Iterator, Sequence

from core.imports.errors import FileReason, FileRefused
from core.imports.mapping import CHOICES, ColumnMap, FactRule
from core.imports.records import Cell
from core.imports.subjects import Fact
from core.imports.suggest import alike
from core.imports.values import codes_of, plain, text_of


class CellFinder:
    """Finds the cells of facts in the rows of one table; FileRefused when its columns differ."""

    def __init__(self, map: ColumnMap, columns: Sequence[str]) -> None:
        self.rules = map.facts
        self.places = _places(map, columns)
        self.empty = frozenset(plain(word) for word in map.empty) | {""}
        # A longer cell is full, whatever blanks surround it.
        self.longest = max(8, *(2 * len(word) for word in self.empty))
        self.words = {
            id(rule): {plain(word): code for word, code in rule.translate.items()}
            for first in map.facts.values()
            for rule in _chain(first)
        }

    def cell(self, cells: Sequence[Cell], fact: Fact) -> Cell:
        """What the row says about a fact; an empty text when it says nothing."""
        rule = self.rules.get(fact)
        return self._by_rule(cells, rule, fact) if rule else ""

    def word(self, cells: Sequence[Cell], fact: Fact) -> str:
        """The row's own word for a fact, before it is translated."""
        rule = self.rules.get(fact)
        return text_of(self._found(cells, rule)) if rule else ""

    def column(self, fact: Fact) -> str:
        """The first column of a fact; empty when no column tells it."""
        rule = self.rules.get(fact)
        return next(rule.names(), "") if rule else ""

    def _by_rule(self, cells: Sequence[Cell], rule: FactRule, fact: Fact) -> Cell:
        found = self._found(cells, rule)
        if found != "" and rule.prefix:
            found = rule.prefix + text_of(found)
        if fact in CHOICES or rule.translate:
            text = text_of(found)
            found = self._translated(rule, text, fact) or rule.default or text
        elif found == "":
            found = rule.default
        if found == "" and rule.otherwise:
            return self._by_rule(cells, rule.otherwise, fact)
        return found

    def _found(self, cells: Sequence[Cell], rule: FactRule) -> Cell:
        if rule.constant:
            return rule.constant
        if rule.column:
            return self._content(cells, rule.column)
        parts = [text_of(self._content(cells, column)) for column in rule.columns]
        if rule.whole and not all(parts):
            return ""
        # A street that is also its own crossing is said once.
        return rule.join.join(dict.fromkeys(part for part in parts if part))

    def _content(self, cells: Sequence[Cell], column: str) -> Cell:
        place = self.places.get(column)
        cell = cells[place] if place is not None else ""
        if not isinstance(cell, str):
            return cell
        return "" if not cell or (len(cell) <= self.longest and plain(cell) in self.empty) else cell

    def _translated(self, rule: FactRule, text: str, fact: Fact) -> str | None:
        words = self.words[id(rule)]
        code = words.get(plain(text))
        if code or fact is not Fact.FAULT_AREA:
            return code
        # A list of fault codes goes by its first one, as a whole or by its letters.
        first = next(iter(codes_of(text)), "")
        letters = re.match(r"[A-Za-z]*", first)
        return words.get(plain(first)) or (words.get(plain(letters[0])) if letters else None)


def _chain(rule: FactRule | None) -> Iterator[FactRule]:
    while rule:
        yield rule
        rule = rule.otherwise


def _places(map: ColumnMap, columns: Sequence[str]) -> dict[str, int]:
    """Where each column of the map stands; FileRefused when one is missing or stands twice."""
    found: dict[str, list[int]] = {}
    for number, column in enumerate(columns):
        found.setdefault(plain(column), []).append(number)
    needed = map.needed()
    if missing := [name for name in needed if plain(name) not in found]:
        hints = {name: alike(name, columns, needed) for name in missing}
        raise FileRefused(
            FileReason.COLUMNS_MISSING, names=missing, found=list(columns), alike=hints
        )
    named = {name for rule in map.facts.values() for name in rule.names()}
    if double := sorted(name for name in named if len(found.get(plain(name), ())) > 1):
        raise FileRefused(FileReason.COLUMNS_DOUBLE, names=double)
    return {name: found[plain(name)][0] for name in named if plain(name) in found}
