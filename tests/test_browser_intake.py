"""The intake at the keyboard: what is typed into a list, and Ctrl+Enter from every field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from db.tables import Asset, Customer, Product, ServiceRequest

if TYPE_CHECKING:
    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]


def filled(windows: Windows, phone: str, window: Window | None = None) -> Window:
    """An intake form that lacks nothing."""
    window = window or windows.desk().open("/intake").sign_in("agent")
    window.settles().page.get_by_label("来电人").fill(phone)
    expect(window.field("phone").locator("input")).to_have_value(phone)
    return window.type(customer_name="李雷", address="中山路 1 号", symptom="不制冷").settles()


def the_case(tool: Tool, window: Window, phone: str) -> ServiceRequest:
    expect(window.keyed("next_call")).to_be_visible()
    window.settles()
    (case,) = tool.rows(ServiceRequest, phone_key=f"86{phone}")
    expect(window.heading).to_have_text(case.number)
    return case


def send(window: Window) -> None:
    window.page.keyboard.press("Control+Enter")


TEXTS = {
    "customer_name": (
        "李小雷",
        lambda tool, case: tool.rows(Customer, id=case.customer_id)[0].name,
    ),
    "contact": ("韩梅梅", lambda tool, case: case.contact),
    "address": ("北京路 9 号", lambda tool, case: case.address),
    "symptom": ("漏水，声音大", lambda tool, case: case.symptom),
    "serial": ("SN-LAST", lambda tool, case: tool.rows(Asset, id=case.asset_id)[0].serial),
}


def test_ctrl_enter_registers_from_every_text_field_with_its_last_word(
    staffed_tool: Tool, windows: Windows
) -> None:
    window = windows.desk().open("/intake").sign_in("agent")
    for number, (name, (text, stored)) in enumerate(TEXTS.items()):
        phone = f"1390001000{number}"
        filled(windows, phone, window)
        if name == "serial":
            window.complete(brand="海尔", model="XQG100").settles()
        box = window.field(name).locator("input, textarea").first
        box.fill("")
        box.press_sequentially(text)
        send(window)
        assert stored(staffed_tool, the_case(staffed_tool, window, phone)) == text
        window.press("next_call")
        expect(window.heading).to_have_text("登记服务申请")
        window.settles()


def test_ctrl_enter_registers_from_the_parts_of_day_and_time(
    staffed_tool: Tool, windows: Windows
) -> None:
    window = filled(windows, "13900020001")
    window.page.get_by_text("其他时间").click()
    window.settles().field("wanted_from").get_by_role("spinbutton").first.click()
    window.page.keyboard.type("203011261430")
    send(window)
    case = the_case(staffed_tool, window, "13900020001")
    zone = staffed_tool.company()["agent"].zone_info
    assert case.wanted_from is not None
    assert f"{case.wanted_from.astimezone(zone):%Y%m%d%H%M}" == "203011261430"


def test_ctrl_enter_registers_from_a_day_and_a_number(staffed_tool: Tool, windows: Windows) -> None:
    window = filled(windows, "13900030001").complete(brand="海尔", model="D-1")
    window.field("purchased_on").get_by_role("spinbutton").first.click()
    window.page.keyboard.type("20260301")
    send(window)
    case = the_case(staffed_tool, window, "13900030001")
    (asset,) = staffed_tool.rows(Asset, id=case.asset_id)
    assert str(asset.purchased_on) == "2026-03-01"
    window.press("next_call")
    expect(window.heading).to_have_text("登记服务申请")
    filled(windows, "13900030002", window.settles()).complete(brand="海尔", model="D-2")
    window.type_date("purchased_on", "20260301").settles()
    window.field("warranty_months").locator("input").click()
    window.page.keyboard.type("24")
    send(window)
    case = the_case(staffed_tool, window, "13900030002")
    (asset,) = staffed_tool.rows(Asset, id=case.asset_id)
    assert str(asset.warranty_until) == "2028-02-29"


def test_ctrl_enter_registers_from_a_list_an_open_one_too(
    staffed_tool: Tool, windows: Windows
) -> None:
    window = filled(windows, "13900040001")
    box = window.field("fault_area").locator("input").first
    box.click()
    box.press_sequentially("噪")
    window.page.get_by_role("option").first.wait_for()
    send(window)
    case = the_case(staffed_tool, window, "13900040001")
    assert case.fault_area == "noise"
    window.press("next_call")
    expect(window.heading).to_have_text("登记服务申请")
    filled(windows, "13900040002", window.settles())
    window.page.get_by_role("radio", name="报修", exact=True).focus()
    send(window)
    the_case(staffed_tool, window, "13900040002")


def test_pressed_twice_it_is_one_case(staffed_tool: Tool, windows: Windows) -> None:
    window = filled(windows, "13900050001")
    window.field("symptom").locator("textarea").focus()
    send(window)
    send(window)
    window.page.wait_for_timeout(800)
    send(window)
    the_case(staffed_tool, window, "13900050001")


def test_part_of_a_brand_is_no_brand(staffed_tool: Tool, windows: Windows) -> None:
    staffed_tool.company().register(
        now=datetime.now(UTC), brand="拾光", model="G12", phone="13900060000"
    )
    before = len(staffed_tool.rows(Product))
    window = filled(windows, "13900060001")
    for typed in ("拾", "无此品牌"):
        box = window.field("brand").locator("input").first
        box.click()
        box.fill(typed)
        box.press("Enter")
        window.settles()
    expect(window.field("brand").locator("input").first).not_to_have_value("拾")
    window.press("intake_send").settles()
    assert len(staffed_tool.rows(Product)) == before


def test_what_was_typed_last_survives_a_look_at_an_earlier_case(
    staffed_tool: Tool, windows: Windows
) -> None:
    staffed_tool.company().register(now=datetime.now(UTC), phone="13900080001")
    window = windows.desk().open("/intake").sign_in("agent")
    for number in ("一", "二"):
        window.page.get_by_label("来电人").fill("13900080001")
        earlier = window.page.get_by_role("link", name="SR").last
        expect(earlier).to_be_visible()
        window.settles().field("symptom").locator("textarea").fill(f"漏水{number}")
        earlier.click(delay=90)  # as long as a finger is on it
        expect(window.heading).to_contain_text("SR")
        window.settles().page.go_back()
        expect(window.field("symptom").locator("textarea")).to_have_value(f"漏水{number}")
        window.settles().field("symptom").locator("textarea").fill(f"异响{number}")
        window.menu("find").menu("intake")
        expect(window.field("symptom").locator("textarea")).to_have_value(f"异响{number}")
        expect(window.page.get_by_label("来电人")).to_have_value("13900080001")
        window.reload()
        expect(window.field("symptom").locator("textarea")).to_have_value(f"异响{number}")
        window.settles()
        send(window)
        expect(window.keyed("next_call")).to_be_visible()
        window.press("next_call")
        expect(window.field("symptom").locator("textarea")).to_have_value("")
        window.settles()


@pytest.fixture
def owner(staffed_tool: Tool) -> Any:
    """Somebody with two products."""
    company, now = staffed_tool.company(), datetime.now(UTC)
    company.register(now=now, phone="13900070001", model="W-1")
    (customer,) = staffed_tool.rows(Customer, phone_key="8613900070001")
    company.register(now=now, customer_id=customer.id, brand="海尔", model="W-2")
    return customer


def test_of_two_products_one_is_chosen_by_a_person(
    staffed_tool: Tool, windows: Windows, owner: Any
) -> None:
    window = windows.desk().open("/intake").sign_in("agent")
    window.page.get_by_label("来电人").fill("13900070001")
    window.sees("选定产品后显示免费或收费").type(symptom="不转")
    send(window)
    window.sees("请在以上各项中选择")
    assert len(staffed_tool.rows(ServiceRequest, customer_id=owner.id)) == 2
    window.field("asset_id").get_by_text("W-1").click()
    window.settles()
    send(window)
    expect(window.keyed("next_call")).to_be_visible()
    case = staffed_tool.rows(ServiceRequest, customer_id=owner.id)[-1]
    (asset,) = staffed_tool.rows(Asset, id=case.asset_id)
    (product,) = staffed_tool.rows(Product, id=asset.product_id)
    assert product.model == "W-1"
