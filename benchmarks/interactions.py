"""How much a play costs a person: interactions, and seconds at the pace of an operator.

`python benchmarks/interactions.py http://127.0.0.1:8501` plays them in Chromium against a running
demo company and prints a Markdown table. A play is a function of a `Hand`; what the tool takes
until the page is quiet is counted as well.
"""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Locator, Page

from pages.ui.kit.lists import HEAD_HEIGHT, ROW_HEIGHT
from tests.browser import SETTLED, launched

POINT, DIGIT, SIGN = 0.6, 0.15, 0.3
PASSWORD = "aftercare"


class Hand:
    """Whoever sits at the screen: each act is counted and takes its time."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.count, self.seconds = 0, 0.0

    def point(self, at: Locator) -> None:
        """Point at something and click."""
        self.count += 1
        self.seconds += POINT
        at.click(delay=90)
        self.wait()

    def type(self, at: Locator, text: str, *, pointed: bool = True) -> None:
        """Point at a field and type into it."""
        self.count += 1
        self.seconds += POINT * pointed
        self.seconds += sum(DIGIT if each.isascii() else SIGN for each in text)
        at.click()
        at.press_sequentially(text, delay=60)
        self.wait()

    def point_at_row(self, number: int, *, table: int = 0) -> None:
        """Click a row of a list, which is a drawing: on the middle of its first cell."""
        self.count += 1
        self.seconds += POINT
        drawn = self.page.get_by_test_id("stDataFrame").nth(table)
        drawn.scroll_into_view_if_needed()
        place = drawn.bounding_box()
        assert place is not None
        at = place["x"] + 40, place["y"] + HEAD_HEIGHT + ROW_HEIGHT * (number + 0.5)
        self.page.mouse.click(*at, delay=90)
        self.wait()

    def key(self, keys: str) -> None:
        """Press a chord of keys."""
        self.count += 1
        self.seconds += DIGIT
        self.page.keyboard.press(keys)
        self.wait()

    def wait(self) -> None:
        """Until the page is quiet; what it takes is the tool's."""
        begun = time.monotonic()
        self.page.evaluate("window.quietSince = undefined")
        self.page.wait_for_function(SETTLED)
        self.seconds += max(0.0, time.monotonic() - begun - 0.25)  # the quiet itself is waited for

    def field(self, name: str) -> Locator:
        """The widget of a field of a form."""
        return self.page.locator(f'[class*="-{name}-"]:visible').first


def known_caller(hand: Hand) -> None:
    """A known caller, a fault with its class, a window in one press."""
    hand.key("Alt+n")
    hand.type(hand.page.get_by_label("来电人"), KNOWN)
    hand.type(hand.field("symptom").locator("textarea"), "运行时异响")
    hand.type(hand.field("fault_area").locator("input"), "噪")
    hand.point(hand.page.get_by_role("option").first)
    hand.point(hand.page.get_by_text("明天下午"))
    hand.key("Control+Enter")
    hand.page.locator(".st-key-next_call").wait_for()


def slip(hand: Hand) -> None:
    """From the receipt to the paper."""
    known_caller(hand)
    hand.count, hand.seconds = 0, 0.0
    with hand.page.expect_download():
        hand.point(hand.page.locator('[class*="paper_acceptance_slip"][class*="_pdf"] button'))


def unknown_caller(hand: Hand) -> None:
    """Somebody new with a product that nobody has written down, and a window."""
    hand.key("Alt+n")
    hand.type(hand.page.get_by_label("来电人"), f"139{int(time.time()) % 10**8:08d}")
    hand.type(hand.field("customer_name").locator("input"), "李雷")
    hand.type(hand.field("address").locator("input"), "文德街 272 号")
    hand.point(hand.field("new_product").locator("label"))
    hand.type(hand.field("brand").locator("input"), "拾光")
    hand.type(hand.field("model").locator("input"), f"G{int(time.time()) % 1000}")
    hand.type(hand.field("symptom").locator("textarea"), "不制冷")
    hand.point(hand.page.get_by_text("明天下午"))
    hand.key("Control+Enter")
    hand.page.locator(".st-key-next_call").wait_for()


def where_is_it(hand: Hand) -> None:
    """The tail of a phone number, and the first line says who comes when."""
    hand.type(hand.page.locator(".st-key-search_text input"), KNOWN[-4:])
    hand.key("Enter")
    hand.page.get_by_text(re.compile(r"\d\d:\d\d–\d\d:\d\d · ")).first.wait_for()


def by_number(hand: Hand) -> None:
    """A whole case number, and its case opens."""
    hand.type(hand.page.locator(".st-key-search_text input"), NUMBER)
    hand.key("Enter")
    hand.page.get_by_role("heading", name=NUMBER).wait_for()


def send_somebody(hand: Hand) -> None:
    """A case that waits: its row, a technician, the button; the next row is there."""
    hand.page.goto(f"{hand.url}/dispatch")
    hand.wait()
    hand.count, hand.seconds = 0, 0.0
    hand.point_at_row(1)
    hand.point(hand.field("technician_id").locator("input"))
    hand.point(hand.page.get_by_role("option").first)
    hand.point(hand.page.locator('[class*="send"] button:visible').first)
    hand.page.get_by_text("已保存").first.wait_for()


def second_job(hand: Hand) -> None:
    """A technician's phone: the second job of today, and back."""
    hand.page.goto(f"{hand.url}/my_jobs")
    hand.wait()
    hand.count, hand.seconds = 0, 0.0
    hand.point(hand.page.locator('a[href^="job?"]').nth(1))
    hand.page.go_back()
    hand.wait()


def behind_a_figure(hand: Hand) -> None:
    """A figure in a meeting: its parts, the cases of one, one of them, and back to the same."""
    hand.page.goto(f"{hand.url}/kpi")
    hand.wait()
    hand.count, hand.seconds = 0, 0.0
    hand.point(hand.page.locator('[class*="st-key-kpi_open_"] button').nth(1))
    hand.point_at_row(0)
    hand.point_at_row(0, table=-1)
    hand.page.wait_for_url("**/case?*")
    hand.wait()
    hand.page.go_back()
    hand.wait()
    assert "kpi_figure=" in hand.page.url, hand.page.url


KNOWN, NUMBER = "13026786081", "SR261126-0001"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 720}
# What each play cost before: interactions and seconds.
PLAYS: dict[Callable[[Hand], None], tuple[str, str, str]] = {
    known_caller: ("agent1", "13", "19.3"),
    unknown_caller: ("agent1", "23", "33.2"),
    where_is_it: ("agent1", "4", "–"),
    slip: ("agent1", "1", "–"),
    by_number: ("manager1", "3, and it crashed", "–"),
    send_somebody: ("dispatcher1", "4, with scrolls", "–"),
    second_job: ("tech1", "1, out of sight", "–"),
    behind_a_figure: ("manager1", "2, and Back lost it", "–"),
}


def play(page: Page, url: str, what: Callable[[Hand], None], who: str) -> Hand:
    """One play by one person, from the first page on."""
    page.goto(url)
    form = page.get_by_test_id("stForm")
    form.locator("input").nth(0).fill(who)
    form.locator("input").nth(1).fill(PASSWORD)
    form.locator("button").last.click()
    page.locator(".st-key-bell").first.wait_for()
    hand = Hand(page, url)
    hand.wait()
    hand.count, hand.seconds = 0, 0.0
    what(hand)
    return hand


def main(url: str, *only: str) -> None:
    """Print the table, of some plays only where they are named."""
    print("| play | interactions | before | seconds | before |\n|---|---|---|---|---|")
    with launched() as chromium:
        for what, (who, count, seconds) in PLAYS.items():
            if only and what.__name__ not in only:
                continue
            size = PHONE if who.startswith("tech") else DESK
            context = chromium.new_context(viewport=size, locale="zh-CN")
            done = play(context.new_page(), url, what, who)
            said = (what.__doc__ or "").partition("\n")[0]
            print(f"| {said} | {done.count} | {count} | {done.seconds:.1f} | {seconds} |")
            context.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
