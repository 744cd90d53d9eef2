"""The guarded archive on screen: masked numbers, hand-overs, readings and who read what."""

from datetime import datetime, timedelta

import pytest

from core.requests.inputs import Cancel
from db.codes import HandoverStatus, ReadingStatus
from db.tables import Customer, Handover, Reading, ServiceRequest
from pages.ui.frame.screens import SCREENS
from tests.company_cast import ZONE, Company
from tests.screen import Screen

DIGITS = "13800138000"


def everything(screen: Screen) -> str:
    """All that can be read or is filled in, without blanks."""
    tables = "".join(repr(table.value.to_dict()) for table in screen.app.dataframe)
    typed = "".join(str(each.value) for each in screen.app.text_input)
    links = "".join(str(each.proto) for each in screen.app.get("link_button"))
    return (screen.texts + tables + typed + links).replace(" ", "")


@pytest.mark.parametrize("who", ["finance", "warehouse", "leader", "auditor", "admin"])
def test_no_page_tells_a_number_to_who_does_not_call(served: Company, who: str) -> None:
    served.finished(customer_name="王小明", serial="S1")
    served.complaint(customer_name="王小明")
    screen = Screen(served, who)
    details = [("case", "id"), ("customer", "id"), ("piece", "id")]
    for page, name in [*((each.file, "") for each in SCREENS), *details]:
        screen.open(page, **({name: "1"} if name else {}))
        assert DIGITS not in everything(screen), page
    screen.open("find", q=DIGITS)
    assert "138****8000" in everything(screen)
    assert DIGITS in everything(Screen(served, "agent").open("find", q="王小明"))


def test_a_customer_is_asked_for_and_given(served: Company) -> None:
    served.register(address="中山路 8 号")
    screen = Screen(served, "agent.stranger").open("customer", id="1")
    assert "中山路" not in screen.texts
    assert "这份档案，您只能看到接电话所需的内容。" in screen.texts
    screen.fill(reason="她搬到南区了").press("handover·1·send")
    (row,) = served.rows(Handover)
    assert (row.to_station_id, row.is_offer) == (served.SOUTH, False)
    owner = Screen(served, "agent").open("archives")
    assert "South 向 North 要求接收这位客户。" in owner.texts
    assert "她搬到南区了" in owner.texts
    owner.turn_to("accept_handover").press("accept_handover·send")
    assert served.get(Handover, row.id).status is HandoverStatus.ACCEPTED
    assert served.get(Customer, 1).station_id == served.SOUTH
    assert "中山路 8 号" in screen.open("customer", id="1").texts
    assert "没有要交接的客户。" in owner.open("archives").texts


def test_an_archive_is_read_by_leave_and_the_look_is_on_a_page(served: Company) -> None:
    served.register(address="中山路 8 号")
    finance = Screen(served, "finance").open("customer", id="1")
    assert "中山路" not in finance.texts
    today = datetime.now(ZONE).date()
    finance.fill(reason="核对退款", from_on=today, until_on=today - timedelta(days=9))
    finance.press("reading·1·send")
    assert not served.rows(Reading)
    assert "结束日早于开始日或今天" in finance.texts
    finance.fill(until_on=today + timedelta(days=1)).press("reading·1·send")
    (row,) = served.rows(Reading)
    manager = Screen(served, "manager").open("archives")
    assert "核对退款" in manager.texts
    manager.turn_to("grant_reading").fill(companion_id=served["agent"].id, place="档案室")
    manager.press("grant_reading·send")
    assert served.get(Reading, row.id).status is ReadingStatus.GRANTED
    finance.open("customer", id="1").turn_to("look_up").press("look_up·send")
    assert "中山路 8 号" in finance.open("customer", id="1").texts
    assert r"138\*\*\*\*8000" in finance.texts
    (table,) = Screen(served, "auditor").open("archives").app.dataframe
    assert list(table.value.iloc[0])[1:] == ["finance", "王小明", "核对退款", "agent"]


def why(screen: Screen, form: str) -> Screen:
    """Give the reason in one of several forms that ask for one."""
    (field,) = [f for f in screen.app.text_area if f.key and form in f.key and "reason" in f.key]
    field.set_value("本人要求")
    return screen


def test_a_person_is_erased_by_a_manager(served: Company) -> None:
    id = served.register(address="中山路 8 号")
    screen = Screen(served, "manager").open("customer", id="1")
    why(screen, "erase").press("erase·1·send")
    number = served.get(ServiceRequest, id).number.replace("-", r"\-")
    assert f"还有未了结的服务单：{number}" in screen.texts
    served.act("agent", ServiceRequest, id, Cancel(note="不修了"))
    why(screen.open("customer", id="1"), "erase").press("erase·1·send")
    assert served.get(Customer, 1).name == "**"
    screen.open("customer", id="1")
    assert "此人已按本人要求于" in screen.texts
    assert "中山路" not in screen.texts
    assert "抹除此人" not in Screen(served, "agent").open("customer", id="1").texts
