"""What each step of a return asks for: one input model for each action (C8)."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from core.kernel.errors import Problem
from core.kernel.inputs import (
    Action,
    AddressLine,
    Choice,
    Day,
    Input,
    LineText,
    LongText,
    MaybeMoney,
    Moment,
    Money,
    Phone,
    RecordId,
    RequiredLine,
    RequiredText,
    Serial,
    WideLine,
)
from core.requests.inputs import TellAnswer
from db.codes import (
    CauseKind,
    Channel,
    DeductionKind,
    Destination,
    GoodsState,
    Payer,
    Priority,
    RefundMethod,
    ReturnReason,
    WayBack,
    Wish,
)

MOST_LINES = 30
Count = Annotated[int, Field(ge=0, le=100_000)]
Pieces = Annotated[int, Field(ge=1, le=100_000)]
LineId = Annotated[int, Choice("lines")]
Kilometres = Annotated[int, Field(ge=0, le=5_000_000)]
SomeRows = Field(min_length=1, max_length=MOST_LINES)


class AppliedLine(Input):
    """Some pieces of one purchase: why they come back, what is wished for, in what state."""

    purchase_line_id: Annotated[int, Choice("purchase_lines")]
    quantity: Pieces = 1
    reason: ReturnReason
    wish: Wish
    goods: GoodsState
    repairs: Annotated[int, Field(ge=0, le=99)] = 0
    serial: Serial = ""
    # Why it may come back though a return of it was over when it came in from elsewhere.
    again: WideLine = ""


class Apply(Input):
    """The application 退换货申请表: a request and its lines in one go."""

    customer_id: RecordId
    channel: Channel
    priority: Priority = Priority.NORMAL
    symptom: RequiredText
    contact: LineText = ""
    phone: Phone = ""
    address: AddressLine = ""
    station_id: Annotated[int | None, Choice("stations")] = None
    received_at: Moment | None = None
    mileage_km: Kilometres | None = None
    lines: Annotated[list[AppliedLine], SomeRows]
    # The rule book's own fields, by name.
    extra: dict[str, Any] = {}


class Amend(Action):
    """Enter the lines, or put them right; the day of asking stays."""

    lines: Annotated[list[AppliedLine], SomeRows]
    mileage_km: Kilometres | None = None
    note: LongText = ""


class Screen(Action):
    """A condition may hold: on to the inspection, or past it where none is asked for."""

    note: LongText = ""


class DeclineReturn(Action):
    """No condition holds, nor can one come to hold: refused at the desk."""

    note: RequiredText


class AskMore(Action):
    """Ask the customer for what is missing; time limits stand still."""

    note: RequiredText


class Supply(Action):
    """What the customer has told or shown since."""

    note: RequiredText
    received_on: Day | None = None
    at_a_distance: bool | None = None
    mileage_km: Kilometres | None = None


class InspectedLine(Input):
    """What quality control found on a line before the decision."""

    line_id: LineId
    sample: WideLine = ""
    finding: WideLine = ""
    defect: bool = False
    goods_found: GoodsState
    # A condition that asks for a person's finding, and whose case is given.
    named: Annotated[str | None, Choice("cases")] = None


class Inspect(Action):
    """Quality control: a defect or none, and whether the goods are fit for resale."""

    lines: Annotated[list[InspectedLine], SomeRows]
    note: LongText = ""


class ApprovedLine(Input):
    """How many pieces of a line may come back."""

    line_id: LineId
    approved: Count


class ApproveReturn(Action):
    """Grant it; beyond the rule or without the goods, the reason is written down (E24)."""

    lines: Annotated[list[ApprovedLine], SomeRows]
    without_goods: bool = False
    note: LongText = ""


class RefuseReturn(Action):
    """Nothing may come back; the customer may appeal once."""

    note: RequiredText


class AppealRefusal(Action):
    """The customer does not accept the refusal."""

    appeal: RequiredText


class UpholdRefusal(Action):
    """The refusal stands."""

    note: RequiredText


class AllowAppeal(Action):
    """The customer is right: it is decided anew."""

    note: RequiredText


class AgreeWayBack(Action):
    """How the goods come back: fetched or sent in, by whom, at whose cost."""

    way_back: WayBack
    address: AddressLine = ""
    carrier: LineText = ""
    tracking: LineText = ""
    paid_by: Payer
    freight_cents: Money = 0

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Goods are fetched somewhere."""
        if values.get("way_back") == WayBack.PICK_UP and not values.get("address"):
            yield Problem("address", "missing")


class Track(Action):
    """Carrier, number and freight of a parcel from the customer; none chosen: one more parcel."""

    parcel_id: Annotated[int | None, Choice("parcels")] = None
    carrier: LineText = ""
    tracking: LineText = ""
    paid_by: Payer
    freight_cents: Money = 0


class Remind(Action):
    """Ask the customer where the goods are."""

    channel: Channel
    note: LongText = ""


class ReceivedLine(Input):
    """What came of a line, against the application."""

    line_id: LineId
    received: Count
    specification_ok: bool = True
    appearance: GoodsState
    difference: WideLine = ""


class Receive(Action):
    """The goods are here: counted, looked at; a difference is written down."""

    lines: Annotated[list[ReceivedLine], SomeRows]
    parcel_id: Annotated[int | None, Choice("parcels")] = None
    note: LongText = ""


class ReceiveMore(Receive):
    """Another parcel: what came with it, added to what is here."""


class RetestedLine(Input):
    """What is taken back of a line, and where the trouble comes from."""

    line_id: LineId
    accepted: Count
    retest: WideLine = ""
    cause_kind: CauseKind | None = None


class Retest(Action):
    """Quality control tests what came, and takes it back or not."""

    lines: Annotated[list[RetestedLine], SomeRows]
    note: LongText = ""


class StoredLine(Input):
    """Pieces of a line, where they are put, and what they are still worth together."""

    line_id: LineId
    quantity: Pieces
    destination: Destination
    value_cents: Money = 0


class PutAway(Action):
    """Into stock: every piece taken back has its place."""

    lines: Annotated[list[StoredLine], SomeRows]
    note: LongText = ""


class MoveStock(Action):
    """Out of quarantine: to resale, scrap or the maker."""

    move_id: Annotated[int, Choice("quarantined")]
    quantity: Pieces
    destination: Destination
    value_cents: Money = 0
    note: LongText = ""


class DeductionLine(Input):
    """What is kept of a line's price: an amount, or a percent of what came back."""

    line_id: LineId
    kind: DeductionKind
    reason: RequiredLine
    cents: Money = 0
    percent: Annotated[int, Field(ge=0, le=100)] = 0

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """One of the two."""
        if bool(values.get("cents")) == bool(values.get("percent")):
            yield Problem("cents", "cents_or_percent")


class SettledLine(Input):
    """How many of the pieces taken back are exchanged; the rest is refunded.

    What is given for them may be another model, at the price of one piece of it.
    """

    line_id: LineId
    replaced: Count
    product_id: Annotated[int | None, Choice("products")] = None
    other_cents: MaybeMoney = None

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Another model has its price, and a price its model."""
        product, price = values.get("product_id"), values.get("other_cents")
        if product is not None and price is None:
            yield Problem("other_cents", "missing")
        elif price is not None and product is None:
            yield Problem("product_id", "missing")


class Settle(Action):
    """What is paid: price, deductions, freight."""

    refund_method: RefundMethod
    lines: Annotated[list[SettledLine], Field(max_length=MOST_LINES)] = []
    deductions: Annotated[list[DeductionLine], Field(max_length=MOST_LINES)] = []
    note: LongText = ""


class ReviseSettlement(Action):
    """Reckon again."""

    note: RequiredText


class ConfirmRefund(Action):
    """Finance has paid it out, or has seen that nothing is to be paid."""

    refund_ref: LineText = ""
    note: LongText = ""


class RecordPayment(Action):
    """The customer has paid what was owed."""

    reference: RequiredLine


class SentLine(Input):
    """Pieces of a line that are sent; a single piece may have a serial number."""

    line_id: LineId
    quantity: Pieces = 1
    serial: Serial = ""


class SendReplacement(Action):
    """Send what is given in exchange."""

    lines: Annotated[list[SentLine], SomeRows]
    carrier: LineText = ""
    tracking: LineText = ""
    paid_by: Payer
    freight_cents: Money = 0


class GoodsBackLine(Input):
    """Pieces of a line that go back to the customer."""

    line_id: LineId
    quantity: Pieces = 1


class SendGoodsBack(Action):
    """Send back what was not accepted."""

    lines: Annotated[list[GoodsBackLine], SomeRows]
    carrier: LineText = ""
    tracking: LineText = ""
    paid_by: Payer
    freight_cents: Money = 0


class TellResult(TellAnswer):
    """Tell the customer what became of it, and how it was taken."""


class CloseReturn(Action):
    """File it, with the lesson where there is one."""

    lesson: LongText = ""


class CancelReturn(Action):
    """The customer keeps the goods."""

    note: RequiredText
