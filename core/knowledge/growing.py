"""An article that grows from the answer of a case: its words, without the customer."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.kernel.errors import InvalidInput, NotFound, Problem
from core.kernel.known import country
from core.kernel.traces import Traces
from core.kernel.unit_of_work import UnitOfWork
from core.knowledge.inputs import EditArticle
from core.knowledge.rules import WRITE
from core.process.permissions import require, require_case
from db.tables import Asset, Contact, ServiceRequest

TEXTS = ("headline", "question", "answer")
LONGEST_TITLE = 40


@dataclass(frozen=True)
class Grown:
    """What a form for an article of a case shows first; `left_out` when it named somebody."""

    case_id: int
    number: str
    values: dict[str, Any]
    left_out: bool


def grown(uow: UnitOfWork, *, case_id: int) -> Grown | None:
    """The question and the answer of a case; None while it has no answer."""
    require(uow, WRITE)
    case = case_of(uow, case_id)
    if not case.answer:
        return None
    traces = _traces(uow, case)
    question, answer = (traces.blanked(text) for text in (case.symptom, case.answer))
    values = {
        "headline": question.partition("\n")[0][:LONGEST_TITLE].strip(),
        "question": question,
        "answer": answer,
        "product_id": case.asset.product_id if case.asset else None,
        "fault_area": case.fault_area,
        "case_class": case.case_class or None,
    }
    left_out = (question, answer) != (case.symptom, case.answer)
    return Grown(case.id, case.number, values, left_out)


def case_of(uow: UnitOfWork, case_id: int) -> ServiceRequest:
    """A case that the actor may see, with whom and what it is about."""
    require_case(uow, case_id)
    with_all = (joinedload(ServiceRequest.customer), joinedload(ServiceRequest.asset))
    query = select(ServiceRequest).where(ServiceRequest.id == case_id).options(*with_all)
    case = uow.session.scalar(query)
    if case is None:
        raise NotFound(subject="request", id=case_id)
    return case


def refuse_names(uow: UnitOfWork, case: ServiceRequest | None, command: EditArticle) -> None:
    """InvalidInput where a text names the customer of its case and nobody has said otherwise."""
    if case is None or command.names_nobody:
        return
    traces = _traces(uow, case)
    texts = {name: getattr(command, name) for name in TEXTS}
    wrong = [name for name, text in texts.items() if traces.blanked(text) != text]
    if wrong:
        raise InvalidInput(*(Problem(name, "names_customer") for name in wrong))


def _traces(uow: UnitOfWork, case: ServiceRequest) -> Traces:
    customer, piece = case.customer, case.asset
    contacts = uow.session.scalars(select(Contact).where(Contact.customer_id == customer.id)).all()
    texts = [customer.name, customer.contact, customer.address, case.contact, case.address]
    texts += (each.name for each in contacts)
    texts += _serials(piece) if piece else ()
    numbers = [customer.phone, case.phone, *(each.phone for each in contacts)]
    return Traces.of(texts, numbers, country(uow.session))


def _serials(piece: Asset) -> tuple[str, ...]:
    return (piece.serial,) if piece.serial else ()
