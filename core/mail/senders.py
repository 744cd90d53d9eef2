"""Whom a mail is from, and to which case it belongs: by what it answers, or by a number.

A number alone is no key: whoever has read one somewhere could write into another one's case.
"""

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, union

from core.customers import finding
from core.kernel import numbers
from core.kernel.unit_of_work import UnitOfWork
from core.mail.letters import Letter
from core.process import changes, history
from db.codes import MailStatus
from db.tables import Customer, CustomerMessage, Mail, ServiceRequest

# What may be a case number inside of a line.
NUMBER = re.compile(r"SR-*\d{6}-*\d{4,}", re.ASCII)
MOST_NUMBERS = 5
OF_A_CASE = (MailStatus.ACCEPTED, MailStatus.ATTACHED)


def customers(uow: UnitOfWork, sender_key: str) -> list[Customer]:
    """The customers whose address it is: by the archive, or as a person said of a mail before."""
    if not sender_key:
        return []
    said = (Mail.sender_key == sender_key) & Mail.is_their_address
    ways = (
        select(finding.now(Customer)).where(Customer.email == sender_key),
        select(finding.now(Customer)).join(Mail, Mail.customer_id == Customer.id).where(said),
    )
    known = Customer.id.in_(union(*ways)) & Customer.erased_at.is_(None)
    return list(uow.session.scalars(select(Customer).where(known).order_by(Customer.id)))


def learn(uow: UnitOfWork, customer_id: int, sender_key: str) -> None:
    """A customer of whom no mailbox is on file has written from this one."""
    customer = uow.session.get_one(Customer, customer_id)
    if sender_key and not customer.email:
        data = changes.write(customer, {"email": sender_key})
        history.record(uow, subject="customer", subject_id=customer.id, action="edited", data=data)


def numbers_in(subject: str) -> tuple[str, ...]:
    """The case numbers that a subject names."""
    plain = numbers.DASHES.sub("-", unicodedata.normalize("NFKC", subject)).upper()
    found = (numbers.read(each) for each in NUMBER.findall(plain))
    return tuple(dict.fromkeys(filter(None, found)))[:MOST_NUMBERS]


def case_of(uow: UnitOfWork, letter: Letter, known: Sequence[Customer]) -> ServiceRequest | None:
    """The case that a mail belongs to, whatever its status; None where that is not sure."""
    if found := _answering_us(uow, letter.answers):
        return found
    theirs = ServiceRequest.customer_id.in_([each.id for each in known])
    answered = select(Mail.request_id).where(Mail.message_id.in_(letter.answers))
    for which in (
        ServiceRequest.id.in_(answered.where(Mail.status.in_(OF_A_CASE))),
        ServiceRequest.number.in_(numbers_in(letter.subject)),
    ):
        if known and (case := _newest(uow, which & theirs)):
            return case
    return None


def _answering_us(uow: UnitOfWork, answers: Sequence[str]) -> ServiceRequest | None:
    """By the name that we gave a mail of ours, which nobody guesses: who answers it has it."""
    names = [each.strip("<>").partition("@")[0] for each in answers]
    sent = select(CustomerMessage.request_id).where(CustomerMessage.reference.in_(names))
    return _newest(uow, ServiceRequest.id.in_(sent)) if names else None


def _newest(uow: UnitOfWork, which: ColumnElement[bool]) -> ServiceRequest | None:
    query = select(ServiceRequest).where(which).order_by(ServiceRequest.id.desc()).limit(1)
    return uow.session.scalar(query)
