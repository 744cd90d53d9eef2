"""The board on screen: what it tells the browser, what a move comes to, and the form beside it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from core.dispatch import board, moves, plans
from core.dispatch.load import Cell
from core.dispatch.moves import Place
from core.dispatch.places import Map, Route, Stop
from core.jobs import actions as jobs
from core.kernel.inputs import parse
from core.planning.limit import Limit
from core.planning.solve import solve
from core.planning.travel import Place as TravelPlace
from db.tables import Job, ServiceRequest, Shift, Station
from pages.ui.dispatch import load as load_picture
from pages.ui.dispatch import map as day_map
from pages.ui.dispatch import planner, planning
from tests.company_cast import ZONE, Company
from tests.screen import Screen
from tests.test_core_suggested import away, change

HOUR = timedelta(hours=1)


@pytest.fixture
def open_always(served: Company) -> Company:
    """A company that works around the clock: a test runs at any hour."""
    with served.engine.begin() as rows:
        for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"):
            week = {"valid_from": date(2026, 1, 1), "weekday": day}
            rows.execute(Shift.__table__.insert().values(**week, starts="00:00", ends="24:00"))
    return served


def soon() -> datetime:
    """Tomorrow at ten, by the company's clock."""
    tomorrow = datetime.now(ZONE) + timedelta(days=1)
    return tomorrow.replace(hour=10, minute=0, second=0, microsecond=0)


def told(screen: Screen) -> dict[str, Any]:
    """What the board in the browser was told."""
    (drawn,) = [
        each
        for each in screen.app.get("bidi_component")
        if "dispatch_board" in each.proto.component_name
    ]
    return json.loads(drawn.proto.json)


def test_the_board_tells_rows_jobs_and_what_waits(open_always: Company) -> None:
    case_id, job_id = open_always.dispatched(now=datetime.now(UTC))
    waiting = open_always.register(now=datetime.now(UTC), symptom="漏水")
    window = jobs.AgreeVisit(agreed_from=soon(), agreed_to=soon() + HOUR)
    open_always.act("technician", Job, job_id, window, now=datetime.now(UTC))
    screen = Screen(open_always, "dispatcher").open("board", board_day=f"{soon():%Y-%m-%d}")
    data = told(screen)
    assert [row["title"] for row in data["rows"]] == ["technician", "technician.colleague"]
    (job,) = data["jobs"]
    assert (job["start"], job["end"]) == (
        f"{soon():%Y-%m-%dT%H:%M}",
        f"{soon() + HOUR:%Y-%m-%dT%H:%M}",
    )
    assert (job["case"], job["agreed"]) == (case_id, True)
    assert [card["case"] for card in data["waiting"]] == [waiting]
    assert data["words"]["waiting"] == "待安排 1"


def move(company: Company, case_id: int, key: str, row: str = "technician") -> dict[str, Any]:
    """What the browser sends of a card that was dropped."""
    card = company.see("dispatcher", board.card, case_id=case_id)
    assert card is not None
    start, end = (f"{at:%Y-%m-%dT%H:%M}" for at in (soon(), soon() + HOUR))
    known = {"key": key * 8, "case": case_id, "job": card.job_id, "version": card.version}
    return known | {"row": company[row].id, "start": start, "end": end}


def carry_out(company: Company, asked: dict[str, Any]) -> str:
    """As the page does, without a browser: a component fires nothing in the test's window."""
    return planner.carry_out(
        asked,
        planner.asked_by(asked, ZONE),
        lambda key, do: company.submit("dispatcher", do, key),
    )


def test_a_move_is_carried_out_once_and_a_refused_one_says_why(open_always: Company) -> None:
    first = open_always.register(now=datetime.now(UTC))
    second = open_always.register(now=datetime.now(UTC), symptom="漏水")
    asked = move(open_always, first, "k1")
    assert (carry_out(open_always, asked), carry_out(open_always, asked)) == ("", "")
    (job,) = open_always.rows(Job)
    assert (job.request_id, job.planned_from) == (first, soon().astimezone(UTC))
    assert "此人 10:00–11:00 已有 SR" in carry_out(open_always, move(open_always, second, "k2"))
    stale = asked | {"key": "k3" * 8, "job": job.id, "version": 0}
    assert "刚" in carry_out(open_always, stale) or "别人" in carry_out(open_always, stale)
    assert len(open_always.rows(Job)) == 1


def test_what_the_mouse_does_a_form_does_too(open_always: Company) -> None:
    case_id = open_always.register(now=datetime.now(UTC))
    screen = Screen(open_always, "dispatcher").open("board", board_day=f"{soon():%Y-%m-%d}")
    screen.app.session_state[planner.OPENED] = case_id
    screen.run()
    screen.fill(technician_id=open_always["technician.colleague"].id)
    screen.press("board_place")
    (job,) = open_always.rows(Job)
    assert job.technician_id == open_always["technician.colleague"].id
    card = open_always.see("dispatcher", board.card, case_id=case_id)
    assert card is not None
    assert job.planned_to - job.planned_from == timedelta(minutes=card.minutes)
    assert planner.OPENED not in screen.app.session_state
    screen.app.session_state[planner.OPENED] = case_id
    screen.run().press("board_off")
    (job,) = open_always.rows(Job)
    assert (job.planned_from, job.planned_to) == (None, None)


def test_a_case_that_is_gone_says_so(open_always: Company) -> None:
    case_id, _job = open_always.finished(now=datetime.now(UTC) - timedelta(days=1))
    screen = Screen(open_always, "dispatcher").open("board")
    screen.app.session_state[planner.OPENED] = case_id
    screen.run()
    assert "此单已不需派工" in screen.texts


def test_a_technician_has_no_board(served: Company) -> None:
    assert Screen(served, "technician").open("board").errors


def test_the_day_is_planned_looked_at_and_taken(open_always: Company) -> None:
    cases = [open_always.register(now=datetime.now(UTC), symptom=f"第{n}台") for n in range(3)]
    screen = Screen(open_always, "dispatcher").open("board", board_day=f"{soon():%Y-%m-%d}")
    actor = open_always["dispatcher"]
    asked = open_always.see("dispatcher", plans.ask, since=soon().date(), now=datetime.now(UTC))
    run = planning.RUNS[actor.company, actor.id] = planning.Run(asked)
    run.plan = solve(asked.question, Limit(rounds=40))
    screen.run()
    (figures,) = screen.app.dataframe
    assert figures.value.values.tolist()[:2] == [["已排", "0", "3"], ["未排", "3", "0"]]
    screen.press("board_take")
    jobs_of = {job.request_id: job.planned_from for job in open_always.rows(Job)}
    assert set(jobs_of) == set(cases) and None not in jobs_of.values()
    assert (actor.company, actor.id) not in planning.RUNS
    # Dropped, nothing is left of it.
    run = planning.RUNS[actor.company, actor.id] = planning.Run(asked)
    run.plan = solve(asked.question, Limit(rounds=40))
    screen.run().press("board_take")
    assert any("刚被别人改动" in error for error in screen.errors)
    screen.press("board_drop")
    assert (actor.company, actor.id) not in planning.RUNS


def test_a_search_is_stopped_and_keeps_its_best(open_always: Company) -> None:
    open_always.register(now=datetime.now(UTC))
    asked = open_always.see("dispatcher", plans.ask, since=soon().date(), now=datetime.now(UTC))
    run = planning.Run(asked)
    run.cancelled.set()
    run.search()
    assert run.plan is not None and len(run.plan.visits) == 1


def points(screen: Screen) -> list[dict[str, Any]]:
    """What is drawn on the chart of the page; what a point does not say is left out."""
    (chart,) = screen.app.get("vega_lite_chart")
    rows = convert_arrow_bytes_to_pandas_df(chart.proto.data.data).to_dict("records")
    return [{name: v for name, v in row.items() if v == v and v is not None} for row in rows]


def put(company: Company, case_id: int, start: datetime, who: str = "technician") -> None:
    """Plan a case for somebody, an hour long."""
    card = company.see("dispatcher", board.card, case_id=case_id)
    assert card is not None
    facts = {"technician_id": company[who].id, "planned_from": start, "planned_to": start + HOUR}
    where = {"case_id": case_id, "job_id": card.job_id, "seen_version": card.version}
    now = datetime.now(UTC)
    company.do("dispatcher", moves.place, parse(Place, facts), **where, now=now)


def test_the_day_is_a_map_and_a_point_opens_its_card(open_always: Company) -> None:
    change(open_always, Station, open_always.NORTH, latitude=32.05, longitude=118.78)
    first, second, waits, nowhere = (
        open_always.register(now=datetime.now(UTC), symptom=f"第{n}台") for n in range(4)
    )
    for number, case_id in enumerate((first, second, waits)):
        place = {"latitude": 32.05, "longitude": 118.8 + number / 10}
        change(open_always, ServiceRequest, case_id, **place)
    put(open_always, second, soon())
    put(open_always, first, soon() + 2 * HOUR)
    asked = {"board_view": "map", "board_day": f"{soon():%Y-%m-%d}"}
    screen = Screen(open_always, "dispatcher").open("board", **asked)
    rows = points(screen)
    signs = {row["c"]: (row["n"], row["s"], row["who"]) for row in rows if "c" in row}
    assert signs == {
        second: ("1", "已安排", "technician"),
        first: ("2", "已安排", "technician"),
        waits: ("?", "待安排", "—"),
    }
    assert [row["station"] for row in rows if "station" in row] == ["⌂ North"]
    # A degree is as long on both ways: from the first to the second a tenth of one, to the east.
    east = {row["c"]: row["x"] for row in rows if "c" in row}
    assert east[second] - east[first] == pytest.approx(9.43, abs=0.02)
    links = [link.proto.query_string for link in screen.app.get("page_link")]
    assert f"id={nowhere}" in links and f"id={first}" not in links
    key = f"{day_map.KEY}·"
    state = {key: SimpleNamespace(selection={"pick": [{"c": second}]})}
    with patch.object(day_map.st, "session_state", state):
        day_map.hear(key)
    assert state[planner.OPENED] == second


def test_a_map_of_three_hundred_jobs_is_light(open_always: Company) -> None:
    case_id = open_always.register(now=datetime.now(UTC))
    put(open_always, case_id, soon())
    found = open_always.see("dispatcher", board.board, since=soon().date(), now=datetime.now(UTC))
    (card,) = found.planned
    at = TravelPlace(32.05, 118.78)
    stops = tuple(Stop(replace(card, case_id=n), at) for n in range(300))
    seen = Map((Route(card.technician_id or 0, "technician", at, stops),), (), (), ())
    drawn = json.dumps(day_map.picture(list(day_map.records(seen))), ensure_ascii=False)
    assert len(drawn.encode()) < 80_000


def test_two_weeks_of_load_say_what_is_too_much(open_always: Company) -> None:
    case_id = open_always.register(now=datetime.now(UTC))
    put(open_always, case_id, soon())
    screen = Screen(open_always, "dispatcher").open("board", board_view="load")
    cells = {(row["r"], row["d"]): row["t"] for row in points(screen)}
    assert len(cells) == 2 * 14
    assert cells["technician · North", f"{soon():%Y-%m-%d}"] == "4%"
    day = {"day": soon().date(), "planned": 9 * HOUR, "working": 8 * HOUR, "away": 0}
    assert load_picture.said(Cell(**day)) == "▲112%"
    assert load_picture.said(Cell(**day | {"planned": 0 * HOUR, "working": 0 * HOUR})) == "休"
    away = day | {"planned": 0 * HOUR, "working": 0 * HOUR, "away": 1}
    assert load_picture.said(Cell(**away)) == "请假"
    manager = Screen(open_always, "manager").open("board", board_view="load", board_rows="station")
    assert {row["r"] for row in points(manager)} == {"North", "South"}


def test_who_has_not_confirmed_is_named_and_reminded(open_always: Company) -> None:
    case_id = open_always.register(now=datetime.now(UTC))
    put(open_always, case_id, soon())
    screen = Screen(open_always, "dispatcher").open("board", board_day=f"{soon():%Y-%m-%d}")
    assert "未确认：technician 1" in screen.texts
    assert [row["note"].endswith("未确认 1") for row in told(screen)["rows"]] == [True, False]
    screen.press("board_remind")
    inbox = Screen(open_always, "technician").open("inbox")
    assert "请确认您的行程：1 件" in "".join(button.label for button in inbox.app.button)


def searching(company: Company, who: str, days: int = 1, **more: Any) -> planning.Run:
    """Somebody's search under way, or found."""
    wanted = {"since": soon().date(), "days": days}
    asked = company.see(who, plans.ask, **wanted, now=datetime.now(UTC))
    actor = company[who]
    run = planning.Run(asked, actor.name, more.pop("begun", datetime.now(UTC)))
    planning.RUNS[actor.company, actor.id] = run
    return run


@pytest.fixture
def runs() -> Iterator[dict[Any, planning.Run]]:
    """Nobody searches, before and after."""
    planning.RUNS.clear()
    yield planning.RUNS  # type: ignore[misc]
    planning.RUNS.clear()


def test_a_week_is_planned_reloaded_and_taken_whole(open_always: Company, runs: Any) -> None:
    cases = [open_always.register(now=datetime.now(UTC), symptom=f"第{n}台") for n in range(3)]
    screen = Screen(open_always, "dispatcher").open("board", board_days="7")
    assert "排一周" in [button.label for button in screen.app.button]
    run = searching(open_always, "dispatcher", days=5)
    screen.run()
    assert "board_enough" in [button.key for button in screen.app.button]
    assert "board_plan" not in [button.key for button in screen.app.button]
    run.cancelled.set()
    run.search()
    assert run.plan is not None
    # Whoever reloads the page finds it.
    screen = Screen(open_always, "dispatcher").open("board", board_days="7")
    assert "新安排 3 件" in [box.label for box in screen.app.expander]
    screen.press("board_take")
    assert {job.request_id for job in open_always.rows(Job) if job.planned_from} == set(cases)
    assert "board_plan" in [button.key for button in screen.app.button]


def test_a_search_that_broke_off_says_so_and_is_over(open_always: Company, runs: Any) -> None:
    searching(open_always, "dispatcher").is_lost = True
    day = f"{soon():%Y-%m-%d}"
    screen = Screen(open_always, "dispatcher").open("board", board_day=day)
    assert screen.errors == ["排程中断，没有任何改动；请重新开始。"]
    assert not runs
    screen.run()
    assert "board_plan" in [button.key for button in screen.app.button]


def test_a_second_one_sees_who_is_planning_the_day(open_always: Company, runs: Any) -> None:
    day = f"{soon():%Y-%m-%d}"
    searching(open_always, "dispatcher.colleague")
    screen = Screen(open_always, "dispatcher").open("board", board_day=day)
    (said,) = [info.value for info in screen.app.info]
    assert said.replace("\\", "").startswith("dispatcher.colleague 正在排")
    # The board is there all the same, and so is the button.
    assert told(screen)["rows"] and "board_plan" in [button.key for button in screen.app.button]
    later = f"{soon() + timedelta(days=1):%Y-%m-%d}"
    assert not Screen(open_always, "dispatcher").open("board", board_day=later).app.info
    searching(open_always, "dispatcher.colleague", begun=datetime.now(UTC) - HOUR)
    assert not Screen(open_always, "dispatcher").open("board", board_day=day).app.info


def test_what_was_told_is_listed_first_with_old_and_new(open_always: Company, runs: Any) -> None:
    _case, job_id = open_always.dispatched(now=datetime.now(UTC))
    window = jobs.AgreeVisit(agreed_from=soon(), agreed_to=soon() + HOUR)
    open_always.act("technician", Job, job_id, window, now=datetime.now(UTC))
    open_always.register(now=datetime.now(UTC), symptom="漏水")
    midnight = soon().replace(hour=0)
    away(open_always, "technician", midnight, midnight + timedelta(days=1))
    run = searching(open_always, "dispatcher")
    run.plan = solve(run.asked.question, Limit(rounds=40))
    screen = Screen(open_always, "dispatcher").open("board", board_day=f"{soon():%Y-%m-%d}")
    (figures,) = screen.app.dataframe
    assert figures.value.values.tolist()[-1] == ["改动已告知的", "", "1 件，其中换人 1 件"]
    text = screen.texts.replace("\\", "")
    (line,) = [each for each in text.splitlines() if each.startswith("☎ ")]
    assert f"{soon():%m-%d 10:00}–11:00 technician → " in line
    assert "technician.colleague (已与客户约定)" in line


def test_what_stays_out_says_why_once_for_all(served: Company, runs: Any) -> None:
    for number in range(25):
        served.register(now=datetime.now(UTC), symptom=f"第{number}台")
    with served.engine.begin() as rows:
        week = {"valid_from": date(2026, 1, 1), "weekday": "mon", "starts": "08:00"}
        rows.execute(Shift.__table__.insert().values(**week, ends="08:15"))
    run = searching(served, "dispatcher")
    run.plan = solve(run.asked.question, Limit(rounds=5))
    screen = Screen(served, "dispatcher").open("board", board_day=f"{soon():%Y-%m-%d}")
    (said,) = [each.value for each in screen.app.caption if "未排" in each.value]
    assert said.startswith("未排 25 件，") and "另有 5 件" in said


def test_an_open_card_offers_times_and_takes_one(open_always: Company) -> None:
    case_id, job_id = open_always.dispatched(now=datetime.now(UTC))
    screen = Screen(open_always, "dispatcher").open("board")
    screen.app.session_state[planner.OPENED] = case_id
    screen.run()
    offered = [b.key for b in screen.app.button if b.key and "·suggested·" in b.key]
    mine = open_always["technician"].id
    assert offered[0] == f"request·{case_id}·suggested·{mine}·0"
    screen.press(offered[0])
    (job,) = open_always.rows(Job)
    assert (job.id, job.technician_id) == (job_id, mine) and job.planned_from is not None
    assert planner.OPENED not in screen.app.session_state


def planned(company: Company, technician: str, hours: int) -> board.Card:
    """A case that has a place on the board, so many hours after ten."""
    case_id = company.register(now=datetime.now(UTC), symptom=f"第{hours}台")
    asked = move(company, case_id, f"p{hours}", technician)
    start, end = (datetime.fromisoformat(asked[name]) + hours * HOUR for name in ("start", "end"))
    assert carry_out(company, asked | {"start": f"{start:%FT%R}", "end": f"{end:%FT%R}"}) == ""
    card = company.see("dispatcher", board.card, case_id=case_id)
    assert card is not None
    return card


def test_whoever_stands_where_a_job_was_to_go_is_proposed_for_a_swap(open_always: Company) -> None:
    one, other = planned(open_always, "technician", 0), planned(open_always, "technician", 2)
    screen = Screen(open_always, "dispatcher").open("board", board_day=f"{soon():%Y-%m-%d}")
    asked = {
        "technician_id": other.technician_id,
        "planned_from": other.start,
        "planned_to": other.end,
    }
    screen.app.session_state[planner.OPENED] = one.case_id
    screen.app.session_state[planner.REFUSED] = (one.case_id, "此人已有安排", asked)
    screen.run()
    assert screen.field("other").value == other.mark
    screen.press("board_swap")
    starts = {job.request_id: job.planned_from for job in open_always.rows(Job)}
    assert starts == {one.case_id: other.start, other.case_id: one.start}
    assert planner.OPENED not in screen.app.session_state


def test_a_board_of_a_day_that_is_over_says_so(open_always: Company) -> None:
    over = f"{datetime.now(ZONE) - timedelta(days=1):%Y-%m-%d}"
    screen = Screen(open_always, "dispatcher").open("board", board_day=over)
    assert "这一天已过去" in screen.texts
    screen = Screen(open_always, "dispatcher").open("board", board_day=f"{soon():%Y-%m-%d}")
    assert "这一天已过去" not in screen.texts


def test_the_board_is_narrowed_by_a_qualification_in_the_address(open_always: Company) -> None:
    repair = open_always.register(now=datetime.now(UTC))
    open_always.register(now=datetime.now(UTC), symptom="漏水", kind="installation")
    screen = Screen(open_always, "dispatcher").open("board", board_skill="repairer")
    assert [card["case"] for card in told(screen)["waiting"]] == [repair]
    screen = Screen(open_always, "dispatcher").open("board", board_skill="electrician")
    assert (told(screen)["rows"], told(screen)["waiting"]) == ([], [])
