"""A problem made ready to reckon with: what nobody can do is set aside with its reason."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from core.planning.problem import (
    Appointment,
    Id,
    LeftOut,
    Problem,
    Reason,
    Shift,
    Task,
    Visit,
    Window,
)
from core.planning.travel import Minutes, Where, is_exact

Windows = tuple[tuple[int, int], ...]
NEVER = 1 << 40
TOO_FAR = 100_000  # minutes; longer than all that is planned at once


@dataclass(frozen=True, slots=True)
class Stop:
    """A task as a route knows it, at what beginning in these windows costs."""

    task: int
    minutes: int
    windows: Windows
    cost: int
    grid: int = 1

    def first_start(self, ready: int) -> int:
        """The first moment from `ready` on at which it may begin, on the grid if that can be."""
        for start, end in self.windows:
            if ready <= end:
                at = max(ready, start)
                on_grid = -(-at // self.grid) * self.grid
                return on_grid if on_grid <= end else at
        return NEVER


@dataclass
class Sorted:
    """What each task may be done by and when; what nobody can do is refused."""

    problem: Problem
    shifts: list[Shift]
    able: dict[int, list[int]] = field(default_factory=dict)  # task: shifts that may and can
    stops: dict[int, list[Stop]] = field(default_factory=dict)  # task: dearer and wider each
    refused: dict[int, LeftOut] = field(default_factory=dict)
    known: dict[object, list[int]] = field(default_factory=dict)  # qualified, by what is asked
    spans: list[tuple[int, int]] = field(default_factory=list)
    span: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        self.spans = [(shift.start, shift.latest) for shift in self.shifts]
        starts, ends = [each[0] for each in self.spans], [each[1] for each in self.spans]
        self.span = min(starts, default=0), max(ends, default=0)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """All tasks; their number is also the row of their place."""
        return self.problem.tasks

    def worth(self, task: int) -> int:
        """What leaving it out costs."""
        return self.problem.worth(self.tasks[task])


@dataclass
class Prepared(Sorted):
    """With a table of minutes between all places: those of the tasks, then those of the shifts."""

    matrix: Minutes = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    minutes: list[list[int]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)  # for each shift the row of its first place
    ends: list[int] = field(default_factory=list)

    def change(self, task: int, shift: int) -> int:
        """What it costs that somebody else comes than was told."""
        told = self.tasks[task].told
        is_other = told is not None and told.technician != self.shifts[shift].technician
        return self.problem.prices.other_technician if is_other else 0


def sort_out(problem: Problem) -> Sorted:
    """Set aside what cannot be, without a look at the roads."""
    found = Sorted(problem, usable(problem))
    for number in range(len(problem.tasks)):
        _admit(found, number)
    return found


def prepare(problem: Problem) -> Prepared:
    """Set aside what cannot be, and reckon all drives once."""
    found = sort_out(problem)
    shifts = found.shifts
    known = [task.place for task in problem.tasks if problem.travel.knows(task.place)]
    # An unknown place gets a row, too, so that the number of a task is its row.
    spare = known[0] if known else shifts[0].start_place if shifts else None
    if spare is None:
        return Prepared(problem, shifts, found.able, found.stops, found.refused)
    places: list[Where] = [
        task.place if task.place is not None and problem.travel.knows(task.place) else spare
        for task in problem.tasks
    ]
    rows: dict[Where, int] = {}  # of their own: a way home is never too far
    for place in (place for shift in shifts for place in (shift.start_place, shift.end_place)):
        if rows.setdefault(place, len(places)) == len(places):
            places.append(place)
    matrix = _within_reach(problem, problem.travel.between(places, places), places)
    return Prepared(
        problem,
        shifts,
        found.able,
        found.stops,
        found.refused,
        matrix=matrix,
        minutes=matrix.tolist(),
        starts=[rows[shift.start_place] for shift in shifts],
        ends=[rows[shift.end_place] for shift in shifts],
    )


def _within_reach(problem: Problem, matrix: Minutes, places: list[Where]) -> Minutes:
    """The drives, with those to a task that is too far from there longer than any day."""
    exact = np.array([is_exact(place) for place in places], dtype=bool)
    for row, task in enumerate(problem.tasks):
        if task.reach is not None and task.locked is None and exact[row]:
            drives = matrix[:, row]
            drives[exact & (drives > task.reach)] = TOO_FAR
    return matrix


def usable(problem: Problem) -> list[Shift]:
    """Shifts with a length and a place, cut so that nobody is on duty twice at a time."""
    by_technician: dict[Id, list[Shift]] = defaultdict(list)
    knows = problem.travel.knows
    for shift in sorted(problem.shifts, key=lambda shift: (shift.start, -shift.end)):
        held = by_technician[shift.technician]
        is_whole = shift.start < shift.end and knows(shift.start_place) and knows(shift.end_place)
        if is_whole and (not held or held[-1].end <= shift.start):
            held.append(shift)
    return [cut for held in by_technician.values() for cut in _without_overlap(held)]


def _without_overlap(held: list[Shift]) -> Iterator[Shift]:
    for shift, following in pairwise(held):
        yield replace(shift, overtime=min(shift.overtime, following.start - shift.end))
    yield from held[-1:]


def is_qualified(task: Task, shift: Shift) -> bool:
    """Whether this technician may do it on that day."""
    if task.locked is not None and task.locked.technician != shift.technician:
        return False
    if task.allowed is not None and shift.technician not in task.allowed:
        return False
    return task.needs <= shift.qualifications


def holds(shift: Shift, visit: Visit) -> bool:
    """Whether a visit is in a shift."""
    is_on = shift.start <= visit.start and visit.end <= shift.latest
    return shift.technician == visit.technician and is_on


def windows_of(task: Task, first: int, last: int) -> Windows:
    """When the visit may begin, between two moments, in order."""
    if task.locked is not None:
        return ((task.locked.start, task.locked.start),)
    end = task.due if task.is_due_hard and task.due is not None else last
    given = task.windows or (Window(first, last),)
    cut = [(max(each.start, first), min(each.end, last, end)) for each in given]
    return _merged((start, end) for start, end in cut if start <= end)


def _merged(windows: Iterable[tuple[int, int]]) -> Windows:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def start_cost(problem: Problem, task: Task, start: int) -> int:
    """What beginning then costs: late, or at another time than was told."""
    if task.locked is not None:
        return 0
    cost = 0
    if task.due is not None and start > task.due:
        cost += problem.prices.late[task.priority - 1]
    if task.told is not None and is_moved(problem, task.told, start):
        cost += problem.prices.other_time
    return cost


def is_moved(problem: Problem, told: Appointment, start: int) -> bool:
    """Whether somebody who was told another time must be called."""
    return abs(start - told.start) > problem.prices.told_slack


def stops_of(problem: Problem, number: int, windows: Windows) -> list[Stop]:
    """The task with its windows at each price, the cheapest first; dearer ones contain it."""
    task = problem.tasks[number]
    cuts: set[int] = set()
    if task.due is not None:
        cuts.add(task.due + 1)
    if task.told is not None:
        slack = problem.prices.told_slack
        cuts |= {task.told.start - slack, task.told.start + slack + 1}
    pieces: list[tuple[int, tuple[int, int]]] = []
    for start, end in windows:
        edges = [start, *sorted(cut for cut in cuts if start < cut <= end), end + 1]
        for low, high in pairwise(edges):
            pieces.append((start_cost(problem, task, low), (low, high - 1)))
    return [
        Stop(
            number,
            task.minutes,
            _merged(window for each, window in pieces if each <= cost),
            cost,
            problem.grid,
        )
        for cost in sorted({cost for cost, _ in pieces})
    ]


def _admit(ready: Sorted, number: int) -> None:
    problem, task = ready.problem, ready.tasks[number]
    if not problem.travel.knows(task.place):
        ready.refused[number] = LeftOut(task.id, Reason.PLACE_UNKNOWN)
        return
    if not ready.shifts:
        ready.refused[number] = LeftOut(task.id, Reason.NOBODY_ON_DUTY)
        return
    windows = windows_of(task, *ready.span)
    qualified = _qualified(ready, task)
    able = [i for i in qualified if _overlaps(windows, *ready.spans[i])]
    if reason := _refusal(task, windows, qualified, able, ready.span):
        able_people = len({ready.shifts[i].technician for i in qualified})
        ready.refused[number] = LeftOut(task.id, reason, able_people)
        return
    ready.able[number] = able
    ready.stops[number] = stops_of(problem, number, windows)


def _qualified(ready: Sorted, task: Task) -> list[int]:
    who = task.locked.technician if task.locked is not None else None
    key = task.needs, task.allowed, who
    if key not in ready.known:
        found = [i for i, shift in enumerate(ready.shifts) if is_qualified(task, shift)]
        ready.known[key] = found
    return ready.known[key]


def _overlaps(windows: Windows, first: int, last: int) -> bool:
    return any(start <= last and first <= end for start, end in windows)


def _refusal(
    task: Task, windows: Windows, qualified: list[int], able: list[int], span: tuple[int, int]
) -> Reason | None:
    if not windows:
        hurried = replace(task, is_due_hard=False)
        if windows_of(hurried, *span):
            return Reason.DUE_OVER
        is_ahead = any(span[1] < each.start <= each.end for each in task.windows)
        return Reason.NOBODY_ON_DUTY if is_ahead else Reason.WINDOW_OVER
    if not qualified:
        return Reason.NOBODY_QUALIFIED
    if not able:
        return Reason.LOCKED_IMPOSSIBLE if task.locked else Reason.NOBODY_ON_DUTY
    return None
