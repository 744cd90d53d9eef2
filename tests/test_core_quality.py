"""Quality feedback: each step, who may take it, what the customer and the leaders are told."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, update

from core.emergencies import actions as emergencies
from core.house import HOUSE
from core.improvements.actions import PlanImprovement
from core.kernel.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongStatus
from core.kernel.inputs import Action, parse
from core.kernel.unit_of_work import UnitOfWork, transaction, unit_of_work
from core.process import workflow
from core.quality import actions, batches, lists, view
from core.quality.inputs import (
    Analyse,
    Assess,
    CloseFeedback,
    Recall,
    RecallBatch,
    RecordTest,
    SkipTest,
    Solve,
    TakeSample,
)
from core.requests import inputs as requests
from core.requests.lists import View
from db.codes import (
    EmergencyStatus,
    NoticeKind,
    QualityStatus,
    RequestKind,
    RequestStatus,
    Severity,
)
from db.tables import (
    Emergency,
    FollowUp,
    History,
    Improvement,
    Limit,
    Notice,
    Person,
    QualityFeedback,
    ServiceRequest,
)
from tests import stored_rows
from tests.company_cast import NOW, Company
from tests.matrix import Cells, Stand, check_no_rule_is_left_out, check_stand

DUE = (NOW + timedelta(days=14)).date()
ASSESSMENT = {
    "defect_nature": "涂层起泡",
    "severity": "major",
    "batch": "B2301",
    "place": "三号车间",
}
SAMPLE = {"sample": "未开封 5 L", "sample_quantity": 3}
TEST = {
    "tested_quantity": 10,
    "defect_quantity": 4,
    "defect_confirmed": True,
    "test_finding": "附着力差",
}
CAUSE = {"cause_kind": "material", "cause": "树脂受潮", "department": "quality_control"}
SOLUTION = {"solution": "replace", "solution_note": "换货 5 桶", "channel": "hotline",
            "answer": "给您换 5 桶，运费我们出"}  # fmt: skip
STEPS: dict[QualityStatus, tuple[str, type[Action], dict[str, Any]]] = {
    QualityStatus.ASSESSED: ("support", Assess, ASSESSMENT),
    QualityStatus.SAMPLED: ("quality", TakeSample, SAMPLE),
    QualityStatus.TESTED: ("quality", RecordTest, TEST),
    QualityStatus.ANALYSED: ("quality", Analyse, CAUSE),
    QualityStatus.SOLVED: ("quality", Solve, SOLUTION),
}
IS_GRAVE = {"severity": "critical"}


def register(company: Company, **facts: Any) -> int:
    """Registered quality feedback; gives the id of its file."""
    case_id = company.register(kind="quality_feedback", **facts)
    (row,) = company.rows(QualityFeedback, request_id=case_id)
    return row.id


def act(company: Company, who: str, id: int, model: type[Action], **facts: Any) -> Any:
    version = facts.pop("seen_version", None) or company.get(QualityFeedback, id).version
    command = parse(model, facts)
    return company.do(
        who, workflow.act, actions.PROCESS, id=id, command=command, seen_version=version
    )


def brought_to(company: Company, status: QualityStatus, **assessed: Any) -> int:
    """Feedback that was taken as far as this status."""
    id = register(company)
    for reached, (who, model, facts) in STEPS.items():
        more = assessed if model is Assess else {}
        act(company, who, id, model, **facts | more)
        if reached is status:
            break
    return id


def case_of(company: Company, id: int) -> ServiceRequest:
    case: ServiceRequest = company.get(ServiceRequest, company.get(QualityFeedback, id).request_id)
    return case


def plan(company: Company, id: int, kind: str, who: str = "manager") -> Any:
    facts = {"kind": kind, "measure": "原料入库加测含水量", "due_on": DUE.isoformat()}
    return act(company, who, id, PlanImprovement, owner_id=company["quality"].id, **facts)


def told(company: Company, step: str, **data: str) -> list[str]:
    by_id = {actor.id: name for name, actor in company.people.items()}
    rows = company.rows(Notice, kind=NoticeKind.ASSIGNED)
    return sorted(by_id[row.person_id] for row in rows if row.data == {"step": step, **data})


def problems(caught: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[str, str]]:
    return [(bad.field, bad.code) for bad in caught.value.problems]


def test_feedback_goes_from_the_contact_to_the_report(company: Company) -> None:
    id = brought_to(company, QualityStatus.SOLVED)
    for kind in ("corrective", "preventive"):
        plan(company, id, kind)
    act(company, "quality", id, CloseFeedback, report="树脂受潮，已换供方")
    row, case = company.get(QualityFeedback, id), case_of(company, id)
    assert (row.status, row.closed_at, row.report) == ("closed", NOW, "树脂受潮，已换供方")
    assert (row.tested_quantity, row.defect_quantity, row.defect_confirmed) == (10, 4, True)
    assert (row.cause_kind, row.department, row.solution) == (
        "material", "quality_control", "replace",
    )  # fmt: skip
    assert (case.batch, case.answer, case.resolved_at) == ("B2301", SOLUTION["answer"], NOW)
    assert company.history("quality", id) == [
        ("recorded", "recorded", "recorded"),
        ("assessed", "recorded", "assessed"),
        ("sampled", "assessed", "sampled"),
        ("tested", "sampled", "tested"),
        ("analysed", "tested", "analysed"),
        ("solved", "analysed", "solved"),
        ("improved", "solved", "solved"),
        ("improved", "solved", "solved"),
        ("closed", "solved", "closed"),
    ]
    assert told(company, "closed") == ["leader", "manager"]


def test_the_assessment_takes_the_case_up_and_classes_it(company: Company) -> None:
    id = register(company)
    act(company, "support", id, Assess, **ASSESSMENT, case_class="product_quality")
    case = case_of(company, id)
    assert (case.status, case.case_class) == (RequestStatus.IN_PROGRESS, "product_quality")
    running = {row.name: row for row in company.rows(Limit, request_id=case.id)}
    # Nobody has told the customer yet.
    assert running["complaint_acknowledged"].met_at is None
    assert running["complaint_solved"].dropped_at == NOW
    assert running["quality_complaint_solved"].clause == "A10"
    assert told(company, "assessed") == ["quality"]


def test_the_only_class_of_the_rule_book_is_proposed(sqlite_company: Company) -> None:
    id = register(sqlite_company, batch="B7")
    form = partial(workflow.form, process=actions.PROCESS, record_id=id)
    first = sqlite_company.see("support", form, action=Assess)
    assert (first.values["case_class"], first.values["batch"]) == ("product_quality", "B7")
    act(sqlite_company, "support", id, Assess, **ASSESSMENT)
    again = sqlite_company.see("support", form, action=Assess)
    assert (again.values["case_class"], again.values["defect_nature"]) == (None, "涂层起泡")


def test_a_grave_problem_is_reported_at_once_and_only_once(company: Company) -> None:
    id = brought_to(company, QualityStatus.ASSESSED)
    assert told(company, "assessed", **IS_GRAVE) == []
    for _time in range(2):
        act(company, "support", id, Assess, **ASSESSMENT | IS_GRAVE)
    assert told(company, "assessed", **IS_GRAVE) == ["leader", "manager"]
    rows = company.rows(History, subject="quality", action="assessed")
    assert [row.data["severity"] for row in rows] == [
        [None, "major"], ["major", "critical"], ["critical", "critical"],
    ]  # fmt: skip


def test_the_head_of_the_responsible_department_is_told(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        head = {"department": "quality_control", "is_head": True}
        session.execute(update(Person).where(Person.username == "handler").values(**head))
    brought_to(company, QualityStatus.ANALYSED)
    assert told(company, "analysed") == ["handler"]


def test_telling_the_customer_settles_the_case(company: Company) -> None:
    id = brought_to(company, QualityStatus.SOLVED)
    case = case_of(company, id)
    assert case.status is RequestStatus.RESOLVED  # the rule book has the customer called
    (call,) = company.rows(FollowUp, request_id=case.id)
    assert call.due_on == (NOW + timedelta(days=1)).date()
    met = [row.met_at for row in company.rows(Limit, request_id=case.id, name="complaint_solved")]
    assert met == [NOW]


def test_what_is_plain_needs_no_sample(company: Company) -> None:
    id = brought_to(company, QualityStatus.ASSESSED)
    with pytest.raises(InvalidInput) as caught:
        act(company, "quality", id, SkipTest)
    assert problems(caught) == [("test_finding", "missing")]
    act(company, "quality", id, SkipTest, test_finding="照片清晰，同批已证实")
    row = company.get(QualityFeedback, id)
    assert (row.status, row.defect_confirmed, row.tested_quantity) == ("tested", True, 0)


def test_another_sample_forgets_what_the_first_one_showed(company: Company) -> None:
    id = brought_to(company, QualityStatus.TESTED)
    act(company, "quality", id, TakeSample, sample="留样", sample_quantity=1)
    row = company.get(QualityFeedback, id)
    assert (row.status, row.tested_quantity, row.defect_confirmed) == ("sampled", 0, None)
    (fact,) = company.rows(History, subject="quality", action="tested")
    assert fact.data == {"tested_quantity": 10, "defect_quantity": 4, "defect_confirmed": True}


@pytest.mark.parametrize(
    ("status", "model", "facts", "expected"),
    [
        ("recorded", Assess, {"severity": "major"}, [("defect_nature", "missing")]),
        ("recorded", Assess, {"defect_nature": "x", "severity": "dreadful"}, [("severity", "enum")]),
        ("recorded", Assess, ASSESSMENT | {"happened_on": "2026-03-03"},
         [("happened_on", "in_the_future")]),
        ("recorded", Assess, ASSESSMENT | {"case_class": "service"},
         [("case_class", "not_an_option")]),
        ("assessed", TakeSample, {"sample": " ", "sample_quantity": 0},
         [("sample", "missing"), ("sample_quantity", "greater_than_equal")]),
        ("sampled", RecordTest, TEST | {"defect_quantity": 11},
         [("defect_quantity", "more_than_tested")]),
        ("sampled", RecordTest, TEST | {"defect_quantity": 0},
         [("defect_confirmed", "no_defect_found")]),
        ("tested", Analyse, CAUSE | {"department": None}, [("department", "missing")]),
        ("tested", Analyse, CAUSE | {"department": "nobody"}, [("department", "not_an_option")]),
        ("analysed", Solve, {"answer": ""},
         [("solution", "missing"), ("channel", "missing"), ("answer", "missing")]),
        ("solved", CloseFeedback, {"report": "已查明"},
         [("no_measure", "both_measures_or_reason")]),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_changes_nothing(
    sqlite_company: Company,
    status: str,
    model: type[Action],
    facts: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    company = sqlite_company
    reached = QualityStatus(status)
    id = register(company) if status == "recorded" else brought_to(company, reached)
    before = company.history("quality", id)
    with pytest.raises(InvalidInput) as caught:
        act(company, "manager", id, model, **facts)
    assert problems(caught) == expected
    assert company.history("quality", id) == before


def test_a_confirmed_defect_needs_both_kinds_of_measure_or_a_reason(company: Company) -> None:
    id = brought_to(company, QualityStatus.SOLVED)
    plan(company, id, "corrective")
    with pytest.raises(InvalidInput) as caught:
        act(company, "quality", id, CloseFeedback, report="已查明")
    assert problems(caught) == [("no_measure", "both_measures_or_reason")]
    act(company, "quality", id, CloseFeedback, report="已查明", no_measure="产品已停产")
    (fact,) = company.rows(History, subject="quality", action="closed")
    assert fact.data == {"no_measure": "产品已停产"}
    (measure,) = company.rows(Improvement)
    assert (measure.kind, measure.request_id) == ("corrective", case_of(company, id).id)


def test_no_defect_needs_no_measure_and_no_department(company: Company) -> None:
    id = brought_to(company, QualityStatus.SAMPLED)
    act(company, "quality", id, RecordTest, tested_quantity=10, test_finding="合格")
    act(company, "quality", id, Analyse, cause_kind="use", cause="稀释比例不当")
    act(company, "quality", id, Solve, **SOLUTION | {"solution": "other"})
    act(company, "quality", id, CloseFeedback, report="非质量问题")
    assert company.get(QualityFeedback, id).status is QualityStatus.CLOSED


def test_who_may_not_and_who_is_slower(company: Company) -> None:
    id = register(company)
    with pytest.raises(NotAllowed):
        act(company, "technician", id, Assess, **ASSESSMENT)
    with pytest.raises(NotFound):
        act(company, "support.stranger", id, Assess, **ASSESSMENT)
    with pytest.raises(WrongStatus):
        act(company, "quality", id, TakeSample, **SAMPLE)
    seen = company.get(QualityFeedback, id).version
    act(company, "support", id, Assess, **ASSESSMENT)
    with pytest.raises(Stale):
        act(company, "manager", id, Assess, **ASSESSMENT, seen_version=seen)
    assert [fact for fact, *_ in company.history("quality", id)] == ["recorded", "assessed"]


def test_a_cancelled_case_takes_its_feedback_along(company: Company) -> None:
    id = brought_to(company, QualityStatus.SAMPLED)
    cancel = requests.Cancel(note="客户撤回")
    company.act("manager", ServiceRequest, case_of(company, id).id, cancel)
    assert company.get(QualityFeedback, id).status is QualityStatus.WITHDRAWN
    assert company.history("quality", id)[-1] == ("withdrawn", "sampled", "withdrawn")


def test_a_recall_is_an_emergency_of_the_gravest_level_once(company: Company) -> None:
    id = brought_to(company, QualityStatus.TESTED)
    with pytest.raises(NotAllowed):
        act(company, "support", id, Recall, happened="整批起泡")
    act(company, "quality", id, Recall, happened="整批起泡")
    (emergency,) = company.rows(Emergency)
    assert (emergency.request_id, emergency.level, emergency.happened) == (
        case_of(company, id).id, 1, "整批起泡",
    )  # fmt: skip
    (fact,) = company.rows(History, subject="quality", action="recalled")
    assert fact.data == {"emergency": emergency.id, "batch": "B2301"}
    with pytest.raises(InvalidInput) as caught:
        act(company, "quality", id, Recall, happened="再来一次")
    assert problems(caught) == [("number", "already_declared")]
    assert len(company.rows(Emergency)) == 1


def batch_of(company: Company) -> int:
    """A tested case, a repair that is closed, and one of the other station, all of a batch."""
    id = brought_to(company, QualityStatus.TESTED)
    company.finished(batch="B2301", fault_area="noise")
    company.register("agent.stranger", batch="B2301")
    company.register(batch="B2302")
    company.register()
    return id


def test_a_batch_counts_what_the_actor_may_see(company: Company) -> None:
    id = batch_of(company)
    found = company.see("manager", batches.view, batch="B2301")
    assert found.total == found.cases.total == len(found.cases.rows) == 3
    assert found.by_kind == {RequestKind.REPAIR: 2, RequestKind.QUALITY_FEEDBACK: 1}
    assert found.by_area == {"function": 2, "noise": 1}
    assert sorted(found.by_status.items()) == [
        ("in_progress", 1), ("registered", 1), ("resolved", 1),
    ]  # fmt: skip
    assert (found.tested, found.defects, found.defect_rate, found.confirmed) == (10, 4, 0.4, 1)
    assert (found.may_recall, found.emergency_id) == (True, None)
    here = company.see("support", batches.view, batch="B2301")
    assert (here.total, here.may_recall) == (2, False)
    assert {row.id for row in here.cases.rows} >= {case_of(company, id).id}


def test_cases_without_a_batch_are_no_batch(company: Company) -> None:
    batch_of(company)
    for batch in ("", "nothing"):
        found = company.see("manager", batches.view, batch=batch)
        assert (found.total, found.cases.rows, found.defect_rate) == (0, (), None)
    with pytest.raises(NotAllowed):
        company.see("warehouse", batches.view, batch="B2301")


def recall(company: Company, who: str = "manager", batch: str = "B2301") -> Any:
    return company.do(who, batches.recall, RecallBatch(batch=batch, happened="整批起泡"))


def test_a_batch_is_recalled_on_its_feedback(company: Company) -> None:
    id = batch_of(company)
    with pytest.raises(NotAllowed):
        recall(company, "support")
    emergency = recall(company, "leader")
    assert emergency.request_id == case_of(company, id).id
    assert company.history("quality", id)[-1] == ("recalled", "tested", "tested")
    found = company.see("manager", batches.view, batch="B2301")
    assert (found.emergency_id, found.may_recall) == (emergency.id, False)
    with pytest.raises(InvalidInput) as caught:
        recall(company)
    assert problems(caught) == [("batch", "already_recalled")]


def test_a_drill_and_a_closed_emergency_stand_in_nobodys_way(company: Company) -> None:
    id = batch_of(company)
    own = case_of(company, register(company, batch="B2301")).number
    drill = {"number": own, "level": 1, "happened": "演练", "drill": True}
    company.do("manager", emergencies.declare, parse(emergencies.DeclareEmergency, drill))
    found = company.see("manager", batches.view, batch="B2301")
    assert (found.may_recall, found.total, found.emergency_id) == (True, 3, None)
    first = recall(company)
    assert first.request_id == case_of(company, id).id
    with transaction(company.engine, write=True) as session:
        ended = {"status": EmergencyStatus.CLOSED, "closed_at": NOW, "lesson": "已召回"}
        session.execute(update(Emergency).where(Emergency.id == first.id).values(**ended))
    found = company.see("manager", batches.view, batch="B2301")
    assert (found.may_recall, found.emergency_id) == (True, first.id)


def test_a_batch_without_an_open_case_cannot_be_recalled(company: Company) -> None:
    with pytest.raises(InvalidInput) as caught:
        recall(company, batch="B9")
    assert problems(caught) == [("batch", "no_open_case")]


def test_the_queue_is_sorted_by_what_is_due_next_and_says_by_which_clause(
    company: Company,
) -> None:
    late = register(company, symptom="阀体开裂", batch="B9", customer_name="大明化工")
    assert_not = brought_to(company, QualityStatus.SOLVED)
    fresh = register(company, priority="critical")
    two_days = {"now": NOW + timedelta(days=2)}
    page = company.see("quality", lists.queue, **two_days)
    assert [row.id for row in page.rows] == [fresh, late, assert_not]
    first = page.rows[0].case
    assert (first.due_by, first.clause, first.late) == ("urgent_complaint_acknowledged", "A9", True)
    see = partial(company.see, "quality", lists.queue, **two_days)
    narrowed = {
        lists.Filter(text="开裂"): [late],
        lists.Filter(text="B9"): [late],
        lists.Filter(text="大明"): [late],
        lists.Filter(severity=Severity.MAJOR): [assert_not],
        lists.Filter(status=QualityStatus.RECORDED): [fresh, late],
        lists.Filter(station_id=company.SOUTH): [],
        lists.Filter(view=View.LATE, severity=Severity.MINOR): [],
        lists.Filter(ended=True): [],
    }
    for filters, expected in narrowed.items():
        assert [row.id for row in see(filters=filters).rows] == expected, filters
    assert company.see("support.stranger", lists.queue).total == 0
    with pytest.raises(NotAllowed):
        company.see("dispatcher", lists.queue)


def test_what_is_over_is_shown_when_it_is_asked_for(company: Company) -> None:
    id = brought_to(company, QualityStatus.SOLVED)
    act(company, "quality", id, CloseFeedback, report="已查明", no_measure="已停产")
    assert company.see("quality", lists.queue).rows == ()
    over = company.see("quality", lists.queue, filters=lists.Filter(ended=True), page=7)
    assert [(row.id, row.status) for row in over.rows] == [(id, "closed")]


def test_the_file_shows_its_facts_and_what_may_be_done(company: Company) -> None:
    id = brought_to(company, QualityStatus.ANALYSED)
    plan(company, id, "preventive")
    shown = company.see("quality", view.view, case_id=case_of(company, id).id)
    assert (shown.batch, shown.defect_rate, shown.department["en"]) == (
        "B2301", 0.4, "Quality control",
    )  # fmt: skip
    assert [each.kind for each in shown.improvements] == ["preventive"]
    assert [rule.action.name for rule in shown.actions if rule.action] == [
        "solve", "plan_improvement", "analyse", "assess", "recall",
    ]  # fmt: skip
    assert company.see("auditor", view.view, case_id=case_of(company, id).id).actions == ()
    with pytest.raises(NotFound):
        company.see("support.stranger", view.view, case_id=case_of(company, id).id)
    with pytest.raises(NotAllowed):
        company.see("warehouse", view.view, case_id=case_of(company, id).id)


@pytest.mark.parametrize("cases", [1, 12])
def test_a_list_costs_the_same_however_long_it_is(sqlite_company: Company, cases: int) -> None:
    for _case in range(cases):
        register(sqlite_company, batch="B1")
    assert asked(sqlite_company, lists.queue) == 2
    assert asked(sqlite_company, batches.view, batch="B1") == 3


def asked(company: Company, query: Any, **given: Any) -> int:
    """How many statements a query of core sends."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.extend([statement] if statement.startswith("SELECT") else [])

    event.listen(company.engine, "before_cursor_execute", note)
    try:
        company.see("quality", query, **given)
    finally:
        event.remove(company.engine, "before_cursor_execute", note)
    return len(sent)


cells = partial(Cells, kinds="quality_feedback")
EARLY, LATER = "assessed sampled tested analysed", "analysed solved"
ASSESSORS, TESTERS = "support quality manager", "quality manager"
CELLS = (
    cells("assess", "assessed", "recorded", "assessed", ASSESSORS),
    cells("assess", "assessed", EARLY, None, ASSESSORS),
    cells("take_sample", "sampled", "assessed tested", "sampled", TESTERS),
    cells("record_test", "tested", "sampled", "tested", TESTERS),
    cells("skip_test", "test_skipped", "assessed sampled", "tested", TESTERS),
    cells("analyse", "analysed", "tested", "analysed", TESTERS),
    cells("analyse", "analysed", "analysed", None, TESTERS),
    cells("solve", "solved", "analysed", "solved", TESTERS),
    cells("plan_improvement", "improved", LATER, None, "quality handler manager leader"),
    cells("close_feedback", "closed", "solved", "closed", TESTERS),
    cells("recall", "recalled", f"{EARLY} solved", None, "quality manager leader"),
)
BESIDE = {
    "recorded": RequestStatus.REGISTERED,
    "solved": RequestStatus.RESOLVED,
    "closed": RequestStatus.CLOSED,
    "withdrawn": RequestStatus.CANCELLED,
}


def samples(company: Company) -> tuple[Action, ...]:
    owner = {"owner_id": company["quality"].id, "due_on": DUE}
    return (
        parse(Assess, ASSESSMENT),
        parse(TakeSample, SAMPLE),
        parse(RecordTest, TEST),
        SkipTest(test_finding="一看便知"),
        parse(Analyse, CAUSE),
        parse(Solve, SOLUTION),
        PlanImprovement(kind="corrective", measure="换供方", **owner),
        CloseFeedback(report="已查明"),
        Recall(happened="整批起泡"),
    )


def put(uow: UnitOfWork, company: Company, state: str) -> Stand:
    status = BESIDE.get(state, RequestStatus.IN_PROGRESS)
    case = stored_rows.request(uow.session, company, status, kind=RequestKind.QUALITY_FEEDBACK)
    row = QualityFeedback(request_id=case.id, request=case, status=QualityStatus(state))
    stored_rows.add(uow.session, row)
    kind, owner = "quality_feedback", case.owner_id
    return Stand(actions.PROCESS, row, state, kind, owner, CELLS)


@pytest.mark.parametrize("state", list(QualityStatus), ids=str)
def test_feedback_moves_as_the_table_says(sqlite_company: Company, state: str) -> None:
    company = sqlite_company
    names = [name for name in company.people if not name.endswith(".colleague")]
    check(company, names, [state])


def test_a_sample_of_the_matrix_on_both_databases(company: Company) -> None:
    some = ["quality", "support", "support.stranger", "leader", "agent"]
    check(company, some, ["assessed", "analysed", "solved"])


def check(company: Company, names: list[str], states: Sequence[str]) -> None:
    with unit_of_work(company.engine, company["admin"], HOUSE, write=True, now=NOW) as uow:
        for state in states:
            actors = [company[name] for name in names]
            check_stand(uow, put(uow, company, state), actors, samples(company))


def test_no_rule_is_left_out_of_the_matrix(sqlite_company: Company) -> None:
    check_no_rule_is_left_out(actions.PROCESS, samples(sqlite_company), CELLS)
