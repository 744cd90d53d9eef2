"""Processes as tables: what may happen to a record, and what follows from what has happened."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Select

from core.kernel.inputs import Action
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.norms.parts import ExtraField
from core.process.permissions import may

# Stands for every fact, in a row of what follows.
ANY = "*"

Effect = Callable[[UnitOfWork, Any, Any], "Done"]
Condition = Callable[[Any], bool]


@dataclass(frozen=True)
class Relation:
    """How the actor must stand to the record; `reason` is said when the actor does not."""

    reason: str
    holds: Callable[[Actor, Any], bool]


@dataclass(frozen=True)
class Done:
    """What an effect leaves for history: a note and data."""

    note: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """From these statuses an action leads to a target (None: the status stays).

    A rule without an action is a consequence that only core itself brings about; one without
    sources says how the record begins. `when` narrows the rule to records of a kind; `who` names
    the relations that the actor must stand in.
    """

    fact: str
    action: type[Action] | None
    sources: frozenset[StrEnum]
    target: StrEnum | None
    permission: str
    clause: str
    when: Condition | None = None
    who: tuple[Relation, ...] = ()

    def applies(self, record: Any) -> bool:
        """Whether the record stands where this rule starts."""
        return record.status in self.sources and (self.when is None or self.when(record))

    def admits(self, actor: Actor, record: Any) -> bool:
        """Whether the actor may use this rule on the record."""
        return may(actor, self.permission) and self.bar(actor, record) is None

    def bar(self, actor: Actor, record: Any) -> str | None:
        """Which relation keeps the actor from using this rule on the record; None when none."""
        return next((each.reason for each in self.who if not each.holds(actor, record)), None)


@dataclass(frozen=True)
class Asks:
    """What an action's form asks of a record: fewer of its fields, and some of the book's own."""

    leaves_out: frozenset[str] = frozenset()
    extra: tuple[ExtraField, ...] = ()


@dataclass(frozen=True)
class Process:
    """A subject with its statuses, rules, effects and the options that its forms offer.

    `case_id` tells the case whose limits the facts move; None for a record that has no case.
    """

    subject: str
    rules: tuple[Rule, ...]
    effects: Mapping[type[Action], Effect]
    select: Callable[[Actor], Select[Any]]
    table: Any
    case_id: Callable[[Any], int | None]
    options: Mapping[str, Callable[[UnitOfWork, Any], Mapping[Any, str]]] = field(
        default_factory=dict
    )
    # The files that such a record comes of, by their subjects: while these go on, it may come.
    comes_of: tuple[str, ...] = ()
    # What a form asks where not every field of it is asked of every record.
    asks: Mapping[type[Action], Callable[[UnitOfWork, Any], Asks]] = field(default_factory=dict)
    # What a form shows first where that is not a fact of the record itself.
    proposals: Mapping[type[Action], Callable[[UnitOfWork, Any], dict[str, Any]]] = field(
        default_factory=dict
    )

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that the process can bring about, with its subject."""
        return frozenset(self.fact(rule.fact) for rule in self.rules)

    @property
    def statuses(self) -> tuple[StrEnum, ...]:
        """Every status that a record may stand in."""
        known = next(
            status for rule in self.rules for status in (*rule.sources, rule.target) if status
        )
        return tuple(type(known))

    def fact(self, name: str) -> str:
        """A fact as limits and rooms name it: "complaint.judged"."""
        return f"{self.subject}.{name}"

    def leading_to(self, target: StrEnum) -> tuple[str, ...]:
        """The facts by which a record comes to a status."""
        facts = (self.fact(rule.fact) for rule in self.rules if rule.target is target)
        return tuple(dict.fromkeys(facts))

    def allowed(self, actor: Actor, record: Any) -> tuple[Rule, ...]:
        """The rules whose actions the actor may take on the record now, in the table's order."""
        return tuple(
            rule
            for rule in self.rules
            if rule.action and rule.applies(record) and rule.admits(actor, record)
        )


@dataclass(frozen=True)
class Happening:
    """A fact that has just come about: history has it and the limits have moved."""

    fact: str
    record: Any
    done: Done
    # What the record's status was before; None when the record begins.
    old: StrEnum | None
    # The case that it belongs to, if any.
    case_id: int | None


@dataclass(frozen=True)
class After:
    """What follows from some facts, in the same transaction; it may refuse, then nothing happened.

    `when` narrows it to some of these happenings; `says` is what the drawing of the rules tells.
    """

    facts: tuple[str, ...]
    do: Callable[[UnitOfWork, Happening], None]
    when: Callable[[Happening], bool] | None = None
    says: str = ""

    def applies(self, happening: Happening) -> bool:
        """Whether this follows from the happening."""
        return self.when is None or self.when(happening)


def after(
    *facts: str,
    do: Callable[[UnitOfWork, Happening], None],
    when: Callable[[Happening], bool] | None = None,
    says: str = "",
) -> After:
    """A row of what follows, by the names of its facts; it says what its function says."""
    return After(facts, do, when, says or first_line(do))


def first_line(function: Callable[..., object]) -> str:
    """What a function says of itself."""
    return (function.__doc__ or "").partition("\n")[0]


def facts_of(processes: Iterator[Process] | tuple[Process, ...]) -> frozenset[str]:
    """Every fact of some processes."""
    return frozenset().union(*(process.facts for process in processes))
