"""The contract that a case falls under, found when it begins and when facts are put right (S7)."""

from typing import Any

from core.contracts import cover
from core.contracts.cover import Cover
from core.kernel.unit_of_work import UnitOfWork
from core.process import changes
from core.requests import charging
from db.codes import RequestKind
from db.tables import Asset, ServiceRequest


def of_piece(uow: UnitOfWork, asset: Asset | None, kind: RequestKind) -> Cover | None:
    """What would bind for a case about a piece today."""
    if asset is None:
        return None
    facts = {"customer_id": asset.customer_id, "asset_id": asset.id}
    return cover.of_work(uow, kind=kind, on=uow.today, **facts)


def find(uow: UnitOfWork, request: ServiceRequest) -> dict[str, Any]:
    """Set the contract of a case, as of the day of its contact; gives what history keeps of it."""
    found = cover.of_work(
        uow,
        customer_id=request.customer_id,
        asset_id=request.asset_id,
        kind=request.kind,
        on=charging.day_of(uow, request),
    )
    values = {
        "contract_id": found.contract.id if found else None,
        "beyond_contract": bool(found and found.beyond),
    }
    data = changes.write(request, values)
    if not data:
        return {}
    return data | {"contract": found.contract.number if found else ""}
