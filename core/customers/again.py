"""Who calls is known again, by number or by piece, before a second archive is made (C9)."""

from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import ColumnElement, func, or_, select, true, union
from sqlalchemy.orm import joinedload

from core.customers import finding
from core.customers.warranty import OWNED
from core.kernel.errors import InvalidInput, NotFound, Problem
from core.kernel.known import country
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process import masked
from core.process.permissions import may, sees_all_stations
from core.process.rules import Relation
from db import phones
from db.keys import name_key, product_key, serial_key
from db.tables import Asset, Contact, Customer, Product
from db.types import LARGEST_ID

# So many are shown to choose from; whoever shares a number with more is a switchboard.
SHOWN = 5
# The permission of after-sales staff to read archives by need; others apply for it.
READS = "customer:read"


# Who may act on what hangs on a customer: whoever keeps the archive (C15).
OWN = (Relation("another_station", lambda actor, row: is_own(actor, row.customer)),)


class Caller(Protocol):
    """A form that tells of somebody who may be new."""

    @property
    def customer_name(self) -> str:
        """The name."""

    @property
    def phone(self) -> str:
        """The number to call back."""

    @property
    def email(self) -> str:
        """The mailbox to write back to."""

    @property
    def another_customer(self) -> bool:
        """The answer to the question whether it is not one who is on file."""


def is_own(actor: Actor, customer: Customer) -> bool:
    """Whether a customer is of the actor's station, or of none."""
    return sees_all_stations(actor) or customer.station_id in (None, actor.station_id)


def reads(actor: Actor, customer: Customer) -> bool:
    """Whether the actor reads all of a customer's archive without asking (C10, C15).

    After-sales staff of the own station do, and the tool itself; others see what a call needs.
    """
    return actor.id is None or (may(actor, READS) and is_own(actor, customer))


def number(actor: Actor, customer: Customer) -> str:
    """The customer's number as the actor may see it; another station's is masked."""
    whole = is_own(actor, customer)
    return masked.phone(actor, customer.phone) if whole else masked.masked(customer.phone)


def told(actor: Actor, customer: Customer) -> tuple[str, ...]:
    """By what a customer is told apart from others: name, number, and where one may know it."""
    address = customer.address if reads(actor, customer) else customer.region
    return tuple(filter(None, (customer.name, number(actor, customer), address)))


def own(actor: Actor) -> ColumnElement[bool]:
    """The customers of the actor's station, or of none (C15)."""
    if sees_all_stations(actor):
        return true()
    return or_(Customer.station_id == actor.station_id, Customer.station_id.is_(None))


def current(uow: UnitOfWork, id: int) -> Customer:
    """The customer of an id; of one that was joined into another, that one."""
    row = uow.session.get(Customer, id) if 0 < id <= LARGEST_ID else None
    if row is None:
        raise NotFound(subject="customer", id=id)
    return row if row.joined_into_id is None else uow.session.get_one(Customer, row.joined_into_id)


def known(uow: UnitOfWork, id: int) -> Customer:
    """The customer of an id, for something new; InvalidInput where the person was erased."""
    found = current(uow, id)
    if found.erased_at is not None:
        raise InvalidInput(Problem("customer_id", "erased"))
    return found


def another(uow: UnitOfWork, id: int, *, than: int) -> Customer:
    """The customer of an id, to whom something goes; InvalidInput where it is theirs already."""
    found = known(uow, id)
    if found.id == than:
        raise InvalidInput(Problem("customer_id", "same_customer"))
    return found


def callers(uow: UnitOfWork, phone: str) -> list[Customer]:
    """The customers who are on file under a number, however it is written."""
    return _reached(uow, phone, SHOWN)


def writers(uow: UnitOfWork, email: str) -> list[Customer]:
    """The customers who are on file with a mailbox."""
    if not email:
        return []
    meant = select(finding.now(Customer)).where(Customer.email == email.lower()).limit(SHOWN)
    query = select(Customer).where(Customer.id.in_(meant)).order_by(Customer.id)
    return list(uow.session.scalars(query))


def named(uow: UnitOfWork, phone: str, name: str) -> list[Customer]:
    """Those of them who are known by a name, however it is written, of every station."""
    key = name_key(name)
    return [each for each in _reached(uow, phone, None) if key in _names(uow, each)]


def _reached(uow: UnitOfWork, phone: str, most: int | None) -> list[Customer]:
    same = finding.same_number(uow, Customer, phone)
    if not same:
        return []
    same.append(finding.contact_of(uow, phone, whole=True))
    ways = [select(finding.now(Customer)).where(way) for way in same]
    meant = select(union(*ways).limit(most).subquery())
    query = select(Customer).where(Customer.id.in_(meant)).order_by(Customer.id)
    return list(uow.session.scalars(query))


def pieces(uow: UnitOfWork, brand: str, model: str, serial: str) -> list[Asset]:
    """The pieces of a serial or plate number and a product, whatever the spelling of either."""
    key, product = serial_key(serial), product_key(brand, model)
    if not key:
        return []
    names = select(finding.now(Asset), Product.brand, Product.model).join(Asset.product)
    rows = uow.session.execute(names.where(Asset.serial_key == key))
    ids = {id for id, *name in rows if product_key(*name) == product}
    query = select(Asset).where(Asset.id.in_(ids)).options(joinedload(Asset.product))
    return list(uow.session.scalars(query.order_by(Asset.id))) if ids else []


def owners(uow: UnitOfWork, brand: str, model: str, serial: str) -> list[Customer]:
    """The customers who own such a piece now, of those whom the actor may be told of."""
    found = (row for row in pieces(uow, brand, model, serial) if row.status in OWNED)
    ids = sorted({row.customer_id for row in found})
    rows = (uow.session.get_one(Customer, id) for id in ids)
    return [row for row in rows if is_own(uow.actor, row)]


def meant(
    uow: UnitOfWork, caller: Caller, *, brand: str = "", model: str = "", serial: str = ""
) -> Customer | None:
    """The customer of this name and number; None for somebody new.

    InvalidInput where number, mailbox or piece is somebody's, unless it was said to be another one.
    """
    if caller.another_customer:
        return None
    _one_at_a_time(uow, caller.phone)
    known = callers(uow, caller.phone)
    writing = [each for each in writers(uow, caller.email) if each not in known]
    name = name_key(caller.customer_name)
    both = (*known, *writing)
    same = [each for each in both if is_own(uow.actor, each) and name in _names(uow, each)]
    if len(same) == 1:
        return same[0]
    if known:
        raise InvalidInput(_asked(uow, "number_known", known))
    if writing:
        raise InvalidInput(_asked(uow, "mailbox_known", writing))
    if owned := owners(uow, brand, model, serial):
        raise InvalidInput(_asked(uow, "piece_known", owned))
    return None


def _one_at_a_time(uow: UnitOfWork, phone: str) -> None:
    """Two who write the same number down at once: the second waits here, and sees the first's.

    SQLite lets nobody else write from the start of a transaction that writes.
    """
    if uow.session.get_bind().dialect.name != "postgresql":
        return
    for key in sorted(phones.same_as(phone, country(uow.session))):
        lock = func.pg_advisory_xact_lock(func.hashtextextended(f"caller {key}", 0))
        uow.session.execute(select(lock))


def _names(uow: UnitOfWork, customer: Customer) -> set[str]:
    """By which names a customer is known: the own one, of who was joined, of the contacts."""
    joined = select(Customer.name_key).where(Customer.joined_into_id == customer.id)
    contacts = select(Contact.name).where(Contact.customer_id == customer.id)
    named = map(name_key, uow.session.scalars(contacts))
    return {customer.name_key, *uow.session.scalars(joined), *named}


def _asked(uow: UnitOfWork, code: str, known: Iterable[Customer]) -> Problem:
    who = tuple(" · ".join(told(uow.actor, each)) for each in known)
    return Problem("another_customer", code, {"who": who})
