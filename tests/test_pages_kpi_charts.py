"""The charts of the KPI page, one at a time, by their address."""

from datetime import UTC, datetime

import pytest

from tests.company_cast import Company
from tests.screen import Screen


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        ("control", "数据点太少"),
        ("pareto", "1 项中的 1 项占八成"),
        ("ages", ""),
        ("load", ""),
        ("funnel", ""),
        ("forecast", "还差 12 周"),
    ],
)
def test_each_chart_has_its_address(served: Company, chart: str, said: str) -> None:
    served.register(now=datetime.now(UTC))
    today = f"{datetime.now(UTC):%Y-%m}-01"
    address = {"kpi_view": "charts", "kpi_chart": chart, "kpi_since": today, "kpi_until": today}
    screen = Screen(served, "manager").open("kpi", **address)
    assert said in screen.texts
    drawn = bool(screen.app.get("vega_lite_chart") or screen.app.get("arrow_vega_lite_chart"))
    assert drawn is (chart not in ("control", "forecast"))
