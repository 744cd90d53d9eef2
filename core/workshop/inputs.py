"""What can be asked of goods in the shop: one input model for each action."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from core.kernel.errors import Problem
from core.kernel.inputs import (
    Action,
    Choice,
    Day,
    Input,
    LineText,
    LongText,
    Moment,
    Money,
    RecordId,
    RequiredLine,
    RequiredText,
    WideLine,
)
from db.codes import CameFrom, ShopPurpose

Price = Annotated[Money, Field(ge=1)]


class TakeGoods(Input):
    """Goods are taken in with a hand-over that the customer signs (E10)."""

    case_id: RecordId
    purpose: ShopPurpose = ShopPurpose.REPAIR
    came_from: CameFrom
    condition: RequiredText
    accessories: LongText = ""
    handed_over_by: RequiredLine
    promised_at: Moment | None = None
    shelf: LineText = ""
    lent: WideLine = ""
    lent_until: Day | None = None

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """What is to be repaired is promised for a day; what is recycled never comes back."""
        gone = values.get("purpose") == ShopPurpose.RECYCLING
        if not gone and values.get("promised_at") is None:
            yield Problem("promised_at", "missing")
        if gone and values.get("lent"):
            yield Problem("lent", "nothing_lent")


class Diagnose(Action):
    """What is wrong was found."""

    diagnosis: RequiredText


class Quote(Action):
    """The customer is told what the repair costs."""

    quote_cents: Price
    note: LongText = ""


class RepairFree(Action):
    """It is repaired free of charge: there is nothing to agree on."""

    note: LongText = ""


class AgreeQuote(Action):
    """The customer agrees to the price."""

    note: LongText = ""


class DeclineRepair(Action):
    """It is not repaired: the customer does not want it, or it cannot be done."""

    note: RequiredText


class RepairGoods(Action):
    """The repair is done; it is tested next."""

    work_done: RequiredText


class PassTest(Action):
    """It works."""

    note: LongText = ""


class FailTest(Action):
    """It does not work yet: it goes back to be repaired."""

    note: RequiredText


class TellReady(Action):
    """The customer is told that it can be collected."""

    note: LongText = ""


class GiveBack(Action):
    """It is given back, with all that came with it; the customer signs."""

    given_to: RequiredLine
    condition_back: RequiredText
    accessories_complete: bool
    lent_returned: bool = False


class Recycle(Action):
    """The customer has given it up: whoever recycles it has fetched it (D29)."""

    recycled_to: RequiredLine
    note: LongText = ""


class MovePlace(Action):
    """It lies somewhere else now."""

    shelf: RequiredLine


class MovePromise(Action):
    """Another day is promised; the customer is told why before (A3)."""

    promised_at: Moment
    reason: RequiredText
    customer_told: bool = False


class Lend(Action):
    """The customer is lent something meanwhile."""

    lent: Annotated[WideLine, Field(min_length=1)]
    lent_until: Day | None = None


class TakeLoanBack(Action):
    """What was lent is back."""

    note: LongText = ""


class SetRepairer(Action):
    """Somebody else repairs it."""

    technician_id: Annotated[int, Choice("technicians")]
