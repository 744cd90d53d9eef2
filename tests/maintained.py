"""Pieces to be looked after, and plans for them; one sweep a day."""

from datetime import date, datetime, timedelta
from typing import Any

from core import sweep
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.maintenance import plans
from core.maintenance.inputs import MakeContractPlan, MakePlan
from db.tables import Asset, Product
from tests import stored_rows
from tests.company_cast import NOW, Company

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
# From the day on which the plan is made; every month, the case a week ahead.
TERMS: dict[str, Any] = {
    "title": "热水器年度保养",
    "kind": "cleaning",
    "task": "清洗内胆，检查镁棒",
    "interval_length": 1,
    "interval_unit": "months",
    "days_ahead": 7,
    "valid_from": TODAY,
}


def product(company: Company, model: str = "LS-H80") -> int:
    with transaction(company.engine, write=True) as session:
        return stored_rows.add(session, Product(brand="蓝石", model=model)).id


def customer(company: Company, **facts: Any) -> int:
    with transaction(company.engine, write=True) as session:
        return stored_rows.customer(session, **{"address": "南京市鼓楼区中山路 1 号"} | facts).id


def piece(company: Company, product_id: int, customer_id: int, **facts: Any) -> int:
    facts = {"purchased_on": TODAY - 20 * DAY} | facts
    row = Asset(product_id=product_id, customer_id=customer_id, **facts)
    with transaction(company.engine, write=True) as session:
        return stored_rows.add(session, row).id


def make(company: Company, who: str = "manager", *, now: datetime = NOW, **facts: Any) -> int:
    """A plan for a product, or for a contract when a customer is named; gives its id."""
    model = MakeContractPlan if "customer_id" in facts else MakePlan
    return company.do(who, plans.make, parse(model, TERMS | facts), now=now)


def of_one_piece(company: Company, **facts: Any) -> tuple[int, int]:
    """A plan by product and the one piece that it covers."""
    product_id = product(company)
    piece_id = piece(company, product_id, customer(company))
    return make(company, product_id=product_id, **facts), piece_id


def run(company: Company, day: date = TODAY) -> None:
    """The sweep at ten o'clock of a day."""
    sweep.run(company.engine, now=at(day))


def at(day: date) -> datetime:
    return NOW + (day - TODAY)
