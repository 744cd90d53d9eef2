"""What the form for a purchase asks."""

from typing import Annotated

from pydantic import Field

from core.kernel.inputs import (
    Day,
    Input,
    LineText,
    Money,
    RecordId,
    RequiredLine,
    Serial,
    WideLine,
)


class BoughtLine(Input):
    """A product on the invoice; the price of one piece."""

    brand: RequiredLine
    model: RequiredLine
    specification: LineText = ""
    quantity: Annotated[int, Field(ge=1, le=100_000)] = 1
    unit_cents: Money
    batch: Annotated[LineText, Field(max_length=60)] = ""
    serial: Serial = ""


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
    another_purchase: bool = False
    why: WideLine = ""
