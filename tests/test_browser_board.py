"""The board in real Chromium: what waits is dragged onto a day, moved there, refused, taken off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Page, expect

from core.jobs.actions import WithdrawJob
from core.requests.inputs import Cancel
from db.codes import Weekday
from db.tables import Job, ServiceRequest, Shift, SignIn
from tests.company_cast import ZONE

if TYPE_CHECKING:
    from tests.browser import Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

HOUR_PX = 96
# The board lies in a tree of its own.
SCROLLED = """(selector => [...document.querySelectorAll('*')]
    .map(each => each.shadowRoot?.querySelector(selector)).find(Boolean))"""
FOCUSED = "Number(document.activeElement?.shadowRoot?.activeElement?.dataset.case ?? 0)"
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


TABLETS = ((1024, 768), (820, 1180))


class Finger:
    """A finger on the glass, as the browser hears of it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wire = page.context.new_cdp_session(page)

    def tell(self, kind: str, *at: tuple[float, float]) -> None:
        points = [{"x": x, "y": y} for x, y in at]
        self.wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def go(self, start: tuple[float, float], end: tuple[float, float], steps: int = 8) -> None:
        for step in range(1, steps + 1):
            part = step / steps
            there = tuple(a + (b - a) * part for a, b in zip(start, end, strict=True))
            self.tell("touchMove", (there[0], there[1]))
            self.page.wait_for_timeout(16)

    def swipe(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.tell("touchStart", start)
        self.go(start, end)
        # A finger that is still before it leaves lets nothing roll on.
        self.page.wait_for_timeout(200)
        self.tell("touchMove", end)
        self.tell("touchEnd")

    def hold(self, what: Locator, end: tuple[float, float]) -> None:
        """Rest on something until it is held, carry it, let go."""
        box = what.bounding_box()
        assert box is not None
        start = box["x"] + 24, box["y"] + 14
        self.tell("touchStart", start)
        expect(self.page.locator(".held")).to_have_count(1)
        self.go(start, end)
        expect(self.page.locator(".spot")).to_have_count(1)
        self.tell("touchEnd")


@pytest.mark.parametrize("size", TABLETS)
def test_a_finger_that_rests_moves_cards_and_one_that_swipes_scrolls(
    cold_tool: Tool, windows: Windows, size: tuple[int, int]
) -> None:
    open_always(cold_tool)
    company = cold_tool.company()
    first, *_others = (
        company.register(now=datetime.now(UTC), symptom=f"第{n}台") for n in range(12)
    )
    window = windows.tablet(size).open("/").sign_in("dispatcher").keep()
    window.open(f"/board?board_day={tomorrow(0):%Y-%m-%d}").settles()
    page, finger = window.page, Finger(window.page)
    expect(page.locator(CARDS)).to_have_count(12)
    # A swipe over the cards scrolls them, one over the board scrolls the board.
    box = page.locator(CARDS).nth(2).bounding_box()
    assert box is not None
    x, y = box["x"] + 20, box["y"] + 20
    finger.swipe((x, y), (x, y - 150))
    page.wait_for_function(f"{SCROLLED}('.waiting')?.scrollTop > 50")
    expect(page.locator(CARDS)).to_have_count(12)
    page.locator(".waiting").evaluate("part => { part.scrollTop = 0 }")
    place = spot(page, 0, 3)
    finger.hold(page.locator(f'{CARDS}[data-case="{first}"]'), place)
    expect(page.locator(JOBS)).to_have_count(1)
    (job,) = cold_tool.rows(Job, request_id=first)
    assert job.planned_from == tomorrow(3).astimezone(UTC)
    window.settles()
    left = spot(page, 1, 3)
    finger.swipe((left[0], left[1]), (left[0] - 200, left[1]))
    page.wait_for_function(f"{SCROLLED}('.calendar')?.scrollLeft > 50")
    place = spot(page, 1, 2)
    finger.hold(page.locator(JOBS), (place[0] + 24, place[1]))
    expect(page.locator(f'[data-row="{company["technician.colleague"].id}"] {JOBS}')).to_have_count(
        1
    )
    (job,) = cold_tool.rows(Job, request_id=first)
    assert job.technician_id == company["technician.colleague"].id
    assert job.planned_from == tomorrow(2).astimezone(UTC)


def test_by_keyboard_alone_a_card_is_planned_moved_and_taken_off(
    cold_tool: Tool, windows: Windows
) -> None:
    open_always(cold_tool)
    company = cold_tool.company()
    cases = [company.register(now=datetime.now(UTC), symptom=f"第{n}台") for n in range(2)]
    window = windows.desk().open("/").sign_in("dispatcher").keep()
    window.open(f"/board?board_day={tomorrow(0):%Y-%m-%d}").settles()
    page = window.page
    page.locator('[class*="st-key-board_skill"] input').first.focus()
    for _ in range(8):
        page.keyboard.press("Tab")
        if focused(page) == cases[0]:
            break
    assert focused(page) == cases[0]
    page.keyboard.press("Tab")
    assert focused(page) == cases[1]
    page.keyboard.press("Enter")
    until_focused_in(page, "board_opened")
    tab_to(page, '[class*="-technician_id-"]')
    page.keyboard.type("colleague")
    page.keyboard.press("Enter")
    press_by_keyboard(page, "board_place")
    expect(page.locator(JOBS)).to_have_count(1)
    page.wait_for_function(f"{FOCUSED} === {cases[1]}")
    # The card is a job now, with the focus on it: the next Enter opens it again.
    window.settles()
    page.keyboard.press("Enter")
    until_focused_in(page, "board_opened")
    press_by_keyboard(page, "board_off")
    expect(page.locator(JOBS)).to_have_count(0)
    page.wait_for_function(f"{FOCUSED} === {cases[1]}")
    (job,) = cold_tool.rows(Job, request_id=cases[1])
    assert job.planned_from is None


def focused(page: Page) -> int:
    found: int = page.evaluate(FOCUSED)
    return found


def until_focused_in(page: Page, key: str) -> None:
    page.wait_for_function(f"document.activeElement?.closest('.st-key-{key}') !== null")


def press_by_keyboard(page: Page, key: str) -> None:
    """Go on with Tab until the button has the focus, and press it."""
    tab_to(page, f".st-key-{key}")
    page.keyboard.press("Enter")


def tab_to(page: Page, part: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("part => document.activeElement?.closest(part) != null", part):
            return
    raise AssertionError(part)


def test_a_job_withdrawn_while_it_is_dragged_is_said_and_gone(
    cold_tool: Tool, windows: Windows
) -> None:
    open_always(cold_tool)
    company = cold_tool.company()
    case_id, job_id = company.dispatched(now=datetime.now(UTC))
    window = windows.desk().open("/").sign_in("dispatcher").keep()
    window.open(f"/board?board_day={tomorrow(0):%Y-%m-%d}").settles()
    page = window.page
    expect(page.locator(CARDS)).to_have_count(1)
    place, box = spot(page, 0, 3), page.locator(CARDS).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(*place, steps=6)
    company.act("dispatcher", Job, job_id, WithdrawJob(note="客户取消"), now=datetime.now(UTC))
    asked = {"note": "客户取消"}
    company.act("manager", ServiceRequest, case_id, Cancel(**asked), now=datetime.now(UTC))
    page.mouse.up()
    window.sees("此单已不需派工")
    expect(page.locator(".card, .job")).to_have_count(0)


def test_what_is_dropped_where_somebody_is_can_be_swapped(
    cold_tool: Tool, windows: Windows
) -> None:
    open_always(cold_tool)
    company = cold_tool.company()
    cases = [company.register(now=datetime.now(UTC), symptom=f"第{n}台") for n in range(2)]
    window = windows.desk().open("/").sign_in("dispatcher").keep()
    window.open(f"/board?board_day={tomorrow(0):%Y-%m-%d}").settles()
    page = window.page
    for row, case_id in enumerate(cases):
        drag(page, page.locator(f'{CARDS}[data-case="{case_id}"]'), spot(page, row, 3 + row))
        expect(page.locator(JOBS)).to_have_count(row + 1)
        window.settles()
    drag(page, page.locator(f'.job[data-case="{cases[0]}"]'), spot(page, 1, 4.2))
    window.sees("此人").settles().press("board_swap")
    expect(page.locator(".st-key-board_swap")).to_have_count(0)
    places = {job.request_id: job.planned_from for job in cold_tool.rows(Job)}
    assert places == {
        cases[0]: tomorrow(4).astimezone(UTC),
        cases[1]: tomorrow(3).astimezone(UTC),
    }


def test_a_board_whose_sign_in_has_ended_asks_for_it_and_moves_nothing(
    cold_tool: Tool, windows: Windows
) -> None:
    open_always(cold_tool)
    company = cold_tool.company()
    case_id = company.register(now=datetime.now(UTC))
    window = windows.desk().open("/").sign_in("dispatcher").keep()
    window.open(f"/board?board_day={tomorrow(0):%Y-%m-%d}").settles()
    page = window.page
    expect(page.locator(CARDS)).to_have_count(1)
    with cold_tool.engine.begin() as rows:
        rows.execute(SignIn.__table__.update().values(ended_at=datetime.now(UTC)))
    drag(page, page.locator(CARDS), spot(page, 0, 3))
    expect(page.locator("input[type=password]")).to_be_visible()
    assert cold_tool.rows(Job, request_id=case_id) == []
    window.sign_in("dispatcher").settles()
    assert f"board_day={tomorrow(0):%Y-%m-%d}" in page.url
    expect(page.locator(CARDS)).to_have_count(1)
