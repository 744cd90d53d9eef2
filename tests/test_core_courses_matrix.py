"""Courses and their people: every action in every state by everybody, told by hand."""

from functools import partial
from typing import Any

import pytest

from core.courses import actions, seats
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
from core.house import HOUSE
from core.kernel.inputs import parse
from core.kernel.unit_of_work import Actor, unit_of_work
from core.process.rules import Process
from db.codes import CourseStatus, SeatStatus
from db.tables import Course, CourseSeat
from tests import courses, stored_rows
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

PLANNERS = "agent dispatcher support manager"
TRAINERS = f"{PLANNERS} technician quality"
NOTE = {"note": "说明"}
cell = partial(Cells, kinds="course")
trains = partial(cell, roles=TRAINERS, not_for="not_trainer")
COURSE_CELLS = (
    trains("hold_course", "held", "planned", "held"),
    cell("edit_course", "edited", "planned", None, PLANNERS),
    cell("move_course", "moved", "planned", None, PLANNERS),
    cell("cancel_course", "cancelled", "planned", "cancelled", PLANNERS),
    cell("close_course", "closed", "held", "closed", PLANNERS),
    trains("correct_result", "corrected", "held", None),
)
MISSED = "invited absent excused"
HELD, OVER = "held held_exam", "held held_exam closed closed_exam"
ON = f"planned planned_exam {HELD}"
ALIVE = f"planned planned_exam {OVER}"
EVERY = "invited attended absent excused certified revoked"
seated = partial(Cells, roles=PLANNERS)
told = partial(Cells, roles=TRAINERS, not_for="not_trainer", kinds=HELD)
SEAT_CELLS = (
    told("record_score", "examined", "attended", None, kinds="held_exam"),
    seated("certify", "certified", "attended revoked", "certified", kinds=OVER),
    seated(
        "revoke_certificate",
        "revoked",
        "certified",
        "revoked",
        kinds=f"{ALIVE} cancelled cancelled_exam",
    ),
    told("mark_attended", "attended", MISSED, "attended"),
    told("mark_absent", "absent", "invited", "absent"),
    told("mark_absent", "absent", "attended", "absent", kinds="held"),
    seated("excuse_person", "excused", "invited absent", "excused", kinds=ON),
    seated("edit_person", "edited", EVERY, None, kinds=ALIVE),
)


@pytest.mark.parametrize("status", CourseStatus)
def test_a_course_moves_as_the_table_says(sqlite_company: Company, status: CourseStatus) -> None:
    company = sqlite_company
    asked = courses.command(company)
    samples = (
        parse(HoldCourse, {"course_result": "会了"}),
        EditCourse(**asked.model_dump(exclude={"starts_at", "ends_at"})),
        MoveCourse(starts_at=asked.starts_at, ends_at=asked.ends_at, **NOTE),
        CancelCourse(**NOTE),
        CloseCourse(),
        CorrectResult(course_result="都会了"),
    )
    check_no_rule_is_left_out(actions.PROCESS, samples, COURSE_CELLS)
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        row = stored_rows.add(uow.session, _course(company, status=status))
        stand = _stand(company, actions.PROCESS, row, "course", COURSE_CELLS)
        check_stand(uow, stand, _everybody(company), samples)


@pytest.mark.parametrize("has_exam", [False, True], ids=["plain", "exam"])
@pytest.mark.parametrize("of", CourseStatus)
def test_who_takes_part_moves_as_the_table_says(
    sqlite_company: Company, of: CourseStatus, has_exam: bool
) -> None:
    company = sqlite_company
    samples = (
        RecordScore(exam_score=60),
        Certify(),
        RevokeCertificate(**NOTE),
        MarkAttended(),
        MarkAbsent(),
        ExcusePerson(**NOTE),
        EditPerson(participant="王工"),
    )
    check_no_rule_is_left_out(seats.PROCESS, samples, SEAT_CELLS)
    kind = f"{of.value}_exam" if has_exam else of.value
    marks = {} if has_exam else {"pass_mark": None, "full_mark": None}
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        course = stored_rows.add(uow.session, _course(company, status=of, **marks))
        customer = stored_rows.customer(uow.session)
        for n, status in enumerate(SeatStatus):
            was_there = status.value in ("attended", "certified", "revoked")
            facts: dict[str, Any] = {"course": course, "customer": customer, "status": status}
            facts |= {"name": f"某人{n}", "score": 90 if has_exam and was_there else None}
            facts |= {"certificate_no": f"X{n}", "issued_on": NOW.date()}
            row = stored_rows.add(uow.session, CourseSeat(**facts))
            stand = _stand(company, seats.PROCESS, row, kind, SEAT_CELLS)
            check_stand(uow, stand, _everybody(company), samples)


def _course(company: Company, **facts: Any) -> Course:
    trains = [company["technician"].id]
    return courses.course(station_id=company.NORTH, trainers=trains, **facts)


def _everybody(company: Company) -> list[Actor]:
    return [actor for actor in company.people.values() if actor.id is not None]


def _stand(
    company: Company, process: Process, row: Any, kind: str, cells: tuple[Cells, ...]
) -> Stand:
    hidden = [company[each].id for each in ("warehouse", "finance", "handler", "admin")]
    everybody = _everybody(company)
    free = [each.id for each in everybody if each.role and each.role.value in PLANNERS.split()]
    free.append(company["technician"].id)
    relations = {"not_trainer": [each.id for each in everybody if each.id not in free]}
    return Stand(process, row, row.status.value, kind, None, cells, relations, (), hidden)
