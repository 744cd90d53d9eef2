"""The contacts of a customer: whom else to call, and what for (C9)."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from core.customers import again, readings
from core.customers.customers import EDITS, require_own
from core.kernel.inputs import Input, LineText, Phone, RequiredLine, RequiredText
from core.kernel.unit_of_work import UnitOfWork, seen
from core.process import history, masked
from core.process.changes import differences
from core.process.permissions import require
from db.tables import Contact


class ContactLine(Input):
    """One contact: the name, what they are to the customer, the number."""

    name: RequiredLine
    contact_role: LineText = ""
    phone: Phone = ""


class SetContacts(Input):
    """Who else is called of a customer, and why that changed."""

    contacts: Annotated[list[ContactLine], Field(max_length=30)] = []
    reason: RequiredText


@dataclass(frozen=True)
class ContactView:
    """One contact of a customer."""

    name: str
    contact_role: str
    phone: str


def of_customer(uow: UnitOfWork, *, customer_id: int) -> tuple[ContactView, ...]:
    """The contacts of a customer whose archive is open to the actor."""
    customer = again.current(uow, customer_id)
    readings.require_read(uow, customer.id)
    return tuple(
        ContactView(row.name, row.role, masked.phone(uow.actor, row.phone))
        for row in _rows(uow, customer.id)
    )


def put(uow: UnitOfWork, *, id: int, command: SetContacts, seen_version: int) -> None:
    """Write down the contacts of a customer in place of those before, by who calls them."""
    require(uow, EDITS)
    require(uow, masked.CALLS)
    customer = again.current(uow, id)
    require_own(uow, customer)
    seen(customer, seen_version)
    before = _rows(uow, customer.id)
    for row in before:
        uow.session.delete(row)
    new = [_row(customer.id, line) for line in command.contacts]
    uow.session.add_all(new)
    flag_modified(customer, "contact")
    uow.session.flush()
    data = differences({"contacts": _said(before)}, {"contacts": _said(new)})
    history.record(
        uow,
        subject="customer",
        subject_id=customer.id,
        action="edited",
        note=command.reason,
        data=data,
    )


def _rows(uow: UnitOfWork, customer_id: int) -> list[Contact]:
    query = select(Contact).where(Contact.customer_id == customer_id).order_by(Contact.id)
    return list(uow.session.scalars(query))


def _row(customer_id: int, line: ContactLine) -> Contact:
    return Contact(
        customer_id=customer_id, name=line.name, role=line.contact_role, phone=line.phone
    )


def _said(rows: list[Contact]) -> str:
    """The contacts in one line, as history keeps them."""
    return ", ".join(" ".join(filter(None, (row.role, row.name, row.phone))) for row in rows)
