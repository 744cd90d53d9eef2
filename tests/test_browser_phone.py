"""Telephones in real Chromium: what is typed stays, and a row of a list opens its own page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from core.jobs import actions as jobs
from db.codes import JobStatus
from db.tables import Draft, Job, ServiceRequest

if TYPE_CHECKING:
    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

IN_SIGHT = "button => button.getBoundingClientRect().bottom <= window.innerHeight"


def on_site(tool: Tool) -> int:
    company, now = tool.company(), datetime.now(UTC)
    bought = {"purchased_on": now.date()}  # free work: no price is agreed before
    _, job_id = company.dispatched(now=now, address="中山路 18 号", **bought)
    window = {"agreed_from": now, "agreed_to": now + timedelta(hours=2)}
    for step in (jobs.AgreeVisit(**window), jobs.Arrive()):
        company.act("technician", Job, job_id, step, now=now)
    return job_id


def half(window: Window) -> None:
    window.choose(result="已修复").settles()
    for name, text in (("cause", "减震器断裂"), ("work_done", "更换减震器")):
        # A field that is left within the same few milliseconds tells of nothing: no thumb does that.
        window.type(**{name: text}).settles()
        window.field(name).locator("input, textarea").first.press("Tab")
        window.settles()


def test_half_a_report_is_there_after_a_reload(staffed_tool: Tool, windows: Windows) -> None:
    job_id = on_site(staffed_tool)
    window = windows.phone().open("/").sign_in("technician").keep().sees("我的工单").settles()
    window.page.get_by_role("link", name="王小明").click()
    window.sees("完工报告").settles()
    half(window)
    window.reload().sees("已恢复").settles()
    assert (window.value("cause"), window.value("work_done")) == ("减震器断裂", "更换减震器")
    assert window.value("result") == "已修复"
    send = window.keyed(f"job·{job_id}·finish_job·send").locator("button:visible").first
    assert send.evaluate(IN_SIGHT)
    expect(window.page.get_by_role("link", name="导航")).to_have_attribute(
        "href", re.compile("^geo:")
    )
    # The last field is left by the press itself.
    window.type(unticked_reason="未逐项勾选", confirmed_by="王小明").press(
        f"job·{job_id}·finish_job·send"
    ).sees("已完工")
    (job,) = staffed_tool.rows(Job, id=job_id)
    assert (job.status, job.confirmed_by) == (JobStatus.DONE, "王小明")
    assert not staffed_tool.rows(Draft)


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
