"""The plan of a day: what is always kept, what is asked for, and what is said of the rest."""

from dataclasses import replace
from threading import Event
from typing import Any

import pytest
import pyvrp
from hypothesis import given, settings
from pyvrp.stop import MaxIterations

from benchmarks.dispatch_days import day, without
from core.planning.board import Board
from core.planning.check import check
from core.planning.fortnight import solve_days
from core.planning.greedy import greedy
from core.planning.limit import Limit, Progress, Watch
from core.planning.model import build, put_on
from core.planning.prepared import is_qualified, prepare, usable
from core.planning.problem import (
    Appointment,
    LeftOut,
    Plan,
    Prices,
    Problem,
    Reason,
    Task,
    Visit,
    Window,
    lunch,
)
from core.planning.search import tuned
from core.planning.solve import checked, first_plan, improved, solve
from core.planning.travel import Place, Roads
from tests.planned_days import (
    EIGHT,
    FIVE,
    NOON,
    problem,
    problems,
    reasons,
    shift,
    starts,
    task,
    visit,
)

FEW = Limit(rounds=15)
ROUNDS = Limit(rounds=120)


def claim(given: Problem, each: LeftOut) -> bool:
    """Whether a reason is true, as far as it can be said without the routes."""
    task = next(task for task in given.tasks if task.id == each.task)
    on_duty = usable(given)
    able = [shift for shift in on_duty if is_qualified(task, shift)]
    windows = [w for w in task.windows if w.start <= w.end]
    match each.reason:
        case Reason.PLACE_UNKNOWN:
            return not given.travel.knows(task.place)
        case Reason.NOBODY_QUALIFIED:
            return bool(on_duty) and not able
        case Reason.NOBODY_ON_DUTY:
            return not any(may_begin(task, windows, s.start, s.latest) for s in able)
        case Reason.WINDOW_OVER:
            first = min(shift.start for shift in on_duty)
            return bool(task.windows) and all(w.end < first for w in windows)
        case Reason.DUE_OVER:
            return task.is_due_hard and task.due is not None and not task.locked
        case Reason.TOO_FAR:
            return task.reach is not None
        case Reason.LOCKED_IMPOSSIBLE:
            return task.locked is not None
        case _:
            return any(may_begin(task, windows, s.start, s.latest) for s in able)


def may_begin(task: Task, windows: list[Window], first: int, last: int) -> bool:
    if task.locked is not None:
        return first <= task.locked.start <= last
    if task.is_due_hard and task.due is not None:
        last = min(last, task.due)
    if not task.windows:
        return first <= last
    return any(max(w.start, first) <= min(w.end, last) for w in windows)


def is_on_grid(given: Problem, visit: Visit) -> bool:
    """Whether a visit begins on the grid, or the window that it is in has no such moment left."""
    following = -(-visit.start // given.grid) * given.grid
    asked = next(task for task in given.tasks if task.id == visit.task)
    ends = [window.end for window in asked.windows]
    ends += [asked.due] if asked.due is not None else []
    for told in (asked.told, asked.locked):
        slack = given.prices.told_slack if told is asked.told else 0
        ends += [told.start + slack, told.start - slack - 1] if told is not None else []
    return following == visit.start or any(visit.start <= end < following for end in ends)


@settings(max_examples=150)
@given(problems())
def test_whatever_is_asked_for_the_plan_has_no_conflict_and_true_reasons(given: Problem) -> None:
    begun = greedy(prepare(given))
    for found in (begun.plan(), improved(begun, Watch(FEW)).plan(), solve(given, FEW)):
        assert check(given, found) == []
        assert len(found.visits) + len(found.left_out) == len(given.tasks)
        assert [each for each in found.left_out if not claim(given, each)] == []
        assert found.measures.left_out == len(found.left_out)
        assert [each for each in found.visits if not is_on_grid(given, each)] == []


@settings(max_examples=40)
@given(problems())
def test_many_days_are_planned_without_a_conflict(given: Problem) -> None:
    found = solve_days(given, FEW)
    assert check(given, found) == []
    assert [each for each in found.left_out if not claim(given, each)] == []


def test_the_search_is_better_than_one_task_after_another() -> None:
    given = day(1, jobs=60, people=7)
    assert solve(given, ROUNDS).measures.cost < first_plan(given).measures.cost


def test_the_same_rounds_give_the_same_plan() -> None:
    given = day(2, jobs=40, people=5)
    assert solve(given, ROUNDS) == solve(given, ROUNDS)


def test_who_has_seen_enough_gets_the_best_plan_so_far() -> None:
    given, enough = day(3, jobs=40, people=5), Event()
    heard: list[Progress] = []

    def hear(progress: Progress) -> None:
        heard.append(progress)
        enough.set()

    found = solve(given, Limit(seconds=3600, cancelled=enough), hear)
    assert found.visits
    assert check(given, found) == []
    assert heard[-1].share == 1.0
    assert heard[-1].planned == len(found.visits)


def test_the_progress_of_many_days_is_told() -> None:
    given = problem([task(1), task(2, 5)], [shift(), shift(start=1920, end=2460)])
    heard: list[Progress] = []
    solve_days(given, FEW, heard.append)
    assert [progress.share for progress in heard] == pytest.approx([0.225, 0.45, 0.95, 1.0])
    assert heard[-1].planned == 2


def test_lunch_comes_after_the_visit_that_is_under_way_at_noon() -> None:
    full = [task(number, minutes=90) for number in range(5)]
    found = solve(problem(full, [shift(rest=lunch())]), ROUNDS)
    times = sorted((visit.start, visit.end) for visit in found.visits)
    assert times == [(480, 570), (570, 660), (660, 750), (810, 900), (900, 990)]


def test_a_window_within_lunch_moves_lunch() -> None:
    asked = task(1, windows=(Window(NOON, NOON),))
    found = solve(problem([asked, task(2, minutes=200)], [shift(rest=lunch())]), ROUNDS)
    assert starts(found)[1] == ("A", NOON)
    assert len(found.visits) == 2


def test_people_with_other_lunch_hours_are_planned_too() -> None:
    people = [shift("A", rest=lunch()), shift("B", rest=lunch(780, 840)), shift("C")]
    given = problem([task(number, minutes=110) for number in range(12)], people)
    found = solve(given, ROUNDS)
    assert check(given, found) == []
    assert len(found.visits) == 12


def test_what_is_locked_stays() -> None:
    fixed = task(1, 30, locked=Appointment("B", 600))
    given = problem([fixed, *(task(n) for n in range(2, 9))], [shift("A"), shift("B")])
    assert starts(solve(given, ROUNDS))[1] == ("B", 600)


def test_of_two_that_are_locked_to_the_same_minute_the_more_important_stays() -> None:
    both = [task(n, priority=p, locked=Appointment("A", 600)) for n, p in ((1, 3), (2, 1))]
    found = solve(problem(both, [shift()]), ROUNDS)
    assert starts(found) == {2: ("A", 600)}
    assert reasons(found) == {1: "locked_impossible"}


def test_a_due_time_is_met_where_that_can_be() -> None:
    far = [task(n, 1, minutes=60) for n in range(2, 6)]
    given = problem([task(1, 20, due=EIGHT + 25), *far], [shift()])
    assert starts(solve(given, ROUNDS))[1] == ("A", EIGHT + 20)


@pytest.mark.parametrize(("is_hard", "late", "left_out"), [(False, 1, 0), (True, 0, 1)])
def test_a_due_time_that_cannot_be_met(is_hard: bool, late: int, left_out: int) -> None:
    given = problem([task(1, 20, due=EIGHT + 5, is_due_hard=is_hard)], [shift()])
    found = solve(given, ROUNDS)
    assert (found.measures.late, found.measures.left_out) == (late, left_out)


def test_who_was_told_is_disturbed_little_when_somebody_drops_out() -> None:
    given = day(4, jobs=50, people=8, size=(10, 10))
    before = solve(given, ROUNDS)
    lost = sum(visit.technician == "T05" for visit in before.visits)
    morning = without(given, before, "T05")
    after = solve(morning, ROUNDS)
    anew = solve(replace(morning, prices=Prices(other_technician=0, other_time=0)), ROUNDS)
    assert lost
    assert after.measures.other_technician < 2 * lost
    assert after.measures.other_technician < anew.measures.other_technician


def test_nothing_leaves_with_a_conflict() -> None:
    given = problem([task(1), task(2)], [shift()])
    bad = Plan((visit(1, 480, 510), visit(2, 490, 520)))
    assert check(given, bad)
    found = checked(given, bad)
    assert check(given, found) == []
    assert (list(starts(found)), reasons(found)) == ([1], {2: "no_room"})


def test_nothing_to_do() -> None:
    assert solve(problem([], []), FEW) == Plan()
    assert solve(problem([], [shift()]), FEW) == Plan()
    assert solve_days(problem([], []), FEW) == Plan()


MANY = [task(number, number % 40) for number in range(500)]
LEFT_OUT: list[tuple[Task, dict[str, Any], str]] = [
    (task(1, None), {}, "place_unknown"),
    (task(1, 99), {}, "place_unknown"),
    (task(1, windows=(Window(600, 500),)), {}, "window_over"),
    (task(1, windows=(Window(300, 400),)), {}, "window_over"),
    (task(1, due=400, is_due_hard=True), {}, "due_over"),
    (task(1, needs=frozenset({"gas"})), {}, "nobody_qualified"),
    (task(1, allowed=frozenset({"B"})), {}, "nobody_qualified"),
    (task(1, windows=(Window(2000, 2100),)), {}, "nobody_on_duty"),
    (task(1), {"end": EIGHT}, "nobody_on_duty"),
    (task(1), {"end": EIGHT - 60}, "nobody_on_duty"),
    (task(1, minutes=600), {}, "does_not_fit"),
    (task(1, 39), {"end": EIGHT + 60}, "does_not_fit"),
    (task(1, 30, locked=Appointment("A", EIGHT)), {}, "locked_impossible"),
    (task(1, locked=Appointment("A", FIVE + 60)), {}, "locked_impossible"),
    (task(1, 39, worth=5), {}, "not_worth"),
    (task(1, 39, reach=38), {}, "too_far"),
]


@pytest.mark.parametrize(("given", "more", "reason"), LEFT_OUT)
def test_the_reason_why_a_task_is_left_out(given: Task, more: dict[str, Any], reason: str) -> None:
    found = solve(problem([given], [shift(**more)]), FEW)
    assert reasons(found) == {1: reason}
    assert reasons(solve_days(problem([given], [shift(**more)]), FEW)) == {1: reason}


def test_five_hundred_tasks_and_nobody_on_duty() -> None:
    found = solve(problem(MANY, []), FEW)
    assert set(reasons(found).values()) == {"nobody_on_duty"}
    assert len(found.left_out) == 500


def test_a_full_shift_says_how_many_could_have_come() -> None:
    found = solve(problem([task(n, minutes=200) for n in range(5)], [shift("A"), shift("B")]), FEW)
    (left_out,) = found.left_out
    assert (left_out.reason, left_out.able) == (Reason.NO_ROOM, 2)


def test_the_more_important_has_the_room() -> None:
    given = [task(1, minutes=400), task(2, minutes=400, priority=2), task(3, 5, 400, priority=1)]
    assert list(starts(solve(problem(given, [shift()]), ROUNDS))) == [3]


def test_a_drive_is_the_straight_line_with_a_detour() -> None:
    roads = Roads(kmh=30, detour=1.35, parking=3)
    here, there = Place(31.2, 121.4), Place(31.2 + 10 / 111.2, 121.4)
    assert roads.between([here], [here, there]).tolist() == [[0, 30]]
    somewhere = Place(31.2, 121.4, spread_km=3)
    assert roads.between([somewhere], [somewhere]).tolist() == [[12]]


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="minutes 0"):
        task(1, minutes=0)
    with pytest.raises(ValueError, match="twice"):
        problem([task(1), task(1)], [])
    with pytest.raises(ValueError, match="without an end"):
        Limit()


def test_visits_begin_on_quarters_unless_a_window_forces_them() -> None:
    asked = [task(1, 7), task(2, 9, 40), task(3, 9, windows=(Window(605, 610),))]
    found = starts(solve(problem(asked, [shift()], grid=15), ROUNDS))
    assert found[3] == ("A", 605)
    assert {found[1][1] % 15, found[2][1] % 15} == {0}


def test_what_is_too_far_from_the_start_is_reached_from_the_job_before() -> None:
    asked = [task(1, 20, reach=20), task(2, 35, reach=20)]
    assert starts(solve(problem(asked, [shift()]), ROUNDS)) == {1: ("A", 500), 2: ("A", 545)}
    alone = solve(problem(asked[1:], [shift()]), ROUNDS)
    assert reasons(alone) == {2: "too_far"}
    told = task(2, 35, reach=20, locked=Appointment("A", 600))
    assert starts(solve(problem([told], [shift()]), ROUNDS)) == {2: ("A", 600)}


def test_a_guessed_place_is_never_too_far() -> None:
    home, there = Place(31.2, 121.4), Place(31.2 + 10 / 111.2, 121.4)
    for place, is_planned in ((there, False), (replace(there, spread_km=4.0), True)):
        on_duty = (shift(start_place=home, end_place=home),)
        given = Problem((task(1, place, reach=29),), on_duty, Roads())  # type: ignore[arg-type]
        assert bool(solve(given, FEW).visits) is is_planned


@pytest.mark.parametrize("grid", [1, 15])
def test_the_model_reckons_as_the_board_does(grid: int) -> None:
    ready = prepare(replace(day(1, jobs=60, people=7), grid=grid))
    model = build(ready, list(range(7)), list(ready.stops), set())
    assert model is not None
    found = pyvrp.solve(model.data, MaxIterations(60), 1, collect_stats=False, params=tuned()).best
    board = Board(ready)
    put_on(board, model, found)
    assert found.is_feasible()
    assert len(board.held) == sum(route.num_clients() for route in found.routes())
    assert board.measures().travel * 60 == found.distance()
    assert board.measures().overtime * 60 == sum(route.overtime() for route in found.routes())
