"""Telephones in real Chromium: what is typed stays, and a row of a list opens its own page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from core.jobs import actions as jobs
from db.codes import JobStatus
from db.tables import Job, ServiceRequest

if TYPE_CHECKING:
    from tests.browser import Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]


def on_site(tool: Tool, **facts: Any) -> int:
    company, now = tool.company(), datetime.now(UTC)
    bought = {"purchased_on": now.date()}  # free work: no price is agreed before
    _, job_id = company.dispatched(now=now, address="中山路 18 号", **bought | facts)
    window = {"agreed_from": now, "agreed_to": now + timedelta(hours=2)}
    for step in (jobs.AgreeVisit(**window), jobs.Arrive()):
        company.act("technician", Job, job_id, step, now=now)
    return job_id


def test_the_report_of_a_job_fits_a_thumb(staffed_tool: Tool, windows: Windows) -> None:
    job_id = on_site(staffed_tool)
    window = windows.phone().open("/").sign_in("technician").keep().sees("我的工单").settles()
    window.page.get_by_role("link", name="王小明").last.click()
    window.sees("完工报告").settles()
    box = window.page.locator('form [name="cause"]')
    box.fill("减震器断裂")
    expect(window.page.locator('.state[data-state="saved"]')).to_be_visible()
    window.reload().settles()
    expect(box).to_have_value("减震器断裂")
    finish = window.page.locator('button[name="finish"]')
    assert finish.evaluate("button => button.getBoundingClientRect().height >= 44")
    expect(window.page.get_by_role("link", name="导航")).to_have_attribute(
        "href", re.compile("^geo:")
    )
    finish.tap()
    window.sees("填写有误", "请填写")
    assert staffed_tool.rows(Job, id=job_id)[0].status is JobStatus.ON_SITE


def test_a_row_opens_its_own_page_and_back_leads_to_the_list_as_it_was(
    staffed_tool: Tool, windows: Windows
) -> None:
    company, now = staffed_tool.company(), datetime.now(UTC)
    ids = [company.register(now=now, symptom=symptom) for symptom in ("不制冷", "漏水")]
    cases = [company.get(ServiceRequest, id) for id in ids]
    window = windows.phone().open("/dispatch").sign_in("dispatcher").keep()
    address = f"{staffed_tool.url}/dispatch?dispatch_kind=repair"
    window.open("/dispatch?dispatch_kind=repair").settles()
    for _time in range(2):
        for row, case in enumerate(cases):
            window.choose_row(row)
            expect(window.page).to_have_url(f"{staffed_tool.url}/case?id={case.id}")
            expect(window.heading).to_have_text(case.number)
            window.settles().page.go_back()
            expect(window.page).to_have_url(address)
            expect(window.heading).to_have_text("派工")
            expect(window.settles().keyed("dispatch_kind").locator("input")).to_have_value("报修")
            expect(window.page.get_by_text("打开服务单")).to_have_count(0)


def test_what_is_half_typed_on_a_case_is_there_after_a_look_at_its_story(
    staffed_tool: Tool, windows: Windows
) -> None:
    case_id = staffed_tool.company().register(now=datetime.now(UTC))
    window = windows.phone().open(f"/case?id={case_id}").sign_in("dispatcher")
    window.settles().page.get_by_text("另选人员或时间").click()
    window.type(instructions="带梯子").tab("记录").sees("处理记录")
    window.tab("办理")
    assert window.value("instructions") == "带梯子"
