"""Whose it may be what has come in: customers on file, and their open cases."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from core.customers import again
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import ties
from core.requests.actions import OPEN
from db.tables import Customer, ServiceRequest

MOST = 5


@dataclass(frozen=True)
class Whose:
    """A customer: by what one is told apart, and the open cases in sight."""

    id: int
    name: str
    said: str
    cases: tuple[tuple[int, str], ...]


def of(uow: UnitOfWork, customers: Iterable[Customer]) -> tuple[Whose, ...]:
    """The first of some customers."""
    found = [*customers][:MOST]
    return tuple(
        Whose(
            id=each.id,
            name=each.name,
            said=" · ".join(again.told(uow.actor, each)),
            cases=open_cases(uow, ServiceRequest.customer_id == each.id),
        )
        for each in found
    )


def open_cases(uow: UnitOfWork, which: ColumnElement[bool]) -> tuple[tuple[int, str], ...]:
    """Ids and numbers of such cases that are open."""
    return ties(uow, which & ServiceRequest.status.in_(OPEN))
