"""The sentences of a rule book beside its numbers: which of them say another length."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.norms.lengths import DAY, as_named, named
from core.norms.model import Norm
from core.norms.parts import Words
from db.codes import Language, LimitUnit


@dataclass(frozen=True)
class Apart:
    """A sentence that names lengths, but not the one of the rule that it stands for."""

    # The part of the rule book that holds the sentence: "clauses" by clause, or
    # "return_conditions" by name.
    part: str
    key: str
    language: Language
    sentence: str
    # The rule whose length it is, and that length.
    rule: str
    unit: LimitUnit
    amount: int


def apart(norm: Norm) -> Iterator[Apart]:
    """Every sentence that does not agree with its number, in each language."""
    for limit in norm.limits:
        if limit.unit is not LimitUnit.MOMENT:
            yield from _clause(norm, limit.clause, limit.name, limit.unit, limit.amount)
    for level in norm.emergencies:
        for rule, minutes in (
            ("emergency_response", level.response_minutes),
            ("emergency_handled", level.handling_minutes),
        ):
            if minutes:
                yield from _clause(norm, level.clause, rule, LimitUnit.CLOCK_MINUTES, minutes)
    for each in norm.return_conditions:
        if each.days:
            # Counted on the calendar, holidays and all.
            length = (LimitUnit.CLOCK_MINUTES, each.days * DAY)
            yield from _said("return_conditions", each.name, each.text, each.name, *length)


def _clause(norm: Norm, clause: str, rule: str, unit: LimitUnit, amount: int) -> Iterator[Apart]:
    yield from _said("clauses", clause, norm.clauses[clause], rule, unit, amount)


def _said(
    part: str, key: str, text: Words, rule: str, unit: LimitUnit, amount: int
) -> Iterator[Apart]:
    for language, sentence in text.items():
        lengths = named(sentence)
        if lengths and not lengths & as_named(unit, amount):
            yield Apart(part, key, language, sentence, rule, unit, amount)


def fresh(old: Norm, new: Norm) -> tuple[Apart, ...]:
    """The sentences that a draft parts from their numbers; not those that were signed so."""
    known = set(apart(old))
    return tuple(each for each in apart(new) if each not in known)
