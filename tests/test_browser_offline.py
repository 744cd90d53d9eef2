"""The report of a job on a telephone whose network goes away, and of a job that goes away."""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from core.jobs import sheets
from core.requests import inputs
from db.codes import JobStatus
from db.tables import Draft, Job, JobSheet, ServiceRequest
from tests.cut_network import way_to
from tests.test_browser_phone import on_site
from tests.test_browser_sheet import write

if TYPE_CHECKING:
    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

SHEETS = re.compile("/api/sheets/")
# What lies on the telephone.
LEFT = "Object.keys(localStorage).filter(name => name.includes('sheet'))"
# Photos of another tool fill the storage to the last letter.
FILL = """() => {
    for (let size = 1 << 22; size; size >>= 1) {
        try {
            for (let at = 0; ; at++) localStorage.setItem(`${size}·${at}`, "x".repeat(size));
        } catch {}
    }
}"""
REPORT = {"cause": "减震器断裂", "work_done": "更换减震器", "confirmed_by": "王小明"}


def state(window: Window, name: str) -> None:
    expect(window.page.locator(f'.state[data-state="{name}"]')).to_be_visible()


def test_what_is_typed_without_a_network_is_there_after_a_reload_and_handed_in_once(
    staffed_tool: Tool, windows: Windows
) -> None:
    job_id = on_site(staffed_tool)
    with way_to(staffed_tool.url) as way:
        windows.tool = copy(staffed_tool)
        windows.tool.url = way.url
        window = windows.phone()
        window.open(f"/job?id={job_id}").sign_in("technician").keep().settles()
        write(window, cause="减震器")
        state(window, "saved")
        assert [row.data["typed"] for row in staffed_tool.rows(Draft)] == [{"cause": "减震器"}]
        way.cut()
        window.page.get_by_test_id("stConnectionStatus").or_(
            window.page.get_by_role("dialog")
        ).first.wait_for()
        window.page.keyboard.press("Escape")
        write(window, cause="减震器断裂", work_done="更换减震器")
        state(window, "phone")
        way.open()
        window.page.route(SHEETS, lambda route: route.abort("internetdisconnected"))
        window.reload().settles()
        write(window, result="fixed", symptom_found="as_told", confirmed_by="王小明")
        write(window, unticked_reason="未逐项勾选")
        for name, text in {"cause": "减震器断裂", "work_done": "更换减震器"}.items():
            expect(window.page.locator(f'form [name="{name}"]')).to_have_value(text)
        window.page.unroute(SHEETS)
        way.cut()
        window.page.locator('button[name="finish"]').tap()
        state(window, "handing")
        assert staffed_tool.rows(Job, id=job_id)[0].status is JobStatus.ON_SITE
        way.open()
        window.sees("已完工").settles()
        (job,) = staffed_tool.rows(Job, id=job_id)
        assert (job.status, job.cause, job.work_done) == (
            JobStatus.DONE,
            "减震器断裂",
            "更换减震器",
        )
        assert not staffed_tool.rows(Draft) and not staffed_tool.rows(JobSheet)
        assert window.page.evaluate(LEFT) == []
    # What the browser says of a network that is gone is no fault of a page.
    windows.wrong.clear()


def test_a_server_that_is_restarted_in_the_middle_of_a_report_has_it_once(
    cold_tool: Tool, windows: Windows
) -> None:
    job_id = on_site(cold_tool)
    window = windows.phone().open(f"/job?id={job_id}").sign_in("technician").keep().settles()
    write(window, result="fixed", symptom_found="as_told", unticked_reason="未逐项勾选")
    state(window, "saved")
    cold_tool.stop()
    write(window, **REPORT)
    state(window, "phone")
    window.page.evaluate(FILL)
    write(window, cause="减震器断裂,已换新件,客户全程在场,无异议")
    state(window, "unkept")
    window.page.evaluate("localStorage.clear()")
    write(window, cause=REPORT["cause"])
    state(window, "phone")
    window.page.locator('button[name="finish"]').tap()
    state(window, "handing")
    cold_tool.start()
    window.sees("已完工").settles()
    (job,) = cold_tool.rows(Job, id=job_id)
    assert job.status is JobStatus.DONE
    assert {name: getattr(job, name) for name in REPORT} == REPORT
    assert not cold_tool.rows(Draft) and not cold_tool.rows(JobSheet)
    # What the browser says of a server that is away is no fault of a page.
    windows.wrong.clear()


def test_a_report_of_a_case_that_was_cancelled_meanwhile_is_kept(
    staffed_tool: Tool, windows: Windows
) -> None:
    job_id = on_site(staffed_tool)
    company, cancel = staffed_tool.company(), inputs.Cancel(note="客户不修了")
    # Begun before a release that asks less.
    old = REPORT | {"result": "fixed", "symptom_found": "as_told", "labour_cents": 5000}
    company.do("technician", sheets.keep_draft, job_id=job_id, typed=old)
    window = windows.phone().open(f"/job?id={job_id}").sign_in("technician").settles()
    expect(window.page.locator('form [name="cause"]')).to_have_value(REPORT["cause"])
    (job,) = staffed_tool.rows(Job, id=job_id)
    company.act("dispatcher", ServiceRequest, job.request_id, cancel)
    window.page.locator('button[name="finish"]').tap()
    window.sees("由调度决定如何处理")
    (sheet,) = staffed_tool.rows(JobSheet, job_id=job_id)
    assert sheet.typed["work_done"] == "更换减震器" and "labour_cents" not in sheet.typed
    window.open("/my_jobs").sees("当时工单状态")
    desk = windows.desk().open(f"/case?id={job.request_id}").sign_in("dispatcher").settles()
    desk.sees("当时工单状态", "更换减震器")
