"""A technician's telephone in real Chromium: what is typed is there after a reload."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from core.jobs import actions as jobs
from db.codes import JobStatus
from db.tables import Draft, Job

if TYPE_CHECKING:
    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

IN_SIGHT = "button => button.getBoundingClientRect().bottom <= window.innerHeight"


def on_site(tool: Tool) -> int:
    company, now = tool.company(), datetime.now(UTC)
    _, job_id = company.dispatched(now=now, address="中山路 18 号")
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
    window.type(confirmed_by="王小明").press(f"job·{job_id}·finish_job·send").sees("已完工")
    (job,) = staffed_tool.rows(Job, id=job_id)
    assert (job.status, job.confirmed_by) == (JobStatus.DONE, "王小明")
    assert not staffed_tool.rows(Draft)
