"""Who pays, on a telephone: rework costs nothing, and paid work begins with a signed quote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from core.jobs import actions as jobs
from db.codes import Charge, ChargeReason, JobStatus, QuoteStatus
from db.tables import Asset, Job, Price, Quote, ServiceRequest
from tests import billed
from tests.test_browser_phone import on_site
from tests.test_browser_sheet import draw, write

if TYPE_CHECKING:
    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

OLD = {"purchased_on": "2020-01-01"}
REPORT = {"result": "fixed", "symptom_found": "as_told", "unticked_reason": "未逐项勾选"}
REPORT |= {"cause": "皮带断裂", "work_done": "更换皮带", "confirmed_by": "王小明"}


def finish(tool: Tool, window: Window, job_id: int) -> Job:
    write(window, **REPORT)
    window.page.locator('button[name="finish"]').tap()
    window.sees("已完工").settles()
    (job,) = tool.rows(Job, id=job_id)
    assert job.status is JobStatus.DONE
    return job


def test_the_same_fault_again_is_free_and_goes_to_the_same_person(
    staffed_tool: Tool, windows: Windows
) -> None:
    company, now = staffed_tool.company(), datetime.now(UTC)
    phone = "13900070001"
    company.finished(now=now - timedelta(days=9), phone=phone, serial="SN-70", **OLD)
    (piece,) = staffed_tool.rows(Asset, serial="SN-70")
    window = windows.phone().open(f"/intake?who={phone}&product={piece.id}")
    window.sign_in("agent").settles().choose(fault_area="功能失效").settles()
    window.sees("由原维修人员上门")
    window.type(symptom="又不转了").press("intake_send")
    expect(window.keyed("next_call")).to_be_visible()
    (case,) = staffed_tool.rows(ServiceRequest, symptom="又不转了")
    assert (case.asset_id, case.charge, case.charge_reason) == (
        *(piece.id, Charge.FREE),
        ChargeReason.REWORK,
    )
    desk = windows.phone().open(f"/case?id={case.id}").sign_in("dispatcher").settles()
    desk.sees("返修")
    company.act("dispatcher", ServiceRequest, case.id, company.dispatch(), now=now)
    (job,) = staffed_tool.rows(Job, request_id=case.id)
    agreed = {"agreed_from": now, "agreed_to": now + timedelta(hours=2)}
    for step in (jobs.AgreeVisit(**agreed), jobs.Arrive()):
        company.act("technician", Job, job.id, step, now=now)
    site = windows.phone().open(f"/job?id={job.id}").sign_in("technician").settles()
    site.sees("免费 · 返修")
    expect(site.page.get_by_text("收费服务")).to_have_count(0)
    done = finish(staffed_tool, site, job.id)
    assert (done.labour_cents, done.parts_cents) == (0, 0)
    assert not staffed_tool.rows(Quote, request_id=case.id)


def test_a_quote_is_shown_signed_by_a_finger_and_worked_for(
    staffed_tool: Tool, windows: Windows
) -> None:
    if not staffed_tool.rows(Price):
        billed.price(staffed_tool.company())
    job_id = on_site(staffed_tool, **OLD)
    (job,) = staffed_tool.rows(Job, id=job_id)
    window = windows.phone().open(f"/job?id={job_id}").sign_in("technician").settles()
    window.sees("先报价，客户同意后再开工")
    window.choose(item="上门维修").press(f"quote·{job.request_id}·AddLine_send")
    window.sees("合计 ¥120.00").settles()
    (quote,) = staffed_tool.rows(Quote, request_id=job.request_id)
    assert quote.status is QuoteStatus.OPEN
    draw(window, (0.1, 0.2), (0.5, 0.8), (0.9, 0.3))
    window.settles().press(f"quote·{quote.id}·sign·send").sees("王小明 于").settles()
    (quote,) = staffed_tool.rows(Quote, id=quote.id)
    assert quote.status is QuoteStatus.AGREED and quote.signature
    assert finish(staffed_tool, window, job_id).labour_cents == 120_00
