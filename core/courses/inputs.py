"""What can be asked of a course and of who takes part: one input model for each action."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from core.kernel.errors import Problem
from core.kernel.inputs import (
    Action,
    Choice,
    Day,
    Input,
    LongText,
    Moment,
    RecordId,
    RequiredLine,
    RequiredText,
    WideLine,
)
from db.codes import CourseKind, CoursePlace

USUAL_FULL, MOST_SEATS = 100, 1000
Mark = Annotated[int, Field(ge=0, le=1000)]
FullMark = Annotated[int | None, Field(ge=1, le=1000)]


class Trainer(Input):
    """Somebody of the staff who trains."""

    trainer_id: Annotated[int, Choice("trainers")]


class Absentee(Input):
    """Somebody who was invited and did not come."""

    seat_id: Annotated[int, Choice("invited")]


class EditCourse(Action):
    """What the course is: of what, by whom, where, for how many, and its exam where it has one."""

    course_kind: CourseKind = CourseKind.OPERATION
    headline: RequiredLine
    course_content: RequiredText
    product_id: Annotated[int | None, Choice("products")] = None
    course_trainers: Annotated[list[Trainer], Field(min_length=1, max_length=10)]
    held_in: CoursePlace = CoursePlace.AT_CUSTOMER
    address: WideLine = ""
    seats: Annotated[int, Field(ge=1, le=MOST_SEATS)] = 10
    pass_mark: FullMark = None
    full_mark: FullMark = None

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """An exam has a pass mark, which can be reached."""
        passes, full = values.get("pass_mark"), values.get("full_mark")
        if isinstance(full, int) and passes is None:
            yield Problem("pass_mark", "no_pass_mark")
        if isinstance(passes, int) and passes > (full if isinstance(full, int) else USUAL_FULL):
            yield Problem("pass_mark", "above_full_mark")


def _in_order(values: Mapping[str, Any]) -> Iterable[Problem]:
    begins, ends = values.get("starts_at"), values.get("ends_at")
    if isinstance(begins, datetime) and isinstance(ends, datetime) and ends <= begins:
        yield Problem("ends_at", "ends_too_early")


class PlanCourse(EditCourse):
    """A new course, with its time."""

    starts_at: Moment
    ends_at: Moment

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """As of every course; it ends after it begins."""
        yield from super().across(values)
        yield from _in_order(values)


class MoveCourse(Action):
    """It is held at another time, for this reason."""

    starts_at: Moment
    ends_at: Moment
    note: RequiredText

    @classmethod
    def across(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """It ends after it begins."""
        return _in_order(values)


class HoldCourse(Action):
    """It was held, with this result; whoever is not named as absent was there."""

    course_result: RequiredText
    absentees: Annotated[list[Absentee], Field(max_length=MOST_SEATS)] = []


class CorrectResult(Action):
    """What came of it, told anew."""

    course_result: RequiredText


class CloseCourse(Action):
    """Nothing more comes of it: exams are over, opinions are on file."""

    note: LongText = ""


class CancelCourse(Action):
    """It is not held, for this reason."""

    note: RequiredText


class InvitePerson(Input):
    """Somebody of a customer is to take part."""

    customer_id: RecordId
    participant: RequiredLine


class EditPerson(Action):
    """How they are called, and what they said of it."""

    participant: RequiredLine
    opinion: LongText = ""


class MarkAttended(Action):
    """They were there."""

    note: LongText = ""


class MarkAbsent(Action):
    """They did not come, and said nothing."""

    note: LongText = ""


class ExcusePerson(Action):
    """They do not take part, for this reason; the seat is free again."""

    note: RequiredText


class RecordScore(Action):
    """What they reached in the exam; a second try counts where the first one failed."""

    exam_score: Mark
    second_score: Annotated[int | None, Field(ge=0, le=1000)] = None


class Certify(Action):
    """They get a certificate, from today on and up to a day, where it has an end."""

    valid_until: Day | None = None


class RevokeCertificate(Action):
    """The certificate is not valid any more, for this reason."""

    note: RequiredText
