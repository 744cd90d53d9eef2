"""What was written down wrongly of a purchase is put right with the reason, or withdrawn (C9)."""

from typing import Any

import pytest

from core.customers import purchases
from core.customers.bought import CorrectPurchase, WithdrawPurchase
from core.kernel.errors import InvalidInput, NotAllowed, WrongStatus
from core.kernel.inputs import parse
from core.quality import owners
from db.codes import Fit, PurchaseStatus
from db.tables import Asset, Customer, History, Purchase, PurchaseLine
from tests import return_steps as take
from tests.company_cast import Company
from tests.return_steps import BOUGHT, FAULT, LONG_AGO, OWN

WHY = {"note": "录入时看错了发票"}
ONE = {"serial": "SN-0042", "quantity": 1}


def correct(company: Company, line_id: int, who: str = "agent", **facts: Any) -> None:
    """Put the purchase of a line right, as its form would say it."""
    row = company.get(Purchase, company.get(PurchaseLine, line_id).purchase_id)
    values = {name: getattr(row, name) for name in BOUGHT} | WHY | facts
    company.act(who, Purchase, row.id, parse(CorrectPurchase, values))


def refused(company: Company, line_id: int, **facts: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        correct(company, line_id, **facts)
    return [(bad.field, bad.code) for bad in caught.value.problems]


def line(company: Company, id: int, **facts: Any) -> dict[str, Any]:
    row = company.get(PurchaseLine, id)
    names = ("quantity", "unit_cents", "total_cents", "batch")
    return {"line_id": id} | {name: getattr(row, name) for name in names} | facts


def test_days_put_right_judge_the_warranty_and_open_returns_anew(company: Company) -> None:
    (bought,) = take.buy(company, ONE, **LONG_AGO)
    id = take.applied(company, OWN | {"purchase_line_id": bought})
    (was,) = take.lines_of(company, id)
    assert (was.fit, was.condition) == (Fit.OPEN, "own_reason")
    (piece,) = company.rows(Asset, serial="SN-0042")
    days = {"purchased_on": "2026-02-25", "received_on": "2026-02-27", "at_a_distance": True}
    correct(company, bought, **days)
    (now,) = take.lines_of(company, id)
    assert (now.fit, now.condition) == (Fit.FITS, "online_7_days")
    righted = company.get(Asset, piece.id)
    assert righted.purchased_on.isoformat() == "2026-02-25"
    assert righted.warranty_until > piece.warranty_until
    (told,) = company.rows(History, subject="purchase", action="edited")
    assert told.note == WHY["note"]
    assert told.data["purchased_on"] == ["2024-01-05", "2026-02-25"]
    assert told.data["received_on"] == ["2024-01-06", "2026-02-27"]


def test_a_number_of_another_purchase_is_refused_and_a_right_one_is_found(company: Company) -> None:
    owner = take.customer(company)
    (one,) = take.buy(company, customer_id=owner, invoice_no="FP-701")
    (two,) = take.buy(company, {"model": "XQG80"}, customer_id=owner, invoice_no="FP-720")
    assert refused(company, two, invoice_no="fp 701") == [("invoice_no", "invoice_known")]
    correct(company, two, invoice_no="FP-702")
    assert refused(company, one, invoice_no="FP-702") == [("invoice_no", "invoice_known")]
    correct(company, one, invoice_no="FP-720")  # nobody has it any more
    assert refused(company, one, purchased_on="2099-01-01", received_on=None) == [
        ("purchased_on", "in_the_future")
    ]
    assert refused(company, one, invoice_no="FP-720") == [("note", "nothing_changed")]


def test_lines_put_right_are_no_less_than_what_came_back(company: Company) -> None:
    (bought,) = take.buy(company)
    right = line(company, bought, quantity=2, unit_cents=480_00, total_cents=960_00)
    correct(company, bought, lines=[right])
    row = company.get(PurchaseLine, bought)
    assert (row.quantity, row.unit_cents, row.total_cents) == (2, 480_00, 960_00)
    (told,) = company.rows(History, subject="purchase", action="edited")
    before, after = told.data["lines"]
    assert "× 3 · 500.00 = 1500.00" in before and "× 2 · 480.00 = 960.00" in after

    take.applied(company, FAULT | {"purchase_line_id": bought, "quantity": 2})
    fewer = line(company, bought, quantity=1, total_cents=480_00)
    assert refused(company, bought, lines=[fewer]) == [("lines.0.quantity", "fewer_than_returned")]
    dearer = line(company, bought, unit_cents=490_00)
    assert refused(company, bought, lines=[dearer]) == [("lines.0.unit_cents", "return_under_way")]
    again = [line(company, bought)] * 2
    assert refused(company, bought, lines=again) == [("lines", "line_twice")]
    correct(company, bought, lines=[line(company, bought, quantity=4)])
    assert company.get(PurchaseLine, bought).quantity == 4


def test_a_piece_with_a_number_is_one(company: Company) -> None:
    (bought,) = take.buy(company, ONE)
    two = line(company, bought, quantity=2)
    assert refused(company, bought, lines=[two]) == [("lines.0.quantity", "one_piece_only")]


def test_what_was_a_mistake_is_withdrawn_and_may_be_written_down_again(company: Company) -> None:
    owner = take.customer(company)
    facts = {"customer_id": owner, "invoice_no": "FP-88"}
    (bought,) = take.buy(company, ONE | {"batch": "B-88"}, **facts)
    purchase_id = company.get(PurchaseLine, bought).purchase_id
    assert company.see("agent", owners.of_batch, batch="B-88").total == 1
    company.act("agent", Purchase, purchase_id, parse(WithdrawPurchase, WHY))
    assert company.get(Purchase, purchase_id).status is PurchaseStatus.WITHDRAWN
    assert company.see("agent", purchases.of_customer, customer_id=owner) == ()
    assert company.see("agent", purchases.options, owner) == {}
    assert company.see("agent", owners.of_batch, batch="B-88").total == 0
    (again,) = take.buy(company, ONE, **facts)
    (seen,) = company.see("agent", purchases.of_customer, customer_id=owner)
    assert [each.id for each in seen.lines] == [again]
    with pytest.raises(WrongStatus):
        correct(company, bought)


def test_what_came_back_was_bought(company: Company) -> None:
    (bought,) = take.buy(company)
    purchase_id = company.get(PurchaseLine, bought).purchase_id
    take.applied(company, FAULT | {"purchase_line_id": bought, "quantity": 1})
    with pytest.raises(WrongStatus):
        company.act("agent", Purchase, purchase_id, parse(WithdrawPurchase, WHY))


def test_another_station_puts_nothing_right(company: Company) -> None:
    (bought,) = take.buy(company)
    station = company.get(
        Customer, company.get(Purchase, company.get(PurchaseLine, bought).purchase_id).customer_id
    ).station_id
    assert station == company.NORTH
    with pytest.raises(NotAllowed):
        correct(company, bought, who="agent.stranger", invoice_no="FP-1000")
