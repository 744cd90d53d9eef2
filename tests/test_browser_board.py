"""The board in real Chromium: what waits is dragged onto a day, moved there, refused, taken off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

from db.codes import Weekday
from db.tables import Job, Shift
from tests.company_cast import ZONE

if TYPE_CHECKING:
    from tests.browser import Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

HOUR_PX = 96
CARDS, JOBS = ".waiting .card", ".job:not(.unsaved)"


def open_always(tool: Tool) -> None:
    """Work around the clock: the test runs at any hour of any day."""
    with tool.engine.begin() as rows:
        for day in Weekday:
            week = {"valid_from": date(2026, 1, 1), "weekday": day}
            rows.execute(Shift.__table__.insert().values(**week, starts="00:00", ends="24:00"))


def tomorrow(hour: int) -> datetime:
    at = datetime.now(ZONE) + timedelta(days=1)
    return at.replace(hour=hour, minute=0, second=0, microsecond=0)


def drag(page: Page, what: Locator, to: tuple[float, float]) -> None:
    """Press, move in steps as a hand does, and let go."""
    box = what.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 30, steps=4)
    page.mouse.move(*to, steps=6)
    page.mouse.up()


def spot(page: Page, row: int, hour: float) -> tuple[float, float]:
    """Where a row has an hour; the board is scrolled to its beginning, at midnight."""
    board = page.locator(".calendar")
    board.evaluate("part => { part.scrollLeft = 0 }")
    days = page.locator(".calendar .day").nth(row).bounding_box()
    assert days is not None
    return days["x"] + hour * HOUR_PX + 4, days["y"] + 10


def test_a_card_is_dragged_onto_a_day_moved_refused_and_taken_off(
    staffed_tool: Tool, windows: Windows
) -> None:
    open_always(staffed_tool)
    company = staffed_tool.company()
    first, second = (
        company.register(now=datetime.now(UTC), symptom=symptom) for symptom in ("不制冷", "漏水")
    )
    window = windows.desk().open("/").sign_in("dispatcher").keep()
    window.open(f"/board?board_day={tomorrow(0):%Y-%m-%d}").settles()
    page = window.page
    expect(page.locator(CARDS)).to_have_count(2)
    drag(page, page.locator(f'{CARDS}[data-case="{first}"]'), spot(page, 0, 3))
    expect(page.locator(CARDS)).to_have_count(1)
    expect(page.locator(JOBS)).to_have_count(1)
    (job,) = staffed_tool.rows(Job, request_id=first)
    assert job.planned_from == tomorrow(3).astimezone(UTC)
    window.settles()
    drag(page, page.locator(JOBS), spot(page, 1, 5))
    # What is there already is not given to two: the board says so and the card waits on.
    expect(page.locator(CARDS)).to_have_count(1)
    window.settles()
    drag(page, page.locator(f'{CARDS}[data-case="{second}"]'), spot(page, 1, 5))
    window.sees("此人")
    assert staffed_tool.rows(Job, request_id=second) == []
    (job,) = staffed_tool.rows(Job, request_id=first)
    assert job.technician_id == company["technician.colleague"].id
    # By keyboard: a job opens its form, which takes it off.
    window.settles()
    page.locator(JOBS).focus()
    page.keyboard.press("Enter")
    window.sees("取下").settles().press("board_off").settles()
    expect(page.locator(JOBS)).to_have_count(0)
    expect(page.locator(CARDS)).to_have_count(2)
    (job,) = staffed_tool.rows(Job, request_id=first)
    assert job.planned_from is None
