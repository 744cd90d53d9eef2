"""The figures of norms 10: what each is called, what it is counted from, and how it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from db.codes import RequestKind

# In place of a station's id: the cases that no station has.
NO_STATION = 0
SECONDS, HUNDREDTHS = 3600, 100


class FigureName(StrEnum):
    """A figure of the board."""

    SATISFACTION = "satisfaction"
    UNHAPPY = "unhappy"
    TIMELY_RESOLUTION = "timely_resolution"
    RESOLUTION_HOURS = "resolution_hours"
    COMPLAINT_RATE = "complaint_rate"
    RESPONSE_ON_TIME = "response_on_time"
    APPOINTMENT_ON_TIME = "appointment_on_time"
    FIRST_TIME_FIX = "first_time_fix"
    REPEAT_FAULT = "repeat_fault"
    PUNCTUAL_ARRIVAL = "punctual_arrival"
    FOLLOW_UP_RATE = "follow_up_rate"
    RECORD_COMPLETENESS = "record_completeness"
    WORK_ERRORS = "work_errors"
    PARTS_ON_TIME = "parts_on_time"
    RETURN_RATE = "return_rate"
    RETURN_LOSS = "return_loss"
    BUDGET_USE = "budget_use"
    EQUIPMENT_FAULTS = "equipment_faults"
    COMPLAINT_ON_TIME = "complaint_on_time"
    COMPLAINT_HOURS = "complaint_hours"
    RECEIVED = "received"
    RESOLVED = "resolved"


class Unit(StrEnum):
    """What a figure's value is: a share of 1, a score of 0 to 10, hours, money, or a number."""

    SHARE = "share"
    SCORE = "score"
    HOURS = "hours"
    MONEY = "money"
    COUNT = "count"


# What is added up: a period without anything has a value, and the parts make the whole.
ADDED = frozenset({Unit.MONEY, Unit.COUNT})
SHARE, SCORE, HOURS, MONEY, COUNT = Unit


class Side(StrEnum):
    """Which cases behind a figure: all that it counts, those that make it, or the others."""

    DENOMINATOR = "denominator"
    NUMERATOR = "numerator"
    REST = "rest"


class Source(StrEnum):
    """The stored facts that figures are counted from."""

    SURVEYS = "surveys"
    ANSWERS = "answers"
    RESOLUTION = "resolution"
    RESPONSE = "response"
    APPOINTMENT = "appointment"
    FOLLOW_UP = "follow_up"
    RESOLVED = "resolved"
    RECEIVED = "received"
    CUSTOMERS = "customers"
    COMPLAINTS_DUE = "complaints_due"
    COMPLAINTS_ANSWERED = "complaints_answered"
    RESOLUTION_TIME = "resolution_time"
    FIRST_TIME = "first_time"
    REPEATS = "repeats"
    ARRIVALS = "arrivals"
    RECORDS = "records"
    JOBS = "jobs"
    RETURNED = "returned"
    RETURN_LOSS = "return_loss"
    SOLD = "sold"
    PARTS = "parts"
    TOOLS = "tools"
    TOOL_FAULTS = "tool_faults"
    # Of figures whose facts nobody writes down yet.
    NOTHING = "nothing"


# Kept on file and never of a day: what counts are those there are at the end.
ON_FILE = frozenset({Source.CUSTOMERS, Source.TOOLS})
ALL_SIDES = (Side.DENOMINATOR, Side.NUMERATOR, Side.REST)


# The fewest cases that say anything about a rate or a mean.
LEAST = 5


@dataclass(frozen=True)
class Definition:
    """What a figure is: its id in norms 10, its unit, its facts, the lists that lie behind it.

    `below` are the facts that it is divided by, where these are not its own. A case counts more
    than once where there are `several` of what is counted: its visits, jobs, returned goods.
    `missing` says what must be written down before there can be a value.
    """

    id: str
    unit: Unit
    source: Source
    sides: tuple[Side, ...] = (Side.DENOMINATOR,)
    lower_is_better: bool = False
    below: Source | None = None
    several: bool = False
    missing: str = ""

    @property
    def least(self) -> int:
        """With fewer below the line the value says nothing."""
        return 0 if self.unit in ADDED else LEAST


DEFINITIONS = {
    FigureName.SATISFACTION: Definition("K1", SCORE, Source.SURVEYS),
    FigureName.UNHAPPY: Definition("K1", SHARE, Source.SURVEYS, ALL_SIDES, True),
    FigureName.TIMELY_RESOLUTION: Definition("K2", SHARE, Source.RESOLUTION, ALL_SIDES),
    FigureName.RESOLUTION_HOURS: Definition(
        "K2", HOURS, Source.RESOLUTION_TIME, lower_is_better=True
    ),
    # Per customer on file at the end of the period (客户总数), and they are no cases: only the
    # complaints can be listed.
    FigureName.COMPLAINT_RATE: Definition(
        "K3", SHARE, Source.RECEIVED, (Side.NUMERATOR,), True, below=Source.CUSTOMERS
    ),
    FigureName.RESPONSE_ON_TIME: Definition("K4", SHARE, Source.RESPONSE, ALL_SIDES),
    FigureName.APPOINTMENT_ON_TIME: Definition("A1", SHARE, Source.APPOINTMENT, ALL_SIDES),
    FigureName.FIRST_TIME_FIX: Definition("K5", SHARE, Source.FIRST_TIME, ALL_SIDES),
    FigureName.REPEAT_FAULT: Definition("K6", SHARE, Source.REPEATS, ALL_SIDES, True),
    FigureName.PUNCTUAL_ARRIVAL: Definition("K7", SHARE, Source.ARRIVALS, ALL_SIDES, several=True),
    FigureName.FOLLOW_UP_RATE: Definition("K8", SHARE, Source.FOLLOW_UP, ALL_SIDES),
    FigureName.RECORD_COMPLETENESS: Definition("K9", SHARE, Source.RECORDS, ALL_SIDES),
    FigureName.WORK_ERRORS: Definition("K10", SHARE, Source.JOBS, ALL_SIDES, True, several=True),
    FigureName.PARTS_ON_TIME: Definition("K11", SHARE, Source.PARTS, ALL_SIDES, several=True),
    # Pieces, of which those sold are no cases.
    FigureName.RETURN_RATE: Definition(
        *("K12", SHARE, Source.RETURNED, (Side.NUMERATOR,), True), below=Source.SOLD, several=True
    ),
    FigureName.RETURN_LOSS: Definition(
        "K12", MONEY, Source.RETURN_LOSS, lower_is_better=True, several=True
    ),
    FigureName.BUDGET_USE: Definition(
        *("K13", SHARE, Source.NOTHING), lower_is_better=True, missing="budget"
    ),
    # Neither tools nor their faults are cases: there is no list of them here.
    FigureName.EQUIPMENT_FAULTS: Definition(
        "K14", SHARE, Source.TOOL_FAULTS, (), True, below=Source.TOOLS
    ),
    # Both also by class (A10 to A12).
    FigureName.COMPLAINT_ON_TIME: Definition("K15", SHARE, Source.COMPLAINTS_DUE, ALL_SIDES),
    FigureName.COMPLAINT_HOURS: Definition(
        "K15", HOURS, Source.COMPLAINTS_ANSWERED, lower_is_better=True
    ),
    FigureName.RECEIVED: Definition("", COUNT, Source.RECEIVED),
    FigureName.RESOLVED: Definition("", COUNT, Source.RESOLVED),
}


class Age(StrEnum):
    """How long an open case has been open, in days of 24 hours since the contact."""

    UNDER_1 = "0-1"
    UNDER_3 = "1-3"
    UNDER_7 = "3-7"
    UNDER_30 = "7-30"
    OVER_30 = "30+"


@dataclass(frozen=True)
class Tally:
    """What was counted: cases, those of them that make the figure, and a sum for a mean."""

    cases: int = 0
    hits: int = 0
    total: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.cases + other.cases, self.hits + other.hits, self.total + other.total)


@dataclass(frozen=True)
class Value:
    """A figure's value, and the numerator and denominator that it is the quotient of."""

    value: float | None
    numerator: float
    denominator: int


def divided(numerator: float, denominator: int) -> Value:
    """A quotient; it has no value where nothing was counted."""
    return Value(numerator / denominator if denominator else None, numerator, denominator)


def value_of(name: FigureName, tally: Tally, below: Tally) -> Value:
    """The value of a figure from what was counted, and from what it is divided by."""
    about = DEFINITIONS[name]
    if about.unit is COUNT:
        return Value(tally.cases, tally.cases, tally.cases)
    if about.unit is MONEY:
        return Value(tally.total / HUNDREDTHS, tally.total / HUNDREDTHS, tally.cases)
    if about.unit is SCORE:
        return divided(tally.total / HUNDREDTHS, tally.cases)
    if about.unit is HOURS:
        return divided(tally.total / SECONDS, tally.cases)
    if about.below is Source.SOLD:
        return divided(tally.total, below.total)
    return divided(tally.hits, below.cases if about.below else tally.cases)


class Counted(Protocol):
    """A value with the counts that it comes from."""

    @property
    def value(self) -> float | None:
        """The value, if there is one."""

    @property
    def denominator(self) -> int:
        """How many were counted."""


def is_enough(name: FigureName, of: Counted) -> bool:
    """Whether a value of a figure rests on enough cases to say anything."""
    return of.value is not None and of.denominator >= DEFINITIONS[name].least


def reached(name: FigureName, of: Counted, target: float | None) -> bool | None:
    """Whether a target is reached; None without one, and where the value says nothing."""
    if of.value is None or target is None or not is_enough(name, of):
        return None
    return of.value <= target if DEFINITIONS[name].lower_is_better else of.value >= target


_C = TypeVar("_C", bound=Counted)


def worst_first(name: FigureName, parts: Iterable[_C]) -> list[_C]:
    """Parts of a figure, the one that most needs help first; last those that say nothing.

    More cases are neither good nor bad: of these the largest number comes first.
    """
    falls = DEFINITIONS[name].lower_is_better or DEFINITIONS[name].unit is COUNT
    sign = -1 if falls else 1

    def place(part: _C) -> tuple[bool, bool, float]:
        value = part.value
        return value is None, not is_enough(name, part), sign * (value or 0.0)

    return sorted(parts, key=place)


@dataclass(frozen=True)
class Figure:
    """A figure over the whole period, its target, the period before and the same of last year.

    `missing` says what must be written down before there can be a value; mostly nothing.
    """

    name: FigureName
    id: str
    unit: Unit
    value: float | None
    numerator: float
    denominator: int
    target: float | None
    previous: float | None
    year_before: float | None
    lower_is_better: bool
    sides: tuple[Side, ...]
    missing: str = ""

    @property
    def enough(self) -> bool:
        """Whether the value rests on enough cases to say anything."""
        return is_enough(self.name, self)

    @property
    def delta(self) -> float | None:
        """How much the value moved since the period before."""
        if self.value is None or self.previous is None:
            return None
        return self.value - self.previous

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without one, and where the value says nothing."""
        return reached(self.name, self, self.target)


@dataclass(frozen=True)
class Row:
    """A figure of a month, a station or both; None stands for all of them."""

    figure: FigureName
    month: date | None
    station_id: int | None
    station: str
    value: float | None
    numerator: float
    denominator: int

    @property
    def enough(self) -> bool:
        """Whether the value rests on enough cases to say anything."""
        return is_enough(self.figure, self)


@dataclass(frozen=True)
class DimensionRow:
    """The mean score of one question of the survey; `words` by language (none when it is gone)."""

    question: str
    words: dict[str, str]
    month: date | None
    value: float | None
    numerator: float
    denominator: int


@dataclass(frozen=True)
class ClassRow:
    """A figure of the complaints of one class of the rule book (K15).

    `words` by language; none for a class that is gone, and for "": nobody has judged these yet.
    """

    figure: FigureName
    case_class: str
    words: dict[str, str]
    month: date | None
    value: float | None
    numerator: float
    denominator: int


@dataclass(frozen=True)
class AgeRow:
    """Open cases of an age, of one kind or of one station."""

    age: Age
    kind: RequestKind | None
    station_id: int | None
    station: str
    cases: int


@dataclass(frozen=True)
class Board:
    """All figures of a period, as far as the actor may see them.

    `months` holds each figure by month, `stations` by station, `series` by both; `dimensions`
    each question over the period and by month, `classes` the handling of complaints likewise; the
    ages are those of the moment `as_of`. It is not `whole` while more cases wait to be counted
    than a look takes in, as after a large import.
    """

    since: date
    until: date
    station_id: int | None
    kind: RequestKind | None
    as_of: datetime
    whole: bool
    figures: tuple[Figure, ...]
    months: tuple[Row, ...]
    stations: tuple[Row, ...]
    series: tuple[Row, ...]
    dimensions: tuple[DimensionRow, ...]
    classes: tuple[ClassRow, ...]
    ages_by_kind: tuple[AgeRow, ...]
    ages_by_station: tuple[AgeRow, ...]

    def figure(self, name: FigureName) -> Figure:
        """A figure over the whole period."""
        return next(figure for figure in self.figures if figure.name is name)
