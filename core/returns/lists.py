"""The queue of returns: what is due next comes first, with who is asked next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import selectinload

from core.customers.purchases import name_of
from core.kernel.paging import Page
from core.kernel.unit_of_work import UnitOfWork
from core.process.permissions import require
from core.requests import queues
from core.requests.lists import View
from core.requests.queues import CaseSummary
from core.returns.actions import ASKED_NEXT
from core.returns.holding import amount_of
from core.returns.rules import OPEN, READ
from db.codes import ReturnStatus, Role, Wish
from db.tables import GoodsReturn, PurchaseLine, ReturnLine, ServiceRequest


@dataclass(frozen=True)
class Filter:
    """What narrows the queue; empty fields do not. `ended` looks at what is over instead."""

    text: str = ""
    status: ReturnStatus | None = None
    role: Role | None = None
    station_id: int | None = None
    view: View = View.ALL
    ended: bool = False


@dataclass(frozen=True)
class ReturnRow:
    """One return of the queue; `products` are those of its lines, the amount is in cents."""

    id: int
    version: int
    status: ReturnStatus
    # Who is asked next; nobody when it is over.
    asked: tuple[Role, ...]
    products: tuple[str, ...]
    wishes: tuple[Wish, ...]
    pieces: int
    amount_cents: int
    case: CaseSummary


def queue(uow: UnitOfWork, *, filters: Filter = Filter(), page: int = 1) -> Page[ReturnRow]:
    """Returns that wait for a step: what is late or due next comes first; three queries."""
    require(uow, READ)
    order = (GoodsReturn.id.desc(),) if filters.ended else queues.DUE_NEXT
    ids, total, number = queues.ids(
        uow, GoodsReturn, where=_where(uow, filters), order=order, number=page
    )
    line = selectinload(GoodsReturn.lines).joinedload(ReturnLine.purchase_line)
    found = queues.load(uow, GoodsReturn, ids, line.joinedload(PurchaseLine.product))
    return Page(tuple(_row(row, case) for row, case in found), total, number)


def count(uow: UnitOfWork, *, filters: Filter = Filter()) -> int:
    """How many returns the queue holds."""
    require(uow, READ)
    return queues.how_many(uow, GoodsReturn, _where(uow, filters))


def views(uow: UnitOfWork, *, filters: Filter = Filter()) -> dict[View, int]:
    """The parts of the queue, and how many returns each holds; one query."""
    require(uow, READ)
    where = _where(uow, replace(filters, view=View.ALL))
    return queues.views(uow, GoodsReturn, where, _parts(uow))


def turns(role: Role | None) -> tuple[ReturnStatus, ...]:
    """The steps at which a role is asked next."""
    return tuple(status for status, roles in ASKED_NEXT.items() if role in roles)


def _where(uow: UnitOfWork, filters: Filter) -> list[ColumnElement[bool]]:
    status = GoodsReturn.status
    where: list[ColumnElement[bool]] = [status.not_in(OPEN) if filters.ended else status.in_(OPEN)]
    where += queues.narrow(uow, text=filters.text, station_id=filters.station_id, view=filters.view)
    if filters.status:
        where.append(status == filters.status)
    if filters.role:
        where.append(_waits_for(turns(filters.role)))
    return where + _parts(uow).get(filters.view, [])


def _parts(uow: UnitOfWork) -> dict[View, list[ColumnElement[bool]]]:
    """What waits for the actor's role, and the returns of their own cases."""
    return {
        View.MY_TURN: [_waits_for(turns(uow.actor.role))],
        View.MINE: [ServiceRequest.owner_id == uow.actor.id],
    }


def _waits_for(statuses: Sequence[ReturnStatus]) -> ColumnElement[bool]:
    return GoodsReturn.status.in_(statuses) if statuses else false()


def _row(row: GoodsReturn, case: CaseSummary) -> ReturnRow:
    products = (name_of(line.purchase_line.product) for line in row.lines)
    return ReturnRow(
        id=row.id,
        version=row.version,
        status=row.status,
        asked=ASKED_NEXT.get(row.status, ()),
        products=tuple(dict.fromkeys(products)),
        wishes=tuple(dict.fromkeys(line.wish for line in row.lines)),
        pieces=sum(line.quantity for line in row.lines),
        amount_cents=amount_of(row),
        case=case,
    )
