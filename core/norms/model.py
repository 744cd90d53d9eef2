"""The norm model: a rule book as data that the tool obeys and cites."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Self, TypedDict, TypeVar, Unpack

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from core.norms.parts import (
    ApprovalLevel,
    CarePlan,
    CaseClass,
    CheckList,
    EmergencyLevel,
    ExtraField,
    Guidance,
    Ladder,
    LimitRule,
    MemberLevel,
    Named,
    Part,
    PenaltyBand,
    PointRule,
    Question,
    Reach,
    ReportRule,
    Requirement,
    ReturnCondition,
    ReworkBy,
    Route,
    Scope,
    SiteWork,
    Step,
    Words,
    WorkingHours,
)
from core.norms.working_time import Calendar
from db.codes import Channel, Priority, RequestKind

__all__ = ["LimitRule", "Norm", "Question", "WorkingHours"]

# Rows that stand inside the rows of a part, by the field that holds them.
INSIDE = {"classes": "parts", "check_lists": "items", "extra_fields": "choices", "ladders": "steps"}
# What ladders were called before they had names of their own.
LADDERS = {
    "usual": {"zh_CN": "一般", "en": "Usual"},
    "urgent": {"zh_CN": "紧急", "en": "Urgent"},
    "emergency": {"zh_CN": "应急", "en": "Emergency"},
}

ScopeT = TypeVar("ScopeT", bound=Scope)


class Narrowing(TypedDict, total=False):
    """What narrows a rule to some cases, besides their kind and priority."""

    case_class: str
    channel: Channel | None
    in_warranty: bool | None


def _first(
    rules: tuple[ScopeT, ...], kind: RequestKind, priority: Priority, facts: Narrowing
) -> ScopeT | None:
    return next((rule for rule in rules if rule.covers(kind, priority, **facts)), None)


class Norm(Part):
    """A whole rule book."""

    pack: str
    title: Words
    # For whom the book is and what it is strong in; a company that chooses a pack reads it.
    about: Words = {}
    clauses: dict[str, Words]
    hours: WorkingHours
    # Stations that keep other hours than the company, by name.
    station_hours: dict[str, WorkingHours] = {}
    kinds: tuple[RequestKind, ...] = tuple(RequestKind)
    channels: tuple[Channel, ...] = tuple(Channel)
    departments: tuple[Named, ...] = ()
    classes: tuple[CaseClass, ...] = ()
    limits: tuple[LimitRule, ...]
    ladders: tuple[Ladder, ...] = ()
    routes: tuple[Route, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    extra_fields: tuple[ExtraField, ...] = ()
    check_lists: tuple[CheckList, ...] = ()
    # Certificates and skills by name, and which work is tied to them (A17).
    qualifications: tuple[Named, ...] = ()
    work: tuple[SiteWork, ...] = ()
    # From where to where is too far to send somebody (E6).
    reach: tuple[Reach, ...] = ()
    # Which work is tried by remote guidance before somebody is sent (E25, D27).
    guidance: tuple[Guidance, ...] = ()
    # So many days before a certificate ends its holder and the station head are told.
    renewal_days: int = Field(default=30, gt=0)
    return_conditions: tuple[ReturnCondition, ...] = ()
    approvals: tuple[ApprovalLevel, ...] = ()
    penalties: tuple[PenaltyBand, ...] = ()
    emergencies: tuple[EmergencyLevel, ...] = ()
    survey: tuple[Question, ...]
    # Below this mean score (0 to 10) a follow-up raises a complaint.
    unhappy_below: float = Field(ge=0, le=10)
    # The same fault on the same product within so many days is a repeat (S8), and after own work
    # rework (A20): by whoever did the work, or by somebody else.
    repeat_days: int = Field(gt=0)
    rework_by: ReworkBy = "same"
    # So many of them, of one product model, raise an alarm by themselves (S8, A26).
    repeat_count: int = Field(default=3, ge=2)
    follow_up_kinds: tuple[RequestKind, ...]
    # These kinds never cost the customer anything.
    free_kinds: tuple[RequestKind, ...]
    # Days in repair are none of the warranty: it ends so much later (E11).
    repair_extends_warranty: bool = False
    # Who is called or visited on a plan (E19, S14).
    care: tuple[CarePlan, ...] = ()
    # What brings members points, and what their levels give (D28).
    points: tuple[PointRule, ...] = ()
    member_levels: tuple[MemberLevel, ...] = ()
    # Rules that the tool keeps by its own working and that need no data: only their text is cited.
    principles: tuple[str, ...] = ()
    # What a figure should reach, keyed by its name: a share of 0 to 1, or a score of 0 to 10.
    targets: dict[str, float] = {}
    # Which reports are made of each week, month or quarter, and who is told (C12, E21).
    reports: tuple[ReportRule, ...] = ()

    @field_validator("ladders", mode="before")
    @classmethod
    def _ladders_of_old(cls, value: Any) -> Any:
        """Revisions and files from before ladders had names hold their steps by code."""
        if not isinstance(value, dict):
            return value
        return [
            {"name": name, "text": LADDERS.get(name, {"zh_CN": name, "en": name}), "steps": steps}
            for name, steps in value.items()
        ]

    @model_validator(mode="after")
    def _cites_only_its_clauses(self) -> Self:
        if missing := sorted(set(self.cited()) - set(self.clauses)):
            raise PydanticCustomError(
                "clauses_untold", "clauses without a text", {"clauses": ", ".join(missing)}
            )
        names = [rule.name for rule in self.limits]
        if len(names) != len(set(names)):
            raise PydanticCustomError("limit_twice", "two limits have one name")
        return self

    @model_validator(mode="after")
    def _ties_to_known_qualifications(self) -> Self:
        known = {each.name for each in self.qualifications}
        if unknown := sorted({name for work in self.work for name in work.needs} - known):
            raise PydanticCustomError(
                "qualification_unknown", "work tied to nothing", {"names": ", ".join(unknown)}
            )
        return self

    def cited(self) -> Iterator[str]:
        """Every clause that a part of the norm names."""
        parts: tuple[Any, ...] = (
            *(*self.limits, *self.routes, *self.requirements, *self.extra_fields),
            *(*self.check_lists, *self.return_conditions, *self.approvals, *self.penalties),
            *(*self.emergencies, *self.survey, *self.classes, *self.departments, *self.ladders),
            *(item for each in self.check_lists for item in each.items),
            *(*self.qualifications, *self.work, *self.reach, *self.guidance, *self.reports),
            *(*self.care, *self.points, *self.member_levels),
        )
        yield from (part.clause for part in parts if part.clause)
        yield from self.principles

    def steps_of(self, ladder: str | None) -> tuple[Step, ...]:
        """The steps of a ladder; none where there is no such ladder."""
        return next((each.steps for each in self.ladders if each.name == ladder), ())

    def narrower(self, rule: LimitRule) -> tuple[LimitRule, ...]:
        """The limits of single classes that take the place of a general one (A10 to A13)."""
        if not rule.is_general:
            return ()
        key = (rule.measure, rule.starts, rule.since)
        return tuple(
            other
            for other in self.limits
            if other.classes and (other.measure, other.starts, other.since) == key
        )

    def lists_of(self, kind: RequestKind) -> tuple[CheckList, ...]:
        """The check-lists of the work on site of a kind of case (E8, A18, A19)."""
        return tuple(each for each in self.check_lists if not each.kinds or kind in each.kinds)

    def work_of(
        self, kind: RequestKind, priority: Priority, **facts: Unpack[Narrowing]
    ) -> SiteWork | None:
        """The work at the customer's place that a case is; None where the book names none."""
        return _first(self.work, kind, priority, facts)

    def reach_of(
        self, kind: RequestKind, priority: Priority, **facts: Unpack[Narrowing]
    ) -> int | None:
        """Most minutes of driving to a case; None where the book knows no limit."""
        found = _first(self.reach, kind, priority, facts)
        return found.most_minutes if found else None

    def guidance_of(
        self, kind: RequestKind, priority: Priority, **facts: Unpack[Narrowing]
    ) -> Guidance | None:
        """The guidance that is tried before somebody is sent for a case; None where none is."""
        return _first(self.guidance, kind, priority, facts)

    @cached_property
    def _calendars(self) -> dict[tuple[str, str], Calendar]:
        return {}

    def calendar(self, zone: str, station: str = "") -> Calendar:
        """The working calendar in a time zone; built once, because it keeps its opening hours."""
        hours = self.station_hours.get(station, self.hours)
        key = (zone, station if station in self.station_hours else "")
        if key not in self._calendars:
            self._calendars[key] = hours.calendar(zone)
        return self._calendars[key]

    def with_days_of(self, other: "Norm") -> "Norm":
        """The same rules with the days off and the extra working days that another one knows."""
        hours = self.hours.with_days_of(other.hours)
        own = {
            name: self.station_hours.get(name, self.hours).with_days_of(
                other.station_hours.get(name, other.hours)
            )
            for name in {*self.station_hours, *other.station_hours}
        }
        if (hours, own) == (self.hours, self.station_hours):
            return self
        # Made anew, not copied: a copy would bring the calendars along.
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Norm.model_construct(**fields | {"hours": hours, "station_hours": own})

    def dump(self) -> dict[str, Any]:
        """The norm as plain data, for a revision's row."""
        return self.model_dump(mode="json", exclude_defaults=True)
