"""The job sheet on a telephone in real Chromium: few taps to the end, and a finger that signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from core.norms import revisions
from db.codes import JobStatus
from db.tables import Job, JobTick
from tests.test_browser_phone import on_site

if TYPE_CHECKING:
    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

MOST_TAPS = 25
# What a thumb touches; a page that is loaded anew would begin to count anew.
COUNT = """() => {
    window.taps = 0;
    document.addEventListener('pointerdown', () => { window.taps += 1 }, true);
}"""
# Of the canvas how much of it is black.
INKED = """canvas => {
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    let black = 0;
    for (let at = 0; at < pixels.length; at += 4) black += pixels[at] < 128;
    return black;
}"""


def draw(window: Window, *points: tuple[float, float]) -> None:
    """Draw a line with a finger, through points in parts of the sheet's width and height."""
    canvas = window.page.locator("canvas:visible").last
    canvas.evaluate("canvas => canvas.scrollIntoView({block: 'center'})")
    box = canvas.bounding_box()
    assert box
    at = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in points]
    finger = window.page.context.new_cdp_session(window.page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": at[:1]})
    for point in at[1:]:
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    finger.detach()


def inked(window: Window) -> int:
    black: int = window.page.locator("canvas:visible").last.evaluate(INKED)
    return black


def write(window: Window, **values: str) -> None:
    """Fill in fields of the report, which a program of ours draws; a code is chosen by itself."""
    for name, value in values.items():
        box = window.page.locator(f'form [name="{name}"]')
        box.tap()
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)


def tell_of_the_work(window: Window) -> None:
    for each in revisions.shipped("appliance").check_lists[:2]:
        for item in each.items:
            pill = window.page.get_by_role("button", name=item.text["zh_CN"], exact=True)
            pill.tap()
            window.settles()
    write(window, result="fixed", symptom_found="as_told")
    told = {"cause": "减震器断裂", "work_done": "更换减震器", "unticked_reason": "非高处作业"}
    write(window, **told, explained="减震器老化", confirmed_by="王小明")
    window.page.locator('button[name="finish"]').tap()
    window.sees("已完工").settles()


def test_a_plain_repair_ends_with_few_taps_and_the_customers_signature(
    staffed_tool: Tool, windows: Windows
) -> None:
    job_id = on_site(staffed_tool)
    window = windows.phone().open(f"/job?id={job_id}").sign_in("technician").settles()
    window.page.evaluate(COUNT)
    tell_of_the_work(window)
    (job,) = staffed_tool.rows(Job, id=job_id)
    assert job.status is JobStatus.DONE and len(staffed_tool.rows(JobTick, job_id=job_id)) == 12
    assert window.page.evaluate("window.taps") <= MOST_TAPS
    sign = f"job·{job_id}·sign_report·send"
    window.press(sign).sees("还没有签名").settles()
    assert not inked(window) and staffed_tool.rows(Job, id=job_id)[0].signed_at is None
    draw(window, (0.1, 0.2), (0.5, 0.8), (0.9, 0.3))
    window.settles()
    one = inked(window)
    draw(window, (0.1, 0.8), (0.9, 0.8))
    assert inked(window.settles()) > one > 0
    window.page.get_by_role("button", name="撤销").click()
    window.settles()
    assert inked(window) == one
    window.page.get_by_role("button", name="重签").click()
    window.settles()
    assert not inked(window)
    draw(window, (0.1, 0.2), (0.5, 0.8), (0.9, 0.3))
    window.settles().press(sign).sees("王小明 已签名").settles()
    expect(window.page.locator("canvas:visible")).to_have_count(0)
    (job,) = staffed_tool.rows(Job, id=job_id)
    assert job.signed_by == "王小明" and job.signature and len(job.signed_what) == 64
