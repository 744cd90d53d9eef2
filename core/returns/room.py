"""The room of returns and exchanges: their file, and what follows for it and from it (C8)."""

from sqlalchemy import select

from core.kernel.errors import InvalidInput, Problem
from core.kernel.unit_of_work import UnitOfWork
from core.notices import notices, receivers
from core.papers.paper import Paper
from core.process import workflow
from core.process.room import Chore, File, Room
from core.process.rules import Happening, after
from core.requests import actions as requests
from core.requests.files import answers, goes_with_case, opens_file, takes_up
from core.returns import chase, inspection, pieces
from core.returns.actions import ASKED_NEXT, PROCESS, record, withdraw
from core.returns.holding import rejudge
from core.returns.papers import application, receipt, refund, sending
from core.returns.papers.application import ApplicationFacts, is_applied
from core.returns.papers.receipt import ReceiptFacts
from core.returns.papers.refund import RefundFacts
from core.returns.papers.sending import SendingFacts
from core.returns.rules import (
    APPLIED,
    CANCELLED,
    CLOSED,
    EARLY,
    OPEN,
    PROVEN,
    READ,
    has_stock,
    is_without_goods,
    needs_inspection,
    of_case,
    select_whole,
)
from db.codes import (
    Destination,
    NoticeKind,
    Payer,
    RefundMethod,
    RequestKind,
    RequestStatus,
    ReturnStatus,
    Role,
    WayBack,
)
from db.tables import GoodsReturn, PurchaseLine, ReturnLine

KIND = RequestKind.RETURN
# These hand the return on to somebody else.
STEPS = (
    *("screened", "declined", "inspected", "approved", "refused", "appealed", "upheld"),
    *("allowed", "way_agreed", "received", "tested", "stored", "settled", "revised", "refunded"),
)


def _waive_inspection(uow: UnitOfWork, screened: Happening) -> None:
    """Nothing has to be looked at before it is decided."""
    workflow.advance(uow, PROCESS, screened.record, "inspection_waived")


def _waive_goods(uow: UnitOfWork, approved: Happening) -> None:
    """Nothing has to come: what was approved counts as taken back."""
    inspection.waive_goods(approved.record)
    workflow.advance(uow, PROCESS, approved.record, "goods_waived")


def _store_nothing(uow: UnitOfWork, tested: Happening) -> None:
    """There is nothing to put away."""
    workflow.advance(uow, PROCESS, tested.record, "stored")


def _run_again(uow: UnitOfWork, appealed: Happening) -> None:
    """A case that was answered runs again."""
    requests.reopen(uow, appealed.record.request)


def _end_case(uow: UnitOfWork, ended: Happening) -> None:
    """Nothing comes back: the case ends without an answer."""
    requests.cancel(uow, ended.record.request, ended.done.note)


def _was_answered(appealed: Happening) -> bool:
    return appealed.record.request.status in requests.SETTLED


def _case_runs(ended: Happening) -> bool:
    request = ended.record.request
    return request.status is not RequestStatus.CANCELLED and request.kind is KIND


def _keep_lines(uow: UnitOfWork, righted: Happening) -> None:
    """Its lines stand on what the other customer bought: they go first."""
    row = of_case(uow, righted.record.id)
    if row is not None and row.lines:
        raise InvalidInput(Problem("customer_id", "lines_of_other_purchases"))


def _judge_anew(uow: UnitOfWork, righted: Happening) -> None:
    """What nobody has decided yet is held against the rule book by the days that are right."""
    own = select(ReturnLine.return_id).join(ReturnLine.purchase_line)
    own = own.where(PurchaseLine.purchase_id == righted.record.id)
    early = GoodsReturn.status.in_(EARLY)
    for row in uow.session.scalars(select_whole().where(early, GoodsReturn.id.in_(own))):
        rejudge(uow, row, inspected=row.status in PROVEN)


def _tell_next(uow: UnitOfWork, moved: Happening) -> None:
    """Whoever has the next turn is told, once for where the return has come to."""
    row = moved.record
    people = receivers.of_roles(uow, row.request, _asked(row), without=uow.actor.id)
    if _asked(row) == (Role.AGENT,) and row.request.owner_id:
        people = tuple({row.request.owner_id} - {uow.actor.id})
    notices.put(
        uow,
        people=people,
        kind=NoticeKind.YOUR_TURN,
        source=f"return:{row.id}:{row.version}:{row.status.value}",
        case_id=row.request_id,
        data={"step": row.status.value},
    )


def _asked(row: GoodsReturn) -> tuple[Role, ...]:
    if row.status is ReturnStatus.INSPECTED:
        return (Role(row.approvers[0]),)  # not everybody who could: the lowest that may
    return ASKED_NEXT.get(row.status, ())


ROOM = Room(
    "returns",
    processes=(PROCESS,),
    file=File(
        KIND, PROCESS, opening=APPLIED, open=OPEN, ended=CLOSED, withdrawn=CANCELLED, read=READ
    ),
    after=(
        opens_file(KIND, record),
        goes_with_case(KIND, withdraw),
        takes_up("return.screened", "return.declined"),
        after("request.customer_changed", do=_keep_lines),
        after("purchase.edited", do=_judge_anew),
        answers("return.told"),
        after(
            "return.screened",
            do=_waive_inspection,
            when=lambda h: not needs_inspection(h.record),
        ),
        after("return.approved", do=_waive_goods, when=lambda h: is_without_goods(h.record)),
        after(
            "return.tested",
            "return.goods_waived",
            do=_store_nothing,
            when=lambda h: not has_stock(h.record),
        ),
        after("return.refunded", do=pieces.take_back),
        after("return.refunded", "return.stock_moved", do=pieces.follow_goods),
        after("return.appealed", do=_run_again, when=_was_answered),
        after("return.cancelled", "return.expired", do=_end_case, when=_case_runs),
        after(*(f"return.{step}" for step in STEPS), do=_tell_next),
    ),
    papers=(
        Paper("return_application", ApplicationFacts, application.application, fits=is_applied),
        Paper("return_instructions", SendingFacts, sending.instructions, fits=sending.is_awaited),
        Paper("receipt_note", ReceiptFacts, receipt.note, fits=receipt.is_received),
        Paper("refund_note", RefundFacts, refund.note, fits=refund.is_settled),
    ),
    minutely=(Chore(chase.overdue, chase.chase),),
    codes={
        "way_back": (WayBack,),
        "paid_by": (Payer,),
        "method": (RefundMethod,),
        "destination": (Destination,),
    },
)
