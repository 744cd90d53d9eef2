"""A customer with a telephone, on the host for customers, and the staff beside: real Chromium."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from core.billing import quotes
from core.billing.inputs import AddOwnLine
from core.kernel.inputs import parse
from db.codes import OnlineStatus, QuoteStatus
from db.tables import Attachment, OnlineRequest, Quote, ServiceRequest
from pages.ui.links import apart
from tests import linked
from tests.attached_files import PNG
from tests.company_cast import build
from tests.running_tool import Tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browser import Windows

pytest_plugins = ["tests.browser"]

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def cold_tool(tmp_path: Path) -> Iterator[Tool]:
    tool = Tool(tmp_path)
    # Browsers find every name below localhost on their own machine.
    tool.environment[apart.SETTING] = f"http://care.localhost:{tool.port}"
    tool.file.fill(build)
    try:
        tool.start()
        yield tool
    finally:
        tool.stop()
        tool.engine.dispose()


def customer(browser: Browser, *, scripts: bool) -> Page:
    """A telephone of somebody outside, with or without scripts."""
    context = browser.new_context(
        viewport=PHONE, locale="zh-CN", is_mobile=True, java_script_enabled=scripts
    )
    return context.new_page()


@pytest.mark.parametrize("scripts", [False, True])
def test_a_request_is_made_and_its_quote_agreed_to_on_the_host_for_customers(
    cold_tool: Tool, windows: Windows, scripts: bool
) -> None:
    tool = cold_tool
    home = tool.environment[apart.SETTING]
    phone = customer(windows.chromium, scripts=scripts)
    assert phone.goto(f"{home}/").status == 404  # staff screens are not here
    assert phone.goto(f"{tool.url}/c/").status == 404  # and customers' pages not there
    phone.goto(f"{home}/c/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390 if scripts else True
    phone.select_option("[name=kind]", "repair")
    phone.fill("[name=body]", "洗衣机漏水")
    phone.fill("[name=name]", "赵敏")
    phone.click("button")
    expect(phone.locator(".wrong").first).to_be_visible()
    assert phone.input_value("[name=body]") == "洗衣机漏水"
    phone.fill("[name=phone]", "139 0000 0001")
    phone.set_input_files(
        "[name=photos]", {"name": "泵.png", "mimeType": "image/png", "buffer": PNG}
    )
    phone.click("button")
    expect(phone.get_by_role("status")).to_contain_text("已收到您的申请")
    phone.reload()
    (asked,) = tool.rows(OnlineRequest)
    assert asked.status is OnlineStatus.WAITING

    desk = windows.desk().open("/online").sign_in("agent").choose_row().sees("洗衣机漏水")
    desk.page.get_by_role("button", name="登记为服务单").click()
    desk.sees("在线申请").settles()
    assert desk.value("phone") == "139 0000 0001"
    desk.press("intake_send").sees("已登记")
    (case,) = tool.rows(ServiceRequest)
    assert len(tool.rows(Attachment, request_id=case.id)) == 1

    company = tool.company()
    now = datetime.now(UTC)
    case_id, _job = company.dispatched(purchased_on="2010-01-01", now=now)
    line = {"line_kind": "labour", "line_name": "上门维修", "unit_cents": 120_00}
    command = parse(AddOwnLine, line)
    company.do("technician", quotes.add_own_line, command, case_id=case_id, now=now)
    secret = linked.give(company, case_id, now=now)
    phone.goto(f"{home}/c/{secret}")
    expect(phone.locator("main")).to_contain_text("上门维修")
    phone.locator("form", has_text="同意").first.locator("[name=signer]").fill("赵敏")
    phone.get_by_role("button", name=re.compile("^同意$")).click()
    phone.wait_for_url(re.compile("lang=zh"))
    (quote,) = tool.rows(Quote)
    assert (quote.status, quote.agreed_by) == (QuoteStatus.AGREED, "赵敏")
    assert phone.goto(f"{tool.url}/c/{secret}").status == 404
    phone.context.close()
