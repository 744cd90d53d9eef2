"""The workshop on a telephone in real Chromium: not finished and taken in, repaired, given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.codes import JobStatus, ShopStatus
from db.tables import Job, Part, PartOrderLine, ShopPiece, Visit
from tests import stocked
from tests.test_browser_phone import on_site

if TYPE_CHECKING:
    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]


def tap_text(window: Window, text: str) -> None:
    window.page.get_by_text(text, exact=True).locator("visible=true").first.tap()
    window.settles()


def fill(window: Window, **texts: str) -> None:
    for name, text in texts.items():
        box = window.field(name).locator("input, textarea").first
        box.tap()
        box.fill(text)
        box.press("Tab")
        window.settles()


def test_what_is_missing_is_asked_for_and_the_next_visit_is_open(
    staffed_tool: Tool, windows: Windows
) -> None:
    company = staffed_tool.company()
    belt = stocked.part(company, number=f"WM-B{len(company.rows(Part))}")
    job_id = on_site(staffed_tool)
    window = windows.phone().open(f"/job?id={job_id}").sign_in("technician").settles()
    window.turn_to(f"job·{job_id}", "本次未完成").settles()
    window.choose(outcome="未完成").settles()
    fill(window, note="皮带断裂，需更换", tools_wanted="张紧器")
    tap_text(window, "加一行")
    window.find(part_id=f"皮带 {staffed_tool.rows(Part, id=belt)[0].number} · 0件").settles()
    window.press(f"job·{job_id}·end_visit·send").sees("张紧器").settles()
    assert staffed_tool.rows(Job, id=job_id)[0].status is JobStatus.UNFINISHED
    (visit,) = staffed_tool.rows(Visit, job_id=job_id)
    assert (visit.note, visit.tools_wanted) == ("皮带断裂，需更换", "张紧器")
    assert [line.part_id for line in staffed_tool.rows(PartOrderLine)] == [belt]


def test_goods_are_taken_along_repaired_and_given_back(
    staffed_tool: Tool, windows: Windows
) -> None:
    job_id = on_site(staffed_tool)
    (job,) = staffed_tool.rows(Job, id=job_id)
    window = windows.phone().open(f"/job?id={job_id}").sign_in("technician").settles()
    tap_text(window, "收取产品")
    assert not window.keyed(f"job·{job_id}·finish_job·send").locator("button:visible").count()
    fill(window, condition="外壳有划痕，不通电", accessories="电源线", shelf="A-03")
    window.press(f"take_goods·{job.request_id}_send").sees("已收取").settles()
    (piece,) = staffed_tool.rows(ShopPiece, request_id=job.request_id)
    assert staffed_tool.rows(Job, id=job_id)[0].status is JobStatus.UNFINISHED
    steps: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("diagnose", "填写检测结果", {"diagnosis": "电源板烧坏"}),
        ("repair_free", "免费维修", {}),
        ("repair_goods", "修好了", {"work_done": "更换电源板"}),
        ("pass_test", "测试合格", {}),
        ("tell_ready", "已通知顾客来取", {}),
        ("give_back", "交还", {"given_to": "王小明", "condition_back": "完好"}),
    )
    for action, words, texts in steps:
        # After a save none stands open, and what is not usual is folded.
        if action == "repair_free":
            tap_text(window, "其他操作")
        window.turn_to(f"workshop·{piece.id}", words).settles()
        fill(window, **texts)
        if action == "give_back":
            window.choose(accessories_complete="是").settles()
        window.press(f"workshop·{piece.id}·{action}·send").settles()
    window.sees("已交还")
    (piece,) = staffed_tool.rows(ShopPiece, id=piece.id)
    assert (piece.status, piece.given_to) == (ShopStatus.GIVEN_BACK, "王小明")
