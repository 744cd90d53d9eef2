"""Quality feedback, batches and suggestions through the screens, asserted on the rows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.quality.inputs import TakeSample
from db.codes import QualityStatus, RequestStatus, SuggestionStatus
from db.tables import (
    Emergency,
    History,
    Improvement,
    QualityFeedback,
    RecallOwner,
    ServiceRequest,
    Suggestion,
)
from tests.company_cast import Company
from tests.screen import Screen, counted
from tests.test_core_quality import act

STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("support", "assess", {"defect_nature": "涂层起泡", "severity": "major", "batch": "B23"}),
    ("quality", "take_sample", {"sample": "留样", "sample_quantity": 3}),
    ("quality", "record_test", {"tested_quantity": 8, "defect_quantity": 2,
                                "defect_confirmed": True, "test_finding": "附着力差"}),
    ("quality", "analyse", {"cause_kind": "material", "cause": "树脂受潮"}),
    ("quality", "solve", {"solution": "replace", "answer": "给您换 5 桶"}),
)  # fmt: skip


def now() -> datetime:
    return datetime.now(UTC)


def register(company: Company, **facts: Any) -> int:
    """Registered quality feedback; gives the id of its case."""
    return company.register(**{"kind": "quality_feedback", "now": now(), **facts})


def opened(company: Company, who: str, page: str = "quality", row: int = 0) -> Screen:
    return Screen(company, who).open(page).choose_row(page, row)


def choose(screen: Screen, subject: str, action: str) -> Screen:
    """The form of one of the actions of a file."""
    pills = [p for p in screen.app.get("pills") if p.key.startswith(f"{subject}·")]
    pills[0].set_value(action)
    return screen.run()


def step(company: Company, who: str, action: str, facts: dict[str, Any]) -> Screen:
    screen = choose(opened(company, who), "quality", action)
    return screen.fill(**facts).press(f"{action}·send")


def test_feedback_goes_its_way_through_the_screens(served: Company) -> None:
    case_id = register(served, symptom="桶装涂料起泡")
    for who, action, facts in STEPS:
        assert not step(served, who, action, facts).errors
    (row,) = served.rows(QualityFeedback)
    assert (row.status, row.defect_quantity, row.department) == ("solved", 2, "quality_control")
    case = served.get(ServiceRequest, case_id)
    assert (case.batch, case.answer, case.status) == ("B23", "给您换 5 桶", "resolved")
    file = Screen(served, "quality").open("case", id=str(case_id))
    assert "检验 8，不合格 2（25.0%）" in file.texts.replace("\\", "")
    screen = choose(opened(served, "quality"), "quality", "close_feedback")
    screen.fill(report="供方整改").press("close_feedback·send")
    assert screen.errors == ["有 1 项需要修改，尚未保存，已填内容都在。"]
    assert "纠正措施和预防措施须各有一项" in screen.texts
    for kind in ("corrective", "preventive"):
        due_on = (now() + timedelta(days=20)).date()
        facts = {"kind": kind, "measure": "来料测含水量", "owner_id": served["support"].id}
        step(served, "manager", "plan_improvement", facts | {"due_on": due_on})
    assert len(served.rows(Improvement, request_id=case_id)) == 2
    step(served, "quality", "close_feedback", {"report": "供方整改"})
    (row,) = served.rows(QualityFeedback)
    assert (row.status, row.report) == (QualityStatus.CLOSED, "供方整改")
    assert "没有质量反馈。" in Screen(served, "quality").open("quality").texts


def test_all_bad_fields_of_a_test_are_named_and_nothing_is_saved(served: Company) -> None:
    register(served)
    for who, action, facts in STEPS[:2]:
        step(served, who, action, facts)
    bad = {"tested_quantity": 3, "defect_quantity": 5}
    screen = step(served, "quality", "record_test", bad)
    assert screen.errors == ["有 2 项需要修改，尚未保存，已填内容都在。"]
    assert screen.field("defect_quantity").value == 5
    assert served.rows(QualityFeedback)[0].status is QualityStatus.SAMPLED


def test_the_slower_of_two_is_told(served: Company) -> None:
    register(served)
    step(served, *STEPS[0])
    slow = opened(served, "quality").fill(sample="留样", sample_quantity=1)
    (row,) = served.rows(QualityFeedback)
    act(served, "manager", row.id, TakeSample, sample="开桶", sample_quantity=9)
    slow.press("take_sample·send")
    assert "其他人刚刚修改了此记录" in "".join(slow.errors)
    assert served.rows(QualityFeedback)[0].sample == "开桶"


def test_who_only_reads_sees_no_step_and_may_still_remark(served: Company) -> None:
    register(served)
    screen = opened(served, "agent")
    assert not [p for p in screen.app.get("pills") if p.key.startswith("quality·")]
    choose(screen, "request", "remark").fill(note="客户催").press("remark·send")
    assert [row.note for row in served.rows(History, action="remarked")] == ["客户催"]


def test_the_queue_keeps_its_filters_and_names_the_limit(served: Company) -> None:
    register(served, symptom="阀体开裂", now=now() - timedelta(days=30))
    register(served, symptom="起泡")
    screen = Screen(served, "quality").open("quality", quality_q="开裂")
    (table,) = [frame.value for frame in screen.app.dataframe]
    assert list(table["问题描述"]) == ["阀体开裂"]
    assert table["时限"][0].startswith("▲")
    assert table.iloc[0]["时限依据"].endswith(("A8", "A10", "A11"))
    screen = Screen(served, "quality").open("quality", quality_late="true")
    assert len(screen.app.dataframe[0].value) == 1


def test_a_batch_is_one_click_from_its_case_and_is_recalled(served: Company) -> None:
    case_id = register(served, batch="B23")
    other = {"customer_name": "李雷", "phone": "13900139000"}
    served.register(batch="B23", now=now(), fault_area="noise", **other)
    for who, action, facts in STEPS[:3]:
        step(served, who, action, facts)
    screen = Screen(served, "quality").open("case", id=str(case_id))
    links = [link.label for link in screen.app.get("page_link")]
    assert {"质量反馈", "批次 B23"} <= {*links}
    screen = Screen(served, "quality").open("batch", batch="B23")
    assert [metric.value for metric in screen.app.metric] == ["2", "8", "2", "25.0%", "1"]
    assert "报修 1" in screen.texts
    assert len(screen.app.dataframe[0].value) == 2
    screen.fill(happened="整批起泡").press("recall_send")
    (emergency,) = served.rows(Emergency)
    assert (emergency.request_id, emergency.level) == (case_id, 1)
    assert not [button for button in screen.app.button if button.key == "recall_send"]
    assert "本批次的应急" in [link.label for link in screen.app.get("page_link")]
    screen = Screen(served, "agent").open("batch", batch="B23", batch_part="owners")
    owner = screen.choose_row("owners", 0)
    choose(owner, "recall_owner", "tell_owner").fill(channel="hotline", note="周三上门")
    owner.press("tell_owner·send")
    assert sorted(row.status for row in served.rows(RecallOwner)) == ["to_tell", "told"]
    recalls = Screen(served, "agent").open("batch")
    assert "B23：2 位用户中还有 1 位未通知" in [button.label for button in recalls.app.button]


def look_up(screen: Screen, batch: str) -> Screen:
    (box,) = [box for box in screen.app.text_input if box.key == "batch"]
    box.set_value(batch)
    return screen.run()


def test_a_batch_is_typed_and_an_unknown_one_is_said_to_be_so(served: Company) -> None:
    register(served, batch="B23")
    screen = Screen(served, "support").open("batch")
    assert "请输入批号。" in screen.texts
    assert "没有该批次的服务单。" in look_up(screen, "B99").texts
    look_up(screen, " B23 ")
    assert len(screen.app.dataframe[0].value) == 1
    assert not [button for button in screen.app.button if button.key == "recall_send"]
    screen.choose_row("batch_cases", 0)
    assert screen.title == served.rows(ServiceRequest)[0].number


def test_a_suggestion_is_passed_on_adopted_and_answered(served: Company) -> None:
    case_id = served.register(kind="suggestion", symptom="晚上也能上门", now=now())
    screen = choose(opened(served, "agent", "suggestions"), "suggestion", "pass_on")
    assert screen.field("department").value == "after_sales"
    screen.fill(note="请研究").press("pass_on·send")
    screen = opened(served, "handler", "suggestions")
    said = screen.texts.replace("\\", "")
    assert "由其他部门处理。" in said
    assert "：leader、manager" in said
    screen = choose(opened(served, "manager", "suggestions"), "suggestion", "adopt")
    screen.fill(decision="四月起可约").press("adopt·send")
    screen = choose(opened(served, "agent", "suggestions"), "suggestion", "answer_suggestion")
    screen.fill(answer="已采纳，谢谢").press("answer_suggestion·send")
    (row,) = served.rows(Suggestion)
    assert (row.status, row.adopted) == (SuggestionStatus.ANSWERED, True)
    case = served.get(ServiceRequest, case_id)
    assert (case.status, case.answer) == (RequestStatus.CLOSED, "已采纳，谢谢")
    assert "没有建议。" in Screen(served, "agent").open("suggestions").texts


def test_a_file_is_reached_by_its_address(served: Company) -> None:
    case_id = register(served, symptom="起泡")
    assert "起泡" in Screen(served, "quality").open("quality", id=str(case_id)).texts
    for strange in ("999", "x", str(10**18)):
        assert not Screen(served, "quality").open("quality", id=strange).app.exception
    screen = Screen(served, "support.stranger").open("quality", id=str(case_id))
    assert "未找到，或您无权查看。" in "".join(screen.errors)


@pytest.mark.parametrize("page", ["quality", "suggestions", "batch"])
@pytest.mark.parametrize("who", ["manager", "agent"])
def test_a_list_is_at_most_six_queries(served: Company, page: str, who: str) -> None:
    for _case in range(4):
        register(served, batch="B23")
        served.register(kind="suggestion", batch="B23", now=now())
    screen = Screen(served, who).open(page, **{"batch": "B23"} if page == "batch" else {})
    with counted() as statements:
        screen.run()
    assert screen.app.dataframe
    asked = [text for text in statements if text.startswith("SELECT")]
    assert 1 <= len(asked) <= 6, "\n\n".join(asked)
