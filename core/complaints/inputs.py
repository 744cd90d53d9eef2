"""What each of the eight steps asks for: one input model for each action (E14)."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from core.kernel.errors import Problem
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
    WideLine,
)
from core.requests.inputs import TellAnswer
from db.codes import CauseKind, CauseScope, Channel, MeasureKind, PenaltyGround

MOST_ROWS = 20


class Judge(Action):
    """The complaint is founded: its class and sub-class, and whether the demand is reasonable."""

    nature: Annotated[str, Choice("natures")]
    demand_reasonable: bool = True
    about_id: Annotated[int | None, Choice("staff")] = None
    note: LongText = ""


class Dismiss(Action):
    """The complaint is not founded: the customer is told why, politely, and it is closed."""

    nature: Annotated[str, Choice("natures")]
    reason_sufficient: bool = False
    demand_reasonable: bool = False
    answer: RequiredText
    channel: Channel

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """With a sufficient reason and a reasonable demand it is founded."""
        if values.get("reason_sufficient") and values.get("demand_reasonable"):
            yield Problem("reason_sufficient", "is_founded")


class NamePerson(Action):
    """Say whom the complaint is about: nobody who is named decides on it (A23)."""

    about_id: Annotated[int | None, Choice("staff")] = None
    note: LongText = ""


class Assign(Action):
    """Give it to the department that the rule book names for its class, or to another one."""

    department: Annotated[str, Choice("departments")]
    handler_id: Annotated[int | None, Choice("handlers")] = None
    reason: LongText = ""


class ResponsibleLine(Input):
    """A department or a person of it, with the share of the cause in percent."""

    department: Annotated[str, Choice("departments")]
    person_id: Annotated[int | None, Choice("staff")] = None
    share_percent: Annotated[int, Field(ge=1, le=100)]


class Investigate(Action):
    """The cause, whose doing it was, who answers for it, and how large the loss is."""

    cause: RequiredText
    cause_kind: CauseKind
    cause_scope: CauseScope
    responsibles: Annotated[list[ResponsibleLine], Field(max_length=MOST_ROWS)] = []
    loss_cents: Money = 0
    batch: Annotated[LineText, Field(max_length=60)] = ""


class MeasureLine(Input):
    """One measure that is offered to the customer, with its cost."""

    kind: MeasureKind
    what: WideLine = ""
    cost_cents: Money = 0


class Propose(Action):
    """The plan that answers the demand."""

    measures: Annotated[list[MeasureLine], Field(min_length=1, max_length=MOST_ROWS)]
    note: LongText = ""


class Approve(Action):
    """The plan may be carried out and told to the customer."""

    note: LongText = ""


class SendBack(Action):
    """The plan has to be worked over."""

    note: RequiredText


class Refuse(Action):
    """Nothing is offered; the customer is told so."""

    note: RequiredText


class Notify(TellAnswer):
    """Tell the customer, and write down how the answer was taken."""


class Penalise(Action):
    """Decide on a penalty inside the band of the rule book, for the cause or for late handling."""

    ground: PenaltyGround
    person_id: Annotated[int, Choice("staff")]
    percent: Annotated[float, Field(ge=0, le=100)]
    reason: RequiredText


class SettlePenalties(Action):
    """No further penalty; without any, it is said why."""

    note: LongText = ""


class CloseComplaint(Action):
    """File it, with the lesson; without any measure, it is said why none is needed."""

    lesson: RequiredText
    no_measure: LongText = ""


class Reopen(Action):
    """The customer is not satisfied: back to the investigation, one level higher (E17, C6)."""

    note: RequiredText


class Merge(Action):
    """The same complaint was registered before: go on with that one."""

    number: RequiredLine


class Link(Action):
    """Tie it to the case that it came from, to a product of the customer, to a batch."""

    number: LineText = ""
    asset_id: Annotated[int | None, Choice("assets")] = None
    batch: Annotated[LineText, Field(max_length=60)] = ""


class AssignSeveral(Input):
    """Several judged complaints at once: each to its own department, or all to one person."""

    ids: Annotated[list[RecordId], Field(min_length=1, max_length=200)]
    handler_id: Annotated[int | None, Choice("handlers")] = None
