"""Requests that came online as screens show them: the pile, one of them, doubles beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from core.customers import again
from core.kernel.errors import NotFound
from core.kernel.given_files import stored
from core.kernel.inputs import clean_search
from core.kernel.paging import PAGE, Page, leaf
from core.kernel.unit_of_work import UnitOfWork
from core.online.actions import HANDLE, PROCESS, WAITING, select_visible
from core.process import masked, workflow
from core.process.permissions import require
from core.process.rules import Rule
from core.requests import whose
from core.requests.whose import Whose
from db.codes import OnlineStatus, RequestKind
from db.tables import Asset, Customer, OnlineFile, OnlineRequest, ServiceRequest

# How far back the same may have been asked for, and how many of each are named.
ALIKE, MOST_NAMED = timedelta(days=14), 5


class OnlinePart(StrEnum):
    """Which requests are looked at."""

    NEW = "new"
    SETTLED = "settled"
    ASIDE = "aside"


PARTS = {
    OnlinePart.NEW: (WAITING,),
    OnlinePart.SETTLED: (OnlineStatus.ACCEPTED, OnlineStatus.ATTACHED),
    OnlinePart.ASIDE: (OnlineStatus.SET_ASIDE,),
}


@dataclass(frozen=True)
class OnlineRow:
    """A request of the list."""

    id: int
    status: OnlineStatus
    kind: RequestKind
    name: str
    body: str
    taken_at: datetime
    number: str


@dataclass(frozen=True)
class PhotoView:
    """A photo that came with it."""

    id: int
    name: str
    mime: str


@dataclass(frozen=True)
class OnlineView:
    """One request with its photos, and what a person needs to decide on it."""

    id: int
    version: int
    status: OnlineStatus
    kind: RequestKind
    name: str
    phone: str
    email: str
    address: str
    product: str
    body: str
    taken_at: datetime
    came_from: str
    reason: str
    handled_by: str
    handled_at: datetime | None
    case_id: int | None
    case_number: str
    # The piece whose label it came by, and its serial number.
    asset_id: int | None
    serial: str
    photos: tuple[PhotoView, ...]
    actions: tuple[Rule, ...]
    # Who is on file under the number; open cases of the piece; those that ask for the same.
    known: tuple[Whose, ...]
    of_piece: tuple[tuple[int, str], ...]
    alike: tuple[OnlineRow, ...]


def listed(uow: UnitOfWork, *, part: OnlinePart, text: str = "", page: int = 1) -> Page[OnlineRow]:
    """The requests of a part: what waits the longest first, the others the newest first."""
    require(uow, HANDLE)
    first = OnlineRequest.taken_at if part is OnlinePart.NEW else OnlineRequest.taken_at.desc()
    query = select_visible(uow.actor).where(OnlineRequest.status.in_(PARTS[part]), *_narrow(text))
    counted = query.add_columns(func.count().over()).order_by(first, OnlineRequest.id)
    found, number = leaf(uow, counted, page=page, size=PAGE)
    return Page(tuple(_row(row) for row, _ in found), found[0][1] if found else 0, number)


def view(uow: UnitOfWork, *, id: int) -> OnlineView:
    """One request; NotFound when it is out of sight."""
    require(uow, HANDLE)
    loaded = (
        joinedload(OnlineRequest.handled_by),
        joinedload(OnlineRequest.asset).joinedload(Asset.product),
    )
    row: OnlineRequest = workflow.fetch(uow, PROCESS, id, options=loaded)
    product = row.asset.product if row.asset else None
    return OnlineView(
        **{name: getattr(row, name) for name in _PLAIN},
        phone=masked.phone(uow.actor, row.phone),
        product=f"{product.brand} {product.model}" if product else row.product,
        handled_by=row.handled_by.name if row.handled_by else "",
        case_id=row.request_id,
        case_number=row.request.number if row.request else "",
        serial=(row.asset.serial or "") if row.asset else "",
        photos=tuple(PhotoView(each.id, each.name, each.mime) for each in row.files),
        actions=PROCESS.allowed(uow.actor, row),
        known=whose.of(uow, _customers(uow, row)),
        of_piece=_of_piece(uow, row),
        alike=_alike(uow, row),
    )


def content(uow: UnitOfWork, *, id: int) -> bytes:
    """The bytes of a photo of a request in sight; AttachmentLost where it is not as it was."""
    require(uow, HANDLE)
    seen = select_visible(uow.actor).with_only_columns(OnlineRequest.id)
    query = select(OnlineFile).where(OnlineFile.id == id, OnlineFile.online_request_id.in_(seen))
    file = uow.session.scalar(query)
    if file is None:
        raise NotFound(subject=PROCESS.subject, id=id)
    return stored(file.name, file.digest)


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many wait for somebody; none is late by itself."""
    waiting = select_visible(uow.actor).where(OnlineRequest.status == WAITING)
    found = waiting.with_only_columns(OnlineRequest.id).subquery()
    return select(func.count(), func.count().filter(found.c.id < 0)).select_from(found)


# Facts that the view shows as they are stored.
_PLAIN = (
    *("id", "version", "status", "kind", "name", "email", "address", "body", "taken_at"),
    *("came_from", "reason", "handled_at", "asset_id"),
)


def _narrow(text: str) -> Iterable[ColumnElement[bool]]:
    if text := clean_search(text):
        columns = (OnlineRequest.name, OnlineRequest.body, OnlineRequest.product)
        yield or_(*(each.icontains(text, autoescape=True) for each in columns))


def _row(row: OnlineRequest) -> OnlineRow:
    number = row.request.number if row.request else ""
    return OnlineRow(row.id, row.status, row.kind, row.name, row.body, row.taken_at, number)


def _customers(uow: UnitOfWork, row: OnlineRequest) -> Iterable[Customer]:
    """Who is on file under the number or the mailbox, each once."""
    found = (*again.callers(uow, row.phone), *again.writers(uow, row.email))
    return {each.id: each for each in found}.values()


def _of_piece(uow: UnitOfWork, row: OnlineRequest) -> tuple[tuple[int, str], ...]:
    if row.asset_id is None:
        return ()
    return whose.open_cases(uow, ServiceRequest.asset_id == row.asset_id)


def _alike(uow: UnitOfWork, row: OnlineRequest) -> tuple[OnlineRow, ...]:
    """Others of the same number, or in the same words."""
    same = [OnlineRequest.body == row.body]
    if row.phone_key:
        same.append(OnlineRequest.phone_key == row.phone_key)
    near = OnlineRequest.taken_at.between(row.taken_at - ALIKE, row.taken_at + ALIKE)
    query = select_visible(uow.actor).where(near, or_(*same), OnlineRequest.id != row.id)
    found = uow.session.scalars(query.order_by(OnlineRequest.id.desc()).limit(MOST_NAMED))
    return tuple(_row(each) for each in found)
