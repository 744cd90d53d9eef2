"""What returns cost: as booked, by product and cause, defects apart from own reasons."""

from datetime import date

import pytest
from sqlalchemy import update

from core.kernel.errors import NotAllowed
from core.kernel.unit_of_work import transaction
from core.returns import costs
from core.returns.costs import Costs
from db.tables import GoodsReturn, ReturnLine, ReturnLoss
from tests.company_cast import Company
from tests.return_steps import refunded

MARCH = {"since": date(2026, 3, 1), "until": date(2026, 3, 1)}


def ask(company: Company, who: str = "manager", **more: object) -> Costs:
    return company.see(who, costs.costs, **MARCH | more)


def test_a_refund_is_a_loss_of_its_product(company: Company) -> None:
    id = refunded(company)
    booked = company.rows(ReturnLoss)
    found = ask(company)
    (row,) = found.rows
    assert row.loss_cents == sum(each.loss_cents for each in booked) > 0
    assert row.loss_cents == row.value_cents + row.freight_cents - row.deducted_cents
    assert (row.product, row.returns, row.is_defect) == ("海尔 XQG100", 1, True)
    assert found.loss_cents == found.defect_cents == row.loss_cents
    page = company.see("manager", costs.cases, row=row, **MARCH)
    assert [each.id for each in page.rows] == [company.get(GoodsReturn, id).request_id]


def test_the_customers_own_reason_does_not_count_against_the_product(company: Company) -> None:
    refunded(company)
    with transaction(company.engine, write=True) as session:
        session.execute(update(ReturnLine).values(defect=False))
    found = ask(company)
    assert found.loss_cents > 0
    assert found.defect_cents == 0


def test_only_the_months_and_the_station_asked_for(company: Company) -> None:
    refunded(company)
    later = {"since": date(2026, 4, 1), "until": date(2026, 5, 1)}
    assert ask(company, **later).rows == ()
    assert ask(company, station_id=company.SOUTH).rows == ()
    assert len(ask(company, station_id=company.NORTH).rows) == 1


def test_figures_are_for_those_who_may_read_them(company: Company) -> None:
    for who in ("agent", "warehouse", "technician"):
        with pytest.raises(NotAllowed):
            ask(company, who)
