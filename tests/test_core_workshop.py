"""Goods in the shop: taken in, repaired step by step, given back (E4, E10)."""

from datetime import timedelta
from typing import Any

import pytest

from core import printing, sweep
from core.jobs import actions as jobs
from core.kernel.errors import InvalidInput, NotAllowed, WrongStatus
from core.kernel.inputs import parse
from core.requests.inputs import Answer, Cancel
from core.workshop import inputs, reminders, view
from core.workshop.actions import GoodsInShop
from core.workshop.view import Filter
from db.codes import JobStatus, RequestStatus, ServiceWay, ShopStatus, VisitOutcome
from db.tables import Job, Limit, Notice, ServiceRequest, ShopPiece, Visit
from tests import billed
from tests.company_cast import NOW, REPORT, Company
from tests.printed_papers import lines
from tests.shop_steps import PROMISED_IN, do, take, taken

DAY = timedelta(days=1)


def promised(company: Company, case_id: int) -> Limit:
    (limit,) = company.rows(Limit, request_id=case_id, name="finish_promised")
    return limit


def test_a_piece_is_taken_in_with_its_hand_over(company: Company) -> None:
    piece = company.get(ShopPiece, taken(company))
    case = company.get(ServiceRequest, piece.request_id)
    assert piece.number == f"{case.number}-1"
    assert (piece.status, piece.asset_id) == (ShopStatus.RECEIVED, case.asset_id)
    assert piece.taken_in_by_id == company["agent"].id
    # Nobody need be sent: the work is at the station now.
    assert (case.status, case.way) == (RequestStatus.IN_PROGRESS, ServiceWay.STATION)


def test_the_limit_runs_from_the_taking_in_and_is_met_when_it_is_ready(company: Company) -> None:
    case_id = company.register(purchased_on="2010-01-01")
    piece = taken(company, case_id, now=NOW + DAY)
    limit = promised(company, case_id)
    assert (limit.started_at, limit.due_at) == (NOW + DAY, NOW + DAY + PROMISED_IN)
    take(company, piece, "tested", now=NOW + 2 * DAY)
    assert promised(company, case_id).met_at is None
    do(company, piece, inputs.TellReady(), "agent", now=NOW + 3 * DAY)
    assert promised(company, case_id).met_at == NOW + 3 * DAY


def test_the_promise_moves_only_with_a_reason_and_when_the_customer_was_told(
    company: Company,
) -> None:
    id = taken(company)
    later = NOW + PROMISED_IN + DAY
    untold = inputs.MovePromise(promised_at=later, reason="缺配件")
    with pytest.raises(InvalidInput) as refused:
        do(company, id, untold, "agent")
    assert [(p.field, p.code) for p in refused.value.problems] == [("customer_told", "tell_first")]
    told = inputs.MovePromise(promised_at=later, reason="缺配件", customer_told=True)
    piece = do(company, id, told, "agent")
    assert promised(company, piece.request_id).due_at == later


def test_the_repair_goes_step_by_step_and_giving_back_resolves_the_case(company: Company) -> None:
    id = taken(company)
    piece = take(company, id, "given_back")
    assert [new for _fact, _old, new in company.history("workshop", id)] == [
        *("received", "diagnosed", "quoted", "agreed"),
        *("repaired", "tested", "ready", "given_back"),
    ]
    assert (piece.given_to, piece.given_by_id) == ("王小明", company["warehouse"].id)
    assert company.get(ServiceRequest, piece.request_id).status is RequestStatus.RESOLVED
    bill = billed.bill(company, piece.request_id, "agent")
    assert (bill.due_cents, bill.owed_cents) == (26_000, 26_000)
    billed.pay(company, piece.request_id, 26_000, "agent", means="code")


def test_the_price_in_the_shop_stands_beside_what_was_agreed_before(company: Company) -> None:
    case_id = company.register(purchased_on="2010-01-01")
    company.priced(case_id, 30_00)
    id = taken(company, case_id)
    take(company, id, "diagnosed")
    # It is let go free on the case, by who may; not in the shop.
    with pytest.raises(WrongStatus):
        do(company, id, inputs.RepairFree(), "agent")
    for step in (inputs.Quote(quote_cents=260_00), inputs.AgreeQuote()):
        do(company, id, step, "agent")
    bill = billed.bill(company, case_id, "agent")
    assert (bill.due_cents, len(bill.quote.lines if bill.quote else ())) == (290_00, 2)


def test_a_failed_test_goes_back_to_the_repair(company: Company) -> None:
    id = taken(company)
    take(company, id, "repaired")
    do(company, id, inputs.FailTest(note="仍漏电"), "technician")
    assert company.get(ShopPiece, id).status is ShopStatus.AGREED


def test_what_the_customer_declines_is_given_back_unrepaired(company: Company) -> None:
    id = taken(company)
    take(company, id, "quoted")
    do(company, id, inputs.DeclineRepair(note="太贵"), "agent")
    do(company, id, inputs.TellReady(), "agent")
    assert company.get(ShopPiece, id).status is ShopStatus.READY
    assert not company.get(ShopPiece, id).work_done


def test_what_is_free_needs_no_price(company: Company) -> None:
    id = taken(company, company.register(purchased_on="2026-01-01"))
    take(company, id, "diagnosed")
    with pytest.raises(WrongStatus):
        do(company, id, inputs.Quote(quote_cents=100), "agent")
    do(company, id, inputs.RepairFree(), "agent")
    assert company.get(ShopPiece, id).status is ShopStatus.AGREED


def test_the_accessories_are_all_there_when_it_is_given_back(company: Company) -> None:
    id = taken(company)
    take(company, id, "ready")
    lacking = inputs.GiveBack(given_to="王", condition_back="完好", accessories_complete=False)
    with pytest.raises(InvalidInput):
        do(company, id, lacking, "warehouse")
    assert company.get(ShopPiece, id).status is ShopStatus.READY


@pytest.mark.parametrize("command", [Cancel(note="不修了"), Answer(answer="已修好")])
def test_a_case_is_not_over_while_its_goods_are_in_the_shop(
    company: Company, command: Cancel | Answer
) -> None:
    case_id = company.register()
    if isinstance(command, Answer):
        _case, job = company.dispatched()
        case_id = _case
        taken(company, case_id)
        window = {"agreed_from": NOW, "agreed_to": NOW + timedelta(hours=2)}
        company.act("technician", Job, job, jobs.AgreeVisit(**window))
        company.act("technician", Job, job, jobs.TakeIn())
        report = {"result": "fixed", "cause": "旧", "work_done": "换", "confirmed_by": "王"}
        report |= {"symptom_found": "as_told"}
        done = jobs.FinishJob(**report, unticked_reason="送修")
        with pytest.raises(GoodsInShop):
            company.act("technician", Job, job, done)
        return
    taken(company, case_id)
    with pytest.raises(GoodsInShop):
        company.act("agent", ServiceRequest, case_id, command)
    assert company.get(ServiceRequest, case_id).status is RequestStatus.IN_PROGRESS


def test_who_stands_at_the_door_ends_the_visit_by_taking_the_goods(company: Company) -> None:
    case_id, job = company.dispatched()
    window = {"agreed_from": NOW, "agreed_to": NOW + timedelta(hours=2)}
    for step in (jobs.AgreeVisit(**window), jobs.Arrive()):
        company.act("technician", Job, job, step)
    id = taken(company, case_id, "technician", came_from="site")
    assert company.get(Job, job).status is JobStatus.UNFINISHED
    assert [v.outcome for v in company.rows(Visit, job_id=job)] == [VisitOutcome.UNFINISHED]
    assert company.get(ShopPiece, id).technician_id == company["technician"].id
    # The service report is still to come: who gives it back does not settle the case.
    do(company, id, inputs.Diagnose(diagnosis="主板坏"), "technician")
    do(company, id, inputs.DeclineRepair(note="不值得修"), "agent")
    do(company, id, inputs.TellReady(), "agent")
    back = inputs.GiveBack(given_to="王", condition_back="同前", accessories_complete=True)
    do(company, id, back, "agent")
    assert company.get(ServiceRequest, case_id).status is RequestStatus.IN_PROGRESS
    told = [n.data["fact"] for n in company.rows(Notice, person_id=company["technician"].id)]
    assert "workshop.given_back" in told


def test_goods_are_in_the_shop_once_and_only_of_open_services(company: Company) -> None:
    case_id = company.register()
    taken(company, case_id)
    with pytest.raises(GoodsInShop):
        taken(company, case_id)
    with pytest.raises(WrongStatus):
        taken(company, company.register(kind="suggestion", symptom="增加夜间客服"))
    with pytest.raises(NotAllowed):
        taken(company, company.register(), "quality")


def test_a_loan_comes_back_with_the_goods_or_later(company: Company) -> None:
    now, later = taken(company, lent="备用洗衣机"), taken(company, lent="备用洗衣机")
    back = inputs.GiveBack(
        given_to="王", condition_back="完好", accessories_complete=True, lent_returned=True
    )
    take(company, now, "ready")
    do(company, now, back, "warehouse")
    assert company.get(ShopPiece, now).lent_back_at == NOW
    take(company, later, "given_back")
    assert company.get(ShopPiece, later).lent_back_at is None
    do(company, later, inputs.TakeLoanBack(), "warehouse", now=NOW + DAY)
    assert company.get(ShopPiece, later).lent_back_at == NOW + DAY


def facts(company: Company, fact: str) -> int:
    told = [n for n in company.rows(Notice) if n.data.get("fact") == fact]
    return len({n.at for n in told})


def test_unclaimed_goods_come_up_first_and_are_told_once_a_week(company: Company) -> None:
    id = taken(company)
    take(company, id, "ready")
    fresh = taken(company, now=NOW)
    for days in (14, 15, 16, 22, 23):
        sweep.run(company.engine, now=NOW + timedelta(days=days, hours=1))
    assert facts(company, reminders.UNCLAIMED_FACT) == 2
    late = NOW + timedelta(days=15)
    rows = company.see("agent", view.listed, filters=Filter(), now=late).rows
    assert [(row.id, row.unclaimed) for row in rows] == [(id, True), (fresh, False)]


def test_a_loan_that_is_not_back_is_told(company: Company) -> None:
    id = taken(company, lent="备用洗衣机")
    take(company, id, "given_back")
    sweep.run(company.engine, now=NOW + 2 * DAY)
    assert facts(company, reminders.LOAN_FACT) == 0
    sweep.run(company.engine, now=NOW + 4 * DAY)
    assert facts(company, reminders.LOAN_FACT) == 1


def test_the_next_one_is_told_whose_turn_it_is(company: Company) -> None:
    id = taken(company)
    take(company, id, "diagnosed")
    (asked,) = [n for n in company.rows(Notice) if n.data.get("fact") == "workshop.diagnosed"]
    assert asked.person_id == company["agent"].id
    take_on = [n for n in company.rows(Notice) if n.data.get("fact") == "workshop.taken_in"]
    assert company["dispatcher"].id in {n.person_id for n in take_on}


def test_the_label_opens_the_piece_for_who_may_see_it(company: Company) -> None:
    id = taken(company)
    number = company.get(ShopPiece, id).number
    assert company.see("warehouse", view.by_number, label=number.lower()) == id


def test_the_pile_is_narrowed_by_step_and_place(company: Company) -> None:
    first, second = taken(company), taken(company, shelf="B-11")
    take(company, second, "diagnosed")
    by_place = company.see("agent", view.listed, filters=Filter(text="a-0")).rows
    by_step = company.see("agent", view.listed, filters=Filter(status=ShopStatus.DIAGNOSED)).rows
    assert ([r.id for r in by_place], [r.id for r in by_step]) == ([first], [second])


def test_old_equipment_is_taken_back_and_recycled_while_the_work_goes_on(company: Company) -> None:
    case_id, job_id = company.dispatched()
    window = {"agreed_from": NOW, "agreed_to": NOW + timedelta(hours=2)}
    for step in (jobs.AgreeVisit(**window), jobs.Arrive()):
        company.act("technician", Job, job_id, step)
    old = {"purpose": "recycling", "condition": "旧洗衣机，小天鹅，内筒开裂", "promised_at": None}
    id = taken(company, case_id, "technician", **old, came_from="site")
    case, piece = company.get(ServiceRequest, case_id), company.get(ShopPiece, id)
    assert (case.promised_at, case.way, piece.asset_id) == (None, ServiceWay.SITE, None)
    assert company.get(Job, job_id).status is JobStatus.ON_SITE
    assert not [row for row in company.rows(Notice, case_id=case_id) if "turn" in row.source]
    row = company.see("warehouse", view.view, id=id).row
    assert (row.late, row.product) == (False, "旧洗衣机，小天鹅，内筒开裂")
    # The case is over when its own work is, and the old one may still lie in the shop.
    company.act("technician", Job, job_id, parse(jobs.FinishJob, REPORT))
    assert company.get(ServiceRequest, case_id).status is RequestStatus.RESOLVED
    with pytest.raises(WrongStatus):
        do(company, id, inputs.Diagnose(diagnosis="?"), "technician")
    do(company, id, inputs.Recycle(recycled_to="绿源回收"), "warehouse", now=NOW + DAY)
    piece = company.get(ShopPiece, id)
    assert (piece.status, piece.recycled_to) == (ShopStatus.RECYCLED, "绿源回收")
    assert piece.recycled_at == NOW + DAY
    paper = {"paper": "recycling_note", "case_id": case_id, "word": lambda _d, code: code}
    printed = lines(company.see("warehouse", printing.render, **paper).content)
    for text in ("旧件回收单", "绿源回收", "旧洗衣机，小天鹅，内筒开裂"):
        assert any(text in each for each in printed), text


def test_what_is_not_repaired_may_be_given_up_and_that_resolves_the_case(
    sqlite_company: Company,
) -> None:
    id = taken(sqlite_company)
    piece = do(sqlite_company, id, inputs.DeclineRepair(note="不值得修"), "agent")
    do(sqlite_company, id, inputs.Recycle(recycled_to="绿源回收"), "agent")
    case = sqlite_company.get(ServiceRequest, piece.request_id)
    assert case.status is RequestStatus.RESOLVED
    assert sqlite_company.history("request", case.id)[-1][0] == "goods_recycled"


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"promised_at": None}, ("promised_at", "missing")),
        ({"purpose": "recycling", "lent": "备用机"}, ("lent", "nothing_lent")),
    ],
)
def test_what_comes_back_is_promised_and_what_does_not_needs_no_loan(
    sqlite_company: Company, facts: dict[str, Any], problem: tuple[str, str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        taken(sqlite_company, **facts)
    assert [(bad.field, bad.code) for bad in refused.value.problems] == [problem]
