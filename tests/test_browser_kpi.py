"""The KPI page on a projector: all of it in sight, and a link to what is behind a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from benchmarks import seed
from tests.running_tool import running

if TYPE_CHECKING:
    from tests.browser import Windows
    from tests.running_tool import Tool

pytest_plugins = ["tests.browser"]

PROJECTOR = (1280, 720)
HEIGHTS = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    return [main.scrollHeight, main.clientHeight];
}"""


def _seeded(engine: Engine) -> None:
    seed.fill(engine, cases=400, today=datetime.now(UTC).date())


@pytest.fixture(scope="module")
def staffed_tool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """A running tool with two years of cases."""
    with running(tmp_path_factory.mktemp("tool"), _seeded) as tool:
        yield tool


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_the_figures_are_in_sight_at_once_and_lead_to_cases_and_back(
    staffed_tool: Tool, windows: Windows, locale: str
) -> None:
    window = windows.desk(PROJECTOR, locale).open("/kpi?kpi_span=year")
    window.sign_in("manager1", seed.PASSWORD).keep().settles()
    expect(window.page.get_by_test_id("stMetric")).to_have_count(8)
    expect(window.page.get_by_test_id("stMetricChart").first).to_be_visible()
    height, room = window.page.evaluate(HEIGHTS)
    assert height <= room
    window.press("kpi_open_timely_resolution").settles().choose_row(1)
    window.settles()
    address = window.page.url
    assert "kpi_figure=timely_resolution" in address and "kpi_side=rest" in address
    window.choose_row(last=True)
    expect(window.heading).to_have_text(re.compile("^SR"))
    window.settles().page.go_back()
    expect(window.page).to_have_url(address)
    expect(window.settles().page.get_by_role("dialog")).to_be_visible()
    expect(window.page.get_by_test_id("stDataFrame")).to_have_count(2)
