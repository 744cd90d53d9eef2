"""The norm model: a rule book as data that the tool obeys and cites."""

from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.working_time import Calendar
from db.codes import Language, LimitUnit, Measure, Priority, RequestKind

Words = dict[Language, str]


class Part(BaseModel):
    """A part of a norm: closed, so that a misspelt key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LimitRule(Part):
    """A time limit: what starts it, what meets it, how long it is, which cases it is for."""

    name: str
    clause: str
    measure: Measure
    unit: LimitUnit
    amount: int = Field(gt=0)
    # A fact of history, "subject.fact"; the clock starts with it or with the contact itself.
    starts: str
    since: Literal["fact", "received"] = "fact"
    met: tuple[str, ...]
    kinds: tuple[RequestKind, ...] = ()
    priorities: tuple[Priority, ...] = ()

    def covers(self, kind: RequestKind, priority: Priority) -> bool:
        """Whether a case of this kind and priority falls under the limit."""
        return (not self.kinds or kind in self.kinds) and (
            not self.priorities or priority in self.priorities
        )


class WorkingHours(Part):
    """The working calendar of the company."""

    weekly: dict[str, list[tuple[str, str]]]
    public_holidays: str | None = "CN"
    closed: tuple[str, ...] = ()
    open: dict[str, list[tuple[str, str]]] = {}

    def calendar(self, zone: str) -> Calendar:
        """The calendar in the company's time zone."""
        return Calendar.of(
            zone=zone,
            weekly=self.weekly,
            closed=self.closed,
            open=self.open,
            public_holidays=self.public_holidays,
        )


class Question(Part):
    """One question of the satisfaction survey, answered 0 to 10."""

    name: str
    clause: str
    text: Words


class Norm(Part):
    """A whole rule book."""

    pack: str
    title: Words
    clauses: dict[str, Words]
    hours: WorkingHours
    limits: tuple[LimitRule, ...]
    survey: tuple[Question, ...]
    # Below this mean score (0 to 10) a follow-up raises a complaint.
    unhappy_below: float = Field(ge=0, le=10)
    # The same fault on the same product within so many days is a repeat (S8).
    repeat_days: int = Field(gt=0)
    follow_up_kinds: tuple[RequestKind, ...]
    # These kinds never cost the customer anything.
    free_kinds: tuple[RequestKind, ...]
    # Share of cases (0 to 1) that a figure should reach; keyed by the figure's name.
    targets: dict[str, float] = {}

    @model_validator(mode="after")
    def _cites_only_its_clauses(self) -> "Norm":
        cited = {rule.clause for rule in self.limits} | {q.clause for q in self.survey}
        if missing := sorted(cited - set(self.clauses)):
            raise ValueError(f"clauses without a text: {', '.join(missing)}")
        names = [rule.name for rule in self.limits]
        if len(names) != len(set(names)):
            raise ValueError("two limits have one name")
        return self

    @cached_property
    def _calendars(self) -> dict[str, Calendar]:
        return {}

    def calendar(self, zone: str) -> Calendar:
        """The working calendar in a time zone; built once, because it keeps its opening hours."""
        if zone not in self._calendars:
            self._calendars[zone] = self.hours.calendar(zone)
        return self._calendars[zone]

    def clause_text(self, clause: str, language: Language) -> str:
        """The short text of a clause."""
        return self.clauses[clause][language]

    def dump(self) -> dict[str, Any]:
        """The norm as plain data, for a revision's row."""
        return self.model_dump(mode="json")
