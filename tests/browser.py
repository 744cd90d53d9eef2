"""The tool as people meet it: a process of its own and real Chromium.

The windows may reach nothing but that process, and nothing may go wrong unseen: a request to
another host, an error on the browser's console or a traceback in the log fails the test.
"""

import re
import shutil
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.browser_tables import FilledTable
from tests.company_cast import PASSWORD, build
from tests.running_tool import Tool, running

PATIENCE_MS = 15_000
DESK = (1280, 900)
PHONE = (390, 844)
MISSING = (
    "These tests need the Chromium of the distribution. "
    "`make test` installs it; by hand: apt-get install chromium"
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# Where a list has its rows, in pixels.
IN_ROW, HEAD_HEIGHT, ROW_HEIGHT = 60, 36, 32
# The menu on top, what a heading of it opens, and the drawer of a phone.
MENU = ":is([data-testid=stTopNav], [data-testid=stTopNavPopover], [data-testid=stSidebarNav])"
# Streamlit looks for its own base address below a deep link before it finds it at the root.
PROBES = ("/_stcore/health", "/_stcore/host-config")
expect.set_options(timeout=PATIENCE_MS)


class Window:
    """One browser window: opens pages, fills fields by their name in core, presses by key."""

    def __init__(self, page: Page, tool: Tool) -> None:
        self.page = page
        self.tool = tool

    def open(self, path: str = "/") -> "Window":
        """Go to an address of the tool."""
        self.page.goto(f"{self.tool.url}{path}")
        return self

    def sign_in(self, username: str, password: str = PASSWORD) -> "Window":
        """Fill in the sign-in form that is shown, in whatever language, and come in."""
        self.fill_in(username, password)
        expect(self.keyed("bell").first).to_be_attached()
        return self

    def fill_in(self, username: str, password: str = PASSWORD) -> "Window":
        """Fill in the sign-in form; what the sign-in lacks may be asked for next."""
        # While a page gives way to the form, a form of that page may still stand beside it.
        self.settles()
        secret = self.page.locator("input[type=password]")
        form = self.page.get_by_test_id("stForm").filter(has=secret)
        form.locator("input").nth(0).fill(username)
        form.locator("input").nth(1).fill(password)
        form.get_by_test_id("stFormSubmitButton").locator("button").click()
        return self

    def sign_out(self) -> "Window":
        """Sign out, in the menu of one's own name."""
        self.settles()
        self.page.locator('[class*="st-key-person_"] button').first.click()
        return self.press("sign_out")

    def menu(self, page: str) -> "Window":
        """Go to a page by the menu, "" being the first one, under whatever heading it stands; on a phone in the drawer."""
        link = self.page.locator(f'{MENU} a[href$="/{page}"]').filter(visible=True)
        self.settles()
        for heading in self.page.get_by_test_id("stTopNavSection").all():
            if link.count():
                break
            heading.click()
        link.first.click()
        return self.settles()

    def reload(self) -> "Window":
        """Load the page anew; the sign-in that survives this is the cookie's."""
        self.keep().page.reload()
        return self

    def keep(self) -> "Window":
        """Wait until the sign-in survives another address."""
        until = time.monotonic() + PATIENCE_MS / 1000
        while not self.cookie() and time.monotonic() < until:
            self.page.wait_for_timeout(50)  # the browser writes it some moments after the form
        return self

    def cookie(self) -> Any:
        """The cookie of the sign-in; None before the browser has it."""
        held = [each for each in self.page.context.cookies() if each["name"] == "aftercare"]
        return held[0] if held else None

    def keyed(self, key: str) -> Locator:
        """What carries this key, as far as it can be seen."""
        return self.page.locator(f".st-key-{_as_class(key)}")

    def field(self, name: str) -> Locator:
        """The widget of a form's field."""
        return self.page.locator(f'[class*="st-key-"][class*="-{name}-"]:visible').first

    def type(self, **values: str) -> "Window":
        """Type into fields, as fast as a person with a barcode reader."""
        for name, value in values.items():
            self.field(name).locator("input, textarea").first.fill(value)
        return self

    def choose(self, **values: str) -> "Window":
        """Choose an option of a field by its words."""
        for name, words in values.items():
            # A list closes again when the page scrolls or is drawn anew while it opens.
            box = self.field(name).locator("input").first
            box.evaluate("box => box.scrollIntoView({block: 'center'})")
            self.settles()
            box.click()
            self.page.get_by_role("option", name=words).first.click()
            expect(self.page.get_by_role("option").filter(visible=True)).to_have_count(0)
        return self

    def find(self, **values: str) -> "Window":
        """Choose from a long list by typing the whole name."""
        for name, words in values.items():
            box = self.field(name).locator("input").first
            box.evaluate("box => box.scrollIntoView({block: 'center'})")
            self.settles()
            box.fill(words)
            self.page.get_by_role("option", name=words, exact=True).click()
            expect(self.page.get_by_role("option").filter(visible=True)).to_have_count(0)
        return self

    def filled(self, name: str) -> FilledTable:
        """The table that is filled in for a field."""
        return FilledTable(self.field(name).get_by_test_id("stDataFrame"))

    def complete(self, **values: str) -> "Window":
        """Write down a product that is not in the catalogue: behind its switch, where there is one.

        A catalogue that holds nothing yet offers the fields of a new product at once.
        """
        switch = self.field("new_product").get_by_role("switch")
        if not switch.is_checked():
            self.field("new_product").locator("label").click()
            self.settles()
        return self.type(**values)

    def type_date(self, name: str, digits: str) -> "Window":
        """Type a day as eight digits into a field of three segments."""
        self.field(name).get_by_role("spinbutton").first.click()
        self.page.keyboard.type(digits)
        self.page.keyboard.press("Escape")
        return self

    def score(self, question: str, score: int) -> "Window":
        """Give a score of the survey."""
        scale = self.page.locator(f'[class*="-scores--{question}"]:visible')
        scale.get_by_role("radio", name=str(score), exact=True).click()
        return self

    def turn_to(self, record: str, words: str) -> "Window":
        """Tap the pill of an action of a record, as in "job·7": after a save none stands open."""
        pills = self.page.locator(
            f'[class*="st-key-{_as_class(record)}-"][class*="-action"]:visible'
        )
        pills.get_by_role("radio", name=words, exact=True).click()
        return self.settles()

    def tab(self, words: str) -> "Window":
        """Open a tab; behind its words it may say how many there are."""
        self.page.get_by_role("tab", name=re.compile(f"^{words}")).click()
        return self.settles()

    def choose_row(self, row: int = 0, *, last: bool = False) -> "Window":
        """Click on a row of the only list, or of the last one; it is drawn on a canvas."""
        tables = self.page.get_by_test_id("stDataFrame")
        table = tables.last if last else tables.first
        self.settles()
        # The list for readers aloud follows the pixels: with the row in it, a click meets the row.
        expect(table.locator(f"[id^=glide-cell-][id$='-{row}']").first).to_be_attached()
        table.click(position={"x": IN_ROW, "y": HEAD_HEIGHT + ROW_HEIGHT * row + ROW_HEIGHT // 2})
        return self

    def press(self, key: str) -> "Window":
        """Press a button by its key, where it stands once the page is at rest: it moves meanwhile."""
        self.settles().keyed(key).locator("button:visible").first.click()
        return self

    def sees(self, *texts: str) -> "Window":
        """Wait until these words can be read."""
        for text in texts:
            expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()
        return self

    def settles(self) -> "Window":
        """Wait until the tool has drawn the page and nothing on it is old any more."""
        self.page.evaluate("window.quietSince = undefined")
        self.page.wait_for_function(SETTLED)
        return self

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.field(name).locator("input, textarea").first.input_value()

    @property
    def heading(self) -> Locator:
        """The title of the page."""
        return self.page.locator("h1:visible").first


# A click takes a moment to become a run: only a page that stays quiet for a while has settled. A
# widget whose program is still being fetched holds its place with a skeleton.
SETTLED = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    const quiet = app && app.dataset.testScriptState === 'notRunning'
        && app.dataset.testConnectionState === 'CONNECTED'
        && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]');
    if (!quiet) window.quietSince = undefined;
    else window.quietSince ??= Date.now();
    return quiet && Date.now() - window.quietSince > 200;
}"""


def _as_class(key: str) -> str:
    return "".join(
        sign if sign.isascii() and sign.isalnum() or sign in "_-" else "-" for sign in key
    )


class Windows:
    """Opens windows for a test and remembers what went wrong in them."""

    def __init__(self, chromium: Browser, tool: Tool) -> None:
        self.chromium = chromium
        self.tool = tool
        self.pages: list[Page] = []
        self.wrong: list[str] = []

    def desk(
        self, size: tuple[int, int] = DESK, locale: str = "zh-CN", *, dark: bool = False
    ) -> Window:
        """A window on a desk, with no cookies, of somebody in China."""
        return self._open(size, locale=locale, color_scheme="dark" if dark else "light")

    def phone(self) -> Window:
        """A window on a telephone."""
        return self._open(PHONE, locale="zh-CN", is_mobile=True, has_touch=True)

    def tablet(self, size: tuple[int, int]) -> Window:
        """A window on a tablet, which hears fingers."""
        return self._open(size, locale="zh-CN", has_touch=True)

    def _open(self, size: tuple[int, int], **more: Any) -> Window:
        width, height = size
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, timezone_id="Asia/Shanghai", **more
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("request", self._check_host)
        page.on("console", self._check_console)
        page.on("pageerror", lambda error: self.wrong.append(f"script error: {error}"))
        self.pages.append(page)
        return Window(page, self.tool)

    def _check_host(self, request: Request) -> None:
        if not request.url.startswith((f"{self.tool.url}/", "data:", "blob:")):
            self.wrong.append(f"request to another host: {request.url}")

    def _check_console(self, message: ConsoleMessage) -> None:
        probe = message.location.get("url", "").endswith(PROBES)
        if message.type == "error" and not probe:
            self.wrong.append(f"console: {message.text} {message.location.get('url', '')}")

    def close(self) -> None:
        for page in self.pages:
            page.context.close()


@contextmanager
def launched() -> Iterator[Browser]:
    """Chromium, as the distribution brings it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, as long as the tests of one file run."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def staffed_tool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """A running tool whose company has its cast; the tests of one file share it."""
    with running(tmp_path_factory.mktemp("tool"), build) as tool:
        yield tool


@pytest.fixture
def fresh_tool(tmp_path: Path) -> Iterator[Tool]:
    """A running tool that nobody has set up."""
    with running(tmp_path) as tool:
        yield tool


@pytest.fixture
def cold_tool(tmp_path: Path) -> Iterator[Tool]:
    """A process that nobody has visited yet, of a company with its cast."""
    with running(tmp_path, build) as tool:
        yield tool


@pytest.fixture
def windows(request: pytest.FixtureRequest, chromium: Browser) -> Generator[Windows, None, None]:
    """Opens windows on the tool that the test asks for; what went wrong in them fails the test."""
    names = ("fresh_tool", "cold_tool")
    name = next((each for each in names if each in request.fixturenames), "staffed_tool")
    tool: Tool = request.getfixturevalue(name)
    # What a first try has left would fail the second one for a reason of its own. The other tools
    # are made anew for each try.
    if name == "staffed_tool" and getattr(request.node, "execution_count", 1) > 1:
        tool.begin_anew()
    logged = len(tool.log.read_text())
    opened = Windows(chromium, tool)
    yield opened
    opened.close()
    if "Traceback" in tool.log.read_text()[logged:]:
        opened.wrong.append("the log of the tool holds a traceback")
    assert not opened.wrong


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what the windows showed, what went wrong in them, and the log."""
    report = yield
    opened = getattr(item, "funcargs", {}).get("windows")
    if report.failed and isinstance(opened, Windows):
        report.sections += _evidence(opened, getattr(item, "funcargs", {}).get("tmp_path"))
    return report


def _evidence(opened: Windows, folder: Path | None) -> list[tuple[str, str]]:
    sections = [("log of the tool", opened.tool.log.read_text()[-4000:])]
    if opened.wrong:
        sections.append(("went wrong in the windows", "\n".join(opened.wrong)))
    for number, page in enumerate(opened.pages, 1):
        if page.is_closed():
            continue
        shown = f"{page.url}\n{page.locator('body').inner_text()[:3000]}"
        if folder:
            picture = folder / f"window{number}.png"
            page.screenshot(path=picture)
            shown = f"{picture}\n{shown}"
        sections.append((f"window {number}", shown))
    return sections
