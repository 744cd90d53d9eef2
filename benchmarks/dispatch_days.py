"""Days and fortnights to plan, put together by chance and the same for the same seed."""

import math
import random
import sys
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.planning.problem import (
    DAY,
    Appointment,
    Id,
    Plan,
    Problem,
    Shift,
    Task,
    Window,
    lunch,
)
from core.planning.travel import Place, Roads

KM = 111.2
ROADS = Roads(kmh=30, detour=1.35, parking=3)
SKILLS = ["S0", "S1", "S2", "S3", "S4", "S5"]
ASKED = [0.35, 0.25, 0.15, 0.12, 0.08, 0.05]
HAS = [0.9, 0.7, 0.5, 0.4, 0.3, 0.2]
CERTIFICATES = ["E", "G"]
SHIFTS = [(510, 1050), (480, 1020), (540, 1080)]
TWO_HOURS = [8, 9, 10, 11, 13, 14, 15, 16]
Point = tuple[float, float]


@dataclass
class Area:
    """Stations and town centres in a rectangle of some kilometres."""

    rng: random.Random
    width: float
    height: float
    stations: list[Point]
    towns: list[Point]

    def spot(self) -> Point:
        if self.rng.random() < 0.7:
            x, y = self.rng.choice(self.towns)
            return self.rng.gauss(x, 2.5), self.rng.gauss(y, 2.5)
        return self.rng.uniform(0, self.width), self.rng.uniform(0, self.height)


def area(rng: random.Random, width: float, height: float, stations: int) -> Area:
    def inside(share: float) -> Point:
        low = (1 - share) / 2
        return (
            rng.uniform(low * width, (1 - low) * width),
            rng.uniform(low * height, (1 - low) * height),
        )

    return Area(
        rng,
        width,
        height,
        [inside(0.7) for _ in range(stations)],
        [inside(1) for _ in range(4 * stations)],
    )


def place(point: Point, spread: float = 0.0) -> Place:
    x, y = point
    return Place(31.2 + y / KM, 121.4 + x / KM / math.cos(math.radians(31.2)), spread)


def job_place(within: Area) -> tuple[Point, Place]:
    """A quarter is known by its district only: the middle of a square of 5 km."""
    point = within.spot()
    if within.rng.random() < 0.25:
        point = (point[0] // 5 * 5 + 2.5, point[1] // 5 * 5 + 2.5)
        return point, place(point, 0.58 * 5)
    return point, place(point)


def shift_of(within: Area, number: int, station: int, day: int) -> Shift:
    """A technician of a station; the first is away after noon."""
    rng = within.rng
    home = within.stations[station]
    if rng.random() < 1 / 3:
        home = (rng.gauss(home[0], 6), rng.gauss(home[1], 6))
    can = {skill for skill, share in zip(SKILLS, HAS, strict=True) if rng.random() < share}
    can |= {each for each in CERTIFICATES if rng.random() < 0.5 and rng.random() < 0.9}
    start, end = rng.choices(SHIFTS, [0.6, 0.2, 0.2])[0]
    overtime = rng.choice([0, 60, 60, 120])
    if number == 0 and day >= 0:
        end, overtime = 720, 0
    return Shift(
        f"T{number:02}",
        start,
        end,
        place(home),
        place(home),
        lunch(),
        overtime,
        frozenset(can),
        f"N{station}",
    )


def task_of(within: Area, number: int) -> tuple[Point, Task]:
    rng = within.rng
    point, where = job_place(within)
    needs = {rng.choices(SKILLS, ASKED)[0]}
    if rng.random() < 0.2:
        needs.add(rng.choice(CERTIFICATES))
    windows: tuple[Window, ...] = ()
    kind = rng.random()
    if kind < 0.3:
        windows = (rng.choice([Window(510, 720), Window(780, 1050)]),)
    elif kind < 0.6:
        hour = rng.choice(TWO_HOURS)
        windows = (Window(60 * hour, 60 * hour + 120),)
    return point, Task(
        number,
        where,
        rng.choices([20, 30, 45, 60, 90], [0.2, 0.3, 0.3, 0.15, 0.05])[0],
        windows,
        due=rng.randint(600, 1050) if rng.random() < 0.3 else None,
        priority=rng.choices([1, 2, 3], [0.1, 0.3, 0.6])[0],
        needs=frozenset(needs),
    )


def day(seed: int, jobs: int = 120, people: int = 15, size: Point = (25, 20)) -> Problem:
    """A day of one company with three stations."""
    rng = random.Random(seed)
    within = area(rng, *size, 3)
    shifts = [shift_of(within, number, number % 3, 0) for number in range(people)]
    tasks = [task_of(within, number)[1] for number in range(jobs)]
    tasks = [pinned(rng, task, shifts) for task in tasks]
    return Problem(tuple(locked(rng, tasks, shifts)), tuple(shifts), ROADS)


def without(problem: Problem, plan: Plan, who: Id) -> Problem:
    """The same day after everybody was told, and somebody dropped out."""
    was = {visit.task: Appointment(visit.technician, visit.start) for visit in plan.visits}
    tasks = tuple(replace(each, told=was.get(each.id), locked=None) for each in problem.tasks)
    shifts = tuple(each for each in problem.shifts if each.technician != who)
    return replace(problem, tasks=tasks, shifts=shifts)


def pinned(rng: random.Random, task: Task, shifts: list[Shift]) -> Task:
    """One in twenty wants the same technician as last time."""
    if rng.random() >= 0.05:
        return task
    return replace(task, allowed=frozenset([rng.choice(shifts).technician]))


def locked(rng: random.Random, tasks: list[Task], shifts: list[Shift]) -> list[Task]:
    """One in twenty is fixed to somebody's quarter of an hour; one for each at most."""
    free = list(shifts[1:])
    made = []
    for task in tasks:
        able = [
            each
            for each in free
            if task.needs <= each.qualifications
            and (task.allowed is None or each.technician in task.allowed)
        ]
        if able and rng.random() < 0.05:
            who = rng.choice(able)
            free.remove(who)
            window = task.windows[0] if task.windows else Window(570, 930)
            start = rng.randrange(max(window.start, 570), min(window.end, 930) + 1, 15)
            start = start if not 640 < start < 780 else 780
            task = replace(task, locked=Appointment(who.technician, start))
        made.append(task)
    return made


def fortnight(
    seed: int = 5, jobs: int = 4000, people: int = 50, days: int = 14, stations: int = 10
) -> Problem:
    """Two weeks of a company with ten stations; each person has two days off of seven."""
    rng = random.Random(seed)
    within = area(rng, 120, 90, stations)
    made = [task_of(within, number) for number in range(jobs)]
    crew = crews(within, [point for point, _ in made], people)
    base = [shift_of(within, number, station, -1) for number, station in enumerate(crew)]
    off = [rng.sample(range(7), 2) for _ in base]
    shifts = [
        moved(shift, each)
        for each in range(days)
        for shift, free in zip(base, off, strict=True)
        if each % 7 not in free
    ]
    tasks = [spread(rng, within, *each, base, days) for each in made]
    return Problem(tuple(tasks), tuple(shifts), ROADS)


def nearest(points: list[Point], to: Point) -> int:
    return min(range(len(points)), key=lambda i: math.dist(points[i], to))


def crews(within: Area, jobs: list[Point], people: int) -> list[int]:
    """The station of each person: shared out by the jobs near the stations."""
    demand = [0] * len(within.stations)
    for point in jobs:
        demand[nearest(within.stations, point)] += 1
    given = [0] * len(demand)
    for _ in range(people):
        station = max(range(len(demand)), key=lambda i: demand[i] / (given[i] + 0.5))
        given[station] += 1
    return [station for station, count in enumerate(given) for _ in range(count)]


def moved(shift: Shift, days: int) -> Shift:
    minutes = days * DAY
    rest = None if shift.rest is None else shift.rest.moved(minutes)
    return replace(shift, start=shift.start + minutes, end=shift.end + minutes, rest=rest)


def spread(
    rng: random.Random, within: Area, point: Point, task: Task, base: list[Shift], days: int
) -> Task:
    """A third of the windows is dropped; each task is due on a day."""
    minutes = rng.randrange(days) * DAY
    windows = task.windows if rng.random() > 1 / 3 else ()
    allowed = None
    if rng.random() < 0.05:
        station = f"N{nearest(within.stations, point)}"
        near = [each.technician for each in base if each.station == station]
        allowed = frozenset([rng.choice(near or [base[0].technician])])
    return replace(
        task,
        windows=tuple(Window(w.start + minutes, w.end + minutes) for w in windows),
        due=minutes + DAY - 1,
        allowed=allowed,
    )
