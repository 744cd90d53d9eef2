"""What can be asked of a registered request: one input model for each action."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from core.kernel.errors import Problem
from core.kernel.inputs import (
    Action,
    AddressLine,
    Choice,
    Day,
    Latitude,
    LineText,
    Longitude,
    LongText,
    Moment,
    Money,
    Phone,
    RecordId,
    RequiredText,
    Serial,
    WideLine,
)
from db.codes import (
    Channel,
    Charge,
    ChargeReason,
    FaultArea,
    Priority,
    Reaction,
    RequestKind,
    ServiceWay,
    WaitReason,
)


class GuideMeans(StrEnum):
    """How a customer is guided from afar."""

    PHONE = "phone"
    VIDEO = "video"
    TEXT = "text"


class GuideResult(StrEnum):
    """What came of guiding the customer from afar."""

    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    DECLINED = "declined"
    NOT_REACHED = "not_reached"


class GivenPaper(StrEnum):
    """Which paper the customer has got."""

    ACCEPTANCE_SLIP = "acceptance_slip"
    SERVICE_REPORT = "service_report"
    ANSWER_LETTER = "answer_letter"
    OTHER = "other"


class PaperWay(StrEnum):
    """How a paper came to the customer."""

    HAND = "hand"
    MESSAGE = "message"
    EMAIL = "email"
    POST = "post"


WRITTEN = frozenset({Channel.EMAIL, Channel.LETTER, Channel.ONLINE})
LONGEST = timedelta(days=1)


def window(
    values: Mapping[str, Any], first: str, last: str, longest: timedelta = timedelta(days=2)
) -> Iterator[Problem]:
    """What is wrong with a time that has both its ends, in order, or none."""
    start, end = values.get(first), values.get(last)
    if start and not end:
        yield Problem(last, "missing")
    elif end and not start:
        yield Problem(first, "missing")
    elif start and end and not start < end <= start + longest:
        yield Problem(last, "window" if end <= start else "window_long")


class Acknowledge(Action):
    """Tell the customer that the case is in hand (A8)."""

    channel: Channel
    note: LongText = ""


class TellAnswer(Action):
    """Give the customer an answer, and write down how it was taken (E16)."""

    channel: Channel
    answer: RequiredText
    reaction: Reaction
    note: LongText = ""

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Who was called and not reached has no answer; what is written arrives by itself."""
        spoken = values.get("channel") not in WRITTEN
        if spoken and values.get("reaction") == Reaction.NOT_REACHED:
            yield Problem("reaction", "not_told")


class Answer(Action):
    """Give the answer that settles the request, by phone, in writing or by remote guidance."""

    answer: RequiredText


class Planned(Action):
    """When the technician is to be there, as far as it is planned."""

    planned_from: Moment | None = None
    planned_to: Moment | None = None

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """A plan has both ends, in order, within a day."""
        return window(values, "planned_from", "planned_to", LONGEST)


class Completed(Action):
    """What the rule book wants on file before somebody is sent, as far as the case lacks it."""

    piece: Annotated[str | None, Choice("pieces")] = None
    serial: Serial = ""
    purchased_on: Day | None = None
    phone: Phone = ""
    address: AddressLine = ""
    fault_area: FaultArea | None = None
    batch: Annotated[LineText, Field(max_length=60)] = ""
    wanted_from: Moment | None = None
    wanted_to: Moment | None = None
    # The rule book's own fields, by name.
    extra: dict[str, Any] = {}

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """A wanted time ends after it begins."""
        start, end = values.get("wanted_from"), values.get("wanted_to")
        if end and not start:
            yield Problem("wanted_from", "missing")
        elif start and end and end <= start:
            yield Problem("wanted_to", "window")


class Dispatch(Planned, Completed):
    """Send a technician."""

    technician_id: Annotated[int, Choice("technicians")]
    instructions: WideLine = ""

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """As of the plan and of what is completed."""
        return (*Planned.across(values), *Completed.across(values))


class DispatchAnyway(Dispatch):
    """Send a technician whom the rule book would not, within the authority of the role (E24)."""

    exception_reason: RequiredText


class Guide(Action):
    """Guide the customer from afar: where that helps, nobody has to come (D27)."""

    by: GuideMeans
    tried: RequiredText
    result: GuideResult


class SetWay(Action):
    """Decide how the case is served: from afar, at the station, at the place (E25)."""

    way: ServiceWay
    note: LongText = ""


class HandOver(Action):
    """Hand the request over by name; until then whoever took the call owns it."""

    owner_id: Annotated[int, Choice("colleagues")]
    note: LongText = ""


class MoveStation(Action):
    """Pass the request to another station."""

    station_id: Annotated[int, Choice("stations")]
    note: LongText = ""


class Wait(Action):
    """The company waits: time limits stand still, until a time where one is known."""

    reason: Annotated[WaitReason, Choice("wait_reasons")]
    note: RequiredText
    wait_until: Moment | None = None


class PutOff(Action):
    """Force majeure: the customer was told, another time is agreed, the limits pause (A30)."""

    note: RequiredText
    wait_until: Moment
    told_at: Moment
    agreed_from: Moment
    agreed_to: Moment

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """The new time is a window that opens when the force majeure is over."""
        yield from window(values, "agreed_from", "agreed_to")
        start, ends = values.get("agreed_from"), values.get("wait_until")
        if start and ends and start < ends:
            yield Problem("agreed_from", "before_it_ends")


class Resume(Action):
    """What the company waited for has come: time limits run on."""

    note: LongText = ""


class SetCharge(Action):
    """Decide whether the work is free or paid, and why; a price is told before work starts."""

    charge: Charge
    charge_reason: Annotated[ChargeReason, Choice("charge_reasons")]
    note: LongText = ""


def _named(cents: int) -> int:
    if not cents:
        raise PydanticCustomError("no_amount", "the value is not named")
    return cents


class WaiveCharge(Action):
    """Make it free beyond the rule, within the authority of the role (E24)."""

    charge_reason: Annotated[ChargeReason, Choice("waivers")]
    given_up_cents: Annotated[Money, AfterValidator(_named)]
    note: RequiredText


class Correct(Action):
    """Put right what was written down."""

    contact: LineText = ""
    phone: Phone = ""
    address: AddressLine = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    symptom: RequiredText
    fault_area: FaultArea | None = None

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """A place on the map has both its degrees."""
        for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
            if values.get(one) is not None and values.get(other) is None:
                yield Problem(other, "missing")


class ChangeCustomer(Action):
    """It is another customer's case."""

    customer_id: RecordId
    note: RequiredText


class ChangePiece(Action):
    """It is about another piece, or about none; a new one with what is known of it."""

    piece: Annotated[str | None, Choice("pieces")] = None
    serial: Serial = ""
    purchased_on: Day | None = None
    note: RequiredText


class ChangeKind(Action):
    """Something else is asked for than was written down."""

    kind: Annotated[RequestKind, Choice("kinds")]
    note: RequiredText


class Remark(Action):
    """Write a remark into the timeline."""

    note: RequiredText


class GivePaper(Action):
    """Note that the customer was given a paper or was sent it, so that it can be told later."""

    given: GivenPaper
    by: PaperWay
    note: LongText = ""

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Of any other paper it is said which one."""
        if values.get("given") == GivenPaper.OTHER and not str(values.get("note") or "").strip():
            yield Problem("note", "missing")


class Urge(Action):
    """The customer asks again and presses for it: whoever has the work is told at once."""

    note: WideLine = ""


class Cancel(Action):
    """The customer no longer wants it, or it was registered twice."""

    note: RequiredText


class Promise(Action):
    """Promise the customer when the work is done, or move the promise and say so before (A3)."""

    promised_at: Moment
    reason: LongText = ""
    customer_told: bool = False


class Reclassify(Action):
    """Judge anew how urgent the case is and of which class: open time limits are planned anew."""

    priority: Priority
    case_class: Annotated[str | None, Choice("classes")] = None
    note: LongText = ""
