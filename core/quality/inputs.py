"""What each step of quality feedback asks for: one input model for each action (C7)."""

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
    RequiredLine,
    RequiredText,
)
from db.codes import CauseKind, Channel, MeasureKind, Severity

Batch = Annotated[LineText, Field(max_length=60)]
Quantity = Annotated[int, Field(ge=1, le=1_000_000)]


class Assess(Action):
    """Technical support says what is wrong and how grave it is, with use, place, day, batch."""

    defect_nature: RequiredText
    severity: Severity
    # Its class in the rule book decides until when it is to be solved (E15).
    case_class: Annotated[str | None, Choice("classes")] = None
    used_for: LineText = ""
    place: LineText = ""
    happened_on: Day | None = None
    batch: Batch = ""


class TakeSample(Action):
    """What was taken as a sample, how much of it, and of which batch."""

    sample: RequiredLine
    sample_quantity: Quantity
    batch: Batch = ""
    note: LongText = ""


class RecordTest(Action):
    """How many were tested, how many of them were defective, and what follows from it."""

    tested_quantity: Quantity
    defect_quantity: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    defect_confirmed: bool = False
    test_finding: RequiredText

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """No more defects than were tested, and no defect confirmed where none was found."""
        tested, defects = values.get("tested_quantity"), values.get("defect_quantity", 0)
        if isinstance(tested, int) and isinstance(defects, int) and defects > tested:
            yield Problem("defect_quantity", "more_than_tested")
        if values.get("defect_confirmed") and not defects:
            yield Problem("defect_confirmed", "no_defect_found")


class SkipTest(Action):
    """The case is plain without sample and test: whether there is a defect, and why it is plain."""

    defect_confirmed: bool = True
    test_finding: RequiredText


class Analyse(Action):
    """Where the cause lies, and which department of the rule book answers for it."""

    cause_kind: CauseKind
    cause: RequiredText
    department: Annotated[str | None, Choice("departments")] = None


class Solve(Action):
    """What is done for the customer, and the words in which the customer was told."""

    solution: MeasureKind
    solution_note: LongText = ""
    channel: Channel
    answer: RequiredText


class CloseFeedback(Action):
    """Report to the leaders; without both kinds of measure, it is said why none is needed."""

    report: RequiredText
    no_measure: LongText = ""


class Recall(Action):
    """Take the batch back: the emergency plan starts with its gravest level (A27, D19)."""

    happened: RequiredText


class RecallBatch(Input):
    """The same from the view of a batch."""

    batch: Annotated[RequiredLine, Field(max_length=60)]
    happened: RequiredText
