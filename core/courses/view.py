"""A course as a screen sees it, with who takes part, and the share of one customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from core.courses import actions
from core.courses import seats as people
from core.courses.actions import PROCESS
from core.courses.inputs import MOST_SEATS
from core.courses.rules import READ, own, seats
from core.customers import again, readings
from core.kernel.unit_of_work import UnitOfWork
from core.process import changes, workflow
from core.process.changes import Change
from core.process.permissions import require, tie
from core.process.rules import Rule
from db.codes import CourseKind, CoursePlace, CourseStatus, SeatStatus
from db.tables import Course, CourseSeat, Person

MOST = 200


@dataclass(frozen=True)
class SeatView:
    """Somebody who takes part, with what may be done about them."""

    id: int
    version: int
    name: str
    customer_id: int
    customer: str
    status: SeatStatus
    score: int | None
    second_score: int | None
    passed: bool | None
    certificate_no: str
    issued_on: date | None
    certificate_until: date | None
    # Whether its last day is past.
    is_over: bool
    opinion: str
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class CourseView:
    """A course; `taken` counts the seats of all stations, `people` are those that one may read."""

    id: int
    version: int
    number: str
    status: CourseStatus
    kind: CourseKind
    headline: str
    content: str
    product: str
    trainers: tuple[str, ...]
    held_in: CoursePlace
    address: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    taken: int
    pass_mark: int | None
    full_mark: int | None
    result: str
    # The request that it answers, for those who see it.
    case: tuple[int, str] | None
    people: tuple[SeatView, ...]
    # Whether the actor may change its material.
    may_add: bool
    actions: tuple[Rule, ...]


@dataclass(frozen=True)
class Training:
    """One course of somebody of a customer, for the archive; no id where it is not to be seen."""

    course_id: int | None
    number: str
    headline: str
    kind: CourseKind
    course_status: CourseStatus
    starts_at: datetime
    seat: SeatView


_SAME = (
    *("id", "version", "number", "status", "kind", "headline", "content", "held_in", "address"),
    *("starts_at", "ends_at", "seats", "pass_mark", "full_mark", "result"),
)


def view(uow: UnitOfWork, *, id: int) -> CourseView:
    """One course, if the actor may see it; NotFound otherwise."""
    require(uow, READ)
    row: Course = workflow.fetch(uow, PROCESS, id, options=(joinedload(Course.product),))
    query = seats(uow.actor).where(CourseSeat.course_id == row.id)
    found = uow.session.scalars(query.order_by(CourseSeat.id).limit(MOST_SEATS)).all()
    facts: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    return CourseView(
        **facts,
        product=f"{row.product.brand} {row.product.model}".strip() if row.product else "",
        trainers=names_of(uow, row.trainers),
        taken=people.taken(uow, row.id),
        case=tie(uow, row.request_id),
        people=tuple(_seat(uow, each) for each in found),
        may_add=actions.may_add(uow.actor, row),
        actions=PROCESS.allowed(uow.actor, row),
    )


def edits(uow: UnitOfWork, *, id: int) -> tuple[Change, ...]:
    """What was changed of a course while it was planned."""
    require(uow, READ)
    row = workflow.fetch(uow, PROCESS, id)
    return changes.of_record(uow, subject="course", subject_id=row.id)


def of_customer(uow: UnitOfWork, *, customer_id: int) -> tuple[Training, ...]:
    """The training of a customer's people, the latest first; nothing where the archive is shut."""
    require(uow, "search:use")
    if not readings.is_open(uow, customer_id):
        return ()
    query = select(CourseSeat, own(uow.actor)).join(CourseSeat.course).join(CourseSeat.customer)
    loaded = (contains_eager(CourseSeat.course), contains_eager(CourseSeat.customer))
    of_theirs = query.where(CourseSeat.customer_id == again.current(uow, customer_id).id)
    latest = of_theirs.order_by(Course.starts_at.desc(), CourseSeat.id).limit(MOST)
    return tuple(
        _training(uow, row, is_seen)
        for row, is_seen in uow.session.execute(latest.options(*loaded))
    )


def names_of(uow: UnitOfWork, ids: Sequence[int]) -> tuple[str, ...]:
    """The names of people, in the order in which they were named."""
    found = dict(
        uow.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all()
    )
    return tuple(found[id] for id in ids if id in found)


def _training(uow: UnitOfWork, row: CourseSeat, is_seen: bool) -> Training:
    course = row.course
    return Training(
        course_id=course.id if is_seen else None,
        number=course.number,
        headline=course.headline,
        kind=course.kind,
        course_status=course.status,
        starts_at=course.starts_at,
        seat=_seat(uow, row),
    )


_SEAT = (
    *("id", "version", "name", "customer_id", "status", "score", "second_score", "issued_on"),
    *("certificate_until", "opinion"),
)


def _seat(uow: UnitOfWork, row: CourseSeat) -> SeatView:
    facts: dict[str, Any] = {name: getattr(row, name) for name in _SEAT}
    last = row.certificate_until
    return SeatView(
        **facts,
        customer=row.customer.name,
        passed=people.has_passed(row),
        certificate_no=row.certificate_no or "",
        is_over=last is not None and last < uow.today,
        actions=people.PROCESS.allowed(uow.actor, row),
    )
