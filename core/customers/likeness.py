"""Customers, and pieces, that may be the same: listed with the reason (C9)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, tuple_
from sqlalchemy.orm import joinedload

from core.customers import again, finding
from core.customers.customers import EDITS
from core.customers.joining import SUBJECTS, Noun
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import may, require
from db.tables import Asset, Customer, History, Product

# So many that are alike are shown for each reason; who has joined these sees the next ones.
MOST = 100


class Likeness(StrEnum):
    """Why two may be one."""

    NUMBER = "same_number"
    PLACE = "same_name_and_address"
    SERIAL = "same_serial"


@dataclass(frozen=True)
class Side:
    """One of the two; `owner_id` is the customer whose page shows it."""

    id: int
    owner_id: int
    name: str
    facts: tuple[str, ...]
    version: int


@dataclass(frozen=True)
class Pair:
    """Two that may be one; the first would stay."""

    noun: Noun
    first: Side
    other: Side
    why: Likeness


@dataclass(frozen=True)
class Joined:
    """One that was joined into another, and leads there."""

    noun: Noun
    side: Side


def all_pairs(uow: UnitOfWork) -> tuple[Pair, ...]:
    """Customers and pieces of the actor's station that may be the same."""
    require(uow, EDITS)
    if not may(uow.actor, again.READS):
        return ()
    return _apart(uow, [*_customers(uow, true()), *_pieces(uow, true())])


def pairs_of(uow: UnitOfWork, *, customer_id: int) -> tuple[Pair, ...]:
    """Who may be the same as one customer, and which of the customer's pieces may be one."""
    require(uow, "search:use")
    row = again.current(uow, customer_id)
    if not may(uow.actor, EDITS) or not again.reads(uow.actor, row):
        return ()
    same = finding.same_number(uow, Customer, row.phone)
    alike = and_(Customer.name_key == row.name_key, Customer.address == row.address)
    owned = select(Asset.serial_key).where(Asset.customer_id == row.id)
    found = [
        *_customers(uow, or_(alike, Customer.id == row.id, *same)),
        *_pieces(uow, Asset.serial_key.in_(owned) & (Asset.customer_id == row.id)),
    ]
    return tuple(
        pair for pair in _apart(uow, found) if row.id in (pair.first.owner_id, pair.other.owner_id)
    )


def joined(uow: UnitOfWork, *, customer_id: int) -> tuple[Joined, ...]:
    """Who was joined into a customer, and what into the customer's pieces."""
    require(uow, "search:use")
    customer = again.current(uow, customer_id)
    if not again.reads(uow.actor, customer):
        return ()
    into = customer.id
    people = uow.session.scalars(select(Customer).where(Customer.joined_into_id == into))
    pieces = uow.session.scalars(
        _PIECES.where(Asset.customer_id == into, Asset.joined_into_id.is_not(None))
    )
    return (
        *(Joined(Customer, _side(uow, row)) for row in people),
        *(Joined(Asset, _side(uow, row)) for row in pieces),
    )


_PIECES = select(Asset).options(joinedload(Asset.product), joinedload(Asset.customer))


def _customers(uow: UnitOfWork, which: ColumnElement[bool]) -> Iterator[Pair]:
    c = Customer
    own = and_(which, c.joined_into_id.is_(None), again.own(uow.actor))
    for why, keys in (
        (Likeness.NUMBER, (c.phone_key,)),
        (Likeness.PLACE, (c.name_key, c.address)),
    ):
        rows = uow.session.scalars(_twice(select(c), c, keys, which, own)).all()
        yield from _paired(uow, c, rows, why, [key.key for key in keys])


def _pieces(uow: UnitOfWork, which: ColumnElement[bool]) -> Iterator[Pair]:
    a = Asset
    own = and_(which, a.joined_into_id.is_(None), a.customer.has(again.own(uow.actor)))
    rows = uow.session.scalars(_twice(_PIECES, a, (a.serial_key,), which, own)).all()
    yield from _paired(uow, a, rows, Likeness.SERIAL, ["serial_key"])


def _twice(
    query: Select[Any],
    noun: Noun,
    keys: Sequence[Any],
    which: ColumnElement[bool],
    own: ColumnElement[bool],
) -> Select[Any]:
    """The rows of which several have the same keys."""
    # What is there more than once is few: the keys alone are read first, out of their index.
    filled = and_(*(key != "" for key in keys))
    known = select(*keys).where(which, filled).group_by(*keys).having(func.count() > 1)
    times = func.count().over(partition_by=list(keys)).label("times")
    found = select(noun.id, times).where(tuple_(*keys).in_(known), own).subquery()
    query = query.join(found, found.c.id == noun.id).where(found.c.times > 1)
    return query.order_by(*keys, noun.id).limit(MOST)


def _paired(
    uow: UnitOfWork, noun: Noun, rows: Sequence[Any], why: Likeness, keys: list[str]
) -> Iterator[Pair]:
    """The oldest of each group with every other one."""

    def key(row: Any) -> list[str]:
        return [getattr(row, name) for name in keys]

    for _, group in groupby(rows, key=key):
        first, *others = (_side(uow, each) for each in group)
        yield from (Pair(noun, first, other, why) for other in others)


def _side(uow: UnitOfWork, row: Any) -> Side:
    if isinstance(row, Customer):
        facts = (again.number(uow.actor, row), row.contact, row.address)
        return Side(row.id, row.id, row.name, tuple(filter(None, facts)), row.version)
    product: Product = row.product
    name = " ".join(filter(None, (product.brand, product.model, product.specification)))
    bought = row.purchased_on.isoformat() if row.purchased_on else ""
    facts = (row.serial or "", bought, row.customer.name)
    return Side(row.id, row.customer_id, name, tuple(filter(None, facts)), row.version)


def _apart(uow: UnitOfWork, pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """Each two once, without those of whom somebody said that they are two."""
    once = {(pair.noun, pair.first.id, pair.other.id): pair for pair in reversed(pairs)}
    told = select(History.subject, History.subject_id, History.data).where(
        History.action == "kept_apart",
        tuple_(History.subject, History.subject_id).in_(
            [(SUBJECTS[noun], id) for noun, id, _ in once]
        ),
    )
    rows = uow.session.execute(told).all() if once else ()
    apart = {(subject, id, data["other"]) for subject, id, data in rows}
    return tuple(
        pair
        for (noun, one, other), pair in reversed(once.items())
        if (SUBJECTS[noun], one, other) not in apart
    )
