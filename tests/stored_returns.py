"""Returns written straight into the tables, and what the database refuses about them."""

import itertools
from typing import Any

from sqlalchemy.orm import Session

from db.codes import (
    DeductionKind,
    Destination,
    Direction,
    Fit,
    GoodsState,
    Payer,
    ReturnReason,
    ReturnStatus,
    Wish,
)
from db.tables import (
    Asset,
    GoodsReturn,
    Product,
    Purchase,
    PurchaseLine,
    Replacement,
    ReturnDeduction,
    ReturnLine,
    ReturnLoss,
    ReturnParcel,
    ServiceRequest,
    StockMove,
)
from tests import stored_rows
from tests.company_cast import NOW

_numbers = itertools.count(1)


def product(session: Session) -> Product:
    return stored_rows.add(session, Product(brand="海尔", model=f"R{next(_numbers)}"))


def bought(session: Session, case: ServiceRequest, what: Product, **facts: Any) -> PurchaseLine:
    """Three pieces at 500.00 that the customer of a case bought, two of them under way."""
    purchase = Purchase(customer_id=case.customer_id, purchased_on=NOW.date(), added_at=NOW)
    stored_rows.add(session, purchase)
    defaults = {"quantity": 3, "unit_cents": 500_00, "under_way": 2, "returned": 0}
    defaults |= {"total_cents": 1500_00, "refunded_cents": 0}
    row = PurchaseLine(
        **defaults | facts, purchase_id=purchase.id, purchase=purchase, product=what, asset=None
    )
    return stored_rows.add(session, row)


def line(on: PurchaseLine, **facts: Any) -> ReturnLine:
    """Two pieces of it with a fault that was found."""
    defaults: dict[str, Any] = {
        "purchase_line": on,
        "reason": ReturnReason.QUALITY,
        "wish": Wish.RETURN,
        "goods": GoodsState.USED,
        "quantity": 2,
        "unit_cents": on.unit_cents,
        "price_cents": 2 * on.unit_cents,
        "held": 2,
        "fit": Fit.FITS,
        "condition": "quality_defect",
        "payer": Payer.COMPANY,
        "deductions": [],
        "moves": [],
        "replacements": [],
    }
    return ReturnLine(**defaults | facts)


def goods_return(
    session: Session, case: ServiceRequest, status: ReturnStatus, **facts: Any
) -> GoodsReturn:
    """The return of a case in a status, by nobody in particular."""
    defaults: dict[str, Any] = {
        "request_id": case.id,
        "request": case,
        "status": status,
        "asked_on": NOW.date(),
        "approvers": ["manager", "leader"],
        "lines": [],
        "parcels": [],
    }
    return stored_rows.add(session, GoodsReturn(**defaults | facts))


def move(of: ReturnLine, quantity: int = 2, **facts: Any) -> StockMove:
    values = {"destination": Destination.QUARANTINE, "value_cents": 0, "at": NOW}
    return StockMove(line_id=of.id, quantity=quantity, **values | facts)


def parcel(of: GoodsReturn, label: str, **facts: Any) -> ReturnParcel:
    values = {"direction": Direction.IN, "paid_by": Payer.COMPANY, "freight_cents": 0}
    return ReturnParcel(return_id=of.id, label=label, **values | facts)


def deduction(of: ReturnLine, **facts: Any) -> ReturnDeduction:
    values = {"kind": DeductionKind.USED, "reason": "划痕", "cents": 100, "amount_cents": 100}
    return ReturnDeduction(line_id=of.id, **values | facts)


def fill(s: Any) -> None:
    """Rows of each table, with every reference filled, on the stage of the constraint tests."""
    ids = [s.company[name].id for name in ("agent", "quality", "manager", "leader", "finance")]
    agent, quality, manager, leader, finance = ids
    s.asset_of_line = s.add(
        Asset(customer_id=s.case.customer_id, product_id=s.product.id, serial="R1")
    )
    s.bought = bought(s.session, s.case, s.product)
    s.change(s.bought, asset_id=s.asset_of_line.id)
    s.purchase = s.bought.purchase
    s.change(s.purchase, source="file", source_ref="1")
    who = {
        "applied_by_id": agent,
        "screened_by_id": agent,
        "inspected_by_id": quality,
        "approved_by_id": manager,
        "refused_by_id": manager,
        "appeal_by_id": leader,
        "received_by_id": quality,
        "settled_by_id": agent,
        "confirmed_by_id": finance,
        "refunded_at": NOW,
    }
    owed = {"owed_cents": 100, "mileage_km": 1}
    s.goods = goods_return(s.session, s.case, ReturnStatus.REFUNDED, **who, **owed)
    s.line = line(s.bought, approved=2, received=2, accepted=2)
    s.goods.lines.append(s.line)
    s.session.flush()
    s.deduction = s.add(deduction(s.line))
    s.parcel = s.add(parcel(s.goods, "one"))
    s.move = s.add(move(s.line, by_id=agent))
    s.out = s.add(
        move(s.line, 1, destination=Destination.SCRAP, moved_from_id=s.move.id, by_id=agent)
    )
    s.replacement = s.add(
        Replacement(
            line_id=s.line.id, parcel_id=s.parcel.id, quantity=1, asset_id=s.asset_of_line.id
        )
    )
    amounts = {"value_cents": 5, "freight_cents": 3, "deducted_cents": 2, "loss_cents": 6}
    s.loss = s.add(ReturnLoss(line_id=s.line.id, booked_on=NOW.date(), **amounts))


def same(s: Any, one: str, other: str) -> Any:
    """Two people of a return who must not be one and the same."""
    return s.change(s.goods, **{one: getattr(s.goods, other)})


def again(s: Any) -> Any:
    return goods_return(s.session, s.case, ReturnStatus.APPLIED)


def _twice(s: Any, make: Any) -> None:
    s.add(make())
    s.add(make())


# The constraint's name, and what would break it.
SPOILERS: dict[str, Any] = {
    "ck_purchases_received_after": lambda s: s.change(
        s.purchase, received_on=NOW.date().replace(year=2020)
    ),
    "uq_purchases_source_source_ref": lambda s: s.add(
        Purchase(
            customer_id=s.case.customer_id,
            purchased_on=NOW.date(),
            added_at=NOW,
            source="file",
            source_ref="1",
        )
    ),
    "ix_purchases_invoice": lambda s: _twice(
        s,
        lambda: Purchase(
            customer_id=s.case.customer_id,
            purchased_on=NOW.date(),
            added_at=NOW,
            invoice_key="fp1",
        ),
    ),
    "ix_purchase_lines_piece": lambda s: (
        s.change(s.bought, piece="s1"),
        s.change(bought(s.session, s.case, s.product), piece="s1"),
    ),
    "ix_return_lines_piece": lambda s: (
        s.change(s.line, piece="s1"),
        s.add(line(bought(s.session, s.case, s.product), return_id=s.goods.id, piece="s1")),
    ),
    "ck_purchase_lines_quantity_positive": lambda s: s.change(
        s.bought, quantity=0, under_way=0, returned=0
    ),
    "ck_purchase_lines_price_not_negative": lambda s: s.change(s.bought, unit_cents=-1),
    "ck_purchase_lines_refunded_within_paid": lambda s: s.change(s.bought, refunded_cents=1500_01),
    "ck_return_lines_prices_not_negative": lambda s: s.change(s.line, price_cents=-1),
    "ck_return_lines_other_priced": lambda s: s.change(s.line, other_cents=1),
    "ck_purchase_lines_returned_within_bought": lambda s: s.change(s.bought, returned=2),
    "ck_returns_approved_by_another": lambda s: s.change(
        s.goods, applied_by_id=s.goods.approved_by_id
    ),
    "ck_returns_approved_not_screened": lambda s: same(s, "screened_by_id", "approved_by_id"),
    "ck_returns_approved_not_inspected": lambda s: same(s, "inspected_by_id", "approved_by_id"),
    "ck_returns_appeal_by_another": lambda s: same(s, "appeal_by_id", "refused_by_id"),
    "ck_returns_confirmed_by_another": lambda s: same(s, "settled_by_id", "confirmed_by_id"),
    "ck_returns_confirmed_not_approved": lambda s: same(s, "approved_by_id", "confirmed_by_id"),
    "ck_returns_refunded_when_confirmed": lambda s: s.change(s.goods, refunded_at=None),
    "ck_returns_refund_within_paid": lambda s: s.change(
        s.goods, owed_cents=0, taken_cents=100, advanced_cents=10, refund_cents=111
    ),
    "ck_returns_paid_not_negative": lambda s: s.change(s.goods, taken_cents=-1, advanced_cents=1),
    "ck_returns_owed_not_negative": lambda s: s.change(s.goods, owed_cents=-1),
    "ck_returns_refund_or_owed": lambda s: s.change(s.goods, taken_cents=1, refund_cents=1),
    "ck_returns_paid_what_was_owed": lambda s: s.change(s.goods, owed_cents=0, paid_at=NOW),
    "ck_returns_mileage_not_negative": lambda s: s.change(s.goods, mileage_km=-1),
    "uq_returns_request_id": again,
    "uq_return_lines_return_id_purchase_line_id": lambda s: s.add(
        line(s.bought, return_id=s.goods.id)
    ),
    "ck_return_lines_quantity_positive": lambda s: s.change(
        s.line, quantity=0, held=0, approved=0, accepted=0
    ),
    "ck_return_lines_held_within_asked": lambda s: s.change(s.line, held=3),
    "ck_return_lines_approved_within_asked": lambda s: s.change(s.line, approved=3),
    "ck_return_lines_accepted_within_approved": lambda s: s.change(s.line, accepted=3),
    "ck_return_lines_replaced_within_accepted": lambda s: s.change(s.line, replaced=3),
    "ck_return_lines_counts_not_negative": lambda s: s.change(s.line, repairs=-1),
    "ck_return_lines_sent_back_within_received": lambda s: s.change(s.line, sent_back=1),
    "ck_return_deductions_in_range": lambda s: s.change(s.deduction, cents=0, percent=101),
    "ck_return_deductions_cents_or_percent": lambda s: s.change(s.deduction, percent=10),
    "ck_return_deductions_amount_not_negative": lambda s: s.change(s.deduction, amount_cents=-1),
    "ck_return_parcels_freight_not_negative": lambda s: s.change(s.parcel, freight_cents=-1),
    "uq_return_parcels_label": lambda s: s.add(parcel(s.goods, "one")),
    "ck_stock_moves_quantity_positive": lambda s: s.change(s.move, quantity=0),
    "ck_stock_moves_value_not_negative": lambda s: s.change(s.move, value_cents=-1),
    "ck_stock_moves_scrap_worth_nothing": lambda s: s.change(s.out, value_cents=1),
    "ck_stock_moves_out_of_quarantine": lambda s: s.change(
        s.out, destination=Destination.QUARANTINE
    ),
    "ck_replacements_quantity_positive": lambda s: s.change(s.replacement, quantity=0),
    "ck_return_losses_adds_up": lambda s: s.change(s.loss, loss_cents=7),
}
