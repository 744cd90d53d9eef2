"""What a text that somebody types may mean of a customer: name, phone, address, serial number."""

import re
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, exists, false, func, or_, select, union

from core.kernel.inputs import is_email, phone_in
from core.kernel.known import country
from core.kernel.unit_of_work import UnitOfWork
from db import phones
from db.customer_words import INDEX
from db.keys import invoice_key, name_key, serial_key
from db.tables import Asset, Contact, Customer, Purchase, ServiceRequest
from db.tables.purchases import HAS_NUMBER
from db.words import RUN, fold

# Below this a serial number is not looked for by its end: too many have it.
SHORTEST_END = 3
# Of what very many have in common, as a part of a name, so many are looked at.
LOOKED_AT = 200
# What has a telephone number of its own.
Dialled = type[Customer] | type[Contact] | type[ServiceRequest]
_LAST = "\U0010ffff"


def starting(column: Any, key: str) -> ColumnElement[bool]:
    """Keys that begin so: a range, which every index of the column knows."""
    return and_(column >= key, column < key + _LAST)


def numbers(uow: UnitOfWork, noun: Dialled, text: str) -> list[ColumnElement[bool]]:
    """A telephone number: the same one however it is written, or one that begins or ends so."""
    if not phone_in(text):
        return []
    begins, end = phones.parts(text, country(uow.session))
    ways = [starting(noun.phone_key, begin) for begin in begins]
    return [*ways, starting(noun.phone_end, end), *same_number(uow, noun, text)]


def same_number(uow: UnitOfWork, noun: Dialled, text: str) -> list[ColumnElement[bool]]:
    """The number that a text names: whole, and as it is dialled without its area code."""
    keys = phones.same_as(text, country(uow.session))
    ends = [key[::-1] for key in keys]
    return [noun.phone_key.in_(keys), noun.phone_end.in_(ends)] if keys else []


def contact_of(uow: UnitOfWork, text: str, *, whole: bool = False) -> ColumnElement[bool]:
    """The customers one of whose contacts has such a number."""
    ways = same_number(uow, Contact, text) if whole else numbers(uow, Contact, text)
    return Customer.id.in_(select(Contact.customer_id).where(or_(false(), *ways)))


def people(uow: UnitOfWork, text: str) -> list[ColumnElement[bool]]:
    """Each way in which a customer may be meant; a single character is a surname."""
    if is_email(text):
        return [Customer.email == text.lower()]
    key = name_key(text)
    if len(key) < 2:
        return [] if key.isascii() else [starting(Customer.name_key, key)]
    said = Customer.id.in_(select(_holding(uow, text)))
    if phone_in(text):
        return [*numbers(uow, Customer, text), contact_of(uow, text), said & _named(text)]
    return [Customer.name_key == key, said]


def people_of(uow: UnitOfWork, text: str, customer_id: Any) -> list[ColumnElement[bool]]:
    """The same for the customers of few cases: each looks up its own, with its doubles."""
    own = (Customer.id == customer_id) | (Customer.joined_into_id == customer_id)
    if len(name_key(text)) < 2:
        meant = people(uow, text)
    elif phone_in(text):
        meant = [*numbers(uow, Customer, text), contact_of(uow, text), _named(text)]
    else:
        meant = [INDEX.said_of(Customer.id, parts(text))]
    return [exists().where(own, or_(*meant))] if meant else []


def _holding(uow: UnitOfWork, text: str) -> CTE:
    held = INDEX.holds_all(uow.session.get_bind().dialect, parts(text))
    # PostgreSQL sees a limit above it, expects to find enough soon, and reads all customers.
    return (
        select(INDEX.id).where(held).cte("held").prefix_with("MATERIALIZED", dialect="postgresql")
    )


def _named(text: str) -> ColumnElement[bool]:
    # A number alone is no address: that of a house would be found for a telephone number.
    return Customer.name_key.contains(name_key(text), autoescape=True)


def now(noun: type[Customer] | type[Asset]) -> ColumnElement[int]:
    """The record that one is by now: itself, or the one that it was joined into."""
    return func.coalesce(noun.joined_into_id, noun.id)


def parts(text: str) -> tuple[str, ...]:
    """A name or an address by its words and numbers, however these are parted."""
    runs = (re.findall(r"\d+|\D+", run) for run in RUN.findall(fold(text)))
    return tuple(dict.fromkeys(part for each in runs for part in each))


def at(column: Any, text: str) -> list[ColumnElement[bool]]:
    """An address by its words and numbers, however these are parted; no number alone is one."""
    parts = re.findall(r"\d+|[^\d\s]+", text)
    if phone_in(text) or not any(len(part) > 1 and not part.isascii() for part in parts):
        return []
    escaped = (re.sub(r"([%_/])", r"/\1", part) for part in parts)
    return [column.like("%".join(("", *escaped, "")), escape="/")]


def pieces(text: str) -> list[ColumnElement[bool]]:
    """A piece by the start or the end of its serial or plate number."""
    key = serial_key(text)
    if not key:
        return []
    starts = starting(Asset.serial_key, key)
    return [starts] if len(key) < SHORTEST_END else [starts, starting(Asset.serial_end, key[::-1])]


def matching(uow: UnitOfWork, text: str) -> Select[Customer]:
    """The customers that a text may mean; who was joined into another one is that one."""
    ways = [select(Customer.id).where(way) for way in people(uow, text)]
    if len(text) > 1:
        ways += [select(Asset.customer_id).where(way) for way in pieces(text)]
        invoice = Purchase.invoice_key == invoice_key(text)
        ways.append(select(Purchase.customer_id).where(invoice, HAS_NUMBER))
    if not ways:
        return select(Customer).where(false())
    # One narrow index for each way to be found; all of them at once would read whole tables.
    found = [select(way.limit(LOOKED_AT).subquery()) for way in ways]
    meant = select(now(Customer)).where(Customer.id.in_(union(*found)))
    return select(Customer).where(Customer.id.in_(meant))
