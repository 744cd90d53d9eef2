"""Erase a person on request: what names them is blanked, what was counted and chained stays.

The rows stay, so no figure changes. History is blanked too (core/erasing/told.py).
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import flag_modified

from core.customers import again
from core.erasing import pictures, reach, told
from core.house import HOUSE
from core.kernel.errors import InvalidInput, Problem
from core.kernel.inputs import Input, RequiredText
from core.kernel.known import country
from core.kernel.traces import BLANK, Traces
from core.kernel.unit_of_work import UnitOfWork, seen
from core.knowledge import wordings as knowledge
from core.links import links
from core.process import history
from core.process.permissions import require, require_recent
from core.requests import charging, wordings
from core.requests.actions import ALIVE
from db.base import Base
from db.tables import (
    Article,
    Attachment,
    Contact,
    Contract,
    CourseFile,
    CourseSeat,
    Customer,
    CustomerMessage,
    GoodsReturn,
    History,
    Job,
    Mail,
    MailFile,
    OnlineFile,
    OnlineRequest,
    Quote,
    ServiceRequest,
)

ERASE = "customer:erase"
NAMED = 5
# What is blanked as a whole: it is nothing but the person.
NAMES: dict[type[Base], tuple[str, ...]] = {
    Customer: ("name",),
    Contact: ("name",),
    CourseSeat: ("name",),
    Job: ("confirmed_by", "accepted_by"),
    Quote: ("agreed_by",),
}
EMPTIED: dict[type[Base], dict[str, Any]] = {
    Customer: {"contact": "", "phone": "", "email": "", "address": ""},
    CustomerMessage: {"address": "", "answers": ""},
    MailFile: {"digest": None},
    OnlineRequest: dict.fromkeys(
        ("name", "phone", "phone_key", "email", "address", "body", "came_from"), ""
    ),
    Mail: dict.fromkeys(
        ("sender", "sender_name", "sender_key", "message_id", "subject", "body"), ""
    ),
    Contact: {"phone": ""},
    ServiceRequest: {
        "contact": "",
        "phone": "",
        "address": "",
        "latitude": None,
        "longitude": None,
    },
    Contract: {"paper_name": "", "paper_digest": None},
    GoodsReturn: {"address": ""},
    Job: {"signature": None, "signed_at": None, "signed_by": "", "signed_what": ""},
    Quote: {"signature": None},
}
SAID = ("name", "contact", "email", "address")
NUMBER = "phone"


class EraseCustomer(Input):
    """Erase a person from the archive and from all cases; there is no way back."""

    reason: RequiredText


def erase(uow: UnitOfWork, *, id: int, command: EraseCustomer, seen_version: int) -> None:
    """Blank a customer's name, numbers, addresses and contacts wherever they stand; files go.

    InvalidInput while a case of theirs is open, or money is owed.
    """
    require(uow, ERASE)
    require_recent(uow)
    customer = again.current(uow, id)
    uow.session.refresh(customer, with_for_update=True)
    seen(customer, seen_version)
    if customer.erased_at is not None:
        raise InvalidInput(Problem("form", "erased_already"))
    ids = _one_person(uow, customer)
    _refuse_open(uow, ids)
    links.end_all(uow, ServiceRequest.customer_id.in_(ids))
    rows = reach.of_customers(uow.session, ids)
    shown = pictures.of_rows(rows)
    facts = reach.history_of(uow.session, rows)
    traces = _traces(uow, rows, facts)
    blanks = {table.__tablename__: _blanks(table) for table in {type(row) for row in rows}}
    _blank(uow, rows, blanks, traces)
    customer.erased_at = uow.now
    uow.session.flush()
    gone = pictures.unnamed(uow.session, shown)
    pictures.erase_at_commit(uow.session, gone)
    with told.opened(uow):
        data: dict[str, Any] = {
            history.ERASED_FILES: gone,
            history.VOUCHED: told.blank_facts(uow, facts, traces),
            history.VOUCHED_SEALS: told.blank_changes(uow, rows, blanks, traces),
        }
    _record(uow, customer, traces.blanked(command.reason), data)
    told.blank_own(uow, blanks, traces)


def _one_person(uow: UnitOfWork, customer: Customer) -> list[int]:
    """The customer with all who were joined into it."""
    joined = select(Customer.id).where(Customer.joined_into_id == customer.id)
    return [customer.id, *uow.session.scalars(joined)]


def _refuse_open(uow: UnitOfWork, ids: Sequence[int]) -> None:
    of_theirs = ServiceRequest.customer_id.in_(ids)
    cases = select(ServiceRequest).where(of_theirs).options(joinedload(ServiceRequest.revision))
    requests = uow.session.scalars(cases.order_by(ServiceRequest.id)).all()
    going_on = _going_on(uow, ids)
    running = [each for each in requests if each.status in ALIVE or each.id in going_on]
    if running:
        raise InvalidInput(_problem("case_open", running))
    unpaid = [each for each in requests if charging.owed(uow, each) or _owes(uow, each)]
    if unpaid:
        raise InvalidInput(_problem("customer_owes", unpaid))


def _going_on(uow: UnitOfWork, ids: Sequence[int]) -> set[int]:
    """The cases whose file waits for a step though the case itself is over."""
    found: set[int] = set()
    for file in HOUSE.files.values():
        table = file.process.table
        query = (
            select(table.request_id)
            .join(ServiceRequest, ServiceRequest.id == table.request_id)
            .where(ServiceRequest.customer_id.in_(ids), table.status.in_(file.open))
        )
        found |= set(uow.session.scalars(query))
    return found


def _owes(uow: UnitOfWork, request: ServiceRequest) -> bool:
    """Whether the customer still owes something for a return."""
    query = select(GoodsReturn.id).where(
        GoodsReturn.request_id == request.id,
        GoodsReturn.owed_cents > 0,
        GoodsReturn.paid_at.is_(None),
    )
    return uow.session.scalar(query.limit(1)) is not None


def _problem(code: str, cases: Sequence[ServiceRequest]) -> Problem:
    numbers = ", ".join(each.number for each in cases[:NAMED])
    return Problem("form", code, {"numbers": numbers})


def _traces(uow: UnitOfWork, rows: Sequence[Base], facts: Sequence[History]) -> Traces:
    """Every name, number and address of the person, also those of before an edit."""
    texts: list[str] = []
    numbers: list[str] = []
    for row in rows:
        if isinstance(row, Attachment | CourseFile | CourseSeat | MailFile | OnlineFile):
            texts.append(row.name)
        if isinstance(row, OnlineRequest):
            texts += (row.name, row.email, row.address)
            numbers.append(row.phone)
        if isinstance(row, Mail):
            texts += (row.sender, row.sender_name)
        if isinstance(row, CustomerMessage):
            texts.append(row.address)
            numbers.append(row.address)
        if isinstance(row, Customer | Contact | ServiceRequest):
            numbers.append(row.phone)
            texts += (getattr(row, name, "") for name in SAID)
    for fact in facts:
        texts.append(fact.data.get(history.CAME_FROM, ""))
        if fact.subject in ("customer", "request"):
            numbers += _before(fact, NUMBER)
            texts += (each for name in SAID for each in _before(fact, name))
    return Traces.of(texts, numbers, country(uow.session))


def _before(fact: History, name: str) -> list[str]:
    """The old and the new value of a fact that was edited."""
    pair = fact.data.get(name)
    return [each for each in pair if isinstance(each, str)] if isinstance(pair, list) else []


def _blank(uow: UnitOfWork, rows: Sequence[Base], blanks: told.Blanks, traces: Traces) -> None:
    for row in rows:
        for name, blank in blanks[row.__tablename__].items():
            before = getattr(row, name)
            after = told.blanked(before, blank, traces)
            if after != before:
                setattr(row, name, after)
                flag_modified(row, name)
    uow.session.flush()
    cases = (row for row in rows if isinstance(row, ServiceRequest))
    told_in = [(case.id, case.symptom) for case in cases]
    wordings.remember_many(uow, told_in)
    knowledge.remember(uow, [row for row in rows if isinstance(row, Article)])
    knowledge.remember_answered(uow, [id for id, _text in told_in])


def _blanks(table: type[Base]) -> dict[str, Any]:
    """What stands in the columns of a table once the person is erased (told.Blanks)."""
    texts = dict.fromkeys(reach.texts_of(table), told.TRACES)
    return texts | dict.fromkeys(NAMES.get(table, ()), BLANK) | EMPTIED.get(table, {})


def _record(uow: UnitOfWork, customer: Customer, reason: str, data: dict[str, Any]) -> None:
    about: dict[str, Any] = {"subject": "customer", "subject_id": customer.id}
    history.record(uow, **about, action=history.ERASED, note=reason, data=data)
