"""A meeting in real Chromium: the arrow keys turn the figures, and never under who is typing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from core.kernel.inputs import parse
from core.meetings import decisions, meetings
from core.meetings.inputs import StartMeeting, TakeDecision
from db.tables import Decision
from tests.company_cast import ZONE

if TYPE_CHECKING:
    from tests.browser import Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

ORDER = ("received", "timely_resolution", "resolved")


def test_the_arrow_keys_turn_the_figures_but_not_while_somebody_types(
    staffed_tool: Tool, windows: Windows
) -> None:
    company, day = staffed_tool.company(), datetime.now(ZONE).date()
    company.register(now=datetime.now(UTC))
    about = {"topic": "例会", "since": day, "until": day, "figures": ORDER}
    id = company.do("manager", meetings.start, parse(StartMeeting, about), now=datetime.now(UTC))
    window = windows.desk().open("/").sign_in("manager").keep()
    window.open(f"/meeting?id={id}").settles()
    page, address = window.page, f"{staffed_tool.url}/meeting?id={id}"
    expect(window.heading).to_have_text("例会")
    for key, figure in (("Right", 1), ("Right", 2), ("Left", 1)):
        page.keyboard.press(f"Arrow{key}")
        expect(page).to_have_url(f"{address}&meeting_figure={ORDER[figure]}")
        window.settles()
    # Back, and by keys again: the screen shows what the address says.
    page.go_back()
    expect(page).to_have_url(re.compile("meeting_figure=resolved$"))
    expect(page.get_by_text("3 / 3")).to_be_visible()
    window.settles()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("meeting_figure=timely_resolution$"))
    window.settles().type(text="南京站加一名技师")
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
    window.settles()
    expect(page).to_have_url(re.compile("meeting_figure=timely_resolution$"))
    assert window.value("text") == "南京站加一名技师"
    # What somebody else decides appears by itself, and what is half typed stays.
    other = {"meeting_id": id, "text": "补两名话务员", "owner_id": company["agent"].id}
    company.do("manager", decisions.take, parse(TakeDecision, other | {"due_on": day}))
    expect(page.get_by_text("补两名话务员")).to_be_visible(timeout=30_000)
    assert window.settles().value("text") == "南京站加一名技师"
    window.find(owner_id="technician").press(f"decision·{id}·timely_resolution·send")
    window.sees("已记下")
    _other, row = staffed_tool.rows(Decision)
    assert (row.figure, row.text) == ("timely_resolution", "南京站加一名技师")
    window.settles()
    for ending, begins in (("docx", b"PK"), ("pptx", b"PK"), ("pdf", b"%PDF"), ("xlsx", b"PK")):
        with page.expect_download() as download:
            window.press(f"file_{ending}")
        assert download.value.suggested_filename.endswith(f".{ending}")
        assert Path(download.value.path()).read_bytes().startswith(begins)
