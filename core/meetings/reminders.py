"""Reminders: the owner of a decision is told once that its day has come."""

from collections.abc import Sequence

from sqlalchemy import select, update

from core.kernel.unit_of_work import UnitOfWork
from core.meetings.rules import TO_DO
from core.notices import notices
from db.codes import NoticeKind
from db.tables import Decision

DUE_FACT = "decision.due"
_UNTOLD = (Decision.status == TO_DO) & Decision.told_at.is_(None)


def due(uow: UnitOfWork) -> Sequence[int]:
    """The decisions whose day has come, and whose owner was not told so."""
    query = select(Decision.id).where(_UNTOLD, Decision.due_on <= uow.today)
    return uow.session.scalars(query.order_by(Decision.id)).all()


def remind(uow: UnitOfWork, decision_id: int) -> None:
    """Tell the owner, unless another sweep was faster, or it is settled by now."""
    # Not through the record: whoever has its form open has seen nothing that is stale.
    told = update(Decision).where(Decision.id == decision_id, _UNTOLD).values(told_at=uow.now)
    row = uow.session.execute(
        told.returning(Decision.owner_id, Decision.text, Decision.due_on)
    ).one_or_none()
    if row is None:
        return
    day = row.due_on.isoformat()
    notices.put(
        uow,
        people=[row.owner_id],
        kind=NoticeKind.DECISION,
        source=f"{DUE_FACT}:{decision_id}:{day}",
        data={"fact": DUE_FACT, "text": row.text, "due_on": day},
    )
