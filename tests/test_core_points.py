"""Points by the rule book: earned by facts, spent, countered, never below nothing (D28)."""

from typing import Any

import pytest

from core.billing import quotes
from core.billing.inputs import AddOwnLine, GiveDiscount
from core.customers.bought import WithdrawPurchase
from core.followups.actions import RecordAnswers
from core.house import HOUSE
from core.kernel.errors import InvalidInput, NotAllowed, NotFound
from core.kernel.inputs import parse
from core.kernel.unit_of_work import unit_of_work
from core.norms import revisions
from core.norms.parts import MemberLevel, PointRule
from core.points import ledger, view
from core.points.ledger import BookPoints, CounterEntry
from core.process import proof
from db.codes import EntryStatus
from db.tables import FollowUp, PointEntry, Purchase, Quote, ServiceRequest
from tests import return_steps as take
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.maintained import TODAY
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

TEXT = {"zh_CN": "购买", "en": "Purchase"}
PURCHASE = {"name": "purchase", "clause": "C9", "fact": "purchase.added", "points": 2}
OPINION = {"name": "opinion", "clause": "C9", "fact": "follow_up.answered", "points": 5}
GOLD = {"name": "gold", "clause": "C9", "from_points": 10, "discount_percent": 90}


def book(company: Company) -> None:
    """A rule book with points: two for each 100 yuan, five for an opinion."""
    earned = (PURCHASE | {"per_cents": 100_00}, OPINION)
    points = tuple(PointRule.model_validate(each | {"text": TEXT}) for each in earned)
    level = MemberLevel.model_validate(GOLD | {"text": {"zh_CN": "金卡", "en": "Gold"}})
    norm = revisions.shipped("appliance")
    norm = norm.model_copy(update={"points": points, "member_levels": (level,)})
    company.do("admin", revisions.adopt, norm=norm, on=TODAY, signed_by="admin")


def has(company: Company, customer_id: int) -> int:
    return company.see("agent", ledger.balance, customer_id)


def by_hand(company: Company, customer_id: int, points: int, who: str = "manager") -> int:
    command = BookPoints(points=points, reason="活动")
    return company.do(who, ledger.by_hand, command, customer_id=customer_id)


def test_facts_bring_what_the_book_says_once_and_a_mistake_is_countered(company: Company) -> None:
    take.buy(company)  # before there were points
    assert company.rows(PointEntry) == []
    book(company)
    take.buy(company, {"quantity": 2, "unit_cents": 275_00}, customer_id=1)
    assert [row.points for row in company.rows(PointEntry)] == [10]
    sale = company.rows(Purchase)[1]
    member = company.see("agent", view.of_customer, customer_id=sale.customer_id)
    assert member is not None
    assert (member.points, member.level, member.discount_percent) == (10, "金卡", 90)
    company.act("agent", Purchase, sale.id, WithdrawPurchase(note="录错了"))
    assert has(company, sale.customer_id) == 0
    rows = company.rows(PointEntry)
    assert [(row.points, row.status) for row in rows] == [
        (10, EntryStatus.COUNTERED),
        (-10, EntryStatus.BOOKED),
    ]
    assert rows[1].counters_id == rows[0].id
    case_id, call_id = company.finished(purchased_on="2026-01-01")
    answers = parse(RecordAnswers, {"scores": {"attitude": 9}, "serial": "S-1"})
    company.act("agent", FollowUp, call_id, answers)
    owner = company.get(ServiceRequest, case_id).customer_id
    assert has(company, owner) == 5
    assert company.see("admin", proof.verify) == ()


def test_points_are_spent_and_never_below_nothing(company: Company) -> None:
    book(company)
    take.buy(company, customer_id=take.customer(company))
    (sale,) = company.rows(Purchase)
    owner, earned = sale.customer_id, has(company, sale.customer_id)
    assert earned == 30
    with pytest.raises(NotAllowed):
        by_hand(company, owner, 5, who="agent")
    with pytest.raises(InvalidInput) as error:
        by_hand(company, owner, -31)
    assert [bad.code for bad in error.value.problems] == ["not_so_many_points"]
    by_hand(company, owner, -25)
    (entry, _spent) = company.rows(PointEntry)
    company.act("manager", PointEntry, entry.id, CounterEntry(note="退货"))
    assert has(company, owner) == 0
    id = by_hand(company, owner, 7)
    by_hand(company, owner, -7)
    with pytest.raises(InvalidInput):
        company.act("manager", PointEntry, id, CounterEntry(note="错"))
    with pytest.raises(NotFound):
        company.act("agent.stranger", PointEntry, id, CounterEntry(note="错"))


def test_the_level_takes_off_a_price_what_no_role_could(company: Company) -> None:
    book(company)
    case_id = company.register(purchased_on="2020-01-01")
    line = {"line_kind": "labour", "line_name": "大修", "unit_cents": 10_000_00}
    quote_id = company.do("agent", quotes.add_own_line, parse(AddOwnLine, line), case_id=case_id)
    discount = GiveDiscount(discount_cents=9_000_00, discount_reason="金卡")
    with pytest.raises(InvalidInput) as error:
        company.act("agent", Quote, quote_id, discount)
    assert [bad.code for bad in error.value.problems] == ["over_authority"]
    by_hand(company, company.get(ServiceRequest, case_id).customer_id, 10)
    company.act("agent", Quote, quote_id, discount)
    assert company.get(Quote, quote_id).cents == 1_000_00


CELLS = (Cells("counter_entry", "countered", "booked", "countered", "manager", "entry"),)
SAMPLES = (CounterEntry(note="错"),)


@pytest.mark.parametrize("status", EntryStatus)
def test_an_entry_moves_as_the_table_says(sqlite_company: Company, status: EntryStatus) -> None:
    company = sqlite_company
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        owner = stored_rows.customer(uow.session, station_id=company.NORTH)
        facts: dict[str, Any] = {"points": 5, "reason": "购买", "at": NOW, "status": status}
        row = stored_rows.add(uow.session, PointEntry(customer_id=owner.id, **facts))
        stand = Stand(ledger.PROCESS, row, status.value, "entry", None, CELLS)
        check_stand(uow, stand, [*company.people.values()], SAMPLES)


def test_no_rule_is_left_out() -> None:
    check_no_rule_is_left_out(ledger.PROCESS, SAMPLES, CELLS)
