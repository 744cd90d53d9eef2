"""The review of complaints on screen: queue, filters, steps, who is kept out, bulk assignment."""

from typing import Any

import pytest

from core.codes import CauseScope, MeasureKind, NoticeKind, Reaction
from core.complaints import actions, penalties
from core.complaints.inputs import Judge, Propose
from core.improvements import actions as improvements
from core.kernel.inputs import parse
from db.codes import ComplaintStatus, Language, RequestKind, WaitReason
from db.tables import (
    Complaint,
    ComplaintMeasure,
    FormKey,
    Improvement,
    Limit,
    Responsible,
    ServiceRequest,
)
from pages.ui.complaints import steps as complaint_steps
from pages.ui.kit import words
from pages.ui.notices import lines as notices
from tests.company_cast import NOW, Company
from tests.complaint_steps import PLAN, named, steps, take
from tests.screen import Screen, counted

OWN = "complaints"


def numbers(screen: Screen) -> list[str]:
    """The numbers in the queue that is shown."""
    return list(screen.app.dataframe[0].value["编号"]) if screen.app.dataframe else []


def number(company: Company, complaint_id: int) -> str:
    return company.get(ServiceRequest, case_of(company, complaint_id)).number


def case_of(company: Company, complaint_id: int) -> int:
    return company.get(Complaint, complaint_id).request_id


def review(company: Company, who: str, complaint_id: int) -> Screen:
    return Screen(company, who).open("complaints", id=str(case_of(company, complaint_id)))


def on_its_page(company: Company, who: str, complaint_id: int, **parameters: str) -> Screen:
    """The case of a complaint with all that is on file."""
    case_id = str(case_of(company, complaint_id))
    return Screen(company, who).open("case", id=case_id, **parameters)


def sends(screen: Screen) -> set[str]:
    """The actions whose form stands on the screen."""
    keys = (button.key or "" for button in screen.app.button)
    return {key.split("·")[-2] for key in keys if key.endswith("·send") and "·" in key}


def choose(screen: Screen, process: str, action: str) -> Screen:
    """Press the pill of an action of a process."""
    pills = [p for p in screen.app.pills if p.key.startswith(process) and "·action" in p.key]
    names = {words.catalogue(each).pgettext("action", action) for each in Language}
    (one,) = [p for p in pills if names & {*p.options}]
    one.set_value(action)
    return screen.run()


def test_a_complaint_is_judged_from_the_queue(served: Company) -> None:
    id = served.complaint(symptom="洗衣机异响", about_id=served["technician"].id)
    screen = Screen(served, "quality").open("complaints").choose_row(OWN, 0)
    assert "2/8 待判定" in screen.app.dataframe[0].value.to_string()
    assert "待判定，轮到您办理。" in screen.texts
    screen.fill(nature=None).press("judge·send")
    assert screen.errors == ["有 2 项需要修改，尚未保存，已填内容都在。"]
    screen.fill(nature="product_quality.defect", demand_reasonable=True, note="属实")
    screen.press("judge·send")
    row = served.get(Complaint, id)
    assert (row.status, row.founded, row.case_part) == ("judged", True, "defect")
    assert row.demand_reasonable is True
    assert row.about_id == served["technician"].id
    assert "成立 · 理由充分 · 要求合理" in on_its_page(served, "quality", id).texts


def test_the_steps_in_between_are_taken_by_forms(served: Company) -> None:
    id = served.complaint()
    take(served, id, "assigned")
    screen = review(served, "quality", id)
    shares = [{"department": "freight", "share_percent": 100}]
    screen.fill(cause="运输摔坏", cause_kind="transport", cause_scope=CauseScope.COMPANY)
    screen.fill(responsibles=[shares[0] | {"share_percent": 90}]).press("investigate·send")
    assert "责任比例合计须为 100%" in screen.texts.replace("\\", "")
    screen.fill(responsibles=shares).press("investigate·send")
    (answers,) = served.rows(Responsible, complaint_id=id)
    assert (answers.department, answers.share_percent) == ("freight", 100)
    screen.turn_to("propose")
    screen.fill(measures=[{"kind": "refund", "what": "退款", "cost_cents": 120.0}])
    screen.press("propose·send")
    (measure,) = served.rows(ComplaintMeasure, complaint_id=id)
    assert (measure.kind, measure.cost_cents) == (MeasureKind.REFUND, 12_000)
    manager = review(served, "manager", id)
    assert "¥120.00" in manager.texts and "售后经理、公司领导" in manager.texts
    manager.press("approve·send")
    agent = review(served, "agent", id)
    agent.fill(answer="退一百二十元", reaction=Reaction.ACCEPTED).press("notify·send")
    assert served.get(Complaint, id).status is ComplaintStatus.NOTIFIED


def test_the_band_stands_beside_the_penalty_and_the_measure_has_its_actions(
    served: Company,
) -> None:
    id = served.complaint()
    take(served, id, "notified")
    screen = review(served, "manager", id)
    assert "直接责任：奖金的 10–30%（E14）" in screen.texts
    take_on(served, id, "penalties_settled", "improved")
    support = on_its_page(served, "quality", id)
    assert "来料加测硬度" in support.texts
    (row,) = served.rows(Improvement)
    assert row.status == "planned"
    assert "close_complaint" in sends(choose(support, "complaint", "close_complaint"))


def take_on(company: Company, complaint_id: int, *facts: str) -> None:
    """Some more steps, in order."""
    for who, command in (steps(company)[fact] for fact in facts):
        company.act(who, Complaint, complaint_id, command, now=NOW)


def test_whoever_is_named_is_told_why_and_who_may(served: Company) -> None:
    id = served.complaint(about_id=served["quality"].id)
    screen = review(served, "quality", id)
    assert "您在本投诉中被点名，须由他人处理。" in screen.texts
    assert "判定成立、判定不成立" in screen.texts and "manager" in screen.texts
    assert not {"judge", "dismiss"} & sends(screen)
    assert served.get(Complaint, id).status is ComplaintStatus.RECORDED


def test_whoever_has_no_move_reads_whose_it_is_and_finds_no_form_open(served: Company) -> None:
    id = served.complaint()
    screen = review(served, "agent", id)
    assert "待判定，下一步：质检、责任部门经办、售后经理、公司领导" in screen.texts
    assert not sends(screen) & {"name_person", "judge"}
    choose(screen, "complaint", "name_person").fill(about_id=served["technician"].id)
    screen.press("name_person·send")
    assert named(served, id) == [served["technician"].id]


def test_nobody_approves_the_own_plan(served: Company) -> None:
    id = served.complaint()
    take(served, id, "proposed", proposed=("manager", parse(Propose, PLAN)))
    screen = review(served, "manager", id)
    assert "方案由您拟定，须由他人审批。" in screen.texts
    assert "批准、退回、不予补偿：leader" in screen.texts.replace("\\", "")
    assert "approve" not in sends(screen)
    assert "approve" in sends(review(served, "leader", id))


def test_a_slower_one_who_was_named_meanwhile_reads_who_may(served: Company) -> None:
    id = served.complaint()
    slow = review(served, "quality", id)
    slow.fill(nature="service.attitude")
    name = actions.NamePerson(about_id=served["quality"].id)
    served.act("manager", Complaint, id, name)
    slow.press("judge·send")
    assert "其他人刚刚修改了此记录" in slow.errors[0]
    assert "您在本投诉中被点名" in slow.texts
    assert served.get(Complaint, id).status is ComplaintStatus.RECORDED


def test_filters_stay_in_the_address_as_codes(served: Company) -> None:
    noisy = served.complaint(symptom="洗衣机异响")
    judged = served.complaint(symptom="外壳划伤")
    served.act("quality", Complaint, judged, Judge(nature="logistics"))
    screen = Screen(served, "manager").open("complaints")
    assert len(numbers(screen)) == 2
    screen.field("complaints_step").set_value(ComplaintStatus.JUDGED)
    screen.run()
    assert numbers(screen) == [number(served, judged)]
    assert screen.app.query_params["complaints_step"] == "judged"
    english = Screen(served, "manager", locale="en-GB")
    english.open("complaints", complaints_case_class="logistics")
    assert list(english.app.dataframe[0].value["Number"]) == [number(served, judged)]
    screen = Screen(served, "manager").open("complaints", complaints_q="异响")
    screen.app.text_input(key="complaints_q").set_value("异响")
    assert numbers(screen.run()) == [number(served, noisy)]


def test_mine_approvals_and_the_closed_ones_are_looked_at_apart(served: Company) -> None:
    waits, closed = served.complaint(), served.complaint()
    take(served, waits, "proposed")
    take(served, closed, "closed")
    screen = Screen(served, "manager").open("complaints", complaints_whose="approve")
    assert numbers(screen) == [number(served, waits)]
    screen = Screen(served, "manager").open("complaints", complaints_whose="mine")
    assert numbers(screen) == []
    screen = Screen(served, "quality").open("complaints", complaints_whose="department")
    assert numbers(screen) == [number(served, waits)]
    screen = Screen(served, "manager").open("complaints", complaints_station=str(served.SOUTH))
    assert numbers(screen) == []
    screen = Screen(served, "manager").open("complaints", complaints_product="XQG100")
    assert numbers(screen) == [number(served, waits)]
    ended = screen.app.toggle(key="complaints_ended")
    ended.set_value(True)
    screen.run().field("complaints_product").set_value(None)
    assert numbers(screen.run()) == [number(served, closed)]


def test_several_are_assigned_at_once_and_the_refused_ones_are_named(served: Company) -> None:
    ids = [served.complaint() for _ in range(3)]
    for id, nature in zip(ids, ("logistics", "product_quality.defect", "service"), strict=True):
        served.act("quality", Complaint, id, Judge(nature=nature))
    named = actions.NamePerson(about_id=served["handler"].id)
    served.act("manager", Complaint, ids[2], named)
    screen = Screen(served, "manager").open("complaints")
    screen.app.toggle(key="complaints_several").set_value(True)
    screen.run()
    shown = numbers(screen)
    assert len(shown) == 3
    tick(screen, 0, 1, 2)
    assert "已选 3 单投诉。" in screen.texts
    screen.fill(handler_id=served["handler"].id).press("assign_several_send")
    by_id = {id: served.get(Complaint, id) for id in ids}
    assert [by_id[id].department for id in ids] == ["freight", "quality_control", ""]
    assert by_id[ids[0]].handler_id == served["handler"].id
    refused = screen.texts.replace("\\", "")
    assert f"{number(served, ids[2])}: 此人在本投诉中被点名" in refused
    assert numbers(screen) == [number(served, ids[2])]
    # A second click is told the same: two were assigned, and which one was not.
    kept = [row.result["id"] for row in served.rows(FormKey)]
    assert [(each["done"], each["refused"][0][0]) for each in kept] == [(2, number(served, ids[2]))]


def tick(screen: Screen, *places: int) -> None:
    turn = screen.app.session_state.get("complaints_several_rows·turn", 0)
    selection = {"selection": {"rows": list(places), "columns": [], "cells": []}}
    screen.app.session_state[f"complaints_several_rows_table·{turn}"] = selection
    screen.run()


def test_nothing_ticked_assigns_nothing(served: Company) -> None:
    id = served.complaint()
    served.act("quality", Complaint, id, Judge(nature="logistics"))
    screen = Screen(served, "manager").open("complaints")
    screen.app.toggle(key="complaints_several").set_value(True)
    screen.run().press("assign_several_send")
    assert screen.errors == ["有 1 项需要修改，尚未保存，已填内容都在。"]
    assert served.get(Complaint, id).status is ComplaintStatus.JUDGED


def test_who_may_not_assign_is_not_offered_to_assign_several(served: Company) -> None:
    screen = Screen(served, "quality").open("complaints")
    assert not [each for each in screen.app.toggle if each.key == "complaints_several"]


def test_a_second_complaint_about_the_same_product_is_merged_with_a_click(
    served: Company,
) -> None:
    first = served.complaint(serial="SN1")
    request = served.get(ServiceRequest, case_of(served, first))
    same = {"customer_id": request.customer_id, "asset_id": request.asset_id}
    second = served.complaint(**same, symptom="还是不转", serial="", brand="", model="")
    assert not [b for b in review(served, "quality", first).app.button if "并入" in b.label]
    screen = review(served, "quality", second)
    (merge,) = [b for b in screen.app.button if "并入" in b.label]
    screen.press(merge.key)
    row = served.get(Complaint, second)
    assert (row.status, row.merged_into_id) == (ComplaintStatus.MERGED, first)


def test_the_case_page_of_a_complaint_shows_its_steps_and_other_actions(served: Company) -> None:
    id = served.complaint()
    case_id = case_of(served, id)
    screen = Screen(served, "manager").open("case", id=str(case_id))
    assert {"judge", "acknowledge"} <= sends(screen)
    choose(screen, "request", "wait").fill(reason=WaitReason.CUSTOMER)
    (note,) = [area for area in screen.app.text_area if "·wait·" in area.key]
    note.set_value("等照片")
    screen.press("wait·send")
    assert served.get(ServiceRequest, case_id).wait_reason == "customer"
    technician = Screen(served, "technician").open("case", id=str(case_id))
    assert "judge" not in sends(technician)


def test_the_agent_tells_the_customer_of_a_complaint_that_was_judged_already(
    served: Company,
) -> None:
    id = served.complaint()
    case_id = case_of(served, id)
    take(served, id, "judged")
    (limit,) = served.rows(Limit, request_id=case_id, name="complaint_acknowledged")
    assert limit.met_at is None
    screen = review(served, "agent", id)
    # Told the way the complaint came, unless the agent says otherwise.
    assert screen.field("channel").value == "hotline"
    assert "告知客户已受理" in [b.label for b in screen.app.button]
    # Below the step of the file, and folded: only what comes next is open.
    assert not next(e for e in screen.app.expander if e.label == "其他操作").proto.expanded
    screen.press("acknowledge·send")
    (limit,) = served.rows(Limit, request_id=case_id, name="complaint_acknowledged")
    assert limit.met_at == served.get(ServiceRequest, case_id).acknowledged_at is not None
    assert "acknowledge" not in sends(screen)
    assert "已告知客户受理" in on_its_page(served, "agent", id, tab="history").texts


def test_intake_asks_whom_a_complaint_is_about_and_the_batch(served: Company) -> None:
    screen = Screen(served, "agent").open("intake")
    with pytest.raises(LookupError):
        screen.field("about_id")
    screen.fill(kind=RequestKind.QUALITY_FEEDBACK).run()
    assert screen.field("batch")
    with pytest.raises(LookupError):
        screen.field("about_id")
    screen.fill(kind=RequestKind.COMPLAINT).run()
    screen.fill(customer_name="李雷", phone="13900001111", symptom="态度差", batch="B7")
    screen.fill(about_id=served["technician"].id).press("intake_send")
    (row,) = served.rows(Complaint)
    assert named(served, row.id) == [served["technician"].id]
    assert served.get(ServiceRequest, row.request_id).batch == "B7"


def test_the_queue_is_at_most_five_queries(served: Company) -> None:
    for _ in range(3):
        served.complaint()
    screen = Screen(served, "manager").open("complaints")
    with counted() as statements:
        screen.run()
    asked = [text for text in statements if text.startswith(("SELECT", "INSERT", "UPDATE"))]
    around = [text for text in asked if "sign_ins" in text or "notices" in text]
    assert 1 <= len(asked) - len(around) <= 5, "\n\n".join(asked)


def test_every_open_status_has_a_step_and_somebody_to_move() -> None:
    over = {ComplaintStatus.CLOSED, ComplaintStatus.MERGED, ComplaintStatus.WITHDRAWN}
    assert set(complaint_steps.OPEN_STEP) == set(ComplaintStatus) - over


SAID: list[tuple[str, dict[str, Any], str]] = [
    ("assigned", {"step": "assigned"}, "分派给您或您的部门"),
    ("approval", {"cents": 60_000}, "有一项 ¥600.00 的方案待您审批"),
    ("plan_decided", {"step": "approved"}, "您拟定的方案已批准"),
    ("plan_decided", {"step": "refused"}, "您拟定的方案未获批准，不予补偿"),
    ("plan_decided", {"step": "investigated"}, "您拟定的方案被退回"),
    ("reopened", {"step": "assigned"}, "客户不满意，已重开并上报一级"),
    ("penalty", {"penalty": 1, "status": "imposed"}, "有一项责任处罚与您有关，您可以申诉"),
    ("appeal", {"penalty": 1, "status": "appealed"}, "一项处罚申诉待复核"),
    ("appeal_decided", {"penalty": 1, "status": "lifted"}, "您的处罚申诉：撤销"),
    ("improvement", {"due_on": "2026-04-01"}, "一项改善措施由您负责，2026年4月1日前完成"),
    (
        "repeat_fault",
        {"product": "海尔 X", "fault_area": "noise", "count": 3, "days": 90},
        "海尔 X：90 天内“噪声异响”故障 3 次",
    ),
]


@pytest.mark.parametrize(("kind", "data", "said"), SAID, ids=lambda value: str(value)[:16])
def test_notices_about_reviews_are_said_in_words(kind: str, data: Any, said: str) -> None:
    assert notices.line(NoticeKind(kind), data, Language.ZH) == said
    english = notices.line(NoticeKind(kind), data, Language.EN)
    assert english.isascii() or "¥" in english or "海尔" in english


@pytest.mark.parametrize("language", Language, ids=str)
def test_every_relation_has_words(language: Language) -> None:
    catalogue = words.catalogue(language)
    processes = (actions.PROCESS, penalties.PROCESS, improvements.PROCESS)
    reasons = {each.reason for p in processes for rule in p.rules for each in rule.who}
    wanted = [("barred", reason) for reason in reasons]
    wanted += [("error", f"not_allowed.{reason}") for reason in reasons]
    wanted += [("step", name) for name in complaint_steps.STEPS]
    assert len(reasons) > 5
    assert not [each for each in wanted if catalogue.pgettext(*each) == each[1]]
