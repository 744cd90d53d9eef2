"""Who takes part in a course: invited, there or not, examined, certified (C11)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.courses.inputs import (
    Certify,
    EditPerson,
    ExcusePerson,
    MarkAbsent,
    MarkAttended,
    RecordScore,
    RevokeCertificate,
)
from core.courses.rules import EXCUSED, INVITED, SEAT_RULES, seats
from core.kernel import numbers
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.process import changes, workflow
from core.process.rules import Done, Happening, Process
from db.tables import Course, CourseSeat, Customer


def take(uow: UnitOfWork, course: Course, customer: Customer, name: str) -> CourseSeat:
    """Somebody of a customer takes part; InvalidInput where they do already, or all is taken."""
    _refuse_twice(uow, course.id, customer.id, name)
    _refuse_full(uow, course)
    row = CourseSeat(course=course, customer=customer, name=name)
    data = {"course": course.number, "customer_id": customer.id}
    workflow.begin(uow, PROCESS, row, Done(note=name, data=data))
    return row


def taken(uow: UnitOfWork, course_id: int) -> int:
    """How many seats of a course are taken, by customers of whatever station."""
    query = select(func.count()).select_from(CourseSeat)
    here = query.where(CourseSeat.course_id == course_id, CourseSeat.status != EXCUSED)
    return uow.session.scalar(here) or 0


def invited(uow: UnitOfWork, course: Course) -> Mapping[int, str]:
    """Who was invited to a course, of the customers that the actor may read."""
    query = seats(uow.actor).where(CourseSeat.course_id == course.id, CourseSeat.status == INVITED)
    rows = uow.session.scalars(query.order_by(CourseSeat.name, CourseSeat.id))
    return {row.id: f"{row.name} · {row.customer.name}" for row in rows}


def count(uow: UnitOfWork, held: Happening) -> None:
    """Whoever was invited to a course that was held was there, or was named as absent."""
    of_it = CourseSeat.course_id == held.record.id
    query = select(CourseSeat).where(of_it, CourseSeat.status == INVITED)
    rows = uow.session.scalars(query.options(joinedload(CourseSeat.course)).order_by(CourseSeat.id))
    for row in rows.all():
        fact = "absent" if row.id in held.done.data["absent"] else "attended"
        workflow.advance(uow, PROCESS, row, fact)


def best(row: CourseSeat) -> int | None:
    """What counts of the tries."""
    return row.score if row.second_score is None else row.second_score


def has_passed(row: CourseSeat) -> bool | None:
    """Whether the exam is passed; None where there is none, or none was taken."""
    mark, reached = row.course.pass_mark, best(row)
    return None if mark is None or reached is None else reached >= mark


def _refuse_twice(uow: UnitOfWork, course_id: int, customer_id: int, name: str) -> None:
    of_theirs = CourseSeat.course_id == course_id, CourseSeat.customer_id == customer_id
    same = select(CourseSeat.id).where(*of_theirs, CourseSeat.name == name)
    if uow.session.scalar(same) is not None:
        raise InvalidInput(Problem("participant", "invited_already"))


def _refuse_full(uow: UnitOfWork, course: Course) -> None:
    if taken(uow, course.id) >= course.seats:
        raise InvalidInput(Problem("form", "no_seat", {"n": course.seats}))


def _edit(uow: UnitOfWork, row: CourseSeat, command: EditPerson) -> Done:
    if command.participant != row.name:
        _refuse_twice(uow, row.course_id, row.customer_id, command.participant)
    values = {"name": command.participant, "opinion": command.opinion}
    return Done(data=changes.write(row, values))


def _attended(uow: UnitOfWork, row: CourseSeat, command: MarkAttended) -> Done:
    if row.status is EXCUSED:
        _hold(uow, row)
        _refuse_full(uow, row.course)
    return Done(note=command.note)


def _missed(_uow: UnitOfWork, _row: CourseSeat, command: MarkAbsent | ExcusePerson) -> Done:
    return Done(note=command.note)


def _examine(_uow: UnitOfWork, row: CourseSeat, command: RecordScore) -> Done:
    full, mark = row.course.full_mark or 0, row.course.pass_mark or 0
    tries = {"exam_score": command.exam_score, "second_score": command.second_score}
    wrong = [
        Problem(name, "above_full_mark", {"n": full})
        for name, reached in tries.items()
        if reached is not None and reached > full
    ]
    if command.second_score is not None and command.exam_score >= mark:
        wrong.append(Problem("second_score", "passed_already"))
    if wrong:
        raise InvalidInput(*wrong)
    values = {"score": command.exam_score, "second_score": command.second_score}
    return Done(data=changes.write(row, values))


def _certify(uow: UnitOfWork, row: CourseSeat, command: Certify) -> Done:
    if row.course.pass_mark is not None and not has_passed(row):
        raise InvalidInput(Problem("form", "not_passed"))
    if command.valid_until is not None and command.valid_until < uow.today:
        raise InvalidInput(Problem("valid_until", "in_the_past"))
    year = f"TC{uow.today:%y}"
    row.certificate_no = f"{year}-{numbers.next_value(uow.session, year):04d}"
    row.issued_on, row.certificate_until = uow.today, command.valid_until
    return Done(note=row.certificate_no, data={"name": row.name})


def _revoke(_uow: UnitOfWork, row: CourseSeat, command: RevokeCertificate) -> Done:
    return Done(note=command.note, data={"number": row.certificate_no})


def _hold(uow: UnitOfWork, row: CourseSeat) -> None:
    """Two who take the last seat at once: the second waits here."""
    uow.session.refresh(row.course, with_for_update=True)


def _said(_uow: UnitOfWork, row: CourseSeat) -> dict[str, Any]:
    return {"participant": row.name}


PROCESS = Process(
    subject="course_seat",
    rules=SEAT_RULES,
    effects={
        RecordScore: _examine,
        Certify: _certify,
        RevokeCertificate: _revoke,
        MarkAttended: _attended,
        MarkAbsent: _missed,
        ExcusePerson: _missed,
        EditPerson: _edit,
    },
    select=seats,
    table=CourseSeat,
    case_id=lambda row: None,
    proposals={
        EditPerson: _said,
        RecordScore: lambda _uow, row: {"exam_score": row.score},
    },
)
