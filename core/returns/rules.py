"""The way of a return as a rule table, and how somebody must stand to it to act on it (C8)."""

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload

from core.kernel.unit_of_work import Actor, UnitOfWork
from core.process.permissions import visible_requests
from core.process.rules import Relation, Rule
from core.returns import inputs
from db.codes import Destination, Fit, ReturnStatus, Wish
from db.tables import GoodsReturn, PurchaseLine, Replacement, ReturnLine, ServiceRequest, StockMove

APPLIED, SCREENED, INSPECTED = (
    ReturnStatus.APPLIED,
    ReturnStatus.SCREENED,
    ReturnStatus.INSPECTED,
)
APPROVED, REFUSED, APPEALED = (
    ReturnStatus.APPROVED,
    ReturnStatus.REFUSED,
    ReturnStatus.APPEALED,
)
AWAITED, RECEIVED, TESTED = ReturnStatus.AWAITED, ReturnStatus.RECEIVED, ReturnStatus.TESTED
STORED, SETTLED, REFUNDED = ReturnStatus.STORED, ReturnStatus.SETTLED, ReturnStatus.REFUNDED
TOLD, CLOSED, CANCELLED = ReturnStatus.TOLD, ReturnStatus.CLOSED, ReturnStatus.CANCELLED

NEW, SEEN, PROVEN = frozenset({APPLIED}), frozenset({SCREENED}), frozenset({INSPECTED})
EARLY = NEW | SEEN | PROVEN
GRANTED, DENIED, ASKED = frozenset({APPROVED}), frozenset({REFUSED}), frozenset({APPEALED})
COMING, HERE, CHECKED = frozenset({AWAITED}), frozenset({RECEIVED}), frozenset({TESTED})
IN_STOCK, RECKONED, PAID = frozenset({STORED}), frozenset({SETTLED}), frozenset({REFUNDED})
ANSWERED = frozenset({TOLD})
# Nothing has come yet: it may still be taken back.
CANCELLABLE = EARLY | GRANTED | DENIED | ASKED | COMING
OPEN = frozenset(ReturnStatus) - {CLOSED, CANCELLED}
OVER = PAID | ANSWERED | {CLOSED}

NOT_APPLICANT = Relation("own_application", lambda actor, row: actor.id != row.applied_by_id)
HANDS_OFF = Relation(
    "own_findings", lambda actor, row: actor.id not in (row.screened_by_id, row.inspected_by_id)
)
HIGH_ENOUGH = Relation("over_your_limit", lambda actor, row: actor.role in row.approvers)
NOT_REFUSER = Relation("own_refusal", lambda actor, row: actor.id != row.refused_by_id)
NOT_ALLOWER = Relation("own_appeal", lambda actor, row: actor.id != row.appeal_by_id)
NOT_RECEIVER = Relation("own_receipt", lambda actor, row: actor.id != row.received_by_id)
NOT_SETTLER = Relation("own_settlement", lambda actor, row: actor.id != row.settled_by_id)
NOT_APPROVER = Relation("own_approval", lambda actor, row: actor.id != row.approved_by_id)
DECIDES = (NOT_APPLICANT, HANDS_OFF, HIGH_ENOUGH)

READ, APPLIES, SCREENS, ASKS = "return:read", "return:apply", "return:screen", "return:ask"
INSPECTS, APPROVES, HEARS = "return:inspect", "return:approve", "return:appeal"
ARRANGES, RECEIVES, STORES, SHIPS = (
    "return:arrange",
    "return:receive",
    "return:store",
    "return:ship",
)
SETTLES, CONFIRMS, TELLS, CLOSES = (
    "return:settle",
    "return:confirm",
    "return:tell",
    "return:close",
)


def is_hopeless(row: GoodsReturn) -> bool:
    """Whether no line can come back under any condition."""
    return bool(row.lines) and all(line.fit is Fit.FAILS for line in row.lines)


def has_hope(row: GoodsReturn) -> bool:
    """Whether a line may come back; without lines nothing can be said."""
    return any(line.fit is not Fit.FAILS for line in row.lines)


def needs_inspection(row: GoodsReturn) -> bool:
    """Whether a condition waits for what somebody finds."""
    return any(line.fit is Fit.OPEN for line in row.lines)


def comes(line: ReturnLine) -> bool:
    """Whether pieces of a line change hands; for a repair a case of its own is opened."""
    return line.approved > 0 and line.wish is not Wish.REPAIR


def goods_come(row: GoodsReturn) -> bool:
    """Whether anything has to come back."""
    return not row.without_goods and any(comes(line) for line in row.lines)


def is_repair_only(row: GoodsReturn) -> bool:
    """Whether nothing comes back and nothing is paid."""
    return not any(comes(line) for line in row.lines)


def to_store(line: ReturnLine) -> int:
    """Pieces that were taken back and lie here; without the goods there are none."""
    return min(line.accepted, line.received)


def has_stock(row: GoodsReturn) -> bool:
    """Whether pieces wait for their place."""
    return any(to_store(line) for line in row.lines)


def lies(move: StockMove, moves: list[StockMove]) -> int:
    """Pieces of a move that have not been moved on."""
    return move.quantity - sum(each.quantity for each in moves if each.moved_from_id == move.id)


def quarantined(row: GoodsReturn) -> list[StockMove]:
    """The moves into quarantine that still hold pieces."""
    return [
        move
        for line in row.lines
        for move in line.moves
        if move.destination is Destination.QUARANTINE and lies(move, line.moves)
    ]


def to_replace(line: ReturnLine) -> int:
    """Pieces that are still to be sent in exchange."""
    return line.replaced - sum(each.quantity for each in line.replacements)


def to_send_back(line: ReturnLine) -> int:
    """Pieces that came, were not accepted and are still here."""
    return max(0, line.received - line.accepted) - line.sent_back


def owes_replacements(row: GoodsReturn) -> bool:
    """Whether something is to be sent in exchange."""
    return any(to_replace(line) for line in row.lines)


def owes_pieces(row: GoodsReturn) -> bool:
    """Whether the customer's own pieces have to go back."""
    return any(to_send_back(line) for line in row.lines)


def _all_sent(row: GoodsReturn) -> bool:
    return not owes_replacements(row) and not owes_pieces(row)


def _may_appeal(row: GoodsReturn) -> bool:
    refused = row.refused_by_id is not None and row.approved_by_id is None
    return refused and row.appeal == ""


def _waits_not(row: GoodsReturn) -> bool:
    return row.request.wait_reason is None


def _has_nothing_to_store(row: GoodsReturn) -> bool:
    return not has_stock(row)


def _is_owed(row: GoodsReturn) -> bool:
    return row.owed_cents > 0 and row.paid_at is None


def is_without_goods(row: GoodsReturn) -> bool:
    """Whether it was approved that nothing has to come."""
    return row.without_goods and not is_repair_only(row)


def _has_quarantine(row: GoodsReturn) -> bool:
    return bool(quarantined(row))


RULES = (
    Rule("amended", inputs.Amend, NEW, None, APPLIES, "C8"),
    Rule("screened", inputs.Screen, NEW, SCREENED, SCREENS, "C8", has_hope),
    Rule("declined", inputs.DeclineReturn, NEW, REFUSED, SCREENS, "C8", is_hopeless),
    Rule("more_asked", inputs.AskMore, EARLY, None, ASKS, "C8", _waits_not),
    Rule("supplied", inputs.Supply, EARLY, None, APPLIES, "C8"),
    Rule("inspected", inputs.Inspect, SEEN, INSPECTED, INSPECTS, "C8", who=(NOT_APPLICANT,)),
    Rule("approved", inputs.ApproveReturn, PROVEN, APPROVED, APPROVES, "C8", who=DECIDES),
    Rule("refused", inputs.RefuseReturn, PROVEN, REFUSED, APPROVES, "C8",
         who=(*DECIDES, NOT_ALLOWER)),
    Rule("appealed", inputs.AppealRefusal, DENIED | ANSWERED, APPEALED, APPLIES, "C8",
         _may_appeal),
    Rule("upheld", inputs.UpholdRefusal, ASKED, REFUSED, HEARS, "C8", who=(NOT_REFUSER,)),
    Rule("allowed", inputs.AllowAppeal, ASKED, INSPECTED, HEARS, "C8", who=(NOT_REFUSER,)),
    Rule("way_agreed", inputs.AgreeWayBack, GRANTED, AWAITED, ARRANGES, "C8", goods_come),
    Rule("tracked", inputs.Track, COMING | HERE, None, ARRANGES, "C8"),
    Rule("reminded", inputs.Remind, COMING, None, ARRANGES, "C8"),
    Rule("received", inputs.Receive, COMING, RECEIVED, RECEIVES, "C8"),
    Rule("received_more", inputs.ReceiveMore, HERE, None, RECEIVES, "C8"),
    Rule("tested", inputs.Retest, HERE, TESTED, INSPECTS, "C8", who=(NOT_RECEIVER,)),
    Rule("stored", inputs.PutAway, CHECKED, STORED, STORES, "C8", has_stock),
    Rule("settled", inputs.Settle, IN_STOCK, SETTLED, SETTLES, "C8"),
    Rule("revised", inputs.ReviseSettlement, RECKONED, STORED, CONFIRMS, "C8"),
    Rule("refunded", inputs.ConfirmRefund, RECKONED, REFUNDED, CONFIRMS, "C8",
         who=(NOT_SETTLER, NOT_APPROVER)),
    Rule("replacement_sent", inputs.SendReplacement, IN_STOCK | PAID, None, SHIPS, "C8",
         owes_replacements),
    Rule("sent_back", inputs.SendGoodsBack, CHECKED | IN_STOCK | PAID, None, SHIPS, "C8",
         owes_pieces),
    Rule("stock_moved", inputs.MoveStock, IN_STOCK | OVER, None, STORES, "C8",
         _has_quarantine),
    Rule("owed_paid", inputs.RecordPayment, OVER, None, CONFIRMS, "C8", _is_owed),
    Rule("told", inputs.TellResult, PAID, TOLD, TELLS, "C8", _all_sent),
    Rule("told", inputs.TellResult, DENIED, TOLD, TELLS, "C8"),
    Rule("told", inputs.TellResult, GRANTED, TOLD, TELLS, "C8", is_repair_only),
    Rule("closed", inputs.CloseReturn, ANSWERED, CLOSED, CLOSES, "C8"),
    Rule("cancelled", inputs.CancelReturn, CANCELLABLE, CANCELLED, APPLIES, "C8"),
    Rule("applied", None, NEW, APPLIED, "request:register", "C8"),
    Rule("lines_entered", None, NEW, None, APPLIES, "C8"),
    Rule("inspection_waived", None, SEEN, INSPECTED, SCREENS, "C8"),
    Rule("goods_waived", None, GRANTED, TESTED, APPROVES, "C8", is_without_goods),
    Rule("stored", None, CHECKED, STORED, STORES, "C8", _has_nothing_to_store),
    Rule("expired", None, COMING, CLOSED, ARRANGES, "C8"),
)  # fmt: skip


def select_visible(actor: Actor) -> Select[GoodsReturn]:
    """The returns of the cases that the actor may see, each with its case and its lines."""
    return select_whole().where(visible_requests(actor))


def select_whole() -> Select[GoodsReturn]:
    """Returns of all stations, each with its case and its lines."""
    line = selectinload(GoodsReturn.lines)
    bought = line.joinedload(ReturnLine.purchase_line)
    return (
        select(GoodsReturn)
        .join(GoodsReturn.request)
        .options(
            contains_eager(GoodsReturn.request).joinedload(ServiceRequest.customer),
            bought.joinedload(PurchaseLine.purchase),
            bought.joinedload(PurchaseLine.product),
            bought.joinedload(PurchaseLine.asset),
            line.selectinload(ReturnLine.deductions),
            line.selectinload(ReturnLine.moves),
            line.selectinload(ReturnLine.replacements).joinedload(Replacement.asset),
            selectinload(GoodsReturn.parcels),
        )
    )


def of_case(uow: UnitOfWork, case_id: int) -> GoodsReturn | None:
    """The return of a case that the actor may see."""
    query = select_visible(uow.actor).where(GoodsReturn.request_id == case_id)
    found: GoodsReturn | None = uow.session.scalars(query).one_or_none()
    return found
