"""Contracts and supplements as screens see them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from core.contracts import contracts as process
from core.contracts.rules import ASKED, contracts, supplements
from core.contracts.supplements import PROCESS as SUPPLEMENTS
from core.customers import readings
from core.kernel.paging import Page, leaf
from core.kernel.unit_of_work import UnitOfWork
from core.process import changes, fairness, workflow
from core.process.changes import Change
from core.process.fairness import Barred
from core.process.permissions import require, require_case
from core.process.rules import Rule
from db.codes import ContractStatus, RequestKind, SupplementStatus
from db.tables import Contract, ServiceRequest, Supplement

SIZE, MOST = 25, 100


class ContractPart(StrEnum):
    """Which contracts of the list."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    ENDED = "ended"


@dataclass(frozen=True)
class ContractView:
    """A contract: what it covers and gives, and what may be done about it."""

    id: int
    version: int
    number: str
    status: ContractStatus
    customer_id: int
    customer: str
    scope: str
    kinds: tuple[RequestKind, ...]
    pieces: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    warranty_until: date | None
    response_hours: int | None
    arrival_hours: int | None
    labour_free: bool
    parts_free: bool
    travel_free: bool
    paper_name: str
    actions: tuple[Rule, ...]
    barred: tuple[Barred, ...]


@dataclass(frozen=True)
class SupplementView:
    """A supplementary agreement about a case."""

    id: int
    version: int
    case_id: int
    case: str
    contract: str
    status: SupplementStatus
    work: str
    cents: int
    reason: str
    asked_by: str
    decided_by: str
    actions: tuple[Rule, ...]
    barred: tuple[Barred, ...]


@dataclass(frozen=True)
class CaseContract:
    """The contract of a case, whether the work goes beyond it, and its supplements."""

    contract: ContractView
    beyond: bool
    supplements: tuple[SupplementView, ...]


def view(uow: UnitOfWork, *, id: int) -> ContractView:
    """One contract; NotFound where the actor may not see it, or may not read the archive."""
    require(uow, "search:use")
    row: Contract = workflow.fetch(uow, process.PROCESS, id)
    readings.require_read(uow, row.customer_id)
    return _view(uow, row)


def edits(uow: UnitOfWork, *, id: int) -> tuple[Change, ...]:
    """What was changed of a draft."""
    view(uow, id=id)
    return changes.of_record(uow, subject="contract", subject_id=id)


def of_customer(uow: UnitOfWork, *, customer_id: int) -> tuple[ContractView, ...]:
    """The contracts of a customer, the latest first; nothing where the archive is not open."""
    require(uow, "search:use")
    if not readings.is_open(uow, customer_id):
        return ()
    of_theirs = contracts(uow.actor).where(Contract.customer_id == customer_id)
    rows = uow.session.scalars(of_theirs.order_by(Contract.id.desc()).limit(MOST))
    return tuple(_view(uow, row) for row in rows)


def listed(uow: UnitOfWork, *, part: ContractPart, page: int = 1) -> Page[ContractView]:
    """The contracts of a part, those that end first on top."""
    require(uow, "customer:read")
    query = contracts(uow.actor).where(Contract.status == ContractStatus(part.value))
    total = uow.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Contract.valid_until.asc().nulls_last(), Contract.id)
    found, number = leaf(uow, ordered, page=page, size=SIZE)
    return Page(tuple(_view(uow, row) for (row,) in found), total, number, size=SIZE)


def of_case(uow: UnitOfWork, *, case_id: int) -> CaseContract | None:
    """The contract that a case falls under, or goes beyond; None where there is none."""
    require_case(uow, case_id)
    request = uow.session.get_one(ServiceRequest, case_id)
    if request.contract_id is None:
        return None
    # Whoever sees the case sees what was agreed about it, whatever station keeps the customer.
    loaded = select(Contract).options(joinedload(Contract.customer))
    row = uow.session.scalars(loaded.where(Contract.id == request.contract_id)).one()
    found = _supplements(uow, Supplement.request_id == case_id)
    return CaseContract(_view(uow, row), request.beyond_contract, found)


def waiting(uow: UnitOfWork) -> tuple[SupplementView, ...]:
    """The supplements that wait for a decision."""
    require(uow, "case:read")
    return _supplements(uow, Supplement.status == ASKED)


def _supplements(uow: UnitOfWork, which: ColumnElement[bool]) -> tuple[SupplementView, ...]:
    names = (joinedload(Supplement.asked_by), joinedload(Supplement.decided_by))
    query = supplements(uow.actor).where(which).options(*names)
    rows = uow.session.scalars(query.order_by(Supplement.id.desc()).limit(MOST))
    return tuple(_supplement(uow, row) for row in rows)


def _supplement(uow: UnitOfWork, row: Supplement) -> SupplementView:
    same = ("id", "version", "status", "work", "cents", "reason")
    return SupplementView(
        **{name: getattr(row, name) for name in same},
        case_id=row.request_id,
        case=row.request.number,
        contract=row.contract.number,
        asked_by=row.asked_by.name,
        decided_by=row.decided_by.name if row.decided_by else "",
        actions=SUPPLEMENTS.allowed(uow.actor, row),
        barred=fairness.barred(uow, SUPPLEMENTS, row),
    )


_SAME = (
    *("id", "version", "number", "status", "customer_id", "scope", "valid_from", "valid_until"),
    *("warranty_until", "response_hours", "arrival_hours", "labour_free", "parts_free"),
    *("travel_free", "paper_name"),
)


def _view(uow: UnitOfWork, row: Contract) -> ContractView:
    ids = process.named(uow, row.id)
    names = process.owned(uow, row.customer_id) if ids else {}
    facts: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    return ContractView(
        **facts,
        customer=row.customer.name,
        kinds=tuple(RequestKind(kind) for kind in row.kinds),
        pieces=tuple(names.get(id, f"#{id}") for id in ids),
        actions=process.PROCESS.allowed(uow.actor, row),
        barred=fairness.barred(uow, process.PROCESS, row),
    )
