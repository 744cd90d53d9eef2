"""A return as its people meet it in a browser: each in a window of the own, at a desk or a bench."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator

from db.tables import GoodsReturn, ReturnLine, ServiceRequest
from tests import return_steps as steps
from tests.browser import Window, Windows
from tests.company_cast import ZONE, Company
from tests.running_tool import Tool

# As a tablet is held at a bench; quality control and the warehouse have nothing else.
TABLET = (820, 1180)
AT_A_BENCH = ("quality", "warehouse")


class Today(Company):
    """The company as it works now: conditions count their days up to this day."""

    def do(self, who: str, verb: Any, *given: Any, **more: Any) -> Any:
        return super().do(who, verb, *given, **{"now": datetime.now(UTC)} | more)


class Desk:
    """One return, and a window for each person who has to do with it."""

    def __init__(self, tool: Tool, windows: Windows) -> None:
        self.tool = tool
        self.windows = windows
        self.opened: dict[str, Window] = {}
        self.id = 0

    @property
    def company(self) -> Today:
        return Today(self.tool.engine, self.tool.company().people)

    @property
    def row(self) -> Any:
        return self.company.get(GoodsReturn, self.id)

    @property
    def line(self) -> Any:
        (line,) = self.tool.rows(ReturnLine, return_id=self.id)
        return line

    @property
    def case(self) -> Any:
        return self.company.get(ServiceRequest, self.row.request_id)

    def rows(self, table: type, **facts: Any) -> list[Any]:
        """The rows of this return or of its line."""
        own = {"return_id": self.id} if hasattr(table, "return_id") else {"line_id": self.line.id}
        return self.tool.rows(table, **own, **facts)

    def person(self, username: str) -> int:
        return self.tool.company()[username].id or 0

    def window(self, who: str, path: str) -> Window:
        """The window of a person at a page; the first time they sign in."""
        if who in self.opened:
            self.opened[who].keep().open(path)
        else:
            screen = {"size": TABLET} if who in AT_A_BENCH else {}
            self.opened[who] = self.windows.desk(**screen).open(path).sign_in(who)
        return self.opened[who].settles()

    def at(self, who: str) -> Window:
        """The return on its own page, by the address that a scan or a colleague gives."""
        return self.window(who, f"/case?id={self.case.id}").sees(self.case.number)

    def do(self, window: Window, action: str, said: str = "已保存") -> None:
        """Send the form of an action and wait for the answer."""
        window.press(f"return·{self.id}·{action}·send").sees(said).settles()

    def turn_to(self, window: Window, words: str) -> Window:
        """Turn to another action that is allowed now."""
        pills = window.keyed(f"return·{self.id}·{self.row.version}·action")
        pills.get_by_role("radio", name=words, exact=True).click()
        return window.settles()

    def button(self, window: Window, action: str) -> Locator:
        """The button of an action, shown or not."""
        return window.keyed(f"return·{self.id}·{action}·send")

    def days(self) -> dict[str, str]:
        """Bought three days ago, received the day after."""
        today = datetime.now(ZONE).date()
        bought, came = (today - timedelta(days=days) for days in (3, 2))
        return {"purchased_on": str(bought), "received_on": str(came)}

    def start(self, way: Callable[..., int], *lines: Any) -> None:
        """Take a return as far as a journey needs it, by the commands of the screens."""
        company = self.company
        bought = steps.buy(company, *[{}] * len(lines), **self.days())
        given = [line | {"purchase_line_id": id} for line, id in zip(lines, bought, strict=True)]
        self.id = way(company, *given, now=datetime.now(UTC))

    def download(self, window: Window, paper: str) -> tuple[str, bytes]:
        """A paper as it comes: its suggested name and its content."""
        window.tab("单据")
        with window.page.expect_download() as got:
            window.page.get_by_role("button", name=f"{paper} Word", exact=True).click()
        return got.value.suggested_filename, got.value.path().read_bytes()


@pytest.fixture
def desk(staffed_tool: Tool, windows: Windows) -> Desk:
    """A return to come, in the tool that the test opens its windows on."""
    return Desk(staffed_tool, windows)
