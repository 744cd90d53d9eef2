"""The checker finds each kind of conflict in a plan that was made badly by hand."""

import pytest

from core.planning.check import Conflict, check
from core.planning.problem import Appointment, LeftOut, Plan, Reason, Task, Visit, Window, lunch
from tests.planned_days import FIVE, plan, problem, shift, task, visit

ONE = task(1, 10)


def kinds(tasks: list[Task], *visits: Visit, **more: object) -> set[Conflict]:
    given = problem(tasks, [shift(**more), shift("B", qualifications=frozenset({"gas"}))])
    return {found.kind for found in check(given, plan(*visits))}


def test_a_good_plan_has_none() -> None:
    assert kinds([ONE, task(2, 20)], visit(1, 490, 520), visit(2, 530, 560)) == set()


@pytest.mark.parametrize(
    ("tasks", "visits", "kind"),
    [
        ([ONE], [visit(1, 490, 520), visit(2, 600, 630)], Conflict.UNKNOWN),
        ([task(1, None)], [visit(1, 490, 520)], Conflict.UNKNOWN),
        ([ONE], [visit(1, 490, 520), visit(1, 600, 630)], Conflict.TWICE),
        ([ONE, task(2)], [visit(1, 490, 520)], Conflict.FORGOTTEN),
        ([ONE, task(2, 10)], [visit(1, 490, 520), visit(2, 510, 540)], Conflict.DOUBLE_BOOKING),
        ([ONE, task(2, 20)], [visit(1, 490, 520), visit(2, 529, 559)], Conflict.TOO_SOON),
        ([ONE], [visit(1, 489, 519)], Conflict.TOO_SOON),
        ([ONE], [visit(1, 400, 430)], Conflict.OUTSIDE_SHIFT),
        ([ONE], [visit(1, 490, 520, "C")], Conflict.OUTSIDE_SHIFT),
        ([ONE], [visit(1, FIVE - 39, FIVE - 9)], Conflict.OUTSIDE_SHIFT),
        ([task(1, 10, windows=(Window(500, 540),))], [visit(1, 541, 571)], Conflict.OUTSIDE_WINDOW),
        ([task(1, needs=frozenset({"gas"}))], [visit(1, 500, 530)], Conflict.NOT_QUALIFIED),
        ([task(1, allowed=frozenset({"B"}))], [visit(1, 500, 530)], Conflict.NOT_QUALIFIED),
        ([task(1, locked=Appointment("B", 500))], [visit(1, 500, 530)], Conflict.LOCKED_MOVED),
        ([task(1, locked=Appointment("A", 505))], [visit(1, 500, 530)], Conflict.LOCKED_MOVED),
        ([task(1, due=499, is_due_hard=True)], [visit(1, 500, 530)], Conflict.DUE_MISSED),
        ([ONE], [visit(1, 490, 530)], Conflict.WRONG_LENGTH),
        ([task(1, 10, reach=9)], [visit(1, 490, 520)], Conflict.TOO_FAR),
        ([ONE, task(2, 31, reach=20)], [visit(1, 490, 520), visit(2, 600, 630)], Conflict.TOO_FAR),
    ],
)
def test_each_kind_of_conflict(tasks: list[Task], visits: list[Visit], kind: Conflict) -> None:
    assert kinds(tasks, *visits) == {kind}


def test_a_soft_due_time_is_no_conflict() -> None:
    assert kinds([task(1, due=499)], visit(1, 500, 530)) == set()


def test_a_task_that_is_planned_and_left_out() -> None:
    bad = Plan((visit(1, 490, 520),), (LeftOut(1, Reason.NO_ROOM),))
    assert [found.kind for found in check(problem([ONE], [shift()]), bad)] == [Conflict.TWICE]


@pytest.mark.parametrize(
    ("first", "second", "is_free"),
    [
        ((600, 720), (780, 840), True),
        ((600, 720), (779, 839), False),  # 59 minutes
        ((600, 690), (750, 900), True),  # lunch at 11:30
        ((580, 689), (749, 900), False),  # at 11:29
        ((600, 810), (870, 900), True),  # at 13:30
        ((600, 811), (900, 930), False),  # after 13:30
    ],
)
def test_the_break_must_be_free(
    first: tuple[int, int], second: tuple[int, int], is_free: bool
) -> None:
    tasks = [task(1, minutes=first[1] - first[0]), task(2, minutes=second[1] - second[0])]
    found = kinds(tasks, visit(1, *first), visit(2, *second), rest=lunch())
    assert found == (set() if is_free else {Conflict.IN_BREAK})


def test_the_drive_does_not_count_as_break() -> None:
    tasks = [task(1, minutes=120), task(2, 20, minutes=30)]
    assert kinds(tasks, visit(1, 600, 720), visit(2, 799, 829), rest=lunch()) == {Conflict.IN_BREAK}
    assert kinds(tasks, visit(1, 600, 720), visit(2, 800, 830), rest=lunch()) == set()
