"""The board on screen: what it tells the browser, what a move comes to, and the form beside it."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.dispatch import board, plans
from core.jobs import actions as jobs
from core.planning.limit import Limit
from core.planning.solve import solve
from db.tables import Job, Shift
from pages.ui.dispatch import planner, planning
from tests.company_cast import ZONE, Company
from tests.screen import Screen

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
    asked = open_always.see("dispatcher", plans.ask, day=soon().date(), now=datetime.now(UTC))
    run = planning.RUNS[actor.company, actor.id] = planning.Run(asked)
    run.plan = solve(asked.question, Limit(rounds=40))
    screen.run()
    assert "已排 0 → 3 件" in screen.texts
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
    asked = open_always.see("dispatcher", plans.ask, day=soon().date(), now=datetime.now(UTC))
    run = planning.Run(asked)
    run.cancelled.set()
    run.search()
    assert run.plan is not None and len(run.plan.visits) == 1


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
