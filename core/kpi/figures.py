"""The figures of norms 10: what each is called, what it is counted from, and how it is shown."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

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
    RESPONSE_ON_TIME = "response_on_time"
    APPOINTMENT_ON_TIME = "appointment_on_time"
    FOLLOW_UP_RATE = "follow_up_rate"
    COMPLAINT_RATE = "complaint_rate"
    COMPLAINT_ON_TIME = "complaint_on_time"
    COMPLAINT_HOURS = "complaint_hours"
    RECEIVED = "received"
    RESOLVED = "resolved"


class Unit(StrEnum):
    """What a figure's value is: a share of 1, a score of 0 to 10, hours, or a number of cases."""

    SHARE = "share"
    SCORE = "score"
    HOURS = "hours"
    COUNT = "count"


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


ALL_SIDES = (Side.DENOMINATOR, Side.NUMERATOR, Side.REST)


@dataclass(frozen=True)
class Definition:
    """What a figure is: its id in norms 10, its unit, its facts, the lists that lie behind it."""

    id: str
    unit: Unit
    source: Source
    sides: tuple[Side, ...] = (Side.DENOMINATOR,)
    lower_is_better: bool = False


DEFINITIONS = {
    FigureName.SATISFACTION: Definition("K1", Unit.SCORE, Source.SURVEYS),
    FigureName.UNHAPPY: Definition("K1", Unit.SHARE, Source.SURVEYS, ALL_SIDES, True),
    FigureName.TIMELY_RESOLUTION: Definition("K2", Unit.SHARE, Source.RESOLUTION, ALL_SIDES),
    FigureName.RESOLUTION_HOURS: Definition(
        "K2", Unit.HOURS, Source.RESOLVED, lower_is_better=True
    ),
    FigureName.RESPONSE_ON_TIME: Definition("K4", Unit.SHARE, Source.RESPONSE, ALL_SIDES),
    FigureName.APPOINTMENT_ON_TIME: Definition("A1", Unit.SHARE, Source.APPOINTMENT, ALL_SIDES),
    FigureName.FOLLOW_UP_RATE: Definition("K8", Unit.SHARE, Source.FOLLOW_UP, ALL_SIDES),
    # Per customer on file at the end of the period (客户总数), and they are no cases: only the
    # complaints can be listed.
    FigureName.COMPLAINT_RATE: Definition(
        "K3", Unit.SHARE, Source.RECEIVED, (Side.NUMERATOR,), True
    ),
    # Both also by class (A10 to A12).
    FigureName.COMPLAINT_ON_TIME: Definition("K15", Unit.SHARE, Source.COMPLAINTS_DUE, ALL_SIDES),
    FigureName.COMPLAINT_HOURS: Definition(
        "K15", Unit.HOURS, Source.COMPLAINTS_ANSWERED, lower_is_better=True
    ),
    FigureName.RECEIVED: Definition("", Unit.COUNT, Source.RECEIVED),
    FigureName.RESOLVED: Definition("", Unit.COUNT, Source.RESOLVED),
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


def value_of(name: FigureName, tally: Tally, customers: int) -> Value:
    """The value of a figure from what was counted, and from how many customers are on file."""
    unit = DEFINITIONS[name].unit
    if unit is Unit.COUNT:
        return Value(tally.cases, tally.cases, tally.cases)
    if unit is Unit.SCORE:
        return divided(tally.total / HUNDREDTHS, tally.cases)
    if unit is Unit.HOURS:
        return divided(tally.total / SECONDS, tally.cases)
    if name is FigureName.COMPLAINT_RATE:
        return divided(tally.hits if customers else 0, customers)
    return divided(tally.hits, tally.cases)


@dataclass(frozen=True)
class Figure:
    """A figure over the whole period, its target, the period before and the same of last year."""

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

    @property
    def delta(self) -> float | None:
        """How much the value moved since the period before."""
        if self.value is None or self.previous is None:
            return None
        return self.value - self.previous

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without a target or a value."""
        if self.value is None or self.target is None:
            return None
        return self.value <= self.target if self.lower_is_better else self.value >= self.target


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


def records(
    rows: Iterable[Row | DimensionRow | ClassRow | AgeRow | Figure],
) -> list[dict[str, Any]]:
    """Rows as plain records for a chart: codes as text, months as the ISO date of their first."""
    return [{key: _plain(value) for key, value in asdict(row).items()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
