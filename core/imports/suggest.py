"""A first map for a file that nobody has mapped yet, from the names of its columns."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import yaml

from core.imports.mapping import CHOICES, ColumnMap, FactRule
from core.imports.subjects import FACTS, Fact, Subject
from core.imports.values import plain

_SYNONYMS = yaml.safe_load(Path(__file__).with_name("synonyms.yaml").read_text("utf-8"))
NAMES: dict[Fact, list[str]] = {
    Fact(fact): names.split() for fact, names in _SYNONYMS["columns"].items()
}
WORDS: dict[Fact, dict[str, str]] = {
    Fact(fact): {word: code for code, words in codes.items() for word in words.split()}
    for fact, codes in _SYNONYMS["codes"].items()
}
DEFAULTS = {
    Fact.KIND: "repair",
    Fact.CHANNEL: "online",
    Fact.PRIORITY: "normal",
    Fact.FAULT_AREA: "other",
}
EMPTY = ("NULL", "N/A", "-", "--", "/")
_CLOSE_ENOUGH = 0.8
# By which a file shows what its rows tell of, the most telling first.
_TELLING = {
    Subject.CASES: (Fact.SYMPTOM,),
    Subject.PURCHASES: (Fact.INVOICE_NO, Fact.UNIT_PRICE, Fact.TOTAL),
    Subject.PIECES: (Fact.SERIAL, Fact.MODEL),
    Subject.CUSTOMERS: (Fact.CUSTOMER_NAME, Fact.PHONE),
}


@dataclass(frozen=True)
class Suggestion:
    """A draft to be looked over by a person, and the columns that it leaves aside."""

    map: ColumnMap
    unused: tuple[str, ...]


def subject_of(columns: Sequence[str]) -> Subject:
    """What the rows of a file with such columns tell of."""
    for subject, telling in _TELLING.items():
        found = suggest_map(columns, subject=subject).map.facts
        if any(fact in found for fact in telling):
            return subject
    return Subject.CASES


def suggest_map(
    columns: Sequence[str], source: str = "import", subject: Subject = Subject.CASES
) -> Suggestion:
    """A draft map: each fact takes the column whose name fits it best, each column one fact."""
    named = [column for column in columns if column]
    asked = FACTS[subject]
    fits = sorted(
        ((_fit(column, fact), fact, column) for column in named for fact in asked),
        key=lambda fit: -fit[0],
    )
    facts: dict[Fact, FactRule] = {}
    used: set[str] = set()
    for score, fact, column in fits:
        if score >= _CLOSE_ENOUGH and fact not in facts and column not in used:
            facts[fact] = _rule(fact, column)
            used.add(column)
    draft = ColumnMap(
        source=_source(source),
        subject=subject,
        empty=EMPTY,
        facts={fact: facts[fact] for fact in Fact if fact in facts},
    )
    return Suggestion(draft, tuple(column for column in columns if column and column not in used))


def alike(name: str, columns: Iterable[str], needed: Iterable[str]) -> str:
    """The column that may be the one that is missing under this name; empty when none is."""
    taken = {plain(each) for each in needed}
    free = [column for column in columns if column and plain(column) not in taken]
    facts = [fact for fact in Fact if _fit(name, fact) == 1]
    scored = [
        (max([_ratio(_bare(name), _bare(column)), *(_fit(column, fact) for fact in facts)]), column)
        for column in free
    ]
    score, best = max(scored, default=(0.0, ""))
    return best if score >= 0.6 else ""


def _rule(fact: Fact, column: str) -> FactRule:
    if fact not in CHOICES:
        return FactRule(column=column)
    return FactRule(column=column, translate=WORDS.get(fact, {}), default=DEFAULTS.get(fact, ""))


def _fit(column: str, fact: Fact) -> float:
    """How well a column's name fits a fact, 0 to 1; the clearer names of a fact weigh more."""
    bare = _bare(column)
    best = 0.0
    for rank, name in enumerate(NAMES[fact]):
        known = _bare(name)
        score = _ratio(bare, known)
        if score < 1 and (share := _share(bare, known)):
            score = max(score, 0.7 + 0.2 * share)
        best = max(best, score - 0.001 * rank if score < 1 else 1)
    return best


def _share(one: str, other: str) -> float:
    """How much of the longer name the shorter one is, where it is a part that means something."""
    short, long = sorted((one, other), key=len)
    telling = len(short) >= (4 if short.isascii() else 2)
    return len(short) / len(long) if telling and short in long else 0


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", plain(name))


def _source(text: str) -> str:
    return re.sub(r"\s+", "_", text.strip())[:40] or "import"
