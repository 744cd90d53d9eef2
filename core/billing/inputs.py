"""What can be asked of a quote and of money: one input model for each action."""

from typing import Annotated

from pydantic import Field

from core.jobs.signing import Signature
from core.kernel.inputs import (
    Action,
    Choice,
    Input,
    LineText,
    LongText,
    Money,
    RecordId,
    RequiredLine,
    RequiredText,
)
from db.codes import Channel, PayMeans, PriceKind

Quantity = Annotated[int, Field(ge=1, le=10_000)]
Amount = Annotated[Money, Field(ge=1)]


class AddLine(Input):
    """Something from the price list is needed."""

    item: Annotated[str, Choice("items")]
    quantity: Quantity = 1


class AddOwnLine(Input):
    """Something is needed that no list has."""

    line_kind: PriceKind
    line_name: RequiredLine
    unit_cents: Amount
    quantity: Quantity = 1


class RemoveLine(Action):
    """A line is not needed."""

    line_id: Annotated[int, Choice("quote_lines")]


class GiveDiscount(Action):
    """Ask less than the list says, within the authority of the role (E24); 0 ends it."""

    discount_cents: Money
    discount_reason: RequiredText


class SignQuote(Signature):
    """The customer has read the quote on the screen, and signs it."""


class AcceptQuote(Action):
    """The customer is not here, and has agreed by telephone or in writing."""

    signer: RequiredLine
    channel: Channel
    note: LongText = ""


class Answer(Action):
    """What the customer says by the link of the case to the quote of this digest."""

    seen: Annotated[str, Field(max_length=64)]


class ConfirmQuote(Answer):
    """The customer has read the quote there, and agrees (E5, A16)."""

    signer: RequiredLine


class RefuseQuote(Answer):
    """The customer does not want it at this price."""

    note: RequiredText


class DeclineQuote(Action):
    """The customer does not want it at this price."""

    note: RequiredText


class ReviseQuote(Action):
    """The quote is to be changed: the customer has to agree anew."""

    note: RequiredText


class WriteInvoice(Action):
    """The invoice is issued (E13)."""

    invoice: Annotated[RequiredLine, Field(max_length=60)]


class WithdrawInvoice(Action):
    """The invoice is cancelled."""

    note: RequiredText


class TakeMoney(Input):
    """The customer has paid."""

    case_id: RecordId
    means: PayMeans
    paid_cents: Amount
    reference: LineText = ""


class GiveMoneyBack(Input):
    """The customer gets back what was paid too much."""

    case_id: RecordId
    means: PayMeans
    paid_cents: Amount
    note: RequiredText


class UndoPayment(Action):
    """It was written down by mistake."""

    note: RequiredText


class HandInMoney(Input):
    """All that the person holds goes to finance."""

    note: LongText = ""


class CountMoney(Action):
    """Finance has counted it; why, where it is not what was handed in."""

    counted_cash_cents: Money
    counted_transfer_cents: Money
    counted_code_cents: Money
    difference_reason: LongText = ""


class SendMoneyBack(Action):
    """It goes back to whoever handed it in."""

    note: RequiredText
