"""What can be asked of a meeting and of a decision: one input model for each action."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from core.kernel import period
from core.kernel.errors import Problem
from core.kernel.inputs import (
    Action,
    Choice,
    Day,
    Input,
    RecordId,
    RequiredLine,
    RequiredText,
    clean_line,
)
from core.kpi.figures import FigureName
from db.codes import RequestKind

DecisionLine = Annotated[str, BeforeValidator(clean_line), Field(min_length=1, max_length=300)]


class StartMeeting(Input):
    """Which figures of which period are gone through, in which order."""

    topic: RequiredLine
    since: Day
    until: Day
    station_id: Annotated[int | None, Choice("stations")] = None
    kind: RequestKind | None = None
    figures: Annotated[tuple[FigureName, ...], Field(min_length=1, max_length=50)]

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Days in order."""
        return period.disorder(values)


class CloseMeeting(Action):
    """Nothing more is decided in it."""


class ChangeDecision(Action):
    """Say it otherwise, give it to somebody else or another day."""

    text: DecisionLine
    owner_id: Annotated[int, Choice("staff")]
    due_on: Day


class TakeDecision(Input):
    """What is decided in a meeting: who does what by when, on account of which figure."""

    meeting_id: RecordId
    figure: FigureName | None = None
    text: DecisionLine
    owner_id: Annotated[int, Choice("staff")]
    due_on: Day


class FinishDecision(Action):
    """What was decided is done."""

    note: RequiredText


class DropDecision(Action):
    """What was decided is not done: say why."""

    note: RequiredText
