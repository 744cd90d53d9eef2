"""The tool behind nginx, set up with the lines of the README, on a port of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from core.imports.files import MOST_UPLOADED
from db.tables import Attachment, ServiceRequest, SignInAttempt
from tests import proxy
from tests.attached_files import PNG
from tests.company_cast import build
from tests.raw_window import Uploader, send, waiting, window
from tests.running_tool import Tool, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser import Windows

pytest_plugins = ["tests.browser"]


@pytest.fixture(scope="module")
def direct() -> dict[str, str]:
    """The address of the tool without the proxy."""
    return {}


@pytest.fixture(scope="module")
def staffed_tool(
    tmp_path_factory: pytest.TempPathFactory, direct: dict[str, str]
) -> Iterator[Tool]:
    folder = tmp_path_factory.mktemp("proxied")
    with running(folder, build) as tool, proxy.before(tool, folder / "nginx") as address:
        direct["url"], tool.url = tool.url, address
        yield tool


def test_people_work_through_the_proxy(
    staffed_tool: Tool, direct: dict[str, str], windows: Windows
) -> None:
    desk = windows.desk().open("/intake").sign_in("agent")
    phone = "13900000071"
    desk.page.get_by_label("来电人").fill(phone)
    expect(desk.field("phone").locator("input")).to_have_value(phone)
    desk.settles()
    desk.type(customer_name="李雷", address="中山路 1 号", symptom="不制冷")
    desk.settles().press("intake_send")
    expect(desk.keyed("next_call")).to_be_visible()
    (case,) = staffed_tool.rows(ServiceRequest, phone_key=f"86{phone}")
    assert "INFO sign-in from this machine" in staffed_tool.log.read_text()

    desk.open(f"/case?id={case.id}&tab=files").sees("附件")
    photo = {"name": "门.png", "mimeType": "image/png", "buffer": PNG}
    desk.page.locator("input[type=file]").first.set_input_files([photo])  # type: ignore[list-item]
    desk.keyed(f"attach_{case.id}_send").locator("button:enabled").click()
    desk.sees("已添加 1 个附件")
    assert [row.name for row in staffed_tool.rows(Attachment)] == ["门.png"]
    desk.settles()
    assert waiting(direct["url"]) == 0


def test_a_file_of_the_largest_size_comes_through(staffed_tool: Tool) -> None:
    with window(staffed_tool, "manager") as name:
        assert Uploader(staffed_tool).send(name, MOST_UPLOADED) == (204, "")


def test_what_tells_how_busy_the_tool_is_stays_inside(staffed_tool: Tool) -> None:
    host = f"Host: {staffed_tool.url.removeprefix('http://')}"
    assert send(staffed_tool, "GET /_stcore/metrics HTTP/1.1", host)[0] == 403


def test_a_wrong_password_counts_for_the_address_that_the_proxy_sees(
    staffed_tool: Tool, windows: Windows
) -> None:
    desk = windows.desk().open()
    form = desk.page.get_by_test_id("stForm")
    form.locator("input").nth(0).fill("agent")
    form.locator("input").nth(1).fill("wrong")
    form.get_by_test_id("stFormSubmitButton").locator("button").click()
    desk.sees("用户名或密码不正确")
    assert [row.address for row in staffed_tool.rows(SignInAttempt)] == [""]
    assert "sign-in from this machine failed" in staffed_tool.log.read_text()
