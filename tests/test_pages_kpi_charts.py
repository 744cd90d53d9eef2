"""The charts of the KPI page, one at a time, by their address."""

from datetime import UTC, datetime

import pytest

from pages.ui.kpi import charts
from tests.company_cast import Company
from tests.screen import Screen


def test_a_bar_of_what_nobody_said_leads_to_its_cases(served: Company) -> None:
    now = datetime.now(UTC)
    served.register(now=now)
    for _ in range(2):
        served.register(kind="consultation", answer="yes", fault_area=None, now=now)
    asked = {"kpi_view": "charts", "kpi_chart": "pareto", "kpi_cause": "-"}
    screen = Screen(served, "manager").open("kpi", **asked)
    (cases,) = screen.app.dataframe
    assert list(cases.value["类型"]) == ["咨询"] * 2


def test_the_last_bar_leads_to_the_cases_of_each_other_cause(
    served: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    for area in ("noise", "noise", "noise", "function", "function", None):
        facts = {} if area else {"kind": "consultation", "answer": "yes"}
        served.register(now=now, fault_area=area, **facts)
    monkeypatch.setattr(charts, "SHOWN", 1)
    asked = {"kpi_view": "charts", "kpi_chart": "pareto", "kpi_cause": "others"}
    screen = Screen(served, "manager").open("kpi", **asked)
    (cases,) = screen.app.dataframe
    assert list(cases.value["类型"]) == ["报修"] * 2
    screen.app.selectbox(key="kpi_other").set_value("-").run()
    (cases,) = screen.app.dataframe
    assert list(cases.value["类型"]) == ["咨询"]


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
