"""The rule tables of courses and of who takes part, and who may see which (C11, C15)."""

from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import contains_eager

from core.courses.inputs import (
    CancelCourse,
    Certify,
    CloseCourse,
    CorrectResult,
    EditCourse,
    EditPerson,
    ExcusePerson,
    HoldCourse,
    MarkAbsent,
    MarkAttended,
    MoveCourse,
    RecordScore,
    RevokeCertificate,
)
from core.customers import again
from core.kernel.unit_of_work import Actor
from core.process.permissions import may, sees_all_stations
from core.process.rules import Relation, Rule
from db.codes import CourseStatus, SeatStatus
from db.tables import Course, CourseSeat

READ, PLAN, TRAIN = "course:read", "course:plan", "course:train"
PLANNED, HELD, CLOSED, CANCELLED = CourseStatus
INVITED, ATTENDED, ABSENT, EXCUSED, CERTIFIED, REVOKED = SeatStatus
COMING, WAS = frozenset({PLANNED}), frozenset({HELD})
GOES_ON = COMING | WAS
ASKED, MISSED = frozenset({INVITED}), frozenset({ABSENT, EXCUSED})
CAME, HAS = frozenset({ATTENDED}), frozenset({CERTIFIED})
# Who does not plan courses tells of those that they train.
TRAINER = (Relation("not_trainer", lambda actor, row: actor.id in _course(row).trainers),)


def _course(row: Any) -> Course:
    return row if isinstance(row, Course) else row.course


def _is_on(row: CourseSeat) -> bool:
    return row.course.status in GOES_ON


def _was_held(row: CourseSeat) -> bool:
    return row.course.status is HELD


def _unexamined(row: CourseSeat) -> bool:
    return _was_held(row) and row.score is None


def _has_exam(row: CourseSeat) -> bool:
    return _was_held(row) and row.course.pass_mark is not None


def _is_over(row: CourseSeat) -> bool:
    return row.course.status in (HELD, CLOSED)


def _alive(row: CourseSeat) -> bool:
    return row.course.status is not CANCELLED


COURSE_RULES = (
    Rule("planned", None, frozenset(), PLANNED, PLAN, "C11"),
    Rule("held", HoldCourse, COMING, HELD, PLAN, "C11"),
    Rule("held", HoldCourse, COMING, HELD, TRAIN, "C11", who=TRAINER),
    Rule("edited", EditCourse, COMING, None, PLAN, "C11"),
    Rule("moved", MoveCourse, COMING, None, PLAN, "C11"),
    Rule("cancelled", CancelCourse, COMING, CANCELLED, PLAN, "C11"),
    Rule("closed", CloseCourse, WAS, CLOSED, PLAN, "C11"),
    Rule("corrected", CorrectResult, WAS, None, PLAN, "C11"),
    Rule("corrected", CorrectResult, WAS, None, TRAIN, "C11", who=TRAINER),
)
SEAT_RULES = (
    Rule("invited", None, frozenset(), INVITED, PLAN, "C11"),
    Rule("examined", RecordScore, CAME, None, PLAN, "C11", _has_exam),
    Rule("examined", RecordScore, CAME, None, TRAIN, "C11", _has_exam, TRAINER),
    Rule("certified", Certify, CAME | {REVOKED}, CERTIFIED, PLAN, "C11", _is_over),
    Rule("revoked", RevokeCertificate, HAS, REVOKED, PLAN, "C11"),
    Rule("attended", MarkAttended, ASKED | MISSED, ATTENDED, PLAN, "C11", _was_held),
    Rule("attended", MarkAttended, ASKED | MISSED, ATTENDED, TRAIN, "C11", _was_held, TRAINER),
    Rule("absent", MarkAbsent, ASKED | CAME, ABSENT, PLAN, "C11", _unexamined),
    Rule("absent", MarkAbsent, ASKED | CAME, ABSENT, TRAIN, "C11", _unexamined, TRAINER),
    Rule("excused", ExcusePerson, ASKED | {ABSENT}, EXCUSED, PLAN, "C11", _is_on),
    Rule("edited", EditPerson, frozenset(SeatStatus), None, PLAN, "C11", _alive),
)


def own(actor: Actor) -> ColumnElement[bool]:
    """The courses of the actor's station, and those of the whole company."""
    if not may(actor, READ):
        return false()
    if sees_all_stations(actor):
        return true()
    return or_(Course.station_id == actor.station_id, Course.station_id.is_(None))


def courses(actor: Actor) -> Select[Course]:
    """The courses that the actor may see."""
    return select(Course).where(own(actor))


def seats(actor: Actor) -> Select[CourseSeat]:
    """Who takes part in them, of the customers whose archives the actor's station keeps."""
    query = select(CourseSeat).join(CourseSeat.course).join(CourseSeat.customer)
    loaded = (contains_eager(CourseSeat.course), contains_eager(CourseSeat.customer))
    return query.where(own(actor), again.own(actor)).options(*loaded)
