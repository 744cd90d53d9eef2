"""Prices, a quote, payments and what was handed in, and what the database refuses about them."""

from datetime import date
from typing import Any

from db.codes import (
    Channel,
    HandInStatus,
    PayMeans,
    PaymentStatus,
    PriceKind,
    QuoteStatus,
    RequestKind,
)
from db.tables import HandIn, Payment, Price, Quote, QuoteLine
from tests.company_cast import NOW

DAY = date(2026, 3, 2)


def price(s: Any, **facts: Any) -> Price:
    usual = {"key": "labour", "kind": PriceKind.LABOUR, "name": "维修", "unit": "次"}
    period = {"cents": 100, "valid_from": DAY, "valid_until": DAY}
    about = {"request_kind": RequestKind.REPAIR, "product_id": s.product.id}
    return Price(**usual | period | about | facts)


def quote(case_id: int, **facts: Any) -> Quote:
    return Quote(**{"request_id": case_id, "status": QuoteStatus.OPEN} | facts)


def line(s: Any, **facts: Any) -> QuoteLine:
    usual = {"quote_id": s.quote.id, "kind": PriceKind.PART, "name": "皮带", "unit": "根"}
    usual |= {"quantity": 1, "unit_cents": 1, "price_id": s.price.id, "part_id": s.price.part_id}
    return QuoteLine(**usual | facts)


def hand_in(s: Any, status: HandInStatus, **facts: Any) -> HandIn:
    usual = {"person_id": s.technician, "handed_at": NOW, "handed_on": DAY, "status": status}
    return HandIn(**usual | {"cash_cents": 1, "transfer_cents": 0, "code_cents": 0} | facts)


def payment(s: Any, number: str, status: PaymentStatus, **facts: Any) -> Payment:
    usual = {"number": number, "request_id": s.case.id, "status": status, "means": PayMeans.CASH}
    return Payment(**usual | {"cents": 1, "taken_by_id": s.technician, "taken_at": NOW} | facts)


def fill(s: Any) -> None:
    """Rows of each table, with every reference filled, on the stage of the constraint tests."""
    s.price = s.add(price(s, key="part", kind=PriceKind.PART, part_id=s.part.id))
    s.labour_price = s.add(price(s))
    agreed = {"agreed_at": NOW, "agreed_by": "王", "agreed_how": Channel.HOTLINE}
    s.quote = s.add(quote(s.case.id, status=QuoteStatus.AGREED, **agreed))
    s.open_quote = s.add(quote(s.open_case.id))
    s.add(line(s))
    counted = {f"counted_{each}_cents": 0 for each in ("cash", "transfer", "code")}
    counted |= {"counted_by_id": s.technician, "counted_at": NOW}
    s.money_counted = s.add(hand_in(s, HandInStatus.COUNTED, **counted))
    s.money_held = s.add(payment(s, "RC-1", PaymentStatus.HELD))
    s.money_taken = s.add(payment(s, "RC-2", PaymentStatus.COUNTED, hand_in_id=s.money_counted.id))


SPOILERS: dict[str, Any] = {
    "uq_prices_key_valid_from": lambda s: s.add(price(s)),
    "ck_prices_not_negative": lambda s: s.change(s.labour_price, cents=-1),
    "ck_prices_period_in_order": lambda s: s.change(s.labour_price, valid_until=date(2026, 3, 1)),
    "ck_prices_part_of_catalogue": lambda s: s.change(s.labour_price, part_id=s.price.part_id),
    "uq_quotes_request_id": lambda s: s.add(quote(s.case.id)),
    "ck_quotes_not_negative": lambda s: s.change(s.quote, cents=-1),
    "ck_quotes_agreed_when": lambda s: s.change(s.open_quote, agreed_at=NOW),
    "ck_quotes_invoice_of_agreed": lambda s: s.change(s.open_quote, invoice="1"),
    "ck_quote_lines_quantity_positive": lambda s: s.add(line(s, quantity=0)),
    "ck_quote_lines_not_negative": lambda s: s.add(line(s, unit_cents=-1)),
    "ck_hand_ins_not_negative": lambda s: s.change(s.money_counted, code_cents=-1),
    "ck_hand_ins_counted_what": lambda s: s.change(s.money_counted, counted_at=None),
    "uq_payments_number": lambda s: s.add(payment(s, "RC-1", PaymentStatus.HELD)),
    "ck_payments_of_something": lambda s: s.change(s.money_held, cents=0),
    "ck_payments_handed_in_how": lambda s: s.change(s.money_held, status=PaymentStatus.HANDED_IN),
    "ck_payments_held_by_who_took_it": lambda s: s.change(
        s.money_held, hand_in_id=s.money_counted.id
    ),
}
