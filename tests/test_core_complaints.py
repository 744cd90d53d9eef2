"""Complaints through the eight steps: what is stored, when limits are met, what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from core.complaints import actions, inputs, lists
from core.complaints import view as complaint_view
from core.complaints.lists import Filter
from core.followups import actions as followups
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale
from core.kernel.inputs import Action, parse
from core.process import limits
from core.requests import inputs as request_inputs
from core.requests import view as case
from core.requests.lists import View
from db.codes import (
    Charge,
    ComplaintStatus,
    FollowUpStatus,
    NoticeKind,
    RequestKind,
    RequestStatus,
)
from db.tables import (
    Complaint,
    ComplaintMeasure,
    FollowUp,
    Improvement,
    Notice,
    Responsible,
    ServiceRequest,
)
from tests.company_cast import NOW, Company, local
from tests.complaint_steps import CAUSE, PLAN, named, shares, steps, take

TOLD = {"channel": "hotline", "answer": "退款三百元并致歉", "reaction": "accepted"}


def act(company: Company, who: str, id: int, command: Action, **more: Any) -> Any:
    return company.act(who, Complaint, id, command, **more)


def problems(company: Company, who: str, id: int, command: Action) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refusal:
        act(company, who, id, command)
    return [(problem.field, problem.code) for problem in refusal.value.problems]


def case_of(company: Company, id: int) -> ServiceRequest:
    return company.get(ServiceRequest, company.get(Complaint, id).request_id)


def notices(company: Company, kind: NoticeKind) -> list[str]:
    names = {actor.id: name for name, actor in company.people.items()}
    return [names[row.person_id] for row in company.rows(Notice, kind=kind)]


def running(company: Company, id: int) -> list[tuple[str, bool, bool]]:
    found = company.see("manager", limits.of_case, request_id=case_of(company, id).id)
    return [(each.name, each.met_at is not None, each.dropped) for each in found]


def told(**facts: Any) -> Action:
    return parse(inputs.Notify, TOLD | facts)


def test_a_founded_complaint_goes_through_all_eight_steps(company: Company) -> None:
    id = company.complaint(about_id=company["technician"].id)
    take(company, id, "closed")
    row, request = company.get(Complaint, id), case_of(company, id)
    assert (row.status, row.founded, row.case_part) == (ComplaintStatus.CLOSED, True, "defect")
    assert (request.case_class, request.status) == ("product_quality", RequestStatus.RESOLVED)
    assert request.answer == TOLD["answer"]
    assert named(company, id) == sorted([company["technician"].id, company["handler"].id])
    assert row.closed_at == row.notified_at == row.judged_at == NOW
    answers = company.rows(Responsible, complaint_id=id)
    assert [(r.department, r.person_id, r.share_percent) for r in answers] == [
        ("freight", company["handler"].id, 60),
        ("quality_control", None, 40),
    ]
    (measure,) = company.rows(ComplaintMeasure, complaint_id=id)
    assert (measure.kind.value, measure.cost_cents) == ("refund", 300_00)
    assert [fact for fact, _, _ in company.history("complaint", id)] == [
        "recorded",
        *steps(company),
    ]
    (call,) = company.rows(FollowUp, request_id=request.id)
    assert call.status is FollowUpStatus.DUE
    (planned,) = company.rows(Improvement, request_id=request.id)
    assert planned.owner_id == company["support"].id
    assert notices(company, NoticeKind.IMPROVEMENT) == ["support"]


def test_the_limits_follow_the_steps(company: Company) -> None:
    id = company.complaint()
    assert running(company, id) == [
        ("complaint_acknowledged", False, False),
        ("complaint_solved", False, False),
    ]
    take(company, id, "judged", now=NOW + timedelta(hours=1))
    # Judging tells nobody (A8); the class puts five working days (A10) in the place of three.
    assert running(company, id) == [
        ("complaint_acknowledged", False, False),
        ("complaint_solved", False, True),
        ("quality_complaint_solved", False, False),
    ]
    found = company.see("manager", limits.of_case, request_id=case_of(company, id).id)
    assert [each.due_at for each in found if each.clause == "A10"] == [local("2026-03-07 12:00")]
    for fact in ("assigned", "investigated", "proposed", "approved", "notified"):
        act(company, *_step(company, id, fact))
    assert ("quality_complaint_solved", True, False) in running(company, id)


def _step(company: Company, id: int, fact: str) -> tuple[str, int, Action]:
    who, command = steps(company)[fact]
    return who, id, command


def test_an_unfounded_complaint_is_answered_and_closed(company: Company) -> None:
    id = company.complaint()
    answer = "噪声在国家标准之内，感谢理解"
    act(company, "quality", id, inputs.Dismiss(nature="service", answer=answer, channel="hotline"))
    row, request = company.get(Complaint, id), case_of(company, id)
    assert (row.status, row.founded) == (ComplaintStatus.CLOSED, False)
    assert (request.status, request.answer) == (RequestStatus.RESOLVED, answer)
    assert ("complaint_solved", True, False) in running(company, id)
    assert len(company.rows(FollowUp, request_id=request.id)) == 1
    facts = {"nature": "service", "answer": answer, "channel": "hotline"}
    with pytest.raises(InvalidInput) as refusal:
        parse(inputs.Dismiss, facts | {"reason_sufficient": True, "demand_reasonable": True})
    assert [each.code for each in refusal.value.problems] == ["is_founded"]


def test_the_route_comes_from_the_rule_book(company: Company) -> None:
    routes = {
        "contract": "leaders",
        "logistics": "freight",
        "product_quality.failure": "quality_control",
        "service.attitude": "after_sales",
    }
    for nature, department in routes.items():
        id = company.complaint()
        act(company, "handler", id, inputs.Judge(nature=nature))
        view = company.see("manager", complaint_view.view, case_id=case_of(company, id).id)
        assert view.route_clause == "A22"
        other = "technical"
        wrong = inputs.Assign(department=other)
        assert problems(company, "manager", id, wrong) == [("reason", "off_route")]
        act(company, "manager", id, inputs.Assign(department=department))
        assert company.get(Complaint, id).department == department
        act(company, "manager", id, inputs.Assign(department=other, reason="专家在那里"))
        assert company.get(Complaint, id).department == other


def test_who_is_named_is_given_no_complaint(company: Company) -> None:
    id = company.complaint(about_id=company["quality"].id)
    act(company, "manager", id, inputs.Judge(nature="product_quality"))
    to_named = inputs.Assign(department="quality_control", handler_id=company["quality"].id)
    assert problems(company, "manager", id, to_named) == [("handler_id", "is_named")]
    to_other = inputs.Assign(department="quality_control", handler_id=company["leader"].id)
    act(company, "manager", id, to_other)
    assert case_of(company, id).owner_id == company["leader"].id
    assert notices(company, NoticeKind.ASSIGNED) == ["leader"]
    with pytest.raises(NotAllowed) as refusal:
        act(company, "quality", id, parse(inputs.Investigate, CAUSE | {"responsibles": []}))
    assert refusal.value.details["reason"] == "named"
    assert refusal.value.details["who"] == ("leader", "manager")


@pytest.mark.parametrize(
    ("spoilt", "problem"),
    [
        ({"responsibles": []}, "shares_not_100"),
        ({"responsibles": [{"department": "freight", "share_percent": 99}]}, "shares_not_100"),
        ({"responsibles": [{"department": "freight", "share_percent": 50}] * 2}, "twice"),
        (
            {
                "cause_scope": "customer",
                "responsibles": [{"department": "freight", "share_percent": 100}],
            },
            "not_the_company",
        ),
    ],
)
def test_the_shares_add_up(company: Company, spoilt: dict[str, Any], problem: str) -> None:
    id = company.complaint()
    take(company, id, "assigned")
    command = parse(inputs.Investigate, CAUSE | spoilt)
    assert problems(company, "quality", id, command) == [("responsibles", problem)]
    assert company.rows(Responsible) == []


def test_a_row_of_a_department_that_does_not_exist_is_refused(company: Company) -> None:
    id = company.complaint()
    take(company, id, "assigned")
    rows = [{"department": "nowhere", "share_percent": 100}]
    command = parse(inputs.Investigate, CAUSE | {"responsibles": rows})
    assert problems(company, "quality", id, command) == [
        ("responsibles.0.department", "not_an_option")
    ]


def priced(cents: int, kind: str = "compensate") -> Action:
    return parse(inputs.Propose, {"measures": [{"kind": kind, "cost_cents": cents}]})


@pytest.mark.parametrize(
    ("cents", "roles"), [(500_000, ["manager", "leader"]), (500_001, ["leader"])]
)
def test_the_amount_decides_who_approves(company: Company, cents: int, roles: list[str]) -> None:
    id = company.complaint()
    take(company, id, "investigated")
    act(company, "quality", id, priced(cents))
    assert company.get(Complaint, id).approvers == roles
    view = company.see("manager", complaint_view.view, case_id=case_of(company, id).id)
    assert view.decision is not None
    assert (view.decision.clause, view.decision.cents) == ("E14", cents)
    assert notices(company, NoticeKind.APPROVAL) == roles[:1]
    if roles == ["leader"]:
        with pytest.raises(NotAllowed) as refusal:
            act(company, "manager", id, inputs.Approve())
        assert refusal.value.details["reason"] == "too_low"
        assert refusal.value.details["who"] == ("leader",)
    act(company, roles[0], id, inputs.Approve())
    assert notices(company, NoticeKind.PLAN_DECIDED) == ["quality"]


def test_nobody_approves_the_own_plan(company: Company) -> None:
    id = company.complaint()
    take(company, id, "investigated")
    act(company, "manager", id, priced(100))
    with pytest.raises(NotAllowed) as refusal:
        act(company, "manager", id, inputs.Approve())
    assert (refusal.value.details["reason"], refusal.value.details["who"]) == (
        "own_plan",
        ("leader",),
    )
    act(company, "leader", id, inputs.Approve())
    row = company.get(Complaint, id)
    assert (row.proposed_by_id, row.approved_by_id) == (company["manager"].id, company["leader"].id)


def test_a_plan_that_was_sent_back_is_made_anew(company: Company) -> None:
    id = company.complaint()
    take(company, id, "proposed")
    act(company, "manager", id, inputs.SendBack(note="退款偏高"))
    act(company, "quality", id, priced(50, "apologise"))
    kinds = [each.kind.value for each in company.rows(ComplaintMeasure, complaint_id=id)]
    assert kinds == ["apologise"]


@pytest.mark.parametrize(("decision", "cases"), [("approve", 1), ("refuse", 0)])
def test_a_repair_that_was_approved_becomes_a_case(
    company: Company, decision: str, cases: int
) -> None:
    id = company.complaint()
    take(company, id, "investigated")
    rows = [{"kind": "repair", "what": "免费换皮带", "cost_cents": 100}]
    act(company, "quality", id, parse(inputs.Propose, {"measures": rows}))
    by = {"approve": inputs.Approve(), "refuse": inputs.Refuse(note="人为损坏")}
    act(company, "manager", id, by[decision])
    act(company, "agent", id, told())
    repairs = company.rows(ServiceRequest, kind=RequestKind.REPAIR)
    assert [(r.origin_id, r.symptom, r.charge) for r in repairs] == [
        (case_of(company, id).id, "免费换皮带", Charge.FREE)
    ] * cases


def test_without_penalty_or_measure_the_reason_is_on_file(company: Company) -> None:
    id = company.complaint()
    take(company, id, "notified")
    assert problems(company, "manager", id, inputs.SettlePenalties()) == [
        ("note", "why_no_penalty")
    ]
    act(company, "manager", id, inputs.SettlePenalties(note="顾客误用"))
    bare = inputs.CloseComplaint(lesson="说明书加图")
    assert problems(company, "manager", id, bare) == [("no_measure", "measure_or_reason")]
    act(company, "manager", id, inputs.CloseComplaint(lesson="说明书加图", no_measure="个案"))
    assert company.get(Complaint, id).lesson == "说明书加图"


def test_an_unhappy_customer_opens_it_again_one_level_higher(company: Company) -> None:
    id, later = company.complaint(), NOW + timedelta(days=1)
    take(company, id, "approved")
    act(company, "agent", id, told(reaction="dissatisfied"), now=later)
    row, request = company.get(Complaint, id), case_of(company, id)
    assert (row.status, row.level, row.reaction) == (ComplaintStatus.ASSIGNED, 1, None)
    assert (request.status, request.resolved_at) == (RequestStatus.IN_PROGRESS, None)
    # Whoever is higher, and the department that has it again.
    assert notices(company, NoticeKind.REOPENED) == ["quality", "manager"]
    (call,) = company.rows(FollowUp, request_id=request.id)
    assert call.status is FollowUpStatus.DROPPED
    # Five working days from the reopening, not from the first call; the call's limit is gone.
    anew = [
        (each.name, each.started_at, each.due_at)
        for each in company.see("manager", limits.of_case, request_id=request.id, now=later)
        if each.met_at is None and not each.dropped
    ]
    assert anew == [("quality_complaint_solved", later, local("2026-03-09 17:30"))]


def test_the_second_time_the_leaders_decide_and_the_third_time_is_the_last(
    company: Company,
) -> None:
    id = company.complaint()
    take(company, id, "assigned")
    rounds = []
    for by in ("manager", "manager", "leader"):
        for fact in ("investigated", "proposed"):
            act(company, *_step(company, id, fact))
        rounds.append(company.get(Complaint, id).approvers)
        act(company, by, id, inputs.Approve())
        act(company, "agent", id, told(reaction="dissatisfied"))
    assert rounds == [["manager", "leader"], ["manager", "leader"], ["leader"]]
    row = company.get(Complaint, id)
    # The leaders have decided: no further round by itself.
    assert (row.status, row.level) == (ComplaintStatus.NOTIFIED, 2)
    act(company, "agent", id, inputs.Reopen(note="客户提供新证据"))
    assert company.get(Complaint, id).status is ComplaintStatus.ASSIGNED


def test_a_low_score_opens_the_same_complaint_again(company: Company) -> None:
    id = company.complaint()
    take(company, id, "closed")
    (call,) = company.rows(FollowUp)
    answers = followups.RecordAnswers(scores={"attitude": 2}, opinion="还是响")
    company.act("agent", FollowUp, call.id, answers, now=NOW + timedelta(days=1))
    request = case_of(company, id)
    assert company.get(Complaint, id).status is ComplaintStatus.ASSIGNED
    assert request.status is RequestStatus.IN_PROGRESS
    assert len(company.rows(ServiceRequest)) == 1
    for fact in ("investigated", "proposed", "approved", "notified"):
        act(company, *_step(company, id, fact))
    calls = company.rows(FollowUp, request_id=request.id)
    assert [each.status for each in calls] == [FollowUpStatus.ANSWERED, FollowUpStatus.DUE]


def test_a_dismissed_one_is_judged_again(company: Company) -> None:
    id = company.complaint()
    dismissed = inputs.Dismiss(nature="service", answer="属正常现象", channel="hotline")
    act(company, "quality", id, dismissed)
    act(company, "agent", id, inputs.Reopen(note="客户不认可"))
    row = company.get(Complaint, id)
    assert (row.status, row.level) == (ComplaintStatus.RECORDED, 1)


def test_whoever_was_there_is_named_by_the_complaint_of_the_low_score(company: Company) -> None:
    _, call_id = company.finished()
    answers = followups.RecordAnswers(scores={"attitude": 1}, opinion="态度差")
    company.act("agent", FollowUp, call_id, answers)
    (row,) = company.rows(Complaint)
    technician = company["technician"].id
    assert (row.about_id, named(company, row.id)) == (technician, [technician])


def test_a_duplicate_is_merged_into_the_first(company: Company) -> None:
    first, second = company.complaint(), company.complaint()
    number = case_of(company, first).number
    act(company, "handler", second, inputs.Merge(number=number.lower()))
    row, request = company.get(Complaint, second), case_of(company, second)
    assert (row.status, row.merged_into_id) == (ComplaintStatus.MERGED, first)
    assert request.status is RequestStatus.CANCELLED
    assert all(met or dropped for _, met, dropped in running(company, second))
    itself = inputs.Merge(number=number)
    assert problems(company, "handler", first, itself) == [("number", "unknown_case")]
    gone = inputs.Merge(number=request.number)
    assert problems(company, "handler", first, gone) == [("number", "unknown_case")]


def test_it_is_tied_to_case_product_and_batch(company: Company) -> None:
    origin = company.register(serial="SN1")
    number = company.get(ServiceRequest, origin).number
    id = company.complaint(customer_id=1, brand="", model="", purchased_on=None)
    act(company, "quality", id, inputs.Link(number=number, asset_id=1, batch="B2603"))
    request = case_of(company, id)
    assert (request.origin_id, request.asset_id, request.batch) == (origin, 1, "B2603")
    assert problems(company, "quality", id, inputs.Link()) == [("number", "missing")]
    strange = inputs.Link(number="SR000000-0001")
    assert problems(company, "quality", id, strange) == [("number", "unknown_case")]


def test_a_cancelled_case_takes_its_complaint_along(company: Company) -> None:
    id = company.complaint()
    note = request_inputs.Cancel(note="客户撤回投诉")
    company.act("agent", ServiceRequest, case_of(company, id).id, note)
    assert company.get(Complaint, id).status is ComplaintStatus.WITHDRAWN
    assert company.see("manager", lists.count) == 0


def test_somebody_was_faster(company: Company) -> None:
    id = company.complaint()
    take(company, id, "judged")
    with pytest.raises(Stale):
        act(company, "manager", id, inputs.Assign(department="quality_control"), seen_version=1)


def test_several_are_assigned_at_once(company: Company) -> None:
    judged = [company.complaint() for _ in range(3)]
    for id, nature in zip(judged, ("logistics", "service", "contract"), strict=True):
        act(company, "quality", id, inputs.Judge(nature=nature))
    fresh = company.complaint()
    command = parse(inputs.AssignSeveral, {"ids": [*judged, fresh]})
    found = company.do("manager", actions.assign_several, command)
    assert found.done == 3
    assert [number for number, _ in found.refused] == [case_of(company, fresh).number]
    departments = [company.get(Complaint, id).department for id in judged]
    assert departments == ["freight", "after_sales", "leaders"]
    with pytest.raises(NotAllowed):
        company.do("quality", actions.assign_several, command)


def test_the_queue_is_sorted_by_what_is_due_next_and_says_why(company: Company) -> None:
    late = company.complaint(now=NOW - timedelta(days=14), phone="1380001")
    urgent = company.complaint(priority="urgent", phone="1380002", symptom="空调异响，冒烟")
    plain = company.complaint(phone="1380003", serial="SN9", model="KFR-35")
    rows = company.see("manager", lists.queue).rows
    assert [row.id for row in rows] == [late, urgent, plain]
    assert [(row.case.due_by, row.case.clause, row.case.late) for row in rows] == [
        ("complaint_acknowledged", "A8", True),
        ("urgent_complaint_acknowledged", "A9", False),
        ("complaint_acknowledged", "A8", False),
    ]
    take(company, plain, "assigned")
    filters = {
        "late": (Filter(view=View.LATE), {late}),
        "step": (Filter(status=ComplaintStatus.ASSIGNED), {plain}),
        "class": (Filter(case_class="product_quality"), {plain}),
        "product": (Filter(product="KFR-35"), {plain}),
        "words": (Filter(text="异响"), {urgent}),
        "phone": (Filter(text="1380001"), {late}),
        "station": (Filter(station_id=company.SOUTH), set()),
        "ended": (Filter(ended=True), set()),
    }
    for name, (narrowed, expected) in filters.items():
        found = company.see("manager", lists.queue, filters=narrowed)
        assert {row.id for row in found.rows} == expected, name
        assert company.see("manager", lists.count, filters=narrowed) == len(expected), name
    assert company.see("manager", lists.products) == ("KFR-35", "XQG100")


def test_whose_complaints(company: Company) -> None:
    own, other = company.complaint(), company.complaint("agent.colleague")
    take(company, other, "proposed")

    def found(who: str, view: View) -> list[int]:
        return [row.id for row in company.see(who, lists.queue, filters=Filter(view=view)).rows]

    assert found("agent", View.MINE) == [own]
    assert found("quality", View.DEPARTMENT) == [other]
    assert found("manager", View.DEPARTMENT) == []
    assert found("manager", View.APPROVE) == [other]
    assert found("quality", View.APPROVE) == []


def test_a_stranger_sees_nothing_of_it(company: Company) -> None:
    id = company.complaint()
    assert company.see("agent.stranger", lists.queue).rows == ()
    with pytest.raises(NotFound):
        company.see("agent.stranger", complaint_view.view, case_id=case_of(company, id).id)
    with pytest.raises(NotAllowed):
        company.see("technician", complaint_view.view, case_id=case_of(company, id).id)
    repair = company.register()
    with pytest.raises(NotFound):
        company.see("agent", complaint_view.view, case_id=repair)


def test_the_page_says_who_may_where_somebody_may_not(company: Company) -> None:
    id = company.complaint(about_id=company["quality"].id)
    view = company.see("quality", complaint_view.view, case_id=case_of(company, id).id)
    assert view.actions == ()
    judge = next(each for each in view.barred if each.action == "judge")
    assert (judge.reason, judge.who) == ("named", ("handler", "leader", "manager"))
    page = company.see("quality", case.view, id=case_of(company, id).id)
    assert [rule.fact for rule in page.actions] == ["remarked", "paper_given"]


def test_what_was_planned_for_a_refused_plan_is_not_done(company: Company) -> None:
    id = company.complaint()
    take(company, id, "investigated")
    act(company, "quality", id, parse(inputs.Propose, PLAN | {"note": "按三包规定"}))
    act(company, "manager", id, inputs.Refuse(note="超出质保且人为损坏"))
    assert company.get(Complaint, id).status is ComplaintStatus.REFUSED
    act(company, "agent", id, told(answer="无法补偿，敬请谅解"))
    assert case_of(company, id).answer == "无法补偿，敬请谅解"


def test_shares_are_proposed_again_after_reopening(company: Company) -> None:
    id = company.complaint()
    take(company, id, "notified")
    act(company, "manager", id, inputs.Reopen(note="客户不满意"))
    again = CAUSE | {"responsibles": shares(company)}
    act(company, "quality", id, parse(inputs.Investigate, again))
    assert len(company.rows(Responsible, complaint_id=id)) == 2
