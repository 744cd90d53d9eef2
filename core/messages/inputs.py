"""What can be asked of messages to customers: one input model for each action."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from core.kernel.errors import Problem
from core.kernel.inputs import Action, Input, LongText, RequiredText, WideLine, clean_line
from db.codes import MessageWay, Occasion

# A price is sent, and own words are written, by people only.
AUTOMATIC = tuple(each for each in Occasion if each not in (Occasion.QUOTED, Occasion.OWN))
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
HOME = re.compile(r"https?://[\w.\-]+(:\d{1,5})?(/[\w.\-]+)*")
ToWhom = Annotated[str, BeforeValidator(clean_line), Field(max_length=254)]


def _clock(value: str) -> str:
    if value and not CLOCK.fullmatch(value):
        raise PydanticCustomError("clock", "not a time of the day")
    return value


def _home(value: str) -> str:
    if value and not HOME.fullmatch(value.rstrip("/")):
        raise PydanticCustomError("web_address", "not the address of a page")
    return value.rstrip("/")


Clock = Annotated[str, BeforeValidator(clean_line), AfterValidator(_clock)]
Home = Annotated[str, BeforeValidator(clean_line), Field(max_length=200), AfterValidator(_home)]


class WriteMessage(Input):
    """Write to the customer of a case, or note what was sent by hand."""

    occasion: Occasion
    message_way: MessageWay
    recipient: ToWhom = ""
    headline: WideLine = ""
    message: RequiredText


class SendAgain(Action):
    """Send it once more; where nobody knows whether it went, the customer may have it twice."""

    recipient: ToWhom = ""


class SentByHand(Action):
    """The customer was told by hand what the message says."""

    note: LongText = ""


class WithdrawMessage(Action):
    """It is not to be sent."""

    note: LongText = ""


class EditTemplate(Input):
    """The company's text for an occasion, in one language."""

    headline: WideLine = ""
    message: RequiredText


class EditMessages(Input):
    """On which occasions the tool itself writes to customers, and when nothing is sent."""

    occasions: tuple[Occasion, ...] = ()
    quiet_from: Clock = ""
    quiet_to: Clock = ""
    public_address: Home = ""

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Quiet hours have both ends, and automatic are those that no person has to decide on."""
        for one, other in (("quiet_from", "quiet_to"), ("quiet_to", "quiet_from")):
            if values.get(one) and not values.get(other):
                yield Problem(other, "missing")
        if {*(values.get("occasions") or ())} - {*AUTOMATIC}:
            yield Problem("occasions", "not_an_option")
