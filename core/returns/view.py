"""A return as it is worked on: application, conditions, parcels, stock, money, what may be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from core.customers import paid_elsewhere
from core.kernel.unit_of_work import UnitOfWork
from core.norms.authority import levels_of
from core.norms.model import Norm
from core.norms.parts import Words
from core.norms.revisions import norm_for
from core.process import fairness
from core.process.fairness import Barred
from core.process.permissions import require
from core.process.rules import Rule
from core.requests import queues
from core.returns import losses, rows, rules
from core.returns.actions import ASKED_NEXT, PROCESS
from core.returns.conditions import Judgement, judge
from core.returns.holding import amount_of, facts_of
from core.returns.inspection import clause_of
from core.returns.money import Settlement
from core.returns.settlement import settlement_of
from db.codes import (
    CauseKind,
    DeductionKind,
    Destination,
    Direction,
    Fit,
    GoodsState,
    Payer,
    RefundMethod,
    ReturnReason,
    ReturnStatus,
    Role,
    WaitReason,
    WayBack,
    Wish,
)
from db.tables import GoodsReturn, Person, ReturnLine, ReturnLoss, ReturnParcel, StockMove


@dataclass(frozen=True)
class StockView:
    """Pieces that were put somewhere; `left` of them lie there still, `worth` this in cents."""

    id: int
    quantity: int
    left: int
    destination: Destination
    value_cents: int
    moved_from_id: int | None
    by: str
    at: datetime


@dataclass(frozen=True)
class DeductionView:
    """What is kept of a line's price, in cents."""

    kind: DeductionKind
    reason: str
    percent: int
    amount_cents: int


@dataclass(frozen=True)
class ReplacementView:
    """Pieces sent in exchange."""

    quantity: int
    serial: str
    asset_id: int | None


@dataclass(frozen=True)
class LineView:
    """One line: what was asked for, what every condition says, what was found, what became of it.

    `judgement` holds each condition with its clause, its source and why it fails; `condition` is
    the one that counts.
    """

    id: int
    purchase_line_id: int
    product: str
    specification: str
    serial: str
    batch: str
    invoice_no: str
    purchased_on: date
    received_on: date | None
    at_a_distance: bool | None
    quantity: int
    unit_cents: int
    # What was paid for all of them, to the cent.
    price_cents: int
    reason: ReturnReason
    wish: Wish
    goods: GoodsState
    repairs: int
    fit: Fit
    condition: str
    condition_text: Words
    clause: str
    payer: Payer | None
    judgement: Judgement
    sample: str
    finding: str
    defect: bool | None
    goods_found: GoodsState | None
    named: str
    approved: int
    received: int
    specification_ok: bool | None
    appearance: GoodsState | None
    difference: str
    accepted: int
    retest: str
    cause_kind: CauseKind | None
    replaced: int
    sent_back: int
    worth_cents: int
    stock: tuple[StockView, ...]
    deductions: tuple[DeductionView, ...]
    replacements: tuple[ReplacementView, ...]


@dataclass(frozen=True)
class ParcelView:
    """A parcel; its label is what the QR code says."""

    id: int
    direction: Direction
    label: str
    carrier: str
    tracking: str
    paid_by: Payer
    freight_cents: int
    sent_at: datetime | None
    arrived_at: datetime | None


@dataclass(frozen=True)
class Decision:
    """Who decides on a return of this amount, and the clause that says so."""

    roles: tuple[Role, ...]
    clause: str
    cents: int


@dataclass(frozen=True)
class ReturnView:
    """Everything about a return besides its case; money in cents."""

    id: int
    version: int
    case_id: int
    number: str
    customer: str
    customer_id: int
    symptom: str
    status: ReturnStatus
    asked: tuple[Role, ...]
    asked_on: date
    mileage_km: int | None
    waits: WaitReason | None
    without_goods: bool
    lines: tuple[LineView, ...]
    parcels: tuple[ParcelView, ...]
    decided_by_amount: Decision
    # Who did what, by name; empty while nobody has.
    people: Mapping[str, str]
    decision: str
    appeal: str
    way_back: WayBack | None
    address: str
    # By the deductions on file; None before there is anything to settle.
    settlement: Settlement | None
    refund_cents: int
    owed_cents: int
    refund_method: RefundMethod | None
    refund_ref: str
    refunded_at: datetime | None
    paid_at: datetime | None
    booked_loss_cents: int
    closed_at: datetime | None
    actions: tuple[Rule, ...]
    barred: tuple[Barred, ...]
    # Complaints about the same pieces that offer money or another piece.
    complaints: tuple[tuple[int, str], ...]


def view(uow: UnitOfWork, *, case_id: int) -> ReturnView:
    """The return of a case; NotFound when the case is none, or the actor may not see it."""
    require(uow, rules.READ)
    row: GoodsReturn = queues.of_case(uow, PROCESS, case_id)
    norm = norm_for(uow, row.request)
    names = _names(uow, row)
    request = row.request
    return ReturnView(
        **{name: getattr(row, name) for name in _PLAIN},
        case_id=row.request_id,
        number=request.number,
        customer=request.customer.name,
        customer_id=request.customer_id,
        symptom=request.symptom,
        asked=ASKED_NEXT.get(row.status, ()),
        waits=request.wait_reason,
        lines=tuple(_line(norm, row, line, names) for line in row.lines),
        parcels=tuple(_parcel(each) for each in row.parcels),
        decided_by_amount=_decision(norm, row),
        people={name: names.get(getattr(row, f"{name}_id"), "") for name in _PEOPLE},
        settlement=_settlement(row),
        booked_loss_cents=_booked(uow, row),
        actions=PROCESS.allowed(uow.actor, row),
        barred=fairness.barred(uow, PROCESS, row),
        complaints=paid_elsewhere.by_complaints(uow, _assets(row)),
    )


# Facts that the view shows as they are stored.
_PLAIN = (
    *("id", "version", "status", "asked_on", "mileage_km", "without_goods", "decision"),
    *("appeal", "way_back", "address", "refund_cents", "owed_cents", "refund_method"),
    *("refund_ref", "refunded_at", "paid_at", "closed_at"),
)
_PEOPLE = (
    *("applied_by", "screened_by", "inspected_by", "approved_by", "refused_by", "appeal_by"),
    *("received_by", "settled_by", "confirmed_by"),
)
_OF_LINE = (
    *("id", "purchase_line_id", "quantity", "unit_cents", "price_cents", "reason", "wish"),
    *("goods", "repairs", "replaced", "sent_back"),
    *("fit", "condition", "payer", "sample", "finding", "defect", "goods_found", "named"),
    *("approved", "received", "specification_ok", "appearance", "difference", "accepted"),
    *("retest", "cause_kind"),
)
_OF_PARCEL = (
    *("id", "direction", "label", "carrier", "tracking", "paid_by", "freight_cents"),
    *("sent_at", "arrived_at"),
)
_OF_MOVE = ("id", "quantity", "destination", "value_cents", "moved_from_id", "at")


def _assets(row: GoodsReturn) -> set[int]:
    bought = {line.purchase_line.asset_id for line in row.lines}
    return {id for id in (row.request.asset_id, *bought) if id is not None}


def _names(uow: UnitOfWork, row: GoodsReturn) -> dict[int | None, str]:
    ids = {getattr(row, f"{name}_id") for name in _PEOPLE}
    ids |= {move.by_id for line in row.lines for move in line.moves}
    ids -= {None}
    if not ids:
        return {}
    found = uow.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return dict(found.all())


def _line(
    norm: Norm, row: GoodsReturn, line: ReturnLine, names: Mapping[int | None, str]
) -> LineView:
    bought = line.purchase_line
    product, purchase = bought.product, bought.purchase
    counts = next((c for c in norm.return_conditions if c.name == line.condition), None)
    return LineView(
        **{name: getattr(line, name) for name in _OF_LINE},
        product=f"{product.brand} {product.model}",
        specification=product.specification,
        serial=rows.serial_of(line),
        batch=bought.batch,
        invoice_no=purchase.invoice_no,
        purchased_on=purchase.purchased_on,
        received_on=purchase.received_on,
        at_a_distance=purchase.at_a_distance,
        condition_text=counts.text if counts else {},
        clause=clause_of(norm, line.condition),
        judgement=judge(norm, facts_of(row, line)),
        worth_cents=losses.worth(line.moves),
        stock=tuple(_stock(move, line.moves, names) for move in line.moves),
        deductions=tuple(
            DeductionView(each.kind, each.reason, each.percent, each.amount_cents)
            for each in line.deductions
        ),
        replacements=tuple(
            ReplacementView(each.quantity, _serial(each.asset), each.asset_id)
            for each in line.replacements
        ),
    )


def _stock(move: StockMove, moves: list[StockMove], names: Mapping[int | None, str]) -> StockView:
    plain: dict[str, Any] = {name: getattr(move, name) for name in _OF_MOVE}
    return StockView(**plain, left=rules.lies(move, moves), by=names.get(move.by_id, ""))


def _serial(asset: Any) -> str:
    return (asset.serial or "") if asset else ""


def _parcel(each: ReturnParcel) -> ParcelView:
    return ParcelView(**{name: getattr(each, name) for name in _OF_PARCEL})


def _decision(norm: Norm, row: GoodsReturn) -> Decision:
    cents = amount_of(row)
    levels = levels_of(norm, "return", cents)
    clause = levels[0].clause if levels else ""
    return Decision(tuple(Role(role) for role in row.approvers), clause, cents)


def _settlement(row: GoodsReturn) -> Settlement | None:
    has_come = row.status in rules.IN_STOCK | rules.RECKONED
    is_paid = row.refunded_at is not None
    if not (has_come or is_paid) or not any(rules.comes(line) for line in row.lines):
        return None
    return settlement_of(row)


def _booked(uow: UnitOfWork, row: GoodsReturn) -> int:
    ids = [line.id for line in row.lines]
    query = select(func.sum(ReturnLoss.loss_cents)).where(ReturnLoss.line_id.in_(ids))
    return uow.session.scalar(query) or 0
