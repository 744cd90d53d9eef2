"""Supplementary agreements 补充协议: asked for, decided by the amount, before a crew goes (S7)."""

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import joinedload

from core.contracts.inputs import (
    ApproveSupplement,
    AskSupplement,
    RefuseSupplement,
    WithdrawSupplement,
)
from core.contracts.rules import APPROVED, ASKED, KEEP, SUPPLEMENT_RULES, supplements
from core.kernel.errors import InvalidInput, NotFound, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.norms.authority import USUAL, levels_of
from core.norms.revisions import norm_for
from core.notices import notices, receivers
from core.process import workflow
from core.process.permissions import require, visible_requests
from core.process.rules import Done, Happening, Process
from db.codes import NoticeKind, RequestStatus, Role
from db.tables import Contract, ServiceRequest, Supplement
from db.types import LARGEST_ID

WHAT = "supplement"
OPEN = (RequestStatus.REGISTERED, RequestStatus.IN_PROGRESS)
ASKED_FACT, DECIDED_FACT = "supplement.asked", "supplement.decided"


def ask(uow: UnitOfWork, command: AskSupplement, *, case_id: int) -> int:
    """Ask for work beyond the contract of a case; gives the id of the supplement.

    InvalidInput where the customer has no contract, or one waits for its answer already.
    """
    require(uow, KEEP)
    request = _case(uow, case_id)
    if request.contract_id is None or request.status not in OPEN:
        raise InvalidInput(Problem("supplement_work", "no_contract"))
    of_case = Supplement.request_id == request.id
    waits = select(Supplement.id).where(of_case, Supplement.status == ASKED)
    if uow.session.scalar(waits.limit(1)):
        raise InvalidInput(Problem("supplement_work", "supplement_waits"))
    levels = levels_of(norm_for(uow, request), WHAT, command.supplement_cents)
    row = Supplement(
        contract=uow.session.get_one(Contract, request.contract_id),
        request=request,
        work=command.supplement_work,
        cents=command.supplement_cents,
        reason=command.reason,
        approvers=[level.role.value for level in levels] or [role.value for role in USUAL],
        asked_by_id=uow.actor.id,
    )
    data = {"cents": row.cents, "approvers": row.approvers, "contract": row.contract.number}
    workflow.begin(uow, PROCESS, row, Done(note=row.work, data=data))
    _tell_approvers(uow, row)
    return row.id


def how_many(uow: UnitOfWork) -> Select[int, int]:
    """How many supplements wait for the decision of somebody of the actor's role."""
    waiting = supplements(uow.actor).where(Supplement.status == ASKED)
    return select(func.count(), literal(0)).select_from(waiting.subquery())


def _case(uow: UnitOfWork, case_id: int) -> ServiceRequest:
    known = 0 < case_id <= LARGEST_ID
    query = select(ServiceRequest).where(ServiceRequest.id == case_id, visible_requests(uow.actor))
    # Two who ask at once: the second waits here.
    held = query.options(joinedload(ServiceRequest.customer)).with_for_update(of=ServiceRequest)
    request = uow.session.scalar(held) if known else None
    if request is None:
        raise NotFound(subject="request", id=case_id)
    return request


def _tell_approvers(uow: UnitOfWork, row: Supplement) -> None:
    # Not everybody who could: the lowest level that may.
    ids = receivers.everywhere(uow, [Role(row.approvers[0])])
    notices.put(
        uow,
        people=[id for id in ids if id != uow.actor.id],
        kind=NoticeKind.APPROVAL,
        source=f"supplement:{row.id}:asked",
        case_id=row.request_id,
        data={"fact": ASKED_FACT, "cents": row.cents, "contract": row.contract.number},
    )


def _decide(
    uow: UnitOfWork, row: Supplement, command: ApproveSupplement | RefuseSupplement
) -> Done:
    row.decided_by_id = uow.actor.id
    return Done(note=command.note, data={"cents": row.cents})


def tell(uow: UnitOfWork, decided: Happening) -> None:
    """Whoever asked for a supplement is told what was decided."""
    row, answer = decided.record, "yes" if decided.record.status is APPROVED else "no"
    notices.put(
        uow,
        people=[row.asked_by_id],
        kind=NoticeKind.PLAN_DECIDED,
        source=f"supplement:{row.id}:decided",
        case_id=row.request_id,
        data={"fact": f"{DECIDED_FACT}.{answer}"},
    )


def _withdraw(_uow: UnitOfWork, _row: Supplement, command: WithdrawSupplement) -> Done:
    return Done(note=command.note)


PROCESS = Process(
    subject="supplement",
    rules=SUPPLEMENT_RULES,
    effects={
        ApproveSupplement: _decide,
        RefuseSupplement: _decide,
        WithdrawSupplement: _withdraw,
    },
    select=supplements,
    table=Supplement,
    case_id=lambda row: row.request_id,
)
