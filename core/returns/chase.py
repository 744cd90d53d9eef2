"""Goods that never come: when the time is up the customer is reminded once, then it is closed."""

from sqlalchemy import select

from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices
from core.process import workflow
from core.process.rules import Done
from core.returns import actions, receipt
from core.returns.rules import AWAITED
from db.codes import NoticeKind
from db.tables import GoodsReturn, Limit

# The limits of the rule book that say how long; a rule book without them waits for ever.
WAITS_FOR_GOODS, WAITS_AGAIN = "goods_awaited", "goods_reminded"
BATCH = 200


def overdue(uow: UnitOfWork) -> tuple[int, ...]:
    """Returns whose goods should have come: only those that wait for goods are looked at."""
    return tuple(
        uow.session.scalars(
            select(GoodsReturn.id)
            .join(Limit, Limit.request_id == GoodsReturn.request_id)
            .where(
                GoodsReturn.status == AWAITED,
                Limit.name.in_((WAITS_FOR_GOODS, WAITS_AGAIN)),
                Limit.met_at.is_(None),
                Limit.dropped_at.is_(None),
                Limit.due_at < uow.now,
            )
            .order_by(Limit.due_at, GoodsReturn.id)
            .limit(BATCH)
        )
    )


def chase(uow: UnitOfWork, return_id: int) -> None:
    """Remind of a return's goods, or close it where that was done and nothing came."""
    row: GoodsReturn = workflow.fetch(uow, actions.PROCESS, return_id, lock=True)
    late = _late(uow, row)
    if row.status is not AWAITED or not late or row.request.wait_reason:
        return
    if WAITS_AGAIN in late:
        receipt.expire(uow, row)
        workflow.advance(uow, actions.PROCESS, row, "expired", Done(data={"limit": WAITS_AGAIN}))
        return
    workflow.advance(uow, actions.PROCESS, row, "reminded", Done(data={"limit": WAITS_FOR_GOODS}))
    notices.put(
        uow,
        people=[row.request.owner_id] if row.request.owner_id else [],
        kind=NoticeKind.YOUR_TURN,
        source=f"return:{row.id}:{row.version}:reminded",
        case_id=row.request_id,
        data={"step": row.status.value},
    )


def _late(uow: UnitOfWork, row: GoodsReturn) -> set[str]:
    names = uow.session.scalars(
        select(Limit.name).where(
            Limit.request_id == row.request_id,
            Limit.name.in_((WAITS_FOR_GOODS, WAITS_AGAIN)),
            Limit.met_at.is_(None),
            Limit.dropped_at.is_(None),
            Limit.due_at < uow.clock,
        )
    )
    return set(names)
