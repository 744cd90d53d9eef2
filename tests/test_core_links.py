"""Links of a case for its customer: what they open, to whom, and what is answered by them."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest

from core.customers.customers import find
from core.erasing import erasing
from core.followups import actions as followups
from core.followups import opinions
from core.followups.actions import AnswerSurvey, RecordAnswers
from core.house import HOUSE
from core.jobs import view as jobs
from core.jobs.actions import AgreeVisit, MoveVisit
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongStatus
from core.kernel.inputs import parse
from core.kernel.unit_of_work import UnitOfWork, unit_of_work
from core.links import answers, links, page
from core.links.links import AFTER_CLOSING, RevokeLink
from core.links.page import Standing
from core.links.wishes import ConfirmVisit, SettleWish, WishCancel, WishTime
from core.people import company as company_facts
from core.process import history
from core.process.permissions import CUSTOMER
from core.requests import view as case
from core.requests.inputs import ChangeCustomer, Remark
from db.codes import (
    Channel,
    FollowUpStatus,
    LinkStatus,
    NoticeKind,
    RequestKind,
    RequestStatus,
    WishKind,
)
from db.tables import Customer, CustomerLink, FollowUp, History, Job, Notice, ServiceRequest
from tests import linked, stored_rows
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

DAY = timedelta(days=1)
LATER = NOW + DAY
WITHIN = {"agreed_from": NOW + DAY, "agreed_to": NOW + DAY + timedelta(hours=2)}
SECRET = "内部备注"
CALLERS = "agent dispatcher technician support quality handler manager"


def test_a_link_opens_one_case_until_its_day_or_until_it_is_revoked(company: Company) -> None:
    case_id = company.register()
    company.act("agent", ServiceRequest, case_id, Remark(note=SECRET))
    secret, other = linked.give(company, case_id), linked.give(company, case_id)
    (row, _other) = company.rows(CustomerLink)
    assert secret not in str(vars(row))
    assert (row.digest, row.made_by_id) == (links.digest_of(secret), company["agent"].id)
    assert row.expires_at == NOW + 180 * DAY
    actor = linked.holder(company, secret)
    assert actor is not None
    assert (actor.id, actor.role, actor.case_id, actor.link_id) == (None, None, case_id, row.id)
    for wrong in ("", "x", secret[:-1], secret + "A", secret.swapcase(), "é" * 32, "a" * 9000):
        assert linked.holder(company, wrong) is None
    assert linked.holder(company, secret, row.expires_at) is None
    company.act("technician", CustomerLink, row.id, RevokeLink())
    assert linked.holder(company, secret) is None
    assert linked.holder(company, other)
    assert company.history("customer_link", row.id) == [
        ("given", None, "given"),
        ("revoked", "given", "revoked"),
    ]
    told = company.see("agent", links.of_case, case_id=case_id)
    assert [(each.status, each.made_by, bool(each.actions)) for each in told] == [
        (LinkStatus.GIVEN, "agent", True),
        (LinkStatus.REVOKED, "agent", False),
    ]
    with pytest.raises(NotFound):
        linked.give(company, case_id, "agent.stranger")
    with pytest.raises(NotAllowed):
        linked.give(company, case_id, "auditor")


def test_the_page_says_where_it_stands_and_nothing_of_the_house(company: Company) -> None:
    case_id, job_id = company.dispatched(purchased_on="2010-01-01")
    company.act("agent", ServiceRequest, case_id, Remark(note=SECRET))
    there = linked.visited(company, linked.give(company, case_id))
    shown = there.see("customer", page.view)
    assert (shown.standing, shown.technician, shown.agreed_from) == (
        Standing.SENT,
        "technician",
        None,
    )
    assert {due.name for due in shown.dues} == {"repair_response", "appointment", "service_done"}
    assert all(due.text["zh_CN"] for due in shown.dues)
    assert {"A1", "A2", "D4", "E5"} <= {each.clause for each in shown.promises}
    assert "E3" not in {each.clause for each in shown.promises}
    assert (shown.quoted, shown.survey, shown.answered_at) == (None, (), None)
    company.priced(case_id)
    company.act("technician", Job, job_id, AgreeVisit(**WITHIN))
    shown = there.see("customer", page.view)
    assert (shown.standing, shown.agreed_from) == (Standing.AGREED, WITHIN["agreed_from"])
    assert shown.quoted
    assert (shown.quoted.cents, shown.quoted.is_agreed) == (100_00, True)
    said = str(asdict(shown))
    for inside in (SECRET, "13800138000", "138 0013 8000", "中山路", "王小明", "agent"):
        assert inside not in said


def test_a_customer_may_nothing_else(company: Company) -> None:
    mine, others = company.register(), company.register(customer_name="李雷")
    there = linked.visited(company, linked.give(company, mine))
    asked: tuple[tuple[Any, dict[str, Any]], ...] = (
        (case.view, {"id": mine}),
        (case.view, {"id": others}),
        (history.timeline, {"case_id": mine}),
        (links.of_case, {"case_id": mine}),
        (followups.due_calls, {}),
        (find, {"text": "李雷"}),
    )
    for ask, given in asked:
        with pytest.raises((NotAllowed, NotFound)):
            there.see("customer", ask, **given)
    for process in HOUSE.processes:
        for rule in process.rules:
            free = rule.permission in CUSTOMER
            assert free or not rule.admits(there["customer"], None), rule
    for who in ("agent", "manager", "admin"):
        with pytest.raises(NotAllowed):
            company.see(who, page.view)
        with pytest.raises(NotAllowed):
            company.do(who, answers.answer_survey, AnswerSurvey(scores={"skill": 1}))


def survey(**scores: int) -> AnswerSurvey:
    return parse(AnswerSurvey, {"scores": scores, "opinion": "还行", "other_needs": "清洗"})


def test_a_content_answer_ends_the_call_and_says_that_it_came_by_link(company: Company) -> None:
    case_id, call_id = company.finished()
    there = linked.visited(company, linked.give(company, case_id))
    assert [each.name for each in there.see("customer", page.view).survey][:1] == ["attitude"]
    there.do("customer", answers.answer_survey, survey(attitude=9, skill=10), now=LATER)
    row = company.get(FollowUp, call_id)
    assert (row.status, row.score, row.opinion) == (FollowUpStatus.ANSWERED, 9.5, "还行")
    assert (row.caller_id, row.attempts, row.link_id) == (None, 0, there["customer"].link_id)
    assert company.get(ServiceRequest, case_id).status is RequestStatus.CLOSED
    (told,) = company.see("agent", opinions.of_case, case_id=case_id)
    assert (told.by_link, told.caller, told.other_needs) == (True, "", "清洗")
    events = company.see("agent", history.timeline, case_id=case_id)
    answered = history.newest(events, "answered")
    assert answered and answered.data[history.LINK] == row.link_id
    (link,) = company.rows(CustomerLink)
    assert link.expires_at == LATER + AFTER_CLOSING
    with pytest.raises(WrongStatus):
        there.do("customer", answers.answer_survey, survey(attitude=0), now=LATER)
    assert there.see("customer", page.view, now=LATER).answered_at == LATER
    assert company.see("admin", history.verify) == ()


def test_an_unhappy_answer_does_what_an_unhappy_call_does(company: Company) -> None:
    by_link, link_call = company.finished()
    by_call, call_id = company.finished(customer_name="李雷")
    there = linked.visited(company, linked.give(company, by_link))
    there.do("customer", answers.answer_survey, survey(attitude=1, skill=2), now=LATER)
    said = {"scores": {"attitude": 1, "skill": 2}, "opinion": "还行"}
    company.act("agent", FollowUp, call_id, parse(RecordAnswers, said), now=LATER)
    ours, theirs = company.rows(ServiceRequest, kind=RequestKind.COMPLAINT)
    assert (ours.origin_id, theirs.origin_id) == (by_link, by_call)
    assert (ours.channel, theirs.channel) == (Channel.ONLINE, Channel.HOTLINE)
    assert (ours.symptom, ours.named) == (theirs.symptom, theirs.named)
    assert (ours.owner_id, theirs.owner_id) == (company["agent"].id, company["agent"].id)
    whom = [{each.person_id for each in company.rows(Notice, case_id=c.id)} for c in (ours, theirs)]
    assert whom[0] == whom[1] != set()

    def facts(id: int) -> list[tuple[str, str]]:
        rows = company.rows(History, case_id=id)
        return [(row.subject, row.action) for row in rows if row.subject != "customer_link"]

    assert facts(ours.id) == facts(theirs.id)
    assert [f for f in facts(by_link) if f[0] == "follow_up"] == [
        f for f in facts(by_call) if f[0] == "follow_up"
    ]
    receipt = company.see("agent", followups.receipt, id=link_call, now=LATER)
    assert (receipt.result, receipt.number) == (followups.CallResult.REGISTERED, ours.number)


def test_what_is_owed_stays_owed_when_nobody_was_there_to_ask(company: Company) -> None:
    case_id, _call = company.finished(collected=False, purchased_on="2010-01-01")
    there = linked.visited(company, linked.give(company, case_id))
    there.do("customer", answers.answer_survey, survey(attitude=9), now=LATER)
    events = company.see("agent", history.timeline, case_id=case_id)
    answered = history.newest(events, "answered")
    assert answered and answered.data["owed_cents"] == 100_00


def test_a_link_ends_with_the_pages_and_with_whose_the_case_is(company: Company) -> None:
    case_id = company.register()
    secret = linked.give(company, case_id)
    there = linked.visited(company, secret)
    turn(company, customer_pages=False)
    assert linked.holder(company, secret) is None
    for verb, given in ((page.view, ()), (answers.answer_survey, (survey(attitude=1),))):
        with pytest.raises(NotFound):
            there.do("customer", verb, *given)
    with pytest.raises(NotAllowed):
        linked.give(company, case_id)
    turn(company, customer_pages=True, link_days=7)
    assert linked.holder(company, secret)
    assert linked.holder(company, linked.give(company, case_id), NOW + 7 * DAY) is None
    company.register(customer_name="李雷")
    (other,) = company.rows(Customer, name="李雷")
    change = ChangeCustomer(customer_id=other.id, note="记错了")
    company.act("agent", ServiceRequest, case_id, change)
    assert linked.holder(company, secret) is None


def turn(company: Company, **facts: Any) -> None:
    seen = company.see("admin", company_facts.view)
    kept = {n: getattr(seen, n) for n in company_facts.EditCompany.model_fields}
    command = parse(company_facts.EditCompany, kept | facts)
    company.do("admin", company_facts.edit, command, seen_version=seen.version)


def test_a_person_who_is_erased_has_no_link_any_more(company: Company) -> None:
    case_id, call_id = company.finished()
    secret = linked.give(company, case_id)
    done = {"scores": {"attitude": 9}}
    company.act("agent", FollowUp, call_id, parse(RecordAnswers, done), now=LATER)
    assert linked.holder(company, secret, LATER)
    row = company.get(Customer, company.get(ServiceRequest, case_id).customer_id)
    command = erasing.EraseCustomer(reason="本人要求")
    seen = {"id": row.id, "seen_version": row.version}
    company.do("manager", erasing.erase, command=command, now=LATER, **seen)
    assert linked.holder(company, secret, LATER) is None
    (link,) = company.rows(CustomerLink)
    assert (link.status, link.revoked_at) == (LinkStatus.REVOKED, LATER)
    assert company.see("admin", history.verify) == ()


def test_the_customer_confirms_the_visit_that_was_seen(company: Company) -> None:
    case_id, job_id = company.dispatched()
    company.act("technician", Job, job_id, AgreeVisit(**WITHIN))
    there = linked.visited(company, linked.give(company, case_id))
    seen = there.see("customer", page.view)
    assert seen.may_wish
    moved = {"agreed_from": NOW + 2 * DAY, "agreed_to": NOW + 2 * DAY + timedelta(hours=1)}
    company.act("technician", Job, job_id, MoveVisit(note="缺配件", **moved))
    with pytest.raises(Stale):
        there.do("customer", answers.say, ConfirmVisit(visit=seen.visit_id or 0))
    seen = there.see("customer", page.view)
    there.do("customer", answers.say, ConfirmVisit(visit=seen.visit_id or 0), now=LATER)
    assert there.see("customer", page.view).confirmed_at == LATER
    with pytest.raises(Stale):
        there.do("customer", answers.say, ConfirmVisit(visit=seen.visit_id or 0))
    (job,) = company.see("agent", jobs.of_case, case_id=case_id)
    assert [each.confirmed_at for each in job.visits] == [None, LATER]


def test_another_time_lands_where_dispatch_reads_and_a_person_decides(company: Company) -> None:
    case_id, _job = company.dispatched()
    there = linked.visited(company, linked.give(company, case_id))
    window = {"wanted_from": NOW + 3 * DAY, "wanted_to": NOW + 3 * DAY + timedelta(hours=2)}
    there.do("customer", answers.say, WishTime(**window, wish_text="下午在家"))
    row = company.get(ServiceRequest, case_id)
    assert (row.wanted_from, row.wanted_to) == tuple(window.values())
    shown = there.see("customer", page.view)
    assert (shown.wish, shown.wished_at) == (WishKind.TIME, NOW)
    there.do("customer", answers.say, WishCancel(wish_text="不修了"), now=LATER)
    assert company.get(ServiceRequest, case_id).status is RequestStatus.IN_PROGRESS
    told = company.rows(Notice, case_id=case_id, kind=NoticeKind.YOUR_TURN)
    whom = {company["technician"].id, company["agent"].id}
    assert {each.person_id for each in told} == whom
    assert [each.data["note"] for each in told] == ["下午在家"] * 2 + ["不修了"] * 2
    (link,) = company.see("agent", links.of_case, case_id=case_id)
    assert (link.wish, link.wish_text) == (WishKind.CANCEL, "不修了")
    company.act("agent", CustomerLink, link.id, SettleWish(note="已致电，照常上门"), now=LATER)
    assert there.see("customer", page.view).wish is None
    with pytest.raises(InvalidInput):
        there.do("customer", answers.say, WishTime(**window), now=NOW + 4 * DAY)
    for odd in ({}, {"wanted_from": NOW}, {"wanted_from": LATER, "wanted_to": NOW}):
        with pytest.raises(InvalidInput):
            parse(WishTime, odd)


# What customers do by links nobody of the company does: no role stands in these cells.
CELLS = (
    Cells("revoke_link", "revoked", "given", "revoked", CALLERS, "plain wished"),
    Cells("confirm_visit", "visit_confirmed", "given", None, "", "plain wished"),
    Cells("wish_time", "time_wished", "given", None, "", "plain wished"),
    Cells("wish_cancel", "cancel_wished", "given", None, "", "plain wished"),
    Cells("settle_wish", "wish_settled", "given revoked", None, CALLERS, "wished"),
)
SAMPLES = (
    *(RevokeLink(), ConfirmVisit(visit=1), WishTime(wish_text="晚上")),
    *(WishCancel(wish_text="不修了"), SettleWish(note="已改约")),
)


@pytest.mark.parametrize("kind", ["plain", "wished"])
@pytest.mark.parametrize("status", LinkStatus)
def test_links_move_as_the_table_says(company: Company, status: LinkStatus, kind: str) -> None:
    def row(uow: UnitOfWork) -> CustomerLink:
        request = stored_rows.request(uow.session, company, RequestStatus.REGISTERED)
        facts: dict[str, Any] = {
            "status": status,
            "digest": "d",
            "made_at": NOW,
            "expires_at": LATER,
        }
        ended = NOW if status is LinkStatus.REVOKED else None
        if kind == "wished":
            facts |= {"wish": WishKind.TIME, "wished_at": NOW}
        return stored_rows.add(
            uow.session, CustomerLink(request_id=request.id, revoked_at=ended, **facts)
        )

    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        stand = Stand(links.PROCESS, row(uow), status.value, kind, None, CELLS)
        check_stand(uow, stand, list(company.people.values()), SAMPLES)


def test_no_rule_is_left_out() -> None:
    check_no_rule_is_left_out(links.PROCESS, SAMPLES, CELLS)


def test_a_customer_of_no_case_sees_nothing(company: Company) -> None:
    company.register()
    there = linked.visited(company, linked.give(company, 1))
    nobody = replace(there["customer"], case_id=None, link_id=None)
    with pytest.raises(NotFound):
        Company(company.engine, {"nobody": nobody}).see("nobody", page.view)
