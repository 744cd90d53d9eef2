"""Whose it may be what has come in: customers on file, and their open cases."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from core.customers import again
from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process.permissions import may, sees_all_stations, ties, visible_requests
from core.requests.actions import OPEN
from db.tables import Customer, ServiceRequest

MOST = 5
Column = InstrumentedAttribute[int | None]


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


def in_sight(
    actor: Actor, permission: str, *, request_id: Column, theirs: Column
) -> ColumnElement[bool]:
    """What has come in as the actor may see it: of cases in sight; of no case, but for what is of
    other stations' customers, who are joined. `theirs` is nothing where it is of nobody on file.

    The tool itself sees all of it; whoever does not handle it, what belongs to cases.
    """
    of_case = and_(request_id.is_not(None), visible_requests(actor))
    is_tool = actor.role is not None and actor.id is None
    if not is_tool and not may(actor, permission):
        return of_case
    if sees_all_stations(actor):
        return true()
    return or_(of_case, and_(request_id.is_(None), or_(theirs.is_(None), again.own(actor))))


def open_cases(uow: UnitOfWork, which: ColumnElement[bool]) -> tuple[tuple[int, str], ...]:
    """Ids and numbers of such cases that are open."""
    return ties(uow, which & ServiceRequest.status.in_(OPEN))
