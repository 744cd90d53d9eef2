"""Courses: planned, edited, moved, held, closed, cancelled (C11)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.courses import seats
from core.courses.inputs import (
    USUAL_FULL,
    CancelCourse,
    CloseCourse,
    CorrectResult,
    EditCourse,
    HoldCourse,
    InvitePerson,
    MoveCourse,
    PlanCourse,
)
from core.courses.rules import COURSE_RULES, GOES_ON, PLAN, TRAIN, courses
from core.customers import again, catalogue
from core.customers.customers import require_own
from core.kernel import numbers
from core.kernel.errors import InvalidInput, NotFound, Problem, WrongStatus
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import changes, workflow
from core.process.permissions import GRANTS, may, require, require_case
from core.process.rules import Done, Happening, Process
from core.requests import actions as requests
from db.codes import CourseStatus, RequestKind
from db.tables import Course, Person, ServiceRequest

SERIES = "TR"
COLUMNS = {
    "course_kind": "kind",
    "course_content": "content",
    **{
        name: name
        for name in ("headline", "product_id", "held_in", "address", "seats", "pass_mark")
    },
}


def plan(
    uow: UnitOfWork,
    command: PlanCourse,
    *,
    case_id: int | None = None,
    customer_id: int | None = None,
) -> int:
    """Plan a course, of a request or of a customer who takes part first; gives its id."""
    require(uow, PLAN)
    case = case_of(uow, case_id) if case_id else None
    customer = again.known(uow, customer_id) if customer_id else None
    if customer:
        require_own(uow, customer)
    station_id = case.station_id if case else uow.actor.station_id
    row = Course(station_id=station_id, request=case, trainers=[])
    _refuse_unknown(uow, row, command)
    _write(row, command)
    row.number = f"{SERIES}{numbers.next_value(uow.session, SERIES):04d}"
    row.starts_at, row.ends_at = command.starts_at, command.ends_at
    workflow.begin(uow, PROCESS, row, Done(note=f"{row.number} {row.headline}"))
    if case:
        seats.take(uow, row, case.customer, case.contact or case.customer.name)
    elif customer:
        seats.take(uow, row, customer, customer.contact or customer.name)
    return row.id


def case_of(uow: UnitOfWork, case_id: int) -> ServiceRequest:
    """A request for training that no course answers yet; InvalidInput where one does."""
    require_case(uow, case_id)
    of_it = select(ServiceRequest).where(ServiceRequest.id == case_id)
    held = of_it.options(joinedload(ServiceRequest.customer)).with_for_update(of=ServiceRequest)
    case = uow.session.scalars(held).one()
    if case.kind is not RequestKind.TRAINING or case.status not in requests.OPEN:
        raise NotFound(subject="course", id=case_id)
    if course_of(uow, case_id=case.id) is not None:
        raise InvalidInput(Problem("form", "course_planned"))
    return case


def course_of(uow: UnitOfWork, *, case_id: int) -> tuple[int, str] | None:
    """The id and the number of the course that answers a case; None where none does."""
    require_case(uow, case_id)
    query = select(Course.id, Course.number).where(Course.request_id == case_id)
    alive = query.where(Course.status != CourseStatus.CANCELLED)
    found = uow.session.execute(alive).one_or_none()
    return (found[0], found[1]) if found else None


def invite(uow: UnitOfWork, command: InvitePerson, *, course_id: int) -> int:
    """Somebody of a customer is to take part; gives the id of the seat."""
    require(uow, PLAN)
    row: Course = workflow.fetch(uow, PROCESS, course_id, lock=True)
    if row.status not in GOES_ON:
        raise WrongStatus(subject="course", status=row.status.value, action="invite")
    customer = again.known(uow, command.customer_id)
    require_own(uow, customer)
    return seats.take(uow, row, customer, command.participant).id


def products(uow: UnitOfWork, _course: Any = None) -> Mapping[int, str]:
    """What a course may be about."""
    return catalogue.names(uow)


def trainers(uow: UnitOfWork, course: Course | None = None) -> Mapping[int, str]:
    """Who may train: after-sales staff of the course's station, and of the whole company."""
    station_id = course.station_id if course else uow.actor.station_id
    roles = [role for role, granted in GRANTS.items() if granted & {PLAN, TRAIN}]
    query = select(Person.id, Person.name).where(Person.active, Person.role.in_(roles))
    if station_id is not None:
        is_near = (Person.station_id == station_id) | Person.station_id.is_(None)
        query = query.where(is_near)
    return dict(uow.session.execute(query.order_by(Person.name, Person.id)).all())


def may_add(actor: Actor, course: Course) -> bool:
    """Whether somebody may change the material: who plans, or trains here, while it goes on."""
    is_own = may(actor, PLAN) or (may(actor, TRAIN) and actor.id in course.trainers)
    return is_own and course.status in GOES_ON


def answer(uow: UnitOfWork, held: Happening) -> None:
    """A course that was held answers the request that it was planned for."""
    case_id, said = held.record.request_id, held.record.result
    case = uow.session.get(ServiceRequest, case_id) if case_id else None
    if case is None or case.status is not requests.REGISTERED:
        return  # answered by hand meanwhile, or somebody was sent
    case.answer = said
    requests.resolve(uow, case, "answered", Done(note=said))


def _write(row: Course, command: EditCourse) -> dict[str, list[Any]]:
    values = {column: getattr(command, field) for field, column in COLUMNS.items()}
    full = None if command.pass_mark is None else command.full_mark or USUAL_FULL
    people = list(dict.fromkeys(line.trainer_id for line in command.course_trainers))
    return changes.write(row, values | {"full_mark": full, "trainers": people})


def _refuse_unknown(uow: UnitOfWork, row: Course, command: EditCourse) -> None:
    offered, wrong = trainers(uow, row), []
    for number, line in enumerate(command.course_trainers):
        if line.trainer_id not in offered:
            wrong.append(Problem(f"course_trainers.{number}.trainer_id", "not_an_option"))
    if command.product_id and command.product_id not in products(uow):
        wrong.append(Problem("product_id", "not_an_option"))
    if wrong:
        raise InvalidInput(*wrong)


def _edit(uow: UnitOfWork, row: Course, command: EditCourse) -> Done:
    if command.seats < (n := seats.taken(uow, row.id)):
        raise InvalidInput(Problem("seats", "more_people", {"n": n}))
    return Done(data=_write(row, command))


def _move(_uow: UnitOfWork, row: Course, command: MoveCourse) -> Done:
    values = {"starts_at": command.starts_at, "ends_at": command.ends_at}
    return Done(note=command.note, data=changes.write(row, values))


def _hold(uow: UnitOfWork, row: Course, command: HoldCourse) -> Done:
    if row.starts_at > uow.now:
        raise InvalidInput(Problem("form", "course_in_future"))
    row.held_at, row.result = uow.now, command.course_result
    absent = sorted({line.seat_id for line in command.absentees})
    return Done(note=command.course_result, data={"absent": absent})


def _correct(_uow: UnitOfWork, row: Course, command: CorrectResult) -> Done:
    return Done(
        note=command.course_result, data=changes.write(row, {"result": command.course_result})
    )


def _said(_uow: UnitOfWork, _row: Course, command: CloseCourse | CancelCourse) -> Done:
    return Done(note=command.note)


def _propose(_uow: UnitOfWork, row: Course) -> dict[str, Any]:
    values = {field: getattr(row, column) for field, column in COLUMNS.items()}
    return values | {"course_trainers": [{"trainer_id": id} for id in row.trainers]}


PROCESS = Process(
    subject="course",
    rules=COURSE_RULES,
    effects={
        HoldCourse: _hold,
        EditCourse: _edit,
        MoveCourse: _move,
        CancelCourse: _said,
        CloseCourse: _said,
        CorrectResult: _correct,
    },
    select=courses,
    table=Course,
    case_id=lambda row: None,
    options={"products": products, "trainers": trainers, "invited": seats.invited},
    proposals={
        EditCourse: _propose,
        CorrectResult: lambda _uow, row: {"course_result": row.result},
    },
)
