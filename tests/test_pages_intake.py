"""The intake page: opened with a number, a window in one press, a receipt with its own address."""

from datetime import UTC, datetime

from db.codes import Charge, ChargeReason, FaultArea, RequestKind
from db.tables import Customer, Draft, History, Limit, ServiceRequest
from tests.company_cast import ZONE, Company
from tests.screen import Screen


def opened(company: Company, **address: str) -> Screen:
    company.register(now=datetime.now(UTC))
    return Screen(company, "agent").open("intake", **address)


def test_a_telephone_system_opens_the_page_with_the_number_of_the_caller(served: Company) -> None:
    screen = opened(served, who="138 0013 8000")
    assert "王小明" in screen.texts or any(
        "王小明" in str(option) for radio in screen.app.radio for option in radio.options
    )
    screen.fill(symptom="漏水").press("intake_send")
    case = served.rows(ServiceRequest)[-1]
    assert (case.symptom, case.customer_id) == ("漏水", 1)


def test_a_wanted_window_is_one_press(served: Company) -> None:
    screen = opened(served, who="138 0013 8000")
    screen.field("wanted").set_value("tomorrow_pm")
    screen.run().fill(symptom="漏水").press("intake_send")
    case = served.rows(ServiceRequest)[-1]
    begins, ends = (at.astimezone(ZONE) for at in (case.wanted_from, case.wanted_to))
    assert (begins.hour, ends.hour) == (14, 17)
    assert (begins.date() - datetime.now(ZONE).date()).days == 1


def test_the_receipt_is_read_back_and_found_again_by_its_address(served: Company) -> None:
    screen = opened(served, who="138 0013 8000")
    screen.fill(symptom="漏水").press("intake_send")
    case = served.rows(ServiceRequest)[-1]
    again = Screen(served, "agent").open("intake", receipt=str(case.id))
    for shown in (screen, again):
        assert shown.title == case.number
        assert [code.value for code in shown.app.code] == [case.number]
        assert "请复述" in shown.texts and "漏水" in shown.texts
    again.press("next_call")
    assert again.title == "登记服务申请"


def half(screen: Screen) -> Screen:
    """A new caller's request, half written down."""
    screen.field("kind").set_value(RequestKind.COMPLAINT)
    screen.run().fill(who="13900009999").run()
    screen.fill(symptom="声音大").run().fill(customer_name="李雷").run()
    screen.fill(new_product=True).run().fill(brand="海尔").run()
    return screen


def shown(screen: Screen) -> tuple[object, ...]:
    names = ("kind", "who", "phone", "symptom", "customer_name", "brand")
    return tuple(screen.field(name).value for name in names)


HALF = (RequestKind.COMPLAINT, "13900009999", "13900009999", "声音大", "李雷", "海尔")


def test_a_half_filled_form_is_given_back_until_it_is_sent(served: Company) -> None:
    half(opened(served))
    for _again in range(2):
        screen = Screen(served, "agent").open("intake")
        assert shown(screen) == HALF
        screen.open("find").open("intake")
        assert shown(screen) == HALF
    screen.fill(model="X1").press("intake_send")
    case = served.rows(ServiceRequest)[-1]
    assert (case.symptom, case.phone, case.kind) == ("声音大", "13900009999", RequestKind.COMPLAINT)
    assert not served.rows(Draft)
    assert Screen(served, "agent").open("intake").field("symptom").value == ""


def test_a_half_filled_form_can_be_thrown_away(served: Company) -> None:
    half(opened(served))
    screen = Screen(served, "agent").open("intake").press("afresh")
    assert shown(screen)[1:5] == ("", "", "", "")
    assert not served.rows(Draft)


def test_caller_product_and_window_that_were_chosen_are_given_back(served: Company) -> None:
    served.register(now=datetime.now(UTC))
    served.register(now=datetime.now(UTC), customer_id=1, brand="海尔", model="W-2")
    screen = Screen(served, "agent").open("intake", who="138 0013 8000")
    assert screen.field("asset_id").value is None
    screen.field("asset_id").set_value(1)
    screen.run().field("wanted").set_value("tomorrow_pm")
    screen.run()
    again = Screen(served, "agent").open("intake")
    assert again.field("who").value == "138 0013 8000"
    assert again.field("asset_id").value == 1
    assert again.field("wanted").value == "tomorrow_pm"
    again.fill(symptom="漏水").press("intake_send")
    case = served.rows(ServiceRequest)[-1]
    assert (case.customer_id, case.asset_id, case.wanted_from is None) == (1, 1, False)


def test_to_open_the_page_writes_nothing(served: Company) -> None:
    opened(served, who="138 0013 8000").run()
    assert not served.rows(Draft)


def test_a_call_during_a_half_filled_form_is_asked_about(served: Company) -> None:
    half(opened(served))
    screen = Screen(served, "agent").open("intake", who="13800138000")
    assert "13900009999 的申请填了一半" in screen.texts
    screen.press("intake_go_on")
    assert shown(screen) == HALF
    screen.open("intake", who="13800138000").press("intake_anew")
    assert (screen.field("who").value, screen.field("symptom").value) == ("13800138000", "")
    assert not served.rows(Draft)


def test_the_slower_of_two_windows_is_asked_which_of_both_holds(served: Company) -> None:
    first, second = opened(served), Screen(served, "agent").open("intake")
    half(first)
    second.fill(symptom="漏水").run()
    assert "另一个窗口" in second.texts
    assert Screen(served, "agent").open("intake").field("symptom").value == "声音大"
    second.press("·hold")
    assert "另一个窗口" not in second.texts
    assert Screen(served, "agent").open("intake").field("symptom").value == "漏水"
    first.fill(address="中山路 1 号").run()
    assert "另一个窗口" in first.texts
    first.press("·take")
    assert first.field("symptom").value == "漏水"


def test_register_with_gaps_names_the_fields_beside_the_button(served: Company) -> None:
    screen = opened(served).press("intake_send")
    assert screen.errors == ["有 3 项需要修改，尚未保存，已填内容都在。"]
    assert ":red[客户名称、电话、问题描述]" in screen.texts
    assert "无购买日期" not in screen.texts
    for name in ("customer_name", "phone", "symptom"):
        assert screen.field(name).label.endswith(" *")


def test_a_question_that_is_answered_at_once_is_said_to_be_closed(served: Company) -> None:
    screen = opened(served, who="138 0013 8000")
    screen.field("kind").set_value(RequestKind.CONSULTATION)
    screen.run().fill(symptom="怎么清洗", answer="取下滤网，用清水冲洗").press("intake_send")
    assert "已答复并结案" in screen.texts


def test_who_calls_again_presses_and_is_answered_in_the_first_line(served: Company) -> None:
    now = datetime.now(UTC)
    case_id, job_id = served.dispatched(now=now)
    line = f"{served['technician'].name} · 未约时间 · 已派工".replace(".", "\\.")
    for page, asked in (
        ("intake", {"who": "138 0013 8000"}),
        ("find", {"q": "8000"}),
        ("customer", {"id": "1"}),
    ):
        assert line in Screen(served, "agent").open(page, **asked).texts
    screen = Screen(served, "agent").open("customer", id="1")
    screen.fill(note="没有热水").press(f"urge_{case_id}·send")
    (fact,) = served.rows(History, action="urged")
    assert (fact.case_id, fact.note) == (case_id, "没有热水")
    assert "催单 ×1" in Screen(served, "technician").open("job", id=str(job_id)).texts


def test_the_product_that_the_address_asks_for_is_chosen(served: Company) -> None:
    served.register(now=datetime.now(UTC))
    served.register(now=datetime.now(UTC), customer_id=1, brand="海尔", model="W-2")
    screen = Screen(served, "agent").open("intake", who="138 0013 8000", product="1")
    assert screen.field("asset_id").value == 1


def test_only_the_newest_open_case_of_a_caller_stands_open(served: Company) -> None:
    first = served.register(now=datetime.now(UTC))
    caller = served.get(ServiceRequest, first).customer_id
    for _ in range(2):
        served.register(now=datetime.now(UTC), customer_id=caller)
    screen = Screen(served, "agent").open("intake", who="138 0013 8000")
    numbers = [case.number for case in served.rows(ServiceRequest)]
    (folded,) = [each for each in screen.app.expander if each.label == "另有 2 件未结案"]
    assert not folded.proto.expanded
    assert len(numbers) == 3
    assert len([each for each in folded.markdown if "已登记" in each.value]) == 2


def test_a_known_number_of_a_new_customer_asks_who_it_is(served: Company) -> None:
    screen = opened(served).fill(who="李雷").run()
    screen.fill(phone="+86 138-0013-8000", symptom="漏水").press("intake_send")
    assert "王小明" in screen.errors[-1] or "王小明" in screen.texts
    assert len(served.rows(ServiceRequest)) == 1
    screen.press("meant·1").press("intake_send")
    case = served.rows(ServiceRequest)[-1]
    assert (case.symptom, case.customer_id) == ("漏水", 1)
    screen.press("next_call").fill(who="李雷").run()
    screen.fill(phone="0086 13800138000", symptom="不转").press("intake_send")
    screen.fill(another_customer=True).press("intake_send")
    assert [row.name for row in served.rows(Customer)] == ["王小明", "李雷"]


def test_rework_is_said_at_intake_is_free_and_leads_to_the_earlier_case(served: Company) -> None:
    first, _call = served.finished(now=datetime.now(UTC), purchased_on="2010-01-01")
    screen = Screen(served, "agent").open("intake", who="138 0013 8000")
    screen.field("kind").set_value(RequestKind.REPAIR)
    screen.run().fill(fault_area=FaultArea.FUNCTION).run()
    assert (
        "technician" in screen.texts
        and "返修" in screen.texts
        and "由原维修人员上门" in screen.texts
    )
    screen.fill(symptom="又不转了").press("intake_send")
    case = served.rows(ServiceRequest)[-1]
    assert (case.charge, case.charge_reason) == (Charge.FREE, ChargeReason.REWORK)
    screen.open("case", id=str(case.id))
    (earlier,) = [button for button in screen.app.button if "返修" in button.label]
    earlier.click()
    assert screen.run().title != case.number and screen.app.query_params["id"] == str(first)


def test_the_class_is_said_at_once_and_its_limits_run(served: Company) -> None:
    screen = opened(served, who="138 0013 8000")
    screen.fill(kind=RequestKind.CONSULTATION).run()
    field = screen.field("case_class")
    assert "复杂咨询" in [str(each) for each in field.options]
    screen.fill(symptom="耗材怎么选", case_class="complex").press("intake_send")
    case = served.rows(ServiceRequest)[-1]
    assert (case.kind, case.case_class) == (RequestKind.CONSULTATION, "complex")
    names = {row.name for row in served.rows(Limit, request_id=case.id, dropped_at=None)}
    assert "complex_consultation_solved" in names
    assert "consultation_solved" not in names
