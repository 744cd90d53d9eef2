"""What can be asked of parts: one input model for each action."""

from typing import Annotated

from pydantic import Field

from core.kernel.inputs import (
    Action,
    Choice,
    Day,
    Input,
    LineText,
    LongText,
    RequiredLine,
    RequiredText,
    Serial,
)
from db.codes import OldPart

Quantity = Annotated[int, Field(ge=1, le=100_000)]


class ReceiveParts(Input):
    """Parts have come from a source."""

    station_id: Annotated[int, Choice("stores")]
    supplier_id: Annotated[int, Choice("suppliers")]
    part_id: Annotated[int, Choice("parts")]
    quantity: Quantity
    batch: LineText = ""
    expires_on: Day | None = None
    note: LineText = ""


class MoveParts(Input):
    """Parts are brought to another place."""

    balance_id: Annotated[int, Choice("balances")]
    quantity: Quantity
    to_place: Annotated[str, Choice("places")]
    note: LineText = ""


class TakeOut(Input):
    """Parts go back to a source; without one they have expired and are thrown away."""

    balance_id: Annotated[int, Choice("balances")]
    quantity: Quantity
    supplier_id: Annotated[int | None, Choice("suppliers")] = None
    note: RequiredLine


class SetMinimum(Input):
    """How many of a part a store or a van is to have at least; none for no minimum."""

    at_place: Annotated[str, Choice("places")]
    part_id: Annotated[int, Choice("parts")]
    minimum: Annotated[int, Field(ge=0, le=100_000)]


class AskedPart(Input):
    """So many of a part."""

    part_id: Annotated[int, Choice("parts")]
    quantity: Quantity = 1


class AskParts(Input):
    """Ask for parts, for a job or for the van."""

    job_id: Annotated[int | None, Choice("jobs")] = None
    order_lines: Annotated[list[AskedPart], Field(min_length=1, max_length=50)]
    note: LongText = ""


class ApproveParts(Action):
    """The technician may have them."""

    note: LongText = ""


class RefuseParts(Action):
    """The technician may not have them: say why."""

    note: RequiredText


class ReplacePart(Action):
    """Give another part that does in place of one."""

    line_id: Annotated[int, Choice("order_lines")]
    part_id: Annotated[int, Choice("substitutes")]


class PickParts(Action):
    """Put the parts aside, what expires first before."""


class PutBackParts(Action):
    """Put the parts back into the store: they are put aside anew, or not at all."""


class IssueParts(Action):
    """The technician has taken them along."""


class GivenBack(Input):
    """So many of a line that were not needed."""

    line_id: Annotated[int, Choice("order_lines")]
    quantity: Quantity


class GiveBackParts(Action):
    """Bring back to the store what was not needed."""

    order_lines: Annotated[list[GivenBack], Field(min_length=1, max_length=50)]
    note: LongText = ""


class WithdrawParts(Action):
    """They are not needed any more."""

    note: LongText = ""


class UsePart(Input):
    """A part was built in."""

    balance_id: Annotated[int, Choice("balances")]
    quantity: Quantity = 1
    old_serial: Serial = ""
    new_serial: Serial = ""
    old_part: OldPart = OldPart.NONE


class UndoUse(Action):
    """It was not built in after all: it goes back to where it was taken from."""

    note: RequiredText


class TakeOldPart(Action):
    """The old part has come into the store."""


class SendOldPart(Action):
    """The old part has gone back to the maker."""

    note: RequiredText


class BeginCount(Input):
    """Count what lies at a place."""

    place_id: Annotated[int, Choice("places")]


class CountedLot(Input):
    """So many of a lot were found; why, where the books say otherwise."""

    line_id: Annotated[int, Choice("count_lines")]
    counted: Annotated[int, Field(ge=0, le=100_000)]
    difference_reason: LineText = ""


class FoundLot(Input):
    """A lot that was found, and is not on the sheet; why it lies there."""

    part_id: Annotated[int, Choice("parts")]
    batch: LineText = ""
    expires_on: Day | None = None
    counted: Quantity
    difference_reason: RequiredLine


class FinishCount(Action):
    """All of the sheet is counted, and what is not on it."""

    count_lines: Annotated[list[CountedLot], Field(min_length=1, max_length=1000)]
    found_lots: Annotated[list[FoundLot], Field(max_length=100)] = []


class SettleCount(Action):
    """The differences are true: the books follow."""


class CountAgain(Action):
    """Count once more."""

    note: RequiredText


class DropCount(Action):
    """This count is not needed."""

    note: RequiredText
