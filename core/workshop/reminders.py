"""Reminders: goods that nobody collects, and loans that do not come back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices, receivers
from core.process import workflow
from core.workshop import actions
from core.workshop.rules import GIVEN_BACK, READY
from db.codes import NoticeKind
from db.tables import ShopPiece

# Goods that were ready so long ago are unclaimed; a loan without a day is awaited so long.
UNCLAIMED, LOAN, AGAIN = timedelta(days=14), timedelta(days=3), timedelta(days=7)
UNCLAIMED_FACT, LOAN_FACT = "workshop.unclaimed", "workshop.loan_out"
BATCH = 200


def is_unclaimed(now: datetime) -> ColumnElement[bool]:
    """Ready for long, and nobody has come."""
    return (ShopPiece.status == READY) & (ShopPiece.ready_at < now - UNCLAIMED)


def is_loan_out(uow: UnitOfWork) -> ColumnElement[bool]:
    """The customer still has what was lent: past its day, or the goods were given back before."""
    out = (ShopPiece.lent != "") & ShopPiece.lent_back_at.is_(None)
    kept = (ShopPiece.status == GIVEN_BACK) & (ShopPiece.given_at < uow.now - LOAN)
    past = (ShopPiece.lent_until < uow.today) | (ShopPiece.lent_until.is_(None) & kept)
    return out & past


def due(uow: UnitOfWork) -> Sequence[int]:
    """The pieces whose people are to be reminded, of each once a week."""
    waits = is_unclaimed(uow.now) | func.coalesce(is_loan_out(uow), False)
    fresh = ShopPiece.reminded_at.is_(None) | (ShopPiece.reminded_at <= uow.now - AGAIN)
    found = select(ShopPiece.id).where(waits, fresh).order_by(ShopPiece.id).limit(BATCH)
    return uow.session.scalars(found).all()


def remind(uow: UnitOfWork, piece_id: int) -> None:
    """Remind the owner of the case and the heads of the station, unless that was just done."""
    piece: ShopPiece = workflow.fetch(uow, actions.PROCESS, piece_id, lock=True)
    if piece.id not in due(uow):
        return
    piece.reminded_at = uow.now
    fact = UNCLAIMED_FACT if piece.status is READY else LOAN_FACT
    owner = [piece.request.owner_id] if piece.request.owner_id else []
    notices.put(
        uow,
        people=[*owner, *receivers.heads(uow, piece.station_id)],
        kind=NoticeKind.WORKSHOP,
        source=f"{fact}:{piece.id}:{uow.now.isoformat()}",
        case_id=piece.request_id,
        data={"fact": fact, "piece": piece.id, "number": piece.number, "lent": piece.lent},
    )
