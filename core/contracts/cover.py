"""Which contract a case falls under, what it gives, and whether the work goes beyond it (S7)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from core.kernel.unit_of_work import UnitOfWork
from db.codes import PriceKind, RequestKind
from db.tables import Contract, ContractPiece


@dataclass(frozen=True)
class Cover:
    """The contract of a case; `beyond` when it is the customer's and does not cover this work."""

    contract: Contract
    beyond: bool


def of_work(
    uow: UnitOfWork, *, customer_id: int, asset_id: int | None, kind: RequestKind, on: date
) -> Cover | None:
    """The contract that binds on a day, the one that gives most; None where the customer has none.

    One that has ended since is asked too, as far as it was in force on that day.
    """
    found = uow.session.scalars(
        select(Contract)
        .where(Contract.customer_id == customer_id, Contract.in_force_at.is_not(None))
        .where(Contract.valid_from <= on)
        .where(or_(Contract.valid_until.is_(None), Contract.valid_until >= on))
        .order_by(Contract.id)
    ).all()
    if not found:
        return None
    pieces = _pieces(uow, [row.id for row in found])
    covering = [row for row in found if _covers(row, pieces.get(row.id), asset_id, kind)]
    if covering:
        return Cover(max(covering, key=_worth), beyond=False)
    return Cover(found[-1], beyond=True)


def frees(contract: Contract | None) -> frozenset[PriceKind]:
    """What costs nothing by a contract."""
    if contract is None:
        return frozenset()
    given = {
        PriceKind.LABOUR: contract.labour_free,
        PriceKind.PART: contract.parts_free,
        PriceKind.TRAVEL: contract.travel_free,
    }
    return frozenset(kind for kind, is_free in given.items() if is_free)


def is_all_free(contract: Contract | None) -> bool:
    """Whether work under a contract costs nothing at all."""
    return frees(contract) == frozenset(PriceKind)


def warranty_of(contract: Contract | None) -> date | None:
    """The last day of a contract's own warranty."""
    return contract.warranty_until if contract else None


def later(one: date | None, other: date | None) -> date | None:
    """The later of two days, of which there may be none."""
    return max((day for day in (one, other) if day), default=None)


def _covers(
    row: Contract, named: Collection[int] | None, asset_id: int | None, kind: RequestKind
) -> bool:
    is_work = not row.kinds or kind.value in row.kinds
    return is_work and (named is None or asset_id in named)


def _worth(row: Contract) -> tuple[int, date, int]:
    return len(frees(row)), row.warranty_until or date.min, row.id


def _pieces(uow: UnitOfWork, ids: Collection[int]) -> dict[int, set[int]]:
    query = select(ContractPiece.contract_id, ContractPiece.asset_id)
    found: dict[int, set[int]] = {}
    for contract_id, asset_id in uow.session.execute(
        query.where(ContractPiece.contract_id.in_(ids))
    ):
        found.setdefault(contract_id, set()).add(asset_id)
    return found
