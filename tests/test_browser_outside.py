"""Sign-in at the company's own service: a real provider of OpenID Connect, and real Chromium."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from core.kernel.unit_of_work import transaction
from db.codes import AccessKind
from db.tables import AccessEvent, Person, SignIn
from tests.company_cast import build
from tests.running_tool import Tool, answers, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.browser import Window, Windows

pytest_plugins = ["tests.browser"]

KNOWN, STRANGER = "admin@example.com", "nobody@example.com"


@contextmanager
def provider() -> Iterator[str]:
    """A service that vouches for whoever says a name; gives its address."""
    port = free_port()
    claims = [json.dumps({"sub": each, "email": each.title()}) for each in (KNOWN, STRANGER)]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    command += [part for each in claims for part in ("--user-claims", each)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, **quiet)
    url = f"http://127.0.0.1:{port}"
    try:
        assert answers(process, f"{url}/.well-known/openid-configuration")
        yield url
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def cold_tool(tmp_path: Path) -> Iterator[Tool]:
    secrets = tmp_path / "secrets.toml"
    tool = Tool(tmp_path, STREAMLIT_SECRETS_FILES=str(secrets))
    tool.file.fill(build)
    with provider() as service:
        _configure(secrets, tool.url, service)
        try:
            tool.start()
            yield tool
        finally:
            tool.stop()
            tool.engine.dispose()


def _configure(secrets: Path, url: str, service: str) -> None:
    lines = {
        "redirect_uri": f"{url}/oauth2callback",
        "cookie_secret": "a secret of the tests alone, which is long enough",
        "client_id": "aftercare",
        "client_secret": "secret",
        "server_metadata_url": f"{service}/.well-known/openid-configuration",
    }
    written = "\n".join(f'{name} = "{value}"' for name, value in lines.items())
    secrets.write_text(f"[auth]\n{written}\n", "utf-8")


@pytest.fixture
def windows(windows: Windows) -> Iterator[Windows]:
    """One goes to another host, whose pages have a style from elsewhere: not ours to judge."""
    yield windows
    ours = (f"{windows.tool.url}/", "script error", "traceback")
    windows.wrong[:] = [each for each in windows.wrong if any(part in each for part in ours)]


def vouched(window: Window, name: str) -> Window:
    """Go to the service by the button, and be somebody there."""
    window.settles().page.get_by_role("button", name="使用公司账号登录").first.click()
    window.page.get_by_role("button", name=name).first.click()
    return window


def test_a_company_account_signs_in_and_signing_out_is_for_good(
    cold_tool: Tool, windows: Windows
) -> None:
    window = windows.desk().open()
    vouched(window, STRANGER).sees("此公司账号未对应任何人员")
    assert not cold_tool.rows(SignIn)
    assert [row.kind for row in cold_tool.rows(AccessEvent)] == [AccessKind.FAILED]
    _named(cold_tool, KNOWN)
    window.settles().page.get_by_role("button", name="换一个账号").click()
    _out_of_the_service(window)
    vouched(window, KNOWN)
    expect(window.keyed("bell").first).to_be_attached()
    (row,) = cold_tool.rows(SignIn)
    assert row.outside and row.person_id == cold_tool.company()["admin"].id
    window.keep().open("/people").settles()
    assert window.page.url.endswith("/people")
    window.sign_out()
    _out_of_the_service(window)
    expect(window.page.locator("input[type=password]")).to_be_visible()
    window.open().settles()
    expect(window.page.locator("input[type=password]")).to_be_visible()
    assert cold_tool.rows(SignIn)[0].ended_at


def _named(tool: Tool, name: str) -> None:
    with transaction(tool.engine, write=True) as session:
        session.execute(update(Person).values(outside_name=name).where(Person.username == "admin"))


def _out_of_the_service(window: Window) -> None:
    """The service asks whether one leaves it as well; then back to the tool."""
    window.page.wait_for_url("**/end_session**")
    window.page.get_by_role("button").first.click()
    window.page.wait_for_load_state()
    window.open().settles()
