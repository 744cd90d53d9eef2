"""Courses for customers, planned and held; rows of them, and what the database refuses."""

from datetime import datetime, timedelta
from typing import Any

from core.courses import actions
from core.courses.inputs import EditCourse, HoldCourse, InvitePerson, PlanCourse
from core.kernel.inputs import parse
from db.codes import CourseKind, CoursePlace, CourseStatus, SeatStatus
from db.tables import Course, CourseFile, CourseSeat
from tests.company_cast import NOW, Company

HOUR = timedelta(hours=1)
RESULT = "全员会拆洗滤网"
TEXTS = {"headline": "空调清洗培训", "course_content": "拆洗滤网，断电操作"}


def command(company: Company, *, now: datetime = NOW, **facts: Any) -> PlanCourse:
    when = {"starts_at": now + HOUR, "ends_at": now + 3 * HOUR}
    trains = {"course_trainers": [{"trainer_id": company["technician"].id}]}
    return parse(PlanCourse, TEXTS | when | trains | facts)


def plan(
    company: Company,
    who: str = "agent",
    *,
    now: datetime = NOW,
    case_id: int | None = None,
    customer_id: int | None = None,
    **facts: Any,
) -> int:
    """A course that is planned for an hour later; gives its id."""
    asked = command(company, now=now, **facts)
    return company.do(who, actions.plan, asked, case_id=case_id, customer_id=customer_id, now=now)


def invite(company: Company, course_id: int, customer_id: int, name: str, **more: Any) -> int:
    """Somebody more who takes part; gives the id of the seat."""
    asked = InvitePerson(customer_id=customer_id, participant=name)
    return company.do("agent", actions.invite, asked, course_id=course_id, **more)


def hold(company: Company, course_id: int, *, now: datetime = NOW, absent: Any = ()) -> None:
    """It is held two hours later."""
    company.act("technician", Course, course_id, held(absent), now=now + 2 * HOUR)


def held(absent: Any = ()) -> HoldCourse:
    """What is told of a course that was held."""
    told = {"course_result": RESULT, "absentees": [{"seat_id": id} for id in absent]}
    return parse(HoldCourse, told)


def edited(company: Company, **facts: Any) -> EditCourse:
    """The same course, but for these facts."""
    values = command(company, **facts).model_dump(exclude={"starts_at", "ends_at"})
    return EditCourse(**values)


def course(**facts: Any) -> Course:
    """A row."""
    said = {"headline": TEXTS["headline"], "content": TEXTS["course_content"], "address": ""}
    when = {"starts_at": NOW - 2 * HOUR, "ends_at": NOW - HOUR, "held_at": NOW, "result": "r"}
    codes = {"kind": CourseKind.SAFETY, "held_in": CoursePlace.HERE, "status": CourseStatus.HELD}
    marks = {"seats": 9, "pass_mark": 60, "full_mark": 100, "trainers": [], "number": "TR0099"}
    return Course(**said | when | codes | marks | facts)


def fill(s: Any) -> None:
    """Rows of each table, on the stage of the constraint tests."""
    s.course = s.add(course(request_id=s.case.id))
    s.seat = s.add(seat(s))
    s.add(CourseFile(course_id=s.course.id, digest="d", name="a.png", mime="image/png"))


def seat(s: Any, **facts: Any) -> CourseSeat:
    """Somebody with a certificate."""
    said = {"status": SeatStatus.CERTIFIED, "name": "王工", "score": 50, "second_score": 70}
    paper = {"certificate_no": "TC26-0099", "issued_on": NOW.date()}
    who = {"course_id": s.course.id, "customer_id": s.case.customer_id}
    return CourseSeat(**said | paper | who | facts)


SPOILERS: dict[str, Any] = {
    "uq_courses_number": lambda s: s.add(course()),
    "ix_courses_of_case": lambda s: s.add(course(number="TR0098", request_id=s.case.id)),
    "ck_courses_in_order": lambda s: s.change(s.course, ends_at=s.course.starts_at),
    "ck_courses_seats_positive": lambda s: s.change(s.course, seats=0),
    "ck_courses_marks_together": lambda s: s.change(s.course, full_mark=None),
    "ck_courses_mark_range": lambda s: s.change(s.course, pass_mark=101),
    "ck_courses_held_when": lambda s: s.change(s.course, held_at=None),
    "uq_course_seats_certificate_no": lambda s: s.add(seat(s)),
    "ck_course_seats_score_not_negative": lambda s: s.change(s.seat, score=-1),
    "ck_course_seats_second_not_negative": lambda s: s.change(s.seat, second_score=-1),
    "ck_course_seats_first_before_second": lambda s: s.change(s.seat, score=None),
    "ck_course_seats_certificate_in_order": lambda s: s.change(
        s.seat, certificate_until=NOW.date() - timedelta(days=1)
    ),
    "ck_course_seats_certified_whole": lambda s: s.change(s.seat, issued_on=None),
    "uq_course_files_course_id_digest": lambda s: s.add(
        CourseFile(course_id=s.course.id, digest="d", name="b.png", mime="image/png")
    ),
}
