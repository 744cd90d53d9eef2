"""Small days to plan: a road where a kilometre is a minute, and tasks along it."""

from typing import Any

from hypothesis import strategies as st

from core.planning.problem import (
    DAY,
    Appointment,
    Break,
    Plan,
    Problem,
    Shift,
    Task,
    Visit,
    Window,
    lunch,
)
from core.planning.travel import Table

LENGTH = 40
ROAD = Table(tuple(tuple(abs(a - b) for b in range(LENGTH)) for a in range(LENGTH)))
EIGHT, NOON, FIVE = 480, 720, 1020


def task(id: int, place: int | None = 0, minutes: int = 30, **more: Any) -> Task:
    return Task(id, place, minutes, **more)


def shift(technician: str = "A", start: int = EIGHT, end: int = FIVE, **more: Any) -> Shift:
    more = {"start_place": 0, "end_place": 0, **more}
    return Shift(technician, start, end, **more)


def problem(tasks: list[Task], shifts: list[Shift], **more: Any) -> Problem:
    return Problem(tuple(tasks), tuple(shifts), ROAD, **more)


def visit(task: int, start: int, end: int, technician: str = "A") -> Visit:
    return Visit(task, technician, start, end, 0)


def plan(*visits: Visit) -> Plan:
    return Plan(visits)


def starts(plan: Plan) -> dict[Any, tuple[Any, int]]:
    return {visit.task: (visit.technician, visit.start) for visit in plan.visits}


def reasons(plan: Plan) -> dict[Any, str]:
    return {each.task: str(each.reason) for each in plan.left_out}


MOMENTS = st.integers(-100, 2 * DAY)
CODES = st.frozensets(st.sampled_from(["gas", "high"]), max_size=2)
PEOPLE = st.sampled_from(["A", "B", "C"])
PLACES = st.integers(0, LENGTH - 1)
APPOINTMENTS = st.builds(Appointment, PEOPLE, st.integers(400, 1100))


@st.composite
def breaks(draw: st.DrawFn, day: int) -> Break | None:
    kind = draw(st.sampled_from(["none", "noon", "noon", "later"]))
    if kind == "none":
        return None
    rest = lunch() if kind == "noon" else lunch(750, 795, (15, 30))
    return rest.moved(day * DAY)


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    day = draw(st.integers(0, 1))
    start = day * DAY + draw(st.sampled_from([480, 510, 540, 720, 780, 1320]))
    length = draw(st.sampled_from([-60, 0, 30, 240, 480, 540]))
    return Shift(
        draw(PEOPLE),
        start,
        start + length,
        draw(PLACES | st.just(99)) if draw(st.integers(0, 9)) == 0 else draw(PLACES),
        draw(PLACES),
        draw(breaks(day)),
        draw(st.sampled_from([0, 0, 60, 120])),
        draw(CODES),
        draw(st.sampled_from(["north", "south"])),
    )


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = draw(st.integers(400, 1100) | MOMENTS)
    return Window(start, start + draw(st.sampled_from([-30, 0, 30, 120, 240])))


@st.composite
def tasks(draw: st.DrawFn, id: int) -> Task:
    return Task(
        id,
        draw(st.none() | PLACES) if draw(st.integers(0, 9)) == 0 else draw(PLACES),
        draw(st.sampled_from([1, 20, 45, 90, 150, 600])),
        tuple(draw(st.lists(windows(), max_size=2))),
        draw(st.none() | st.integers(450, 1100) | MOMENTS),
        draw(st.booleans()),
        draw(st.sampled_from([1, 2, 3])),
        draw(CODES) if draw(st.booleans()) else frozenset(),
        draw(st.none() | st.none() | st.frozensets(PEOPLE)),
        draw(st.none() | st.none() | st.none() | APPOINTMENTS),
        draw(st.none() | st.none() | APPOINTMENTS),
        draw(st.none() | st.none() | st.none() | st.integers(0, 100)),
        draw(st.none() | st.none() | st.integers(0, LENGTH)),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    count = draw(st.integers(0, 12))
    on_duty = draw(st.lists(shifts(), max_size=5))
    found = [draw(tasks(id)) for id in range(count)]
    return problem(found, on_duty, grid=draw(st.sampled_from([1, 15])))
