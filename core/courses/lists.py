"""The list of courses: those to come, those that were, those that were called off."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from core.courses.rules import CANCELLED, CLOSED, EXCUSED, HELD, PLANNED, READ, courses, seats
from core.kernel.inputs import clean_search
from core.kernel.paging import Page, leaf
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require
from db.codes import CourseKind, CoursePlace, CourseStatus
from db.tables import Course, CourseSeat

SIZE = 25


class CoursePart(StrEnum):
    """Which courses of the list."""

    COMING = "coming"
    PAST = "past"
    CALLED_OFF = "called_off"


STATUSES = {
    CoursePart.COMING: (PLANNED,),
    CoursePart.PAST: (HELD, CLOSED),
    CoursePart.CALLED_OFF: (CANCELLED,),
}


@dataclass(frozen=True)
class Filter:
    """What narrows the list; empty fields do not."""

    text: str = ""
    kind: CourseKind | None = None


@dataclass(frozen=True)
class CourseRow:
    """One line of the list; `late` where it should have been held and nobody has said so."""

    id: int
    number: str
    status: CourseStatus
    kind: CourseKind
    headline: str
    product: str
    held_in: CoursePlace
    starts_at: datetime
    seats: int
    taken: int
    late: bool


def listed(
    uow: UnitOfWork, *, part: CoursePart, filters: Filter = Filter(), page: int = 1
) -> Page[CourseRow]:
    """The courses of a part: the next one first, of those that were the latest."""
    require(uow, READ)
    narrow = _narrow(uow, filters)
    query = courses(uow.actor).where(Course.status.in_(STATUSES[part]), *narrow)
    total = uow.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    when = Course.starts_at if part is CoursePart.COMING else Course.starts_at.desc()
    named = query.add_columns(_taken()).options(joinedload(Course.product))
    found, number = leaf(uow, named.order_by(when, Course.id), page=page, size=SIZE)
    return Page(tuple(_row(uow, *each) for each in found), total, number, size=SIZE)


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many courses are over, and nobody has said what came of them; they are late."""
    over = courses(uow.actor).where(Course.status == PLANNED, Course.ends_at < uow.now)
    return select(func.count(), func.count()).select_from(over.subquery())


def _taken() -> ColumnElement[int]:
    count = select(func.count()).where(CourseSeat.course_id == Course.id)
    return count.where(CourseSeat.status != EXCUSED).scalar_subquery()


def _narrow(uow: UnitOfWork, filters: Filter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if filters.kind:
        where.append(Course.kind == filters.kind)
    if text := clean_search(filters.text):
        who = or_(CourseSeat.name.icontains(text), CourseSeat.certificate_no == text.upper())
        there = seats(uow.actor).where(who).with_only_columns(CourseSeat.course_id)
        said = (Course.headline, Course.content, Course.address)
        ways = [Course.number == text.upper(), Course.id.in_(there)]
        where.append(or_(*ways, *(each.icontains(text) for each in said)))
    return where


def _row(uow: UnitOfWork, row: Course, taken: int) -> CourseRow:
    same = ("id", "number", "status", "kind", "headline", "held_in", "starts_at", "seats")
    return CourseRow(
        **{name: getattr(row, name) for name in same},
        product=f"{row.product.brand} {row.product.model}".strip() if row.product else "",
        taken=taken,
        late=row.status is PLANNED and row.ends_at < uow.now,
    )
