"""The certificate of somebody who was trained, as a paper (C11)."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.courses.rules import CERTIFIED, READ, seats
from core.courses.seats import PROCESS, best
from core.courses.view import names_of
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers.placeholders import Facts, made
from core.papers.speech import Speech
from core.process import workflow
from core.process.permissions import require
from core.requests import papers as common
from db.tables import Course, CourseSeat, Product


@dataclass(frozen=True)
class CertificateFacts(Facts):
    """What the certificate says."""

    participant: str
    customer: str
    headline: str
    course_number: str
    course_kind: str
    product: str
    held_on: str
    trainers: str
    content: str
    score: str
    full_mark: str
    issued: str
    valid_until: str


def certificate(uow: UnitOfWork, speech: Speech, *, seat_id: int) -> CertificateFacts:
    """What the certificate of a seat says; NotFound where there is none, or it was revoked."""
    require(uow, READ)
    row: CourseSeat = workflow.fetch(uow, PROCESS, seat_id)
    if row.status is not CERTIFIED:
        raise NotFound(subject="certificate", id=seat_id)
    return made(CertificateFacts, {**common.house(uow, speech), **_facts(uow, row, speech)})


def of_case(uow: UnitOfWork, case_id: int) -> Mapping[str, int]:
    """The newest certificate of the course that answers a case; NotFound without."""
    of_it = seats(uow.actor).where(Course.request_id == case_id, CourseSeat.status == CERTIFIED)
    ids = of_it.with_only_columns(CourseSeat.id).order_by(CourseSeat.id.desc())
    found = uow.session.scalar(ids.limit(1))
    if found is None:
        raise NotFound(subject="certificate", id=case_id)
    return {"seat_id": found}


def _facts(uow: UnitOfWork, row: CourseSeat, speech: Speech) -> dict[str, str]:
    course, reached = row.course, best(row)
    product = uow.session.get(Product, course.product_id) if course.product_id else None
    from_on, until_on = speech.moment(course.starts_at), speech.moment(course.ends_at)
    return {
        "number": row.certificate_no or "",
        "participant": row.name,
        "customer": row.customer.name,
        "headline": course.headline,
        "course_number": course.number,
        "course_kind": speech.code(course.kind),
        "product": f"{product.brand} {product.model}".strip() if product else "",
        "held_on": f"{from_on} – {until_on}",
        "trainers": "、".join(names_of(uow, course.trainers)),
        "content": course.content,
        "score": "" if reached is None else str(reached),
        "full_mark": "" if course.full_mark is None else str(course.full_mark),
        "issued": speech.day(row.issued_on),
        "valid_until": speech.day(row.certificate_until),
    }
