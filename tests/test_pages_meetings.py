"""The meeting on screen: started, gone through, decided in, seen in one's own work."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import streamlit

from core.kernel.inputs import parse
from core.kpi.figures import FigureName
from core.meetings import decisions, meetings
from core.meetings.inputs import StartMeeting, TakeDecision
from db.codes import DecisionStatus
from db.tables import Decision, Meeting
from tests.company_cast import ZONE, Company
from tests.screen import Screen

ORDER = ("received", "timely_resolution", "resolved")


def today() -> Any:
    return datetime.now(ZONE).date()


@pytest.fixture
def held(served: Company) -> Company:
    """A company with some cases of today, and a meeting about this month."""
    for number in range(3):
        served.register(serial=f"SN-{number}", now=datetime.now(UTC))
    start(served)
    return served


def start(company: Company, who: str = "manager", **facts: Any) -> int:
    about = {"topic": "月度例会", "since": today().replace(day=1), "until": today()}
    command = parse(StartMeeting, about | {"figures": ORDER} | facts)
    return company.do(who, meetings.start, command, now=datetime.now(UTC))


def decide(company: Company, id: int = 1, **facts: Any) -> int:
    usual = {"text": "加一名技师", "owner_id": company["technician"].id}
    due = {"meeting_id": id, "due_on": today() + timedelta(days=3), "figure": "received"}
    return company.do("manager", decisions.take, parse(TakeDecision, usual | due | facts))


def shown(screen: Screen) -> str:
    """The number that is shown large."""
    for chart in screen.app.get("vega_lite_chart"):
        spec = json.loads(chart.proto.spec)
        if spec.get("mark", {}).get("type") == "text":
            return str(spec["encoding"]["text"]["value"])
    raise LookupError("no number")


def test_the_form_starts_a_meeting_in_the_order_that_was_chosen(served: Company) -> None:
    served.register(now=datetime.now(UTC))
    screen = Screen(served, "manager").open("meeting")
    (figures,) = screen.app.multiselect
    figures.set_value([FigureName.RESOLVED, FigureName.RECEIVED])
    screen.fill(topic="周会", since=today(), until=today()).press("meetings_send")
    (row,) = served.rows(Meeting)
    assert [each["name"] for each in row.frozen["figures"]] == ["resolved", "received"]
    assert screen.title == "周会"
    assert shown(screen) == "0"


def test_one_figure_a_screen_and_the_address_says_which(held: Company) -> None:
    screen = Screen(held, "manager").open("meeting", id="1")
    assert shown(screen) == "3"
    screen.press("meeting_right")
    assert screen.app.query_params["meeting_figure"] == "timely_resolution"
    screen.press("meeting_right").press("meeting_left")
    assert screen.app.query_params["meeting_figure"] == "timely_resolution"
    by_link = Screen(held, "manager").open("meeting", id="1", meeting_figure="resolved")
    ends = {each.key: each.disabled for each in by_link.app.button if each.key}
    assert (ends["meeting_left"], ends["meeting_right"]) == (False, True)


def test_a_click_leads_from_the_number_to_the_cases(held: Company) -> None:
    screen = Screen(held, "manager").open("meeting", id="1", meeting_side="denominator")
    (shown,) = screen.app.dataframe
    assert len(shown.value) == 3
    other = Screen(held, "manager").open("meeting", id="1", meeting_side="rest")
    assert not other.app.dataframe  # this figure has no such side


def test_it_says_that_the_figures_have_moved_since(held: Company) -> None:
    assert "定格后有变动" not in Screen(held, "manager").open("meeting", id="1").texts
    held.register(serial="SN-9", now=datetime.now(UTC))
    streamlit.cache_data.clear()  # a minute later
    screen = Screen(held, "manager").open("meeting", id="1")
    (said,) = (each.value for each in screen.app.warning)
    assert "现为 4" in said
    assert "新计入 1 单" in said
    assert shown(screen) == "3"


def test_a_decision_is_typed_under_the_figure(held: Company) -> None:
    screen = Screen(held, "manager").open("meeting", id="1")
    screen.fill(text="加一名技师", owner_id=held["technician"].id)
    screen.press("·send")
    (row,) = held.rows(Decision)
    assert (row.text, row.figure, row.owner_id) == (
        "加一名技师",
        "received",
        held["technician"].id,
    )
    assert row.due_on == today() + timedelta(days=7)
    assert any("加一名技师" in each.label for each in screen.app.expander)


def test_a_decision_without_an_owner_says_so_and_keeps_the_text(held: Company) -> None:
    screen = Screen(held, "manager").open("meeting", id="1").fill(text="加一名技师")
    screen.press("·send")
    assert screen.errors
    assert screen.field("text").value == "加一名技师"
    assert held.rows(Decision) == []


def test_the_owner_settles_it_in_the_own_work(held: Company) -> None:
    decide(held)
    screen = Screen(held, "technician").open("home")
    (mine,) = (each for each in screen.app.expander if "加一名技师" in each.label)
    assert "我的例会决议" in screen.texts
    assert mine.icon
    screen.turn_to("finish_decision").fill(note="已到岗").press("·send")
    assert held.rows(Decision)[0].status is DecisionStatus.DONE
    assert "我的例会决议" not in Screen(held, "technician").open("home").texts
    assert "我的例会决议" not in Screen(held, "agent").open("home").texts


def test_the_notice_leads_to_the_own_work(held: Company) -> None:
    decide(held)
    assert "例会决议由您负责" in str(Screen(held, "technician").open("inbox").app.button)


def test_what_is_open_is_there_at_the_next_meeting(held: Company) -> None:
    decide(held)
    screen = Screen(held, "manager").open("meeting", id=str(start(held)))
    assert any("加一名技师" in each.label for each in screen.app.expander)
    assert "来自例会" in screen.texts


def test_who_only_reads_decides_nothing(held: Company) -> None:
    screen = Screen(held, "auditor").open("meeting", id="1")
    assert [each.key for each in screen.app.text_input] == ["search_text"]
    assert not [each for each in screen.app.button if each.key and each.key.endswith("·send")]


def test_another_station_finds_no_meeting(held: Company) -> None:
    north = start(held, "dispatcher")
    assert Screen(held, "dispatcher.stranger").open("meeting", id=str(north)).errors
    assert not Screen(held, "dispatcher.stranger").open("meeting").app.dataframe
    assert len(Screen(held, "dispatcher").open("meeting").app.dataframe[0].value) == 1


def test_english_has_its_words(held: Company) -> None:
    decide(held)
    screen = Screen(held, "manager", locale="en-US").open("meeting", id="1")
    assert "Cases as they were frozen" in [each.label for each in screen.app.pills]
    files = {each.label for each in screen.app.get("download_button")}
    assert {"Word document", "Slides as PowerPoint", "Slides as PDF"} < files
