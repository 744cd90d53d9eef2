"""What can be asked of a maintenance plan and of a round: one input model for each action."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from core.kernel.errors import Problem
from core.kernel.inputs import (
    Action,
    Choice,
    Day,
    Input,
    LongText,
    RecordId,
    RequiredLine,
    RequiredText,
)
from core.maintenance.days import SHORTEST
from db.codes import CountedFrom, IntervalUnit, NextRound, RequestKind

Length = Annotated[int, Field(ge=1, le=520)]
Ahead = Annotated[int, Field(ge=0, le=180)]


class EditMaintenance(Action):
    """What is done, how often, counted from when, and by which team."""

    title: RequiredLine
    kind: Annotated[RequestKind, Choice("kinds")]
    task: RequiredText
    station_id: Annotated[int | None, Choice("teams")] = None
    interval_length: Length = 12
    interval_unit: IntervalUnit = IntervalUnit.MONTHS
    counted_from: CountedFrom = CountedFrom.PURCHASE
    first_on: Day | None = None
    next_round: NextRound = NextRound.FIXED
    days_ahead: Ahead = 14
    valid_from: Day
    valid_until: Day | None = None

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Days in order; no case is made before the round before it is due."""
        begins, ends = values.get("valid_from"), values.get("valid_until")
        if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
            yield Problem("valid_until", "before_valid_from")
        if values.get("counted_from") == CountedFrom.FIRST_DAY and not values.get("first_on"):
            yield Problem("first_on", "missing")
        length, ahead = values.get("interval_length", 12), values.get("days_ahead", 14)
        shortest = SHORTEST.get(values.get("interval_unit", IntervalUnit.MONTHS))
        are_numbers = isinstance(length, int) and isinstance(ahead, int)
        if shortest and are_numbers and 0 < length * shortest <= ahead:
            yield Problem("days_ahead", "ahead_of_last_round")


class CoveredPiece(Input):
    """A piece that the contract names."""

    asset_id: Annotated[int, Choice("pieces")]


class EditContractMaintenance(EditMaintenance):
    """The same for a contract; without pieces it covers all that the customer owns."""

    contract: RequiredLine
    pieces: Annotated[list[CoveredPiece], Field(max_length=500)] = []


class MakePlan(EditMaintenance):
    """A plan for every piece of a product, also for those that are still to be bought."""

    product_id: Annotated[int, Choice("products")]


class MakeContractPlan(EditContractMaintenance):
    """A plan for what a customer's contract covers."""

    customer_id: RecordId


class PauseMaintenance(Action):
    """No case is made until it is taken up again."""

    note: LongText = ""


class ResumeMaintenance(Action):
    """Cases are made again; what fell due meanwhile is not made up for."""


class EndMaintenance(Action):
    """The plan is over."""

    note: LongText = ""


class SkipRound(Action):
    """This round is not needed: say why."""

    note: RequiredText
