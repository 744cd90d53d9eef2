"""Suggestions: passed on by the rule book's route, decided by the department, always answered."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, update

from core.house import HOUSE
from core.improvements.actions import PlanImprovement
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongStatus
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import UnitOfWork, transaction, unit_of_work
from core.process import workflow
from core.requests import inputs as requests
from core.requests.lists import View
from core.suggestions import actions, lists, view
from core.suggestions.actions import Adopt, AnswerSuggestion, Decline, PassOn
from db.codes import NoticeKind, RequestKind, RequestStatus, SuggestionStatus
from db.tables import (
    History,
    Improvement,
    Limit,
    Notice,
    Person,
    ServiceRequest,
    Suggestion,
)
from tests import stored_rows
from tests.company_cast import NOW, Company, meet
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

DUE = (NOW + timedelta(days=14)).date()
ROUTE = {"department": "after_sales"}
ROUTE_TO_QUALITY = {"department": "quality_control"}
ANSWER = {"channel": "hotline", "answer": "您的建议已采纳，谢谢"}


def register(company: Company, **facts: Any) -> int:
    """A registered suggestion; gives the id of its file."""
    case_id = company.register(**{"kind": "suggestion", "symptom": "晚上也能上门"} | facts)
    (row,) = company.rows(Suggestion, request_id=case_id)
    return row.id


def act(company: Company, who: str, id: int, model: type[Action], **facts: Any) -> Any:
    version = facts.pop("seen_version", None) or company.get(Suggestion, id).version
    command = parse(model, facts)
    return company.do(
        who, workflow.act, actions.PROCESS, id=id, command=command, seen_version=version
    )


def passed_on(company: Company, **facts: Any) -> int:
    id = register(company)
    act(company, "agent", id, PassOn, **ROUTE | facts)
    return id


def case_of(company: Company, id: int) -> ServiceRequest:
    case: ServiceRequest = company.get(ServiceRequest, company.get(Suggestion, id).request_id)
    return case


def told(company: Company, step: str) -> list[str]:
    by_id = {actor.id: name for name, actor in company.people.items()}
    rows = company.rows(Notice, kind=NoticeKind.ASSIGNED)
    return sorted(by_id[row.person_id] for row in rows if row.data == {"step": step})


def problems(caught: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[str, str]]:
    return [(bad.field, bad.code) for bad in caught.value.problems]


def put_into(company: Company, who: str, **facts: Any) -> Company:
    """The company after somebody's department changed."""
    with transaction(company.engine, write=True) as session:
        session.execute(update(Person).where(Person.username == who).values(**facts))
    return meet(company.engine)


def test_a_suggestion_is_adopted_answered_and_leads_to_a_measure(company: Company) -> None:
    id = passed_on(company)
    case = case_of(company, id)
    assert case.status is RequestStatus.IN_PROGRESS
    act(company, "manager", id, Adopt, decision="四月起晚八点前可约")
    act(company, "agent", id, AnswerSuggestion, **ANSWER)
    owner = company["dispatcher"].id
    measure = {"kind": "preventive", "measure": "改排班", "due_on": DUE.isoformat()}
    act(company, "handler", id, PlanImprovement, owner_id=owner, **measure)
    row, case = company.get(Suggestion, id), case_of(company, id)
    assert (row.status, row.adopted, row.decided_at) == ("answered", True, NOW)
    # Nobody is called back about a suggestion: the answer closes the case.
    assert (case.status, case.answer, case.closed_at) == ("closed", ANSWER["answer"], NOW)
    assert [row.met_at for row in company.rows(Limit, request_id=case.id)] == [NOW]
    assert company.history("suggestion", id) == [
        ("recorded", "collected", "collected"),
        ("passed_on", "collected", "passed_on"),
        ("adopted", "passed_on", "adopted"),
        ("answered", "adopted", "answered"),
        ("improved", "answered", "answered"),
    ]
    assert [(m.owner_id, m.request_id) for m in company.rows(Improvement)] == [(owner, case.id)]
    assert told(company, "adopted") == ["agent"]


def test_what_is_declined_is_answered_too_and_leads_to_no_measure(company: Company) -> None:
    id = passed_on(company)
    act(company, "leader", id, Decline, decision="成本过高")
    act(company, "agent", id, AnswerSuggestion, channel="email", answer="暂不能做到，谢谢建议")
    row = company.get(Suggestion, id)
    assert (row.status, row.adopted, row.decision) == ("answered", False, "成本过高")
    with pytest.raises(WrongStatus):
        measure = {"kind": "preventive", "measure": "改排班", "due_on": DUE.isoformat()}
        act(company, "manager", id, PlanImprovement, owner_id=company["agent"].id, **measure)
    assert told(company, "declined") == ["agent"]


def test_the_route_of_the_rule_book_is_proposed(company: Company) -> None:
    id = register(company)
    form = company.see("agent", workflow.form, process=actions.PROCESS, record_id=id, action=PassOn)
    assert form.values["department"] == "after_sales"
    assert "quality_control" in form.options["departments"]
    offered = {name.partition(" ")[0] for name in form.options["handlers"].values()}
    assert offered == {"quality", "handler", "manager", "leader"}


def test_the_head_or_the_person_named_is_told(company: Company) -> None:
    company = put_into(company, "handler", department="after_sales", is_head=True)
    passed_on(company)
    assert told(company, "passed_on") == ["handler"]
    passed_on(company, handler_id=company["quality"].id)
    assert told(company, "passed_on") == ["handler", "quality"]


def test_only_the_department_decides(company: Company) -> None:
    id = passed_on(company)
    with pytest.raises(NotAllowed) as caught:
        act(company, "quality", id, Adopt, decision="好")
    assert caught.value.details["reason"] == "other_department"
    assert caught.value.details["who"] == ("leader", "manager")
    act(company, "agent", id, PassOn, **ROUTE_TO_QUALITY)
    act(company, "quality", id, Adopt, decision="好")
    row = company.get(Suggestion, id)
    assert (row.status, row.department) == ("adopted", "quality_control")


def test_a_person_named_decides_whatever_the_department(company: Company) -> None:
    id = passed_on(company, handler_id=company["quality"].id)
    act(company, "quality", id, Decline, decision="不合规")
    assert company.get(Suggestion, id).status is SuggestionStatus.DECLINED


@pytest.mark.parametrize(
    ("model", "facts", "expected"),
    [
        (PassOn, {}, [("department", "missing")]),
        (PassOn, {"department": "nobody"}, [("department", "not_an_option")]),
        (PassOn, {"handler_id": 3}, [("handler_id", "not_an_option")]),
        (Adopt, {"decision": " "}, [("decision", "missing")]),
        (Decline, {}, [("decision", "missing")]),
        (AnswerSuggestion, {"answer": ""}, [("channel", "missing"), ("answer", "missing")]),
    ],
)
def test_bad_input_is_named_and_changes_nothing(
    sqlite_company: Company, model: type[Action], facts: dict[str, Any], expected: Any
) -> None:
    company = sqlite_company
    id = passed_on(company)
    before = company.history("suggestion", id)
    with pytest.raises(InvalidInput) as caught:
        act(company, "manager", id, model, **facts)
    assert problems(caught) == expected
    assert company.history("suggestion", id) == before


def test_who_may_not_and_who_is_slower(company: Company) -> None:
    id = register(company)
    with pytest.raises(NotAllowed):
        act(company, "dispatcher", id, PassOn, **ROUTE)
    with pytest.raises(NotFound):
        act(company, "agent.stranger", id, PassOn, **ROUTE)
    with pytest.raises(WrongStatus):
        act(company, "handler", id, Adopt, decision="好")
    seen = company.get(Suggestion, id).version
    act(company, "agent.colleague", id, PassOn, **ROUTE)
    with pytest.raises(Stale):
        act(company, "agent", id, PassOn, **ROUTE, seen_version=seen)
    assert len(company.rows(History, subject="suggestion")) == 2


def test_a_cancelled_case_takes_its_suggestion_along(company: Company) -> None:
    id = passed_on(company)
    company.act("agent", ServiceRequest, case_of(company, id).id, requests.Cancel(note="撤回"))
    assert company.history("suggestion", id)[-1] == ("withdrawn", "passed_on", "withdrawn")
    assert company.see("agent", lists.queue).rows == ()


def test_the_queue_is_sorted_by_what_is_due_next(company: Company) -> None:
    younger = company.register(kind="suggestion", now=NOW + timedelta(hours=2))
    (young,) = company.rows(Suggestion, request_id=younger)
    old = passed_on(company, handler_id=company["handler"].id)
    see = partial(company.see, "leader", lists.queue, now=NOW + timedelta(days=9))
    first, second = see().rows
    assert (first.id, second.id) == (old, young.id)
    assert (first.department, first.handler, first.case.late) == ("after_sales", "handler", True)
    assert first.case.clause
    narrowed = {
        lists.Filter(text="晚上"): [old],
        lists.Filter(department="after_sales"): [old],
        lists.Filter(status=SuggestionStatus.COLLECTED): [young.id],
        lists.Filter(station_id=company.NORTH, view=View.LATE): [old, young.id],
        lists.Filter(ended=True): [],
    }
    for filters, expected in narrowed.items():
        assert [row.id for row in see(filters=filters).rows] == expected, filters
    assert company.see("agent.stranger", lists.queue).total == 0
    with pytest.raises(NotAllowed):
        company.see("warehouse", lists.queue)


def test_the_file_shows_what_may_be_done(company: Company) -> None:
    company = put_into(company, "handler", department="after_sales")
    id = passed_on(company)
    shown = company.see("handler", view.view, case_id=case_of(company, id).id)
    assert [rule.action.name for rule in shown.actions if rule.action] == [
        "adopt", "decline", "pass_on",
    ]  # fmt: skip
    assert (shown.department["zh_CN"], shown.adopted) == ("售后服务部", None)
    (kept,) = company.see("quality", view.view, case_id=case_of(company, id).id).barred[:1]
    assert (kept.action, kept.reason) == ("adopt", "other_department")
    assert kept.who == ("handler", "leader", "manager")
    assert company.see("auditor", view.view, case_id=case_of(company, id).id).actions == ()
    with pytest.raises(NotFound):
        company.see("agent.stranger", view.view, case_id=case_of(company, id).id)
    with pytest.raises(NotAllowed):
        company.see("technician", view.view, case_id=case_of(company, id).id)


@pytest.mark.parametrize("cases", [1, 12])
def test_the_queue_costs_the_same_however_long_it_is(sqlite_company: Company, cases: int) -> None:
    for _case in range(cases):
        passed_on(sqlite_company)
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.extend([statement] if statement.startswith("SELECT") else [])

    event.listen(sqlite_company.engine, "before_cursor_execute", note)
    try:
        sqlite_company.see("handler", lists.queue)
    finally:
        event.remove(sqlite_company.engine, "before_cursor_execute", note)
    assert len(sent) == 2


cells = partial(Cells, kinds="suggestion")
DECIDE, PASS = "quality handler manager leader", "agent handler manager"
CELLS = (
    cells("pass_on", "passed_on", "collected", "passed_on", PASS),
    cells("pass_on", "passed_on", "passed_on", None, PASS),
    cells("adopt", "adopted", "passed_on", "adopted", DECIDE, not_for="other_department"),
    cells("decline", "declined", "passed_on", "declined", DECIDE, not_for="other_department"),
    cells("answer_suggestion", "answered", "adopted declined", "answered", f"agent {DECIDE}"),
    cells("plan_improvement", "improved", "adopted answered", None, DECIDE),
)
BESIDE = {
    "collected": RequestStatus.REGISTERED,
    "answered": RequestStatus.CLOSED,
    "answered+declined": RequestStatus.CLOSED,
    "withdrawn": RequestStatus.CANCELLED,
}
STATES = (*[status.value for status in SuggestionStatus], "answered+declined")


def samples(company: Company) -> tuple[Action, ...]:
    owner = {"owner_id": company["quality"].id, "due_on": DUE}
    return (
        parse(PassOn, ROUTE),
        Adopt(decision="好"),
        Decline(decision="不行"),
        parse(AnswerSuggestion, ANSWER),
        PlanImprovement(kind="preventive", measure="改排班", **owner),
    )


def put(uow: UnitOfWork, company: Company, state: str) -> Stand:
    status, _, declined = state.partition("+")
    beside = BESIDE.get(state, RequestStatus.IN_PROGRESS)
    case = stored_rows.request(uow.session, company, beside, kind=RequestKind.SUGGESTION)
    adopted = status in ("adopted", "answered") and not declined
    facts = {"status": SuggestionStatus(status), "adopted": adopted, **ROUTE_TO_QUALITY}
    row = Suggestion(request_id=case.id, request=case, **facts)
    stored_rows.add(uow.session, row)
    relations = {"other_department": [company["handler"].id]}
    process, kind = actions.PROCESS, "suggestion"
    return Stand(process, row, state, kind, case.owner_id, CELLS, relations)


@pytest.mark.parametrize("state", STATES)
def test_suggestions_move_as_the_table_says(sqlite_company: Company, state: str) -> None:
    company = sqlite_company
    names = [name for name in company.people if not name.endswith(".colleague")]
    check(company, names, [state])


def test_a_sample_of_the_matrix_on_both_databases(company: Company) -> None:
    some = ["agent", "agent.stranger", "quality", "leader", "auditor"]
    check(company, some, ["passed_on", "declined", "answered"])


def check(company: Company, names: list[str], states: Sequence[str]) -> None:
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        for state in states:
            actors = [company[name] for name in names]
            check_stand(uow, put(uow, company, state), actors, samples(company))


def test_no_rule_is_left_out_of_the_matrix(sqlite_company: Company) -> None:
    check_no_rule_is_left_out(actions.PROCESS, samples(sqlite_company), CELLS)
