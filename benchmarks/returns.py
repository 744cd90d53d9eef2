"""Returns and exchanges, from the application to the closed file (C8)."""

from datetime import timedelta
from typing import Any

from benchmarks import reviews
from benchmarks.cases import Case, Course, Diary
from benchmarks.sheets import Row
from core.returns.conditions import Facts, judge
from core.returns.holding import fit_of, roles_for
from db.codes import (
    CauseKind,
    Destination,
    Direction,
    GoodsState,
    Payer,
    RefundMethod,
    RequestKind,
    ReturnReason,
    ReturnStatus,
    Role,
    WayBack,
    Wish,
)

# A case of the backlog stands still before one of the steps.
STEPS = 11
FREIGHT = 60_00
PRICES = (599_00, 1299_00, 1899_00, 2599_00, 4299_00)
PEOPLE = ("applied", "screened", "inspected", "approved", "refused", "appeal", "received")
WORTH_PERCENT = 90
S = ReturnStatus


def open_file(case: Case) -> None:
    """Open the file of a return, with one line and the purchase that it belongs to."""
    request = case.request
    if request["kind"] is not RequestKind.RETURN:
        return
    blank = dict.fromkeys(f"{name}_by_id" for name in (*PEOPLE, "settled", "confirmed"))
    blank |= dict.fromkeys(("way_back", "refund_method", "refunded_at", "closed_at"))
    blank |= dict.fromkeys(("taken_cents", "refund_cents"), 0) | {"decision": "", "refund_ref": ""}
    case.file = case.sheets.add(
        "returns",
        **blank,
        version=1,
        request_id=request["id"],
        status=S.APPLIED,
        asked_on=request["received_at"].astimezone(case.town.zone).date(),
        approvers=[],
        address=request["address"],
    )
    case.about("return", case.file, "applied", case.owner)
    case.line, case.bought = _line(case)
    case.file["applied_by_id"] = case.owner
    _judge(case, inspected=False)
    case.about("return", case.file, "lines_entered", case.owner, cents=case.line["unit_cents"])


def course(case: Case) -> Course:
    """The way of a return; a fault that nobody finds is no reason to take anything back."""
    desk, quality = case.owner, case.who(Role.QUALITY)
    yield case.after(0.2, 7)
    _step(case, "screened", desk, S.SCREENED, "screened_by_id")
    reviews.acknowledge(case, desk)
    yield case.after(1, 18)
    case.line |= {"defect": False, "goods_found": case.line["goods"], "finding": "检测正常"}
    _judge(case, inspected=True)
    _step(case, "inspected", quality, S.INSPECTED, "inspected_by_id")
    yield case.after(1, 24)
    boss = case.who(Role(case.file["approvers"][0]))
    if case.line["reason"] is ReturnReason.OWN:
        case.line["approved"] = 1
        _step(case, "approved", boss, S.APPROVED, "approved_by_id")
        yield from _goods(case, quality)
        yield from _money(case)
    else:
        case.file["decision"] = "未发现质量缺陷"
        _step(case, "refused", boss, S.REFUSED, "refused_by_id")
    yield case.after(0.2, 6)
    _step(case, "told", desk, S.TOLD)
    reviews.answer(case, desk)
    yield case.after(1, 10)
    _release(case)
    case.file["closed_at"] = case.at
    _step(case, "closed", desk, S.CLOSED)


def _goods(case: Case, quality: int) -> Course:
    warehouse, line = case.who(Role.WAREHOUSE), case.line
    yield case.after(0.2, 5)
    case.file["way_back"] = WayBack.PICK_UP
    parcel = _parcel(case)
    _step(case, "way_agreed", case.owner, S.AWAITED)
    yield case.after(20, 70)
    parcel["arrived_at"] = case.at
    line |= {"received": 1, "specification_ok": True, "appearance": line["goods"]}
    _step(case, "received", warehouse, S.RECEIVED, "received_by_id")
    yield case.after(0.5, 12)
    line |= {"accepted": 1, "cause_kind": CauseKind.INFORMATION}
    _step(case, "tested", quality, S.TESTED)
    yield case.after(0.5, 6)
    case.sheets.add(
        "stock_moves",
        line_id=line["id"],
        quantity=1,
        destination=Destination.RESALE,
        value_cents=_worth(line),
        by_id=warehouse,
        at=case.at,
    )
    _step(case, "stored", warehouse, S.STORED)


def _money(case: Case) -> Course:
    price, finance = case.line["unit_cents"], case.who(Role.FINANCE)
    yield case.after(0.5, 6)
    case.file |= {"taken_cents": price, "refund_cents": price - FREIGHT}
    case.file["refund_method"] = RefundMethod.ORIGINAL
    _step(case, "settled", case.owner, S.SETTLED, "settled_by_id")
    yield case.after(1, 20)
    case.file |= {"refunded_at": case.at, "refund_ref": f"TK{case.file['id']:06d}"}
    case.bought |= {"returned": 1, "refunded_cents": case.bought["total_cents"]}
    _release(case)
    lost = price - _worth(case.line)
    case.sheets.add(
        "return_losses",
        line_id=case.line["id"],
        booked_on=case.today(),
        value_cents=lost,
        freight_cents=0,
        deducted_cents=0,
        loss_cents=lost,
    )
    _step(case, "refunded", finance, S.REFUNDED, "confirmed_by_id")


def _step(case: Case, fact: str, by: int, to: ReturnStatus, column: str = "") -> None:
    if column:
        case.file[column] = by
    case.about("return", case.file, fact, by, to)


def _line(case: Case) -> tuple[Row, Row]:
    say, asked_on = case.random.choice, case.file["asked_on"]
    on = asked_on - timedelta(days=case.random.randrange(1, 40))
    purchase = case.sheets.add(
        "purchases",
        version=1,
        customer_id=case.request["customer_id"],
        invoice_no=f"FP{case.request['id']:08d}",
        purchased_on=on,
        received_on=on,
        at_a_distance=False,
        added_at=case.at,
    )
    case.bought_on, price = on, say(PRICES)
    Diary(case.sheets).write("purchase", purchase["id"], "added", case.owner, case.at)
    bought = case.sheets.add(
        "purchase_lines",
        version=1,
        purchase_id=purchase["id"],
        product_id=case.product_id,
        quantity=1,
        unit_cents=price,
        total_cents=price,
        returned=0,
        refunded_cents=0,
        under_way=1,
    )
    is_own = case.random.random() < 0.8
    line = case.sheets.add(
        "return_lines",
        **_BLANK,
        return_id=case.file["id"],
        purchase_line_id=bought["id"],
        unit_cents=price,
        price_cents=price,
        reason=ReturnReason.OWN if is_own else ReturnReason.QUALITY,
        goods=GoodsState.UNUSED if is_own else GoodsState.USED,
    )
    return line, bought


_BLANK: Row = {
    "wish": Wish.RETURN,
    "quantity": 1,
    **dict.fromkeys(("approved", "received", "accepted"), 0),
    "held": 1,
    "condition": "",
    "finding": "",
    **dict.fromkeys(("defect", "goods_found", "specification_ok", "appearance")),
    **dict.fromkeys(("fit", "payer", "cause_kind")),
}


def _judge(case: Case, *, inspected: bool) -> None:
    """The line against the rule book, and who may decide on its price: as core has it."""
    line, norm = case.line, case.town.norm
    facts: dict[str, Any] = {name: line[name] for name in ("reason", "wish", "goods", "defect")}
    facts |= {"asked_on": case.file["asked_on"], "goods_found": line["goods_found"]}
    facts |= {"purchased_on": case.bought_on, "received_on": case.bought_on}
    judgement = judge(norm, Facts(at_a_distance=False, **facts))
    line["fit"] = fit_of(judgement, inspected=inspected)
    leading = judgement.leading
    line["condition"] = leading.condition.name if leading else ""
    line["payer"] = judgement.freight
    roles = roles_for(norm, line["unit_cents"])
    case.file["approvers"] = [role.value for role in roles]


def _parcel(case: Case) -> Row:
    return case.sheets.add(
        "return_parcels",
        return_id=case.file["id"],
        direction=Direction.IN,
        label=f"{case.random.getrandbits(80):020x}",
        carrier="顺丰",
        paid_by=Payer.COMPANY,
        freight_cents=FREIGHT,
        arrived_at=None,
    )


def _release(case: Case) -> None:
    case.line["held"] = case.bought["under_way"] = 0


def _worth(line: Row) -> int:
    return int(line["unit_cents"]) * WORTH_PERCENT // 100
