"""A course as a request for training proposes it: what for, about what, at whose place."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.courses.actions import course_of
from core.courses.rules import PLAN
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require, require_case
from core.requests.actions import OPEN
from db.codes import CoursePlace, RequestKind
from db.tables import ServiceRequest

LONGEST = 40


@dataclass(frozen=True)
class Proposed:
    """What a form for a course of a request shows first; the course, where there is one."""

    case_id: int
    number: str
    values: dict[str, Any]
    course: tuple[int, str] | None


def of_case(uow: UnitOfWork, *, case_id: int) -> Proposed:
    """What an open request for training asks for; NotFound for any other."""
    require(uow, PLAN)
    require_case(uow, case_id)
    query = select(ServiceRequest).where(ServiceRequest.id == case_id)
    case = uow.session.scalars(query.options(joinedload(ServiceRequest.asset))).one()
    course = course_of(uow, case_id=case_id)
    if case.kind is not RequestKind.TRAINING or (case.status not in OPEN and not course):
        raise NotFound(subject="course", id=case_id)
    values = {
        "headline": case.symptom.partition("\n")[0][:LONGEST].strip(),
        "course_content": case.symptom,
        "product_id": case.asset.product_id if case.asset else None,
        "held_in": CoursePlace.AT_CUSTOMER,
        "address": case.address,
    }
    return Proposed(case.id, case.number, values, course)
