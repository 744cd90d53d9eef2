"""Goods in the shop as screens show them: the pile by step, one piece, what a case has there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from core.customers.purchases import name_of
from core.kernel.errors import NotFound
from core.kernel.inputs import clean_search
from core.kernel.paging import PAGE, Page, leaf
from core.kernel.unit_of_work import UnitOfWork
from core.process import workflow
from core.process.permissions import require, require_case
from core.process.rules import Rule
from core.requests import searching
from core.workshop import reminders
from core.workshop.actions import PROCESS, select_visible
from core.workshop.rules import AT_WORK, IN_SHOP, READ, is_lent, is_to_repair
from db.codes import CameFrom, ShopPurpose, ShopStatus
from db.tables import Asset, ServiceRequest, ShopPiece

# How much of what was written of old goods is their name.
SHORT = 40


@dataclass(frozen=True)
class Filter:
    """What narrows the pile; empty fields do not."""

    text: str = ""
    status: ShopStatus | None = None
    station_id: int | None = None
    ended: bool = False


@dataclass(frozen=True)
class PieceRow:
    """Goods in the shop: whose, where, how far, promised for when."""

    id: int
    number: str
    case_id: int
    case_number: str
    customer: str
    product: str
    serial: str
    status: ShopStatus
    purpose: ShopPurpose
    shelf: str
    station: str
    technician: str
    promised_at: datetime | None
    late: bool
    unclaimed: bool
    mine: bool
    loan_out: bool


@dataclass(frozen=True)
class PieceView:
    """One piece with its hand-over both ways, and what the actor may do with it."""

    row: PieceRow
    version: int
    came_from: CameFrom
    condition: str
    accessories: str
    handed_over_by: str
    taken_in_by: str
    taken_in_at: datetime
    diagnosis: str
    quote_cents: int | None
    work_done: str
    ready_at: datetime | None
    given_to: str
    given_by: str
    given_at: datetime | None
    condition_back: str
    recycled_to: str
    recycled_at: datetime | None
    lent: str
    lent_until: date | None
    lent_back_at: datetime | None
    actions: tuple[Rule, ...]


def listed(uow: UnitOfWork, *, filters: Filter, page: int = 1) -> Page[PieceRow]:
    """The pile: what is unclaimed first, then the own work, then what is late; one query."""
    require(uow, READ)
    query = _named(select_visible(uow.actor)).where(*_narrow(uow, filters))
    order = (
        case((reminders.is_unclaimed(uow.now), 0), else_=1),
        case((ShopPiece.technician_id == uow.actor.id, 0), else_=1),
        ServiceRequest.promised_at.asc().nulls_last(),
        ShopPiece.id,
    )
    counted = query.add_columns(func.count().over()).order_by(*order)
    found, number = leaf(uow, counted, page=page, size=PAGE)
    rows = tuple(_row(uow, piece) for piece, _ in found)
    return Page(rows, found[0][1] if found else 0, number)


def view(uow: UnitOfWork, *, id: int) -> PieceView:
    """One piece; NotFound when it is out of sight."""
    require(uow, READ)
    return _view(uow, workflow.fetch(uow, PROCESS, id, options=_names()))


def of_case(uow: UnitOfWork, *, case_id: int) -> tuple[PieceView, ...]:
    """What was taken in for a case, the newest first."""
    require_case(uow, case_id)
    rows = uow.session.scalars(
        _named(select_visible(uow.actor))
        .where(ShopPiece.request_id == case_id)
        .order_by(ShopPiece.id.desc())
    )
    return tuple(_view(uow, piece) for piece in rows)


def by_number(uow: UnitOfWork, *, label: str) -> int:
    """The piece whose label was scanned; NotFound unless the actor may see it."""
    require(uow, READ)
    found = select_visible(uow.actor).where(ShopPiece.number == label.upper())
    piece = uow.session.scalar(found)
    if piece is None:
        raise NotFound(subject="workshop", id=0)
    return piece.id


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many pieces wait for work, and how many are past their promised day."""
    late = func.count().filter(ServiceRequest.promised_at < uow.now)
    query = select(func.count(), late).select_from(ShopPiece).join(ShopPiece.request)
    visible = select_visible(uow.actor).with_only_columns(ShopPiece.id)
    repairs = ShopPiece.status.in_(AT_WORK) & (ShopPiece.purpose == ShopPurpose.REPAIR)
    return query.where(repairs, ShopPiece.id.in_(visible))


def _named(query: Select[Any]) -> Select[Any]:
    return query.options(*_names())


def _names() -> tuple[Any, ...]:
    return (
        contains_eager(ShopPiece.request).joinedload(ServiceRequest.customer),
        joinedload(ShopPiece.asset).joinedload(Asset.product),
        joinedload(ShopPiece.station),
        joinedload(ShopPiece.technician),
        joinedload(ShopPiece.taken_in_by),
        joinedload(ShopPiece.given_by),
    )


def _narrow(uow: UnitOfWork, filters: Filter) -> Iterable[ColumnElement[bool]]:
    yield ShopPiece.status.in_(set(ShopStatus) - IN_SHOP if filters.ended else IN_SHOP)
    if text := clean_search(filters.text):
        here = ShopPiece.shelf.icontains(text, autoescape=True)
        numbered = ShopPiece.number.startswith(text.upper(), autoescape=True)
        yield here | numbered | searching.about(uow, text)
    if filters.status:
        yield ShopPiece.status == filters.status
    if filters.station_id:
        yield ShopPiece.station_id == filters.station_id


def _row(uow: UnitOfWork, piece: ShopPiece) -> PieceRow:
    request, asset = piece.request, piece.asset
    promised = request.promised_at
    repairs = is_to_repair(piece)
    waits_since = piece.ready_at if piece.status is ShopStatus.READY else None
    return PieceRow(
        id=piece.id,
        number=piece.number,
        case_id=piece.request_id,
        case_number=request.number,
        customer=request.customer.name,
        product=name_of(asset.product) if asset else "" if repairs else piece.condition[:SHORT],
        serial=(asset.serial or "") if asset else "",
        status=piece.status,
        purpose=piece.purpose,
        shelf=piece.shelf,
        station=piece.station.name if piece.station else "",
        technician=piece.technician.name if piece.technician else "",
        promised_at=promised,
        late=repairs and piece.status in AT_WORK and promised is not None and promised < uow.now,
        unclaimed=waits_since is not None and waits_since < uow.now - reminders.UNCLAIMED,
        mine=piece.technician_id == uow.actor.id,
        loan_out=is_lent(piece),
    )


# Facts that the view shows as they are stored.
_PLAIN = (
    *("version", "came_from", "condition", "accessories", "handed_over_by", "taken_in_at"),
    *("diagnosis", "quote_cents", "work_done", "ready_at", "given_to", "given_at"),
    *("recycled_to", "recycled_at", "condition_back", "lent", "lent_until", "lent_back_at"),
)


def _view(uow: UnitOfWork, piece: ShopPiece) -> PieceView:
    return PieceView(
        row=_row(uow, piece),
        **{name: getattr(piece, name) for name in _PLAIN},
        taken_in_by=piece.taken_in_by.name,
        given_by=piece.given_by.name if piece.given_by else "",
        actions=PROCESS.allowed(uow.actor, piece),
    )
