"""Every search box, filter and link of every page used twice, and the browser's Back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import Engine

from db.tables import Customer, ServiceRequest
from pages.ui.frame.screens import SCREENS, Screen
from tests import addresses
from tests.addresses import BUG, PARAMETERS, READERS, parts
from tests.company_cast import build, meet
from tests.running_tool import running

if TYPE_CHECKING:
    from tests.browser import Window, Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

# What tells one record's link from another's of the same kind.
OF_A_RECORD = re.compile(r"=[^&]*")


def _filled(engine: Engine) -> None:
    build(engine)
    addresses.fill(meet(engine))


@pytest.fixture(scope="module")
def staffed_tool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """A running tool with something on every page."""
    with running(tmp_path_factory.mktemp("tool"), _filled) as tool:
        yield tool


def read_by(tool: Tool, who: str) -> list[Screen]:
    """The pages that this reader opens for the test: each page has one."""
    cast = tool.company()
    first = {
        screen: next(name for name in READERS if screen.opens_to(cast[name])) for screen in SCREENS
    }
    return [screen for screen, name in first.items() if name == who]


def come(window: Window, page: str, **parameters: str) -> Window:
    """To a page by its address, with a record on it where it shows one."""
    if "id" in PARAMETERS.get(page, {}):
        right = PARAMETERS[page]["id"](window.tool.company())
        parameters = {"id": right[0]} | parameters
    window.open(f"/{'' if page == 'home' else page}?{urlencode(parameters)}")
    return well(window)


def well(window: Window) -> Window:
    """The page has been drawn, and it is not the bug page."""
    window.settles()
    shown = window.page.locator("body").inner_text()
    assert not [said for said in BUG if said in shown], window.page.url
    return window


def search(window: Window, text: str) -> Window:
    """The search field above every page."""
    box = window.keyed("search_text").locator("input")
    box.fill(text)
    box.press("Enter")
    return window


@pytest.mark.parametrize("who", READERS[:2])
def test_every_filter_works_twice_and_stays_in_the_address(
    staffed_tool: Tool, windows: Windows, who: str
) -> None:
    window = windows.desk().open().sign_in(who).keep()
    for screen in read_by(staffed_tool, who):
        places = {tuple(parts(name).items()) for name in PARAMETERS.get(screen.file, {})}
        for place in sorted(places):
            come(window, screen.file, **dict(place))
            for name in PARAMETERS[screen.file]:
                if parts(name) == dict(place):
                    use(window, name)


def use(window: Window, name: str) -> None:
    """Use a filter twice, if the page draws one of this name."""
    drawn = shown(window, name)
    if drawn is None:
        return
    # What holds a widget stands before the widget does.
    drawn.locator("[data-testid=stButtonGroup], input").first.wait_for(state="attached")
    if drawn.get_by_test_id("stButtonGroup").count():
        _press_all(window, name)
    elif drawn.get_by_test_id("stSelectbox").count():
        # What is usual is not named in the address, so one of two may be missing there.
        came = [_pick(window, name, place) for place in (0, -1)]
        assert any(name in each for each in came) or name.endswith(("_since", "_until"))
    elif drawn.locator("input[type=checkbox]").count():
        for _time in range(2):
            present(window, name).locator("label").first.click()
            well(window)
    else:
        for text in ("洗衣机", "SR26", ""):
            box = present(window, name).locator("input")
            box.fill(text)
            box.press("Enter")
            well(window)


def shown(window: Window, name: str) -> Locator | None:
    """A filter of the page, taken out of its folded place if it has to be."""
    drawn, more = window.keyed(name), window.keyed(f"{name.split('_')[0]}_more")
    if not drawn.filter(visible=True).count() and more.count():
        more.locator("button").first.click()
        window.settles()
    return drawn if drawn.filter(visible=True).count() else None


def present(window: Window, name: str) -> Locator:
    drawn = shown(window, name)
    assert drawn is not None, name
    return drawn


def _press_all(window: Window, name: str) -> None:
    count = present(window, name).get_by_role("radio").count()
    for place in (*range(count), 0):
        present(window, name).get_by_role("radio").nth(place).click()
        well(window)


def _pick(window: Window, name: str, place: int) -> str:
    """The address after the choice."""
    present(window, name).locator("input").first.click()
    window.page.get_by_role("option").nth(place).click()
    window.page.get_by_role("option").first.wait_for(state="detached")
    well(window)
    return window.page.url


@pytest.mark.parametrize("who", READERS[:2])
def test_every_page_is_searched_from_twice_and_every_link_leads_there_and_back(
    staffed_tool: Tool, windows: Windows, who: str
) -> None:
    window = windows.desk().open().sign_in(who).keep()
    for screen in read_by(staffed_tool, who):
        come(window, screen.file)
        for href in links(window):
            for _time in range(2):
                link = f'main a[href="{href}"], section a[href="{href}"]'
                window.page.locator(link).filter(visible=True).first.click()
                well(window).page.go_back()
                well(window)
        heading = window.heading.inner_text()
        for text in ("洗衣机", "138 0013 8000", "洗衣机"):
            search(window, text)
            expect(window.keyed("q").locator("input")).to_have_value(text)
            well(window)
        for _step in range(8):
            if window.heading.inner_text() == heading:
                break
            window.page.go_back()
            well(window)
        assert window.heading.inner_text() == heading, screen.file


def links(window: Window) -> list[str]:
    """The links of the page itself that are in sight, of each kind one."""
    inside = window.page.get_by_test_id("stMain").get_by_test_id("stPageLink-NavLink")
    found = [each.get_attribute("href") or "" for each in inside.filter(visible=True).all()]
    return list({OF_A_RECORD.sub("=", href): href for href in found}.values())


def forms(number: str) -> tuple[str, ...]:
    return number, number.lower(), number.removeprefix("SR"), f"\u3000{number} "


def test_a_whole_number_opens_its_case_from_both_boxes(
    staffed_tool: Tool, windows: Windows
) -> None:
    first, second = staffed_tool.rows(ServiceRequest)[:2]
    window = windows.desk().open().sign_in("manager").keep()
    for text in forms(first.number):
        search(window, second.number)
        expect(window.heading).to_have_text(second.number)
        search(well(window), text)
        expect(window.heading).to_have_text(first.number)
        well(window)
    for text in forms(second.number):
        come(window, "find")
        box = window.keyed("q").locator("input")
        box.fill(text)
        box.press("Enter")
        expect(window.heading).to_have_text(second.number)
        well(window)


def test_back_from_a_case_that_was_searched_leads_to_where_one_came_from(
    staffed_tool: Tool, windows: Windows
) -> None:
    first, second = staffed_tool.rows(ServiceRequest)[:2]
    window = windows.desk().open().sign_in("manager").keep()
    # The other page has an own record of another number in its address.
    come(window, "complaints", complaints_late="true")
    address = window.page.url
    for case in (first, second):
        search(window, case.number)
        expect(window.heading).to_have_text(case.number)
        well(window).page.go_back()
        expect(window.page).to_have_url(address)
        expect(part(well(window), "complaints_view", "超时")).to_be_checked()
        expect(window.heading).to_have_text("投诉")
    come(window, "find", q="洗衣机")
    box = window.keyed("q").locator("input")
    box.fill(first.number)
    box.press("Enter")
    expect(window.heading).to_have_text(first.number)
    well(window).page.go_back()
    expect(window.heading).to_have_text("查询")
    expect(box).to_have_value("洗衣机")


def test_a_link_to_a_search_for_a_number_opens_the_case_and_does_not_hold_one_there(
    staffed_tool: Tool, windows: Windows
) -> None:
    case = staffed_tool.rows(ServiceRequest)[0]
    window = windows.desk().open().sign_in("manager").keep()
    come(window, "kpi")
    window.open(f"/find?q={case.number.lower()}")
    expect(window.heading).to_have_text(case.number)
    for _time in range(4):
        well(window).page.go_back()
        window.settles()
        if "/find" not in window.page.url:
            break
        expect(window.heading).to_have_text("查询")
    expect(window.heading).to_have_text("考核指标")


def test_back_from_a_row_leads_to_the_list_as_it_was(staffed_tool: Tool, windows: Windows) -> None:
    case = staffed_tool.rows(ServiceRequest)[-1]
    (customer,) = staffed_tool.rows(Customer, id=case.customer_id)
    window = windows.desk().open().sign_in("manager").keep()
    come(window, "customer", id=str(customer.id))
    window.choose_row(last=True)
    expect(window.heading).to_have_text(re.compile("^SR"))
    well(window).page.go_back()
    expect(window.page).to_have_url(f"{staffed_tool.url}/customer?id={customer.id}")
    expect(well(window).heading).to_have_text(customer.name)
    come(window, "batch", batch="B23").choose_row(last=True)
    expect(window.heading).to_have_text(re.compile("^SR"))
    well(window).page.go_back()
    expect(window.keyed("batch").locator("input")).to_have_value("B23")
    well(window)


def test_back_on_a_list_undoes_a_filter_and_leaves_the_page_at_last(
    staffed_tool: Tool, windows: Windows
) -> None:
    window = windows.desk().open().sign_in("manager").keep()
    come(window, "account")
    window.menu("dispatch")
    expect(well(window).heading).to_have_text("派工")
    late = part(window, "dispatch_view", "超时")
    late.click()
    well(window)
    _pick(window, "dispatch_kind", 0)
    window.page.go_back()
    expect(window.page).to_have_url(f"{staffed_tool.url}/dispatch?dispatch_view=late")
    expect(well(window).keyed("dispatch_kind").locator("input")).to_have_value("")
    expect(late).to_be_checked()
    window.page.go_back()
    expect(window.page).to_have_url(f"{staffed_tool.url}/dispatch")
    well(window)
    expect(late).not_to_be_checked()
    window.page.go_forward()
    well(window)
    expect(late).to_be_checked()
    for _time in range(2):
        window.page.go_back()
        well(window)
    expect(window.heading).to_have_text("我的账户")


def part(window: Window, name: str, words: str) -> Locator:
    """The pill of a part of a list; behind its words it says how many there are."""
    return window.keyed(name).get_by_role("radio", name=re.compile(f"^{words} [0-9]"))


def test_what_no_page_asks_for_is_no_bug(staffed_tool: Tool, windows: Windows) -> None:
    window = windows.desk().open().sign_in("manager").keep()
    for value in ("x" * 50_000, "\x00\x01", "٣", "-1"):
        for page, name in (("find", "q"), ("case", "id"), ("complaints", "complaints_q")):
            window.open(f"/{page}?{name}={quote(value)}")
            expect(well(window).keyed("search_text")).to_be_visible()
