"""The intake page: opened with a number, a window in one press, a receipt with its own address."""

from datetime import UTC, datetime

from db.tables import ServiceRequest
from tests.company_cast import ZONE, Company
from tests.screen import Screen


def pills(screen: Screen, name: str) -> object:
    (found,) = [p for p in screen.app.get("pills") if str(p.key).endswith(name)]
    return found


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
    pills(screen, "wanted").set_value("tomorrow_pm")  # type: ignore[attr-defined]
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
