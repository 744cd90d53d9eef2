"""What the warranty card of a piece says: whose it is, until when, what was done when (E11)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select

from core.customers import customers
from core.customers import view as pieces
from core.customers.view import PieceView
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers.placeholders import Facts, made
from core.papers.speech import Speech
from core.process.permissions import require_case, visible_requests
from core.requests import papers as case_papers
from db.codes import JobStatus
from db.tables import Job, Person, ServiceRequest, ShopPiece

MOST = 100


@dataclass(frozen=True)
class ServiceLine:
    """One entry: when which work was done, and by whom."""

    day: str
    number: str
    symptom: str
    work: str
    parts: str
    technician: str


@dataclass(frozen=True)
class WarrantyCardFacts(Facts):
    """The warranty card of one piece."""

    customer: str
    phone: str
    address: str
    station: str
    brand: str
    model: str
    specification: str
    serial: str
    status: str
    purchased: str
    invoice: str
    warranty_months: str
    repair_days: str
    warranty_until: str
    services: tuple[ServiceLine, ...]


def card(uow: UnitOfWork, speech: Speech, *, asset_id: int) -> WarrantyCardFacts:
    """What the card of a piece says, with the work on it that the actor may see."""
    view = pieces.view(uow, id=asset_id)
    texts = {**case_papers.house(uow, speech), **_owner(uow, view), **_piece(view, speech)}
    lines = tuple(made(ServiceLine, line) for line in _lines(uow, asset_id, speech))
    return made(WarrantyCardFacts, texts, services=lines)


def of_case(uow: UnitOfWork, case_id: int) -> Mapping[str, int]:
    """The card of the piece that a case is about; NotFound where it is about none."""
    require_case(uow, case_id)
    asset_id = uow.session.get_one(ServiceRequest, case_id).asset_id
    if asset_id is None:
        raise NotFound(subject="asset")
    return {"asset_id": asset_id}


def _owner(uow: UnitOfWork, view: PieceView) -> dict[str, str]:
    owner = customers.view(uow, id=view.owner_id)
    return {
        "customer": owner.name,
        "phone": owner.phone,
        "address": owner.address,
        "station": owner.station,
    }


def _piece(view: PieceView, speech: Speech) -> dict[str, str]:
    asset = view.asset
    names = ("brand", "model", "specification", "serial")
    return {
        **{name: getattr(asset, name) for name in names},
        "number": asset.serial or str(view.id),
        "status": speech.code(asset.status),
        "purchased": speech.day(asset.purchased_on),
        "invoice": view.sales[0].invoice_no if view.sales else "",
        "warranty_months": str(view.warranty_months),
        "repair_days": str(view.repair_days or ""),
        "warranty_until": speech.day(asset.warranty_until),
    }


def _lines(uow: UnitOfWork, asset_id: int, speech: Speech) -> Iterator[dict[str, str]]:
    """The work on the piece at the customer's place and in the shop, in its order."""
    about = (ServiceRequest.asset_id == asset_id) & visible_requests(uow.actor)
    jobs = _done(Job, Job.finished_at, Job.parts).where(Job.status == JobStatus.DONE, about)
    in_shop = _done(ShopPiece, ShopPiece.ready_at, literal(""))
    shop = in_shop.where(ShopPiece.ready_at.is_not(None), about)
    rows = [row for query in (jobs, shop) for row in uow.session.execute(query.limit(MOST))]
    for at, number, symptom, work, parts, name in sorted(rows, key=_when):
        yield {
            "day": speech.day_of(at),
            "number": number,
            "symptom": symptom,
            "work": work,
            "parts": parts,
            "technician": name or "",
        }


def _when(row: Any) -> tuple[datetime, str]:
    return row[0], row[1]


def _done(table: Any, at: Any, parts: Any) -> Select[Any]:
    columns = (at, ServiceRequest.number, ServiceRequest.symptom, table.work_done)
    return (
        select(*columns, parts, Person.name)
        .select_from(table)
        .join(ServiceRequest, ServiceRequest.id == table.request_id)
        .outerjoin(Person, Person.id == table.technician_id)
        .order_by(at.desc())
    )
