"""Prevention through the screen: alarms to cases and measures, bars to cases, before and after."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from streamlit.util import AttributeDictionary

from core.codes import CauseKind, FaultArea
from core.improvements.actions import FinishImprovement
from core.prevention.measures import When, Which
from db.codes import ImprovementKind, ImprovementStatus, RequestKind
from db.tables import Complaint, Improvement, RepeatFault, ServiceRequest
from tests.company_cast import Company
from tests.screen import Screen, counted
from tests.test_core_prevention import DAYS, Maker, warned

DAY = timedelta(days=1)


@pytest.fixture
def served(served: Company) -> Company:
    return warned(served)


def now() -> datetime:
    return datetime.now(UTC)


def told(company: Company, times: int = 3) -> list[int]:
    return [company.register(now=now()) for _ in range(times)]


def opened(company: Company, who: str = "quality", *, part: str = "alarms") -> Screen:
    return Screen(company, who).open("prevention").fill(prevention_part=part).run()


def frames(screen: Screen) -> list[list[dict[str, Any]]]:
    return [frame.value.to_dict("records") for frame in screen.app.dataframe]


def form(screen: Screen, action: str) -> Screen:
    """The form of one of the actions on an alarm."""
    (pills,) = [p for p in screen.app.get("pills") if p.key.startswith("repeat_fault·")]
    pills.set_value(action)
    return screen.run()


def test_without_an_alarm_it_is_said_when_one_comes(served: Company) -> None:
    told(served, 2)
    screen = opened(served)
    assert "目前没有重复故障报警。" in screen.texts
    assert "服务规范" in screen.texts


def test_an_alarm_leads_to_its_cases(served: Company) -> None:
    told(served)
    screen = opened(served)
    ((row,),) = frames(screen)
    assert (row["产品"], row["故障类别"], row["单数"]) == ("海尔 XQG100", "功能失效", 3)
    screen.choose_row("alarms_open", 0)
    assert [len(frame) for frame in frames(screen)] == [1, 3]
    screen.choose_row("alarm_1", 1)
    assert screen.title.startswith(served.get(ServiceRequest, 2).number)


def test_an_alarm_is_settled_with_a_note(served: Company) -> None:
    told(served)
    screen = form(opened(served).choose_row("alarms_open", 0), "settle_alarm")
    screen.press("settle_alarm·send")
    assert served.get(RepeatFault, 1).settled_at is None
    assert screen.errors
    (note,) = [field for field in screen.app.text_area if "settle_alarm" in str(field.key)]
    note.set_value("已有措施")
    screen.press("settle_alarm·send")
    row = served.get(RepeatFault, 1)
    assert (row.note, row.settled_by_id) == ("已有措施", served["quality"].id)
    screen.fill(alarms_which="settled").run()
    assert frames(screen)[0][0]["单数"] == 3


def test_an_alarm_leads_to_a_measure(served: Company) -> None:
    told(served)
    screen = form(opened(served).choose_row("alarms_open", 0), "plan_improvement")
    day = now().date() + DAY
    screen.fill(kind=ImprovementKind.PREVENTIVE, measure="换皮带").fill(
        owner_id=served["support"].id, due_on=day
    )
    screen.press("plan_improvement·send")
    (row,) = served.rows(Improvement)
    assert (row.measure, row.fault_area) == ("换皮带", FaultArea.FUNCTION)
    assert served.get(RepeatFault, 1).settled_at is not None


def test_who_was_faster_is_told_of(served: Company) -> None:
    told(served)
    slow = form(opened(served).choose_row("alarms_open", 0), "settle_alarm")
    fast = form(opened(served, "manager").choose_row("alarms_open", 0), "settle_alarm")
    for screen, text in ((fast, "已知"), (slow, "也知道")):
        (note,) = [field for field in screen.app.text_area if "settle_alarm" in str(field.key)]
        note.set_value(text)
        screen.press("settle_alarm·send")
    assert served.get(RepeatFault, 1).note == "已知"
    assert slow.errors


def test_who_only_reads_gets_no_form(served: Company) -> None:
    told(served)
    screen = opened(served, "auditor").choose_row("alarms_open", 0)
    assert len(frames(screen)) == 2
    assert not [b for b in screen.app.button if str(b.key).endswith("·send")]


def with_causes(company: Company) -> Maker:
    make = Maker(company)
    for cause, loss in ((CauseKind.DESIGN, 5_000), (CauseKind.DESIGN, 0), (CauseKind.USE, 0)):
        make.complaint(cause, loss, at=now())
    make.complaint(None, at=now())
    return make


def click(screen: Screen, chart: str, code: str) -> Screen:
    # AppTest cannot click a bar: this is what the browser would send.
    state = AttributeDictionary({"selection": {"pick": [{"code": code}]}})
    screen.app.session_state[chart] = state
    return screen.run()


def test_a_bar_leads_to_its_cases(served: Company) -> None:
    with_causes(served)
    screen = opened(served, part="causes")
    assert "另有 1 单尚未查明原因" in screen.texts
    assert not frames(screen)
    click(screen, "pareto_cases", "design")
    assert [len(frame) for frame in frames(screen)] == [2]
    screen.choose_row("pareto·design", 0)
    assert screen.title.startswith(served.get(ServiceRequest, 2).number)


def test_faults_by_product_and_the_filters(served: Company) -> None:
    make = with_causes(served)
    make.case(now(), product=2, fault_area=FaultArea.NOISE)
    screen = opened(served, part="causes")
    screen.fill(pareto_by="faults").run()
    click(screen, "pareto_faults", "2:noise")
    assert [len(frame) for frame in frames(screen)] == [1]
    assert "牌 B2 · 噪声异响" in screen.texts
    screen.app.text_input(key="pareto_product").set_value("A1")
    screen.run()
    assert not frames(screen)


def test_no_causes_say_what_to_do(served: Company) -> None:
    screen = opened(served, part="causes")
    assert "请放宽月份或筛选条件" in screen.texts
    with_causes(served)
    screen.fill(pareto_by="loss").run()
    served.do("manager", _forgive)
    screen.run()
    assert "没有登记损失" in screen.texts


def _forgive(uow: Any) -> None:
    for row in uow.session.query(Complaint):
        row.loss_cents = 0


def test_a_measure_is_carried_out_and_compared(served: Company) -> None:
    make = Maker(served)
    make.case(now() - 400 * DAY, product=2)
    for day in (70, 80, 90):
        make.case(now() - day * DAY)
    case_id = make.case(now() - 10 * DAY)
    ready = {"status": ImprovementStatus.DONE, "done_at": now() - 60 * DAY}
    make.measure(case_id, **ready)
    screen = opened(served, part="measures")
    assert frames(screen)[0][0]["措施"] == "换供应商"
    screen.choose_row("measures", 0)
    values = [metric.value for metric in screen.app.metric]
    assert values == ["1", "0.5"]
    assert "90 天内 3 单" in screen.texts
    assert "观察期未满" in screen.texts
    assert [len(frame) for frame in frames(screen)] == [1, 1]
    screen.fill(effect_1=When.BEFORE).run()
    assert [len(frame) for frame in frames(screen)] == [1, 3]
    screen.fill(finding="不再发生")
    screen.press("confirm_effect·send")
    assert served.get(Improvement, 1).status is ImprovementStatus.EFFECTIVE


def test_too_early_is_said_and_no_number_shown(served: Company) -> None:
    make = Maker(served)
    make.case(now() - 400 * DAY, product=2)
    ready = {"status": ImprovementStatus.DONE, "done_at": now() - 5 * DAY}
    make.measure(make.case(now() - 10 * DAY), **ready)
    screen = opened(served, part="measures").choose_row("measures", 0)
    assert "时间不足：措施完成至今 5 天，至少需要 30 天。" in screen.texts
    assert [metric.value for metric in screen.app.metric][1] == "—"


def test_the_lists_of_measures(served: Company) -> None:
    make = Maker(served)
    case_id = make.case(now())
    make.measure(case_id, owner_id=served["manager"].id, due_on=now().date() - 2 * DAY)
    make.measure(case_id)
    screen = opened(served, "manager", part="measures")
    assert len(frames(screen)[0]) == 2
    screen.fill(measures_which=Which.MINE).run()
    ((row,),) = frames(screen)
    assert row["完成期限"].startswith("▲")
    screen.fill(measures_which=Which.INEFFECTIVE).run()
    assert "这里没有改善措施" in screen.texts


def test_an_owner_finishes_the_own_measure(served: Company) -> None:
    make = Maker(served)
    make.measure(make.case(now()), owner_id=served["quality"].id)
    screen = opened(served, part="measures").choose_row("measures", 0)
    assert FinishImprovement.name in str([b.key for b in screen.app.button])
    screen.fill(note="已完成").press("finish_improvement·send")
    assert served.get(Improvement, 1).status is ImprovementStatus.DONE
    assert "须由负责人以外的人验证效果" in screen.texts


def test_the_threshold_is_edited_in_the_draft_and_shown_as_a_difference(served: Company) -> None:
    screen = Screen(served, "manager").open("norms")
    assert {"天数": DAYS, "报警单数": 3} in [rows[0] for rows in frames(screen) if rows]
    screen.app.session_state["norm_tabs"] = "草案"
    screen.run().press("draft_start")
    screen.app.number_input(key="draft_repeat_count").set_value(4)
    screen.press("draft_send")
    screen.app.session_state["norm_tabs"] = "差异"
    screen.run()
    assert "- 自动报警单数：由 3 改为 4" in screen.texts


def test_each_part_costs_few_queries(served: Company) -> None:
    told(served)
    make = with_causes(served)
    make.measure(make.case(now()), kind=ImprovementKind.PREVENTIVE)
    assert served.rows(ServiceRequest, kind=RequestKind.COMPLAINT)
    for part in ("alarms", "causes", "measures"):
        screen = opened(served, part=part)
        with counted() as statements:
            screen.run()
        # One is who it is, one the notices of the menu.
        asked = [text for text in statements if "SELECT" in text]
        assert len(asked) <= 5 + 2, part
