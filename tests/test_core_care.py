"""Calls on the plan of the rule book: by day of purchase, and of key customers (E19, S14)."""

from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from core.care import asked, keys, lists, plans
from core.care.inputs import (
    AnswerCare,
    CareNotReached,
    EndKey,
    GiveCareLink,
    MarkKeyAgain,
    RecordCare,
    SkipCare,
)
from core.care.lists import CareState
from core.customers import joining
from core.customers.inputs import ScrapPiece
from core.customers.joining import JoinDouble
from core.erasing import erasing
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, WrongStatus
from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.links import links
from core.norms.revisions import shipped
from core.overview import overview
from db.codes import CareStatus, Language, NoticeKind, RequestKind
from db.tables import (
    Asset,
    CareCall,
    Complaint,
    Customer,
    History,
    KeyCustomer,
    Notice,
    Purchase,
    ServiceRequest,
)
from tests import cared, maintained
from tests import return_steps as take
from tests.company_cast import Company
from tests.maintained import DAY, TODAY, at, run

DUE = date(2026, 3, 6)  # half a year after the purchase, four days from now
BOUGHT = date(2025, 9, 6)


def stands(company: Company) -> list[tuple[int, str, str, str]]:
    rows = company.rows(CareCall)
    return [(r.customer_id, r.plan, r.due_on.isoformat(), r.status.value) for r in rows]


def only(company: Company) -> CareCall:
    (call,) = company.rows(CareCall)
    return call


def test_buyers_are_called_by_their_day_of_purchase_as_often_as_the_book_says(
    company: Company,
) -> None:
    cared.plan(company, cared.BUYERS)
    owner = cared.buyer(company, BOUGHT)
    cared.buyer(company, BOUGHT + 40 * DAY)  # not yet
    cared.buyer(company, date(2023, 9, 6))  # long ago: twice was enough
    for _ in range(2):
        run(company)
    assert stands(company) == [(owner, "buyers", "2026-03-06", "due")]
    call = only(company)
    assert (call.next_on, call.clause, call.means.value) == (DUE - 7 * DAY, "C9", "call")
    assert company.history("care_call", call.id) == [("planned", None, "due")]
    company.act("agent", CareCall, call.id, SkipCare(note="刚通过话"))
    for month in range(1, 24):
        run(company, TODAY + month * 15 * DAY)
    due = [each for each in stands(company) if each[0] == owner]
    assert [each[2] for each in due] == ["2026-03-06", "2026-09-06"]


def test_a_later_purchase_is_what_counts_also_one_without_a_piece(company: Company) -> None:
    cared.plan(company, cared.BUYERS)
    take.buy(company)
    (sale,) = company.rows(Purchase)
    owner, day = sale.customer_id, sale.purchased_on + relativedelta(months=6)
    model = maintained.product(company, "earlier")
    maintained.piece(company, model, owner, purchased_on=sale.purchased_on - 3 * DAY)
    run(company, day)
    assert stands(company) == [(owner, "buyers", day.isoformat(), "due")]


def test_a_plan_begins_with_its_revision_and_catches_up_on_days_of_rest(company: Company) -> None:
    cared.buyer(company, date(2025, 8, 25))  # was due before there was a plan
    late = cared.buyer(company, date(2025, 9, 3))
    cared.plan(company, cared.BUYERS)
    run(company, TODAY + 10 * DAY)  # the tool rested on the third of March
    assert stands(company) == [(late, "buyers", "2026-03-03", "due")]


def test_a_call_is_done_with_what_came_of_it_and_who_is_unhappy_is_heard(
    company: Company,
) -> None:
    cared.plan(company, cared.BUYERS)
    owner = cared.buyer(company, BOUGHT)
    run(company)
    call = only(company)
    scores = dict.fromkeys((each.name for each in _survey(company)), 3)
    facts = {
        "care_result": "机器常响",
        "scores": scores,
        "opinion": "噪音大",
        "other_needs": "加湿器",
    }
    with pytest.raises(InvalidInput) as wrong:
        company.act("agent", CareCall, call.id, RecordCare(care_result="好", scores={"x": 9}))
    assert [each.field for each in wrong.value.problems] == ["scores"]
    company.act("agent", CareCall, call.id, parse(RecordCare, facts))
    (row,) = company.see("agent", lists.of_customer, customer_id=owner)
    assert (row.status, row.score, row.other_needs) == (CareStatus.DONE, 3, "加湿器")
    assert (row.result, row.caller, row.attempts) == ("机器常响", "agent", 1)
    (case,) = company.rows(ServiceRequest, kind=RequestKind.COMPLAINT)
    assert (case.customer_id, case.symptom, case.number) == (owner, "噪音大", row.complaint)
    assert len(company.rows(Complaint)) == 1
    # The next one is counted from the same day: content, without scores.
    run(company, date(2026, 9, 1))
    last = company.rows(CareCall)[1]
    company.act(
        "agent", CareCall, last.id, RecordCare(care_result="都好"), now=at(date(2026, 9, 1))
    )
    assert len(company.rows(ServiceRequest)) == 1


def test_the_survey_is_answered_by_a_link_in_place_of_the_call(company: Company) -> None:
    cared.plan(company, cared.BUYERS)
    owner = cared.buyer(company, BOUGHT)
    run(company)
    call, now = only(company), at(TODAY)
    secret = links.new_secret()
    digest = links.digest_of(secret)

    def come(digest: str, now: Any = now) -> Any:
        with transaction(company.engine, write=False) as session:
            return asked.holder(session, digest, now, Language.ZH, "203.0.113.7")

    assert come(digest) is None
    company.act("agent", CareCall, call.id, GiveCareLink(digest=digest), now=now)
    assert come(digest, now + timedelta(days=181)) is None
    there = Company(company.engine, {"customer": come(digest)})
    survey = there.see("customer", asked.view, now=now)
    assert [name for name, _text in survey.questions] == [each.name for each in _survey(company)]
    with pytest.raises(InvalidInput):
        there.do("customer", asked.answer, AnswerCare(scores={}), now=now)
    low = dict.fromkeys((name for name, _text in survey.questions), 2)
    there.do("customer", asked.answer, AnswerCare(scores=low, opinion="没人回电"), now=now)
    (row,) = company.see("agent", lists.of_customer, customer_id=owner)
    assert (row.status, row.score, row.caller) == (CareStatus.DONE, 2, "")
    (case,) = company.rows(ServiceRequest, kind=RequestKind.COMPLAINT)
    assert (case.customer_id, case.symptom, case.station_id) == (owner, "没人回电", company.NORTH)
    (fact,) = company.rows(History, subject="care_call", action="answered")
    assert (fact.actor_id, fact.data["came_from"]) == (None, "203.0.113.7")
    assert there.see("customer", asked.view, now=now).questions == ()
    with pytest.raises(WrongStatus):
        there.do("customer", asked.answer, AnswerCare(scores=low), now=now)


def _survey(company: Company) -> Any:
    return shipped("appliance").survey


def test_nobody_there_is_tried_three_times_and_missed_ones_are_told_once(company: Company) -> None:
    cared.plan(company, cared.BUYERS)
    cared.buyer(company, BOUGHT)
    run(company)
    call = only(company)
    company.act("agent", CareCall, call.id, CareNotReached(note="关机"))
    assert only(company).next_on == TODAY + DAY
    assert company.see("agent", lists.listed, state=CareState.NOW).total == 0
    assert company.see("agent", lists.listed, state=CareState.AHEAD).total == 1
    for day in (DUE + 3 * DAY, DUE + 4 * DAY):
        run(company, day)
    told = [each for each in company.rows(Notice) if each.kind is NoticeKind.CARE]
    assert [each.data["count"] for each in told] == [1] * len({each.person_id for each in told})
    assert told
    (pile,) = [
        each
        for each in company.see("agent", overview, now=at(DUE + 4 * DAY)).piles
        if each.name == "care"
    ]
    assert (pile.count, pile.late) == (1, 1)
    assert company.see("agent", lists.listed, state=CareState.LATE, now=at(DUE + DAY)).total == 1
    for _ in range(2):
        company.act("agent", CareCall, call.id, CareNotReached())
    assert only(company).status is CareStatus.UNREACHABLE
    assert [fact for fact, *_ in company.history("care_call", call.id)] == [
        *("planned", "not_reached", "not_reached", "given_up")
    ]


def test_key_customers_are_named_with_a_reason_and_visited_on_their_plan(company: Company) -> None:
    cared.plan(company, cared.KEYS)
    owner = maintained.customer(company, name="大客户", station_id=company.NORTH)
    with pytest.raises(NotAllowed):
        company.do("agent", keys.mark, parse(keys.MarkKey, {"customer_id": owner, "reason": "x"}))
    id = cared.key(company, owner)
    with pytest.raises(InvalidInput):
        cared.key(company, owner)
    run(company, TODAY + 26 * DAY)
    call = only(company)
    assert (call.due_on, call.means.value, call.whom.value) == (date(2026, 4, 2), "visit", "key")
    company.act("manager", KeyCustomer, id, EndKey(note="不再合作"))
    assert only(company).status is CareStatus.DROPPED
    assert company.see("agent", keys.listed) == ()
    again = at(date(2026, 5, 5))
    company.act("manager", KeyCustomer, id, MarkKeyAgain(note="又签约"), now=again)
    run(company, date(2026, 6, 1))
    assert [each[2:] for each in stands(company)] == [
        ("2026-04-02", "dropped"),
        ("2026-06-05", "due"),
    ]
    assert company.history("key_customer", id) == [
        ("named", None, "key"),
        ("ended", "key", "former"),
        ("named_again", "former", "key"),
    ]
    (view,) = company.see("agent", keys.listed)
    assert (view.customer, view.reason, view.since) == ("大客户", "又签约", date(2026, 5, 5))


def test_who_has_nothing_more_of_ours_or_was_erased_is_not_called(company: Company) -> None:
    cared.plan(company, cared.BUYERS)
    first, other = cared.buyer(company, BOUGHT), cared.buyer(company, BOUGHT + DAY)
    run(company)
    (piece,) = company.rows(Asset, customer_id=first)
    company.act("agent", Asset, piece.id, ScrapPiece(note="报废"))
    command, version = (
        erasing.EraseCustomer(reason="客户要求"),
        company.get(Customer, other).version,
    )
    company.do("manager", erasing.erase, id=other, command=command, seen_version=version)
    run(company, TODAY + DAY)
    assert [each[3] for each in stands(company)] == ["dropped", "dropped"]
    run(company, TODAY + 2 * DAY)
    assert len(stands(company)) == 2


def test_calls_of_another_station_are_not_seen_and_a_double_takes_them_along(
    company: Company,
) -> None:
    cared.plan(company, cared.BUYERS, cared.KEYS)
    first = cared.buyer(company, BOUGHT)
    double = cared.buyer(company, BOUGHT + DAY, phone="13700001111")
    cared.key(company, double)
    run(company)
    with pytest.raises(NotFound):
        call = company.rows(CareCall)[0]
        company.act("agent.stranger", CareCall, call.id, SkipCare(note="x"))
    assert company.see("agent.stranger", lists.listed, state=CareState.NOW).total == 0
    assert company.see("agent.stranger", keys.listed) == ()
    command = JoinDouble(other_id=double, reason="同一人")
    version = company.get(Customer, first).version
    joined: dict[str, Any] = {"noun": Customer, "id": first, "command": command}
    company.do("manager", joining.join, **joined, seen_version=version)
    assert {each[0] for each in stands(company)} == {first}
    assert company.see("agent", keys.of_customer, customer_id=first)


def test_a_sweep_with_nothing_to_plan_finds_nothing(company: Company) -> None:
    cared.buyer(company, BOUGHT)
    assert company.see("admin", plans.lacking) == []
    assert company.see("agent", lists.are_planned) is False
    cared.plan(company, cared.BUYERS)
    assert company.see("admin", plans.lacking) == [0]
    run(company)
    assert company.see("admin", plans.lacking) == []
