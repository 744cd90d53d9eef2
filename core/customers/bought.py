"""What the form for a purchase asks."""

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
    MaybeMoney,
    Money,
    RecordId,
    RequiredLine,
    RequiredText,
    Serial,
    WideLine,
)

Pieces = Annotated[int, Field(ge=1, le=100_000)]
Batch = Annotated[LineText, Field(max_length=60)]


class _Priced(Input):
    """Some pieces of a product, with what was paid for all of them."""

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """A total is no more than the price of all pieces, but for cents that were rounded."""
        told = (values.get("quantity", 1), values.get("unit_cents"), values.get("total_cents"))
        count, price, total = (each if isinstance(each, int) else None for each in told)
        if price is None or total is None:
            return
        if total > (count or 1) * (price + 1):
            yield Problem("total_cents", "more_than_price")


class BoughtLine(_Priced):
    """A product on the invoice: the price of one piece, and what was paid for all of them.

    Without a total it is the price of all pieces; a discount makes it less.
    """

    brand: RequiredLine
    model: RequiredLine
    specification: LineText = ""
    quantity: Pieces = 1
    unit_cents: Money
    total_cents: MaybeMoney = None
    batch: Batch = ""
    serial: Serial = ""

    @property
    def paid_cents(self) -> int:
        """What was paid for the line, before what is taken off the whole invoice."""
        return self.quantity * self.unit_cents if self.total_cents is None else self.total_cents


class AddPurchase(Input):
    """What a customer bought, with the days that the law counts from.

    `another_purchase` answers the question whether it is not one that is on file; it needs `why`.
    """

    customer_id: RecordId
    invoice_no: LineText = ""
    purchased_on: Day
    received_on: Day | None = None
    at_a_distance: bool | None = None
    lines: Annotated[list[BoughtLine], Field(min_length=1, max_length=30)]
    # Taken off the whole invoice; the lines share it by what they cost.
    discount_cents: Money = 0
    another_purchase: bool = False
    why: WideLine = ""


class RightLine(_Priced):
    """How many pieces of a product were bought, and what was paid for all of them."""

    line_id: Annotated[int, Choice("purchase_lines")]
    quantity: Pieces
    unit_cents: Money
    total_cents: Money
    batch: Batch = ""


class CorrectPurchase(Action):
    """Put right what was written down of a purchase."""

    invoice_no: LineText = ""
    purchased_on: Day
    received_on: Day | None = None
    at_a_distance: bool | None = None
    lines: Annotated[list[RightLine], Field(max_length=30)] = []
    note: RequiredText


class WithdrawPurchase(Action):
    """It was written down by mistake: nothing was bought."""

    note: RequiredText
