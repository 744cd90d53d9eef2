"""What hangs on facts that were put right: free or paid, limits, days in repair (E5, E11)."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from core.customers import life
from core.customers.warranty import OWNED
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import norm_for
from core.process import workflow
from core.process.rules import Done, Happening
from core.requests import charging, contracted
from core.requests.actions import OPEN, PROCESS
from core.requests.kinds import REVIEWED
from db.codes import Charge, RequestKind, RequestStatus
from db.tables import Asset, ServiceRequest

SETTLED = (RequestStatus.RESOLVED, RequestStatus.CLOSED)


def of_case(uow: UnitOfWork, righted: Happening) -> None:
    """Free or paid is judged anew, and with it the time limits."""
    _judge(uow, righted.record)


def of_piece(uow: UnitOfWork, righted: Happening) -> None:
    """Free or paid is judged anew for the open cases of a piece."""
    for request in _open(uow, ServiceRequest.asset_id == righted.record.id):
        _judge(uow, request)


def in_use(uow: UnitOfWork, registered: Happening) -> None:
    """A piece that somebody calls about is in use."""
    request = registered.record
    asset = uow.session.get(Asset, request.asset_id) if request.asset_id else None
    if asset is not None:
        life.use(uow, asset)


def leaves_owner(leaving: Happening) -> bool:
    """Whether it was its customer's until now."""
    return leaving.old in OWNED


def keep_with_owner(uow: UnitOfWork, leaving: Happening) -> None:
    """A piece with an open case does not go to somebody else, nor to the scrap."""
    for request in _open(uow, ServiceRequest.asset_id == leaving.record.id):
        if request.kind not in REVIEWED:
            raise InvalidInput(Problem("note", "piece_has_open_case", {"number": request.number}))


def count_repair(uow: UnitOfWork, resolved: Happening) -> None:
    """Days in repair make the warranty longer, where the rule book says so (E11)."""
    request, product = resolved.record, joinedload(Asset.product)
    asset = uow.session.get(Asset, request.asset_id or 0, options=[product])
    if asset is None or asset.status not in OWNED or request.kind is not RequestKind.REPAIR:
        return
    if norm_for(uow, request).repair_extends_warranty:
        life.count_repairs(uow, asset, _days_in_repair(uow, asset))


def _days_in_repair(uow: UnitOfWork, asset: Asset) -> int:
    """The days from each free repair's contact until it was done, since the piece was bought."""
    zone = uow.actor.zone_info
    rows = uow.session.execute(
        select(ServiceRequest.received_at, ServiceRequest.resolved_at).where(
            ServiceRequest.asset_id == asset.id,
            ServiceRequest.kind == RequestKind.REPAIR,
            ServiceRequest.charge == Charge.FREE,
            ServiceRequest.status.in_(SETTLED),
        )
    )
    days = 0
    for received, done in rows:
        begun = received.astimezone(zone).date()
        if done is not None and asset.purchased_on is not None and begun >= asset.purchased_on:
            days += (done.astimezone(zone).date() - begun).days
    return days


def of_contract(uow: UnitOfWork, agreed: Happening) -> None:
    """The open cases of a customer are judged anew when a contract begins or ends."""
    for request in _open(uow, ServiceRequest.customer_id == agreed.record.customer_id):
        _judge(uow, request)


def _judge(uow: UnitOfWork, request: ServiceRequest) -> None:
    if request.status in OPEN and (data := contracted.find(uow, request)):
        workflow.advance(uow, PROCESS, request, "contract_set", Done(data=data))
    if request.status in OPEN and (data := charging.judge_anew(uow, request)):
        workflow.advance(uow, PROCESS, request, "charge_set", Done(data=data))


def _open(uow: UnitOfWork, which: ColumnElement[bool]) -> list[ServiceRequest]:
    query = select(ServiceRequest).where(which, ServiceRequest.status.in_(OPEN))
    return list(uow.session.scalars(query.order_by(ServiceRequest.id)))
