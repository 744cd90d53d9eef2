"""Similar earlier cases: the same product first, then rare words in common; only one's own."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import transaction
from core.requests import inputs, precedents
from core.requests.precedents import SimilarCase
from db import case_words
from db.codes import JobStatus, RequestKind, RequestStatus
from db.tables import Asset, Product, ServiceRequest
from tests import stored_rows
from tests.company_cast import NOW, Company

DAY = timedelta(days=1)


class Shelf:
    """Cases of two products, told in some words, a day apart; the last one is the newest."""

    def __init__(self, session: Session, company: Company) -> None:
        self.session, self.company = session, company
        self.owner = stored_rows.customer(session).id
        self.washer, self.fridge = self.product("XQG100"), self.product("BCD200")
        self.days = 100

    def product(self, model: str) -> int:
        return stored_rows.add(self.session, Product(brand="海尔", model=model)).id

    def case(self, symptom: str, product: int | None = None, **facts: Any) -> int:
        self.days -= 1
        at = NOW - self.days * DAY
        if product:
            piece = stored_rows.add(self.session, Asset(customer_id=self.owner, product_id=product))
            facts["asset_id"] = piece.id
        told = {"symptom": symptom, "received_at": at, "registered_at": at}
        facts = {"customer_id": self.owner} | told | facts
        status = facts.pop("status", RequestStatus.IN_PROGRESS)
        return stored_rows.request(self.session, self.company, status, **facts).id


def similar(company: Company, case_id: int, who: str = "manager", **more: Any) -> list[int]:
    return [each.id for each in views(company, case_id, who, **more)]


def views(
    company: Company, case_id: int, who: str = "manager", **more: Any
) -> tuple[SimilarCase, ...]:
    return company.see(who, precedents.similar, case_id=case_id, **more)


def test_the_same_product_comes_first_then_the_words(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        shelf = Shelf(session, company)
        other_words = shelf.case("门关不严", shelf.washer)
        same_words = shelf.case("晚上甩干时内筒异响", shelf.fridge)
        shelf.case("不制冷", shelf.fridge)
        few_words = shelf.case("内筒生锈", shelf.washer)
        both = shelf.case("甩干时异响", shelf.washer)
        asked = shelf.case("内筒甩干时异响", shelf.washer)
        shelf.case("内筒甩干时异响", shelf.washer)  # came later
    assert similar(company, asked) == [both, few_words, other_words, same_words]
    assert similar(company, asked, limit=1) == [both]
    found = views(company, asked)
    assert [each.same_product for each in found] == [True, True, True, False]
    assert 1 > found[0].likeness > found[1].likeness > found[2].likeness == 0
    assert found[3].likeness > found[1].likeness


def test_rare_words_count_more_than_common_ones(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        shelf = Shelf(session, company)
        for _ in range(12):
            shelf.case("用户来电要求上门，门关不严")
        rare = shelf.case("燃气泄漏")
        asked = shelf.case("用户来电要求上门，燃气味")
    assert similar(company, asked, limit=1) == [rare]


def test_of_cases_told_alike_the_newest_comes_first(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        shelf = Shelf(session, company)
        told = [shelf.case("底部漏水") for _ in range(4)]
        asked = shelf.case("底部漏水")
    assert similar(company, asked, limit=3) == told[:0:-1]
    assert similar(company, told[0]) == []
    assert views(company, asked)[0].likeness == pytest.approx(1)


def test_nobody_is_told_of_a_case_of_another_station(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        shelf = Shelf(session, company)
        south = {"station_id": company.SOUTH, "owner_id": company["agent.stranger"].id}
        far = shelf.case("底部漏水", shelf.washer, **south)
        near = shelf.case("底部漏水", shelf.washer)
        asked = shelf.case("底部漏水", shelf.washer)
        theirs = shelf.case("底部漏水", shelf.washer, **south)
    assert similar(company, asked) == [near, far]
    assert similar(company, asked, "agent") == [near]
    assert similar(company, theirs, "agent.stranger") == [far]
    for hidden in (asked, 424242):
        with pytest.raises(NotFound):
            views(company, hidden, "agent.stranger")


def test_it_says_what_came_of_the_earlier_case(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        shelf = Shelf(session, company)
        facts = {"status": RequestStatus.RESOLVED, "resolved_at": NOW}
        answered = shelf.case("漏水", kind=RequestKind.CONSULTATION, answer="关紧阀门", **facts)
        repaired = shelf.case("漏水", **facts)
        stored_rows.job(
            session,
            session.get_one(ServiceRequest, repaired),
            company["technician"].id or 0,
            JobStatus.DONE,
            work_done="更换密封圈",
        )
        asked = shelf.case("漏水")
    newer, older = views(company, asked)
    assert (newer.id, newer.outcome, newer.status) == (repaired, "更换密封圈", "resolved")
    assert (older.id, older.outcome, older.kind) == (answered, "关紧阀门", "consultation")
    assert (older.symptom, older.same_product) == ("漏水", False)
    assert (older.number, older.received_at) == (
        company.get(ServiceRequest, answered).number,
        company.get(ServiceRequest, answered).received_at,
    )


@pytest.mark.parametrize("symptom", ["漏", "?!", "\"'*%", "🙂", "a b c", "响" * 500, "异响 " * 400])
def test_odd_symptoms_have_similar_cases_too(company: Company, symptom: str) -> None:
    first = company.register(symptom=symptom, serial="S1")
    company.act("agent", ServiceRequest, first, inputs.Cancel(note="重复"))
    again = company.register(symptom=symptom, serial="S2")
    assert similar(company, again) == [first]


def test_a_case_that_the_index_lacks_hinders_nobody(company: Company) -> None:
    lost, known = company.register(symptom="晚上异响"), company.register(symptom="白天异响")
    asked = company.register(symptom="晚上异响")
    with company.engine.begin() as connection:
        table = case_words.case_words
        connection.execute(delete(table).where(table.c.request_id.in_([lost, asked])))
    assert similar(company, asked) == [known, lost]
    with company.engine.begin() as connection:
        connection.execute(delete(table))
    assert similar(company, asked) == [known, lost]
