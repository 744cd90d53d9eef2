"""What was written down wrongly of a case: whose it is, which piece, what is asked for (C9)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.customers import again
from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.norms.revisions import norm_for
from core.process import changes
from core.process.rules import Done
from core.requests import filing
from core.requests.inputs import ChangeCustomer, ChangeKind, ChangePiece
from core.requests.kinds import REVIEWED
from db.codes import RequestKind, RequestStatus
from db.tables import Asset, Customer, History, ServiceRequest


def change_customer(uow: UnitOfWork, request: ServiceRequest, command: ChangeCustomer) -> Done:
    """Another customer's case: what was taken from the wrong one's archive goes with that one."""
    customer = again.another(uow, command.customer_id, than=request.customer_id)
    before = uow.session.get_one(Customer, request.customer_id)
    values = _of_archive(request, before, customer) | {"customer_id": customer.id}
    asset = uow.session.get(Asset, request.asset_id) if request.asset_id else None
    if asset is not None and asset.customer_id != customer.id:
        values["asset_id"] = None
    data = changes.write(request, values)
    _read_anew(uow, request)
    return Done(note=command.note, data=data | {"to_name": customer.name})


def change_piece(uow: UnitOfWork, request: ServiceRequest, command: ChangePiece) -> Done:
    """About another piece of the customer's, a new one, or none."""
    before = request.asset_id
    asset_id = filing.piece_of(uow, request, command) if command.piece else None
    if asset_id == before:
        raise InvalidInput(Problem("piece", "same_piece"))
    request.asset_id = asset_id
    _read_anew(uow, request)
    return Done(note=command.note, data={"asset_id": [before, asset_id]})


def change_kind(_uow: UnitOfWork, request: ServiceRequest, command: ChangeKind) -> Done:
    """Another kind of case; the rooms open and withdraw the files that belong to the kinds."""
    return Done(note=command.note, data=changes.write(request, {"kind": command.kind}))


def kinds(uow: UnitOfWork, request: ServiceRequest) -> Mapping[RequestKind, str]:
    """What else it may be: a file of its own is opened once, and before somebody is sent."""
    had = _kinds_before(uow, request) & REVIEWED
    is_new = request.status is RequestStatus.REGISTERED
    offered = norm_for(uow, request).kinds
    return {
        kind: ""
        for kind in offered
        if kind is not request.kind and kind not in had and (is_new or kind not in REVIEWED)
    }


def was(kind_changed: Done) -> RequestKind:
    """What a case was before its kind was put right."""
    return RequestKind(kind_changed.data["kind"][0])


def _kinds_before(uow: UnitOfWork, request: ServiceRequest) -> frozenset[RequestKind]:
    rows = uow.session.scalars(
        select(History.data).where(
            History.subject == "request",
            History.subject_id == request.id,
            History.action == "kind_changed",
        )
    )
    return frozenset(RequestKind(data["kind"][0]) for data in rows)


def _of_archive(request: ServiceRequest, before: Customer, now: Customer) -> dict[str, Any]:
    """Contact, number and address that came from one archive, as the other one has them."""
    values: dict[str, Any] = {}
    if request.contact in (before.contact, before.name):
        values["contact"] = now.contact or now.name
    if request.phone == before.phone:
        values["phone"] = now.phone
    if request.address == before.address:
        values |= {"address": now.address, "latitude": None, "longitude": None}
    return values


def _read_anew(uow: UnitOfWork, request: ServiceRequest) -> None:
    uow.session.flush()
    uow.session.expire(request, ["asset", "customer"])
    request.asset = uow.session.get(Asset, request.asset_id) if request.asset_id else None
    request.customer = uow.session.get_one(Customer, request.customer_id)
