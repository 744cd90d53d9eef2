"""The parts of a rule book: what a norm is made of, each with the clause that it comes from."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from core.norms.working_time import Calendar
from db.codes import (
    CareMeans,
    CareWhom,
    Channel,
    Language,
    LimitUnit,
    Measure,
    Priority,
    ReportContent,
    ReportEvery,
    RequestKind,
    Role,
    ServiceWay,
    Weekday,
)

Words = dict[Language, str]
Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
Clause = Annotated[str, Field(max_length=16)]
Stage = Literal["registered", "dispatched", "finished", "closed"]
ReworkBy = Literal["same", "other"]


class Part(BaseModel):
    """A part of a norm: closed, so that a misspelt key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Part):
    """Something that the rule book names, in both languages."""

    name: Code
    text: Words
    clause: Clause = ""


class CaseClass(Named):
    """A class of cases of some kinds, with its sub-classes (E15, A22)."""

    kinds: tuple[RequestKind, ...]
    parts: tuple[Named, ...] = ()


class Scope(Part):
    """Which cases a rule is for; what is empty does not narrow."""

    kinds: tuple[RequestKind, ...] = ()
    classes: tuple[Code, ...] = ()
    priorities: tuple[Priority, ...] = ()
    channels: tuple[Channel, ...] = ()
    in_warranty: bool | None = None
    # Levels of emergency; a case without an emergency has none.
    levels: tuple[int, ...] = ()

    def covers(
        self,
        kind: RequestKind,
        priority: Priority,
        *,
        case_class: str = "",
        channel: Channel | None = None,
        in_warranty: bool | None = None,
        level: int | None = None,
    ) -> bool:
        """Whether a case with these facts falls under the rule."""
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.priorities or priority in self.priorities)
            and (not self.classes or case_class in self.classes)
            and (not self.channels or channel in self.channels)
            and (not self.levels or level in self.levels)
            and (self.in_warranty is None or bool(in_warranty) is self.in_warranty)
        )

    @property
    def is_general(self) -> bool:
        """Whether the rule narrows by nothing but the kind."""
        narrowing = (self.classes, self.priorities, self.channels, self.levels)
        return not any(narrowing) and self.in_warranty is None


class Step(Part):
    """One step of an escalation: when, and who is told (norms 8, E17).

    `share` is the part of the limit that is used up (1 is the due time itself); `after_minutes`
    are clock minutes past the due time. Exactly one of the two.
    """

    share: Annotated[float, Field(gt=0, le=1)] | None = None
    after_minutes: Annotated[int, Field(gt=0)] | None = None
    to: Literal["owner", "station_head", "manager", "leader"]

    @model_validator(mode="after")
    def _one_moment(self) -> Self:
        if (self.share is None) == (self.after_minutes is None):
            raise PydanticCustomError("one_moment", "one of share and after_minutes")
        return self


class Ladder(Named):
    """Whom a limit that is not met calls for help, step by step (E17)."""

    steps: tuple[Step, ...] = ()


class LimitRule(Scope):
    """A time limit: what starts it, what meets it, how long it is, which cases it is for.

    A limit of unit "moment" is due at a time that the case itself holds: the time that was
    promised (A3, E4) or the end of the window that the customer set (S4).
    """

    name: Code
    clause: Clause
    measure: Measure
    unit: LimitUnit
    amount: int = Field(default=0, ge=0)
    moment: Literal["promised_at", "wanted_to"] | None = None
    # A fact of history, "subject.fact"; the clock starts with it or with the contact itself.
    starts: str
    since: Literal["fact", "received"] = "fact"
    met: tuple[str, ...]
    # The ladder of the norm that is climbed while the limit is not met.
    ladder: Code | None = None

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if (self.unit is LimitUnit.MOMENT) != (self.moment is not None):
            raise PydanticCustomError("names_its_moment", "unit and moment do not fit")
        # No working day at all is the close of the same one (E2); no minutes would be a slip.
        may_be_none = self.unit in (LimitUnit.MOMENT, LimitUnit.WORKING_DAYS)
        if not may_be_none and not self.amount:
            raise PydanticCustomError("needs_an_amount", "a limit needs an amount")
        return self


class WorkingHours(Part):
    """The working calendar of the company, or of a station that has its own."""

    weekly: dict[str, list[tuple[str, str]]]
    public_holidays: str | None = "CN"
    closed: tuple[str, ...] = ()
    open: dict[str, list[tuple[str, str]]] = {}

    def with_days_of(self, other: "WorkingHours") -> "WorkingHours":
        """The same hours with the days off and the extra working days of others."""
        return self.model_copy(update={"closed": other.closed, "open": other.open})

    def calendar(self, zone: str) -> Calendar:
        """The calendar in the company's time zone."""
        return Calendar.of(
            zone=zone,
            weekly=self.weekly,
            closed=self.closed,
            open=self.open,
            public_holidays=self.public_holidays,
        )


class Route(Scope):
    """Who is responsible: a department for a kind or class, a station for a region (E6, E14)."""

    clause: Clause = ""
    region: str = ""
    department: Code | None = None
    station: str = ""


class Requirement(Part):
    """What must be on file at a stage: fields of the case, extra fields, papers (D23).

    Of a check-list that it names, every item is done by then.
    """

    clause: Clause
    kinds: tuple[RequestKind, ...] = ()
    stage: Stage
    fields: tuple[Code, ...] = ()
    papers: tuple[Code, ...] = ()
    check_lists: tuple[Code, ...] = ()


class ExtraField(Named):
    """A field that the company asks for besides the usual ones; shown and stored without code."""

    kind: Literal["text", "number", "date", "choice"]
    kinds: tuple[RequestKind, ...] = ()
    choices: tuple[Named, ...] = ()
    required: bool = False

    @model_validator(mode="after")
    def _choices_fit(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise PydanticCustomError("choices_fit", "a choice, and only that, has choices")
        return self


class CheckList(Named):
    """A check-list of the work on site: conduct, safety, hand-over (E8, A18, A19)."""

    kinds: tuple[RequestKind, ...] = ()
    items: tuple[Named, ...] = Field(min_length=1)

    @property
    def names(self) -> tuple[str, ...]:
        """The items by name, in their order."""
        return tuple(item.name for item in self.items)


class SiteWork(Scope):
    """Work at the customer's place: which qualifications it is tied to, how long it takes (A17).

    Of several that cover a case the first one holds.
    """

    name: Code
    text: Words
    clause: Clause = ""
    # Who does it holds all of these, valid on the day.
    needs: tuple[Code, ...] = ()
    minutes: int = Field(default=60, gt=0)
    # How it is usually served; each case may be served otherwise.
    way: ServiceWay = ServiceWay.SITE


class Guidance(Scope):
    """Remote guidance comes first: nobody is sent before it was tried (E25, D27).

    The text says what is to be tried with the customer.
    """

    name: Code
    text: Words
    clause: Clause = ""


class Reach(Scope):
    """How far somebody drives to a case at most, from the start of the day or the job before (E6).

    Of several that cover a case the first one holds.
    """

    most_minutes: int = Field(gt=0)
    clause: Clause = ""


class ReturnCondition(Named):
    """When goods may come back, and who pays the freight (C8, law).

    A quality condition asks for a fault by its nature. A law condition that asks for nothing
    which can be looked up (distance, fault, repairs) holds only where a person names it.
    """

    reason: Literal["quality", "own", "law"]
    # Calendar days after the day of purchase or of receipt; the last of them still counts.
    days: int | None = Field(default=None, gt=0)
    counts_from: Literal["purchase", "receipt"] = "purchase"
    # Kilometres on the meter, for cars; the shorter of time and distance decides.
    most_km: int | None = Field(default=None, gt=0)
    # A fault must be reported, and confirmed where there is an inspection.
    fault: bool = False
    # Only for what was bought online, by phone or otherwise unseen.
    at_a_distance: bool = False
    # Repairs in the legal warranty that have not cured it.
    least_repairs: int = Field(default=0, ge=0)
    # A person finds that this very case is given: no fact on file decides it.
    named: bool = False
    wish: tuple[Literal["return", "exchange", "repair"], ...]
    goods: Literal["any", "unused", "fit_for_resale"] = "any"
    inspection: bool = True
    freight: Literal["company", "customer"]
    source: Words


class ApprovalLevel(Part):
    """Who approves an amount: the first level that reaches it."""

    clause: Clause = ""
    what: Literal["complaint", "return", "supplement", "expense", "goodwill"]
    up_to_cents: int | None = Field(default=None, gt=0)
    role: Role


class PenaltyBand(Part):
    """A share of bonus or wage by the size of the loss; people decide inside the band (E14)."""

    clause: Clause
    who: Literal["person", "head", "delay"]
    from_cents: int = Field(ge=0)
    up_to_cents: int | None = None
    least_percent: float = Field(ge=0, le=100)
    most_percent: float = Field(ge=0, le=100)
    of: Literal["bonus", "wage"]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.most_percent < self.least_percent:
            raise PydanticCustomError("band_backwards", "the band ends before it begins")
        if self.up_to_cents is not None and self.up_to_cents <= self.from_cents:
            raise PydanticCustomError("band_empty", "the band of losses is empty")
        return self


class EmergencyLevel(Part):
    """A level of emergency: how fast, and who is told (D6, D7, D19)."""

    level: int = Field(ge=1, le=3)
    text: Words
    clause: Clause
    response_minutes: int = Field(gt=0)
    handling_minutes: int | None = Field(default=None, gt=0)
    tell: tuple[Role, ...]


class Question(Part):
    """One question of the satisfaction survey, answered 0 to 10."""

    name: Code
    clause: Clause
    text: Words


class PointRule(Named):
    """Which fact brings a member how many points (D28).

    With `per_cents` so many for each full amount of a purchase.
    """

    fact: Literal[
        "purchase.added",
        "request.closed",
        "follow_up.answered",
        "care_call.answered",
        "suggestion.adopted",
    ]
    points: int = Field(gt=0, le=1_000_000)
    per_cents: int | None = Field(default=None, gt=0)


class MemberLevel(Named):
    """A level of members: from how many points, and what it takes off a price by itself (D28)."""

    from_points: int = Field(ge=0)
    discount_percent: float = Field(default=0, ge=0, le=100)


class CarePlan(Named):
    """Who is called or visited how often, besides after a case (E19, S14).

    Buyers are called so many months after their latest purchase, and again; key customers so many
    months after they became one, and again.
    """

    whom: CareWhom
    means: CareMeans = CareMeans.CALL
    every_months: int = Field(gt=0, le=60)
    # How many calls follow a purchase; without a number they go on.
    times: int | None = Field(default=None, gt=0, le=100)
    # So many days before it is due a call is on the list.
    days_ahead: int = Field(default=7, ge=0, le=14)


class ReportRule(Named):
    """A report that the tool makes of each period once it is over, and who is told (C12, E21).

    `day` is the day of the week after the period, Monday is 1, or of the month after it. A station
    head is told of the station's, managers and leaders of the company's.
    """

    content: ReportContent
    every: ReportEvery
    day: int = Field(default=1, ge=1, le=28)
    receivers: tuple[Literal["station_head", "manager", "leader"], ...] = ()

    @model_validator(mode="after")
    def _day_of_the_week(self) -> Self:
        if self.every is ReportEvery.WEEK and self.day > len(Weekday):
            raise PydanticCustomError("report_weekday", "a week has seven days")
        return self
