"""What is wrong with a plan, found from the problem alone and not by who made it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.planning.prepared import is_qualified, usable
from core.planning.problem import Break, Id, Plan, Problem, Shift, Task, Visit
from core.planning.travel import Where, is_exact


class Conflict(StrEnum):
    """What must not be in a plan."""

    UNKNOWN = "unknown"  # no such task, or nobody can drive there
    TWICE = "twice"  # planned twice, or planned and left out
    FORGOTTEN = "forgotten"  # neither planned nor left out
    DOUBLE_BOOKING = "double_booking"
    TOO_SOON = "too_soon"  # the drive takes longer
    OUTSIDE_SHIFT = "outside_shift"
    IN_BREAK = "in_break"  # no room for the break
    OUTSIDE_WINDOW = "outside_window"
    NOT_QUALIFIED = "not_qualified"
    LOCKED_MOVED = "locked_moved"
    DUE_MISSED = "due_missed"  # a hard one
    WRONG_LENGTH = "wrong_length"
    TOO_FAR = "too_far"  # from where the technician comes


@dataclass(frozen=True)
class Found:
    """A conflict and the task that it is about."""

    kind: Conflict
    task: Id


def check(problem: Problem, plan: Plan) -> list[Found]:
    """All conflicts; an empty list says that the plan can be driven."""
    tasks = {task.id: task for task in problem.tasks}
    planned = Counter(visit.task for visit in plan.visits)
    named = planned + Counter(each.task for each in plan.left_out)
    found = [Found(Conflict.TWICE, id) for id, times in named.items() if times > 1]
    found += [Found(Conflict.UNKNOWN, id) for id in named if id not in tasks]
    found += [Found(Conflict.FORGOTTEN, id) for id in tasks if id not in named]
    shifts = usable(problem)
    by_shift: dict[int, list[Visit]] = defaultdict(list)
    for visit in plan.visits:
        task = tasks.get(visit.task)
        number = _shift_of(shifts, visit)
        if task is not None and not problem.travel.knows(task.place):
            found.append(Found(Conflict.UNKNOWN, visit.task))
        elif task is not None:
            shift = None if number is None else shifts[number]
            found += [Found(kind, visit.task) for kind in _alone(task, visit, shift)]
            if number is not None:
                by_shift[number].append(visit)
    for number, visits in by_shift.items():
        found += _in_order(problem, shifts[number], visits, tasks)
    return found


def _shift_of(shifts: list[Shift], visit: Visit) -> int | None:
    """The shift in which a visit begins; after it, where another begins at once, that one."""
    return max(
        (
            number
            for number, shift in enumerate(shifts)
            if shift.technician == visit.technician and shift.start <= visit.start <= shift.latest
        ),
        key=lambda number: shifts[number].start,
        default=None,
    )


def _alone(task: Task, visit: Visit, shift: Shift | None) -> Iterator[Conflict]:
    if shift is None:
        yield Conflict.OUTSIDE_SHIFT
    elif task.locked is None and not is_qualified(task, shift):
        yield Conflict.NOT_QUALIFIED
    if visit.end != visit.start + task.minutes:
        yield Conflict.WRONG_LENGTH
    if task.locked is not None:
        if (visit.technician, visit.start) != (task.locked.technician, task.locked.start):
            yield Conflict.LOCKED_MOVED
        return
    windows = task.windows
    if windows and not any(each.start <= visit.start <= each.end for each in windows):
        yield Conflict.OUTSIDE_WINDOW
    if task.is_due_hard and task.due is not None and visit.start > task.due:
        yield Conflict.DUE_MISSED


def _in_order(
    problem: Problem, shift: Shift, visits: list[Visit], tasks: dict[Id, Task]
) -> Iterator[Found]:
    """Whether one shift's visits can be driven one after another, with the break between."""
    visits = sorted(visits, key=lambda visit: (visit.start, visit.end))
    at, ready = shift.start_place, shift.start
    gaps: list[tuple[int, int, int]] = []
    for position, visit in enumerate(visits):
        place = tasks[visit.task].place
        travel = _minutes(problem, at, place)
        if position and visit.start < ready:
            yield Found(Conflict.DOUBLE_BOOKING, visit.task)
        elif visit.start < ready + travel:
            yield Found(Conflict.TOO_SOON, visit.task)
        if _is_too_far(tasks[visit.task], at, travel):
            yield Found(Conflict.TOO_FAR, visit.task)
        gaps.append((ready, visit.start, travel))
        ready, at = visit.end, at if place is None else place
    travel = _minutes(problem, at, shift.end_place)
    if ready + travel > shift.latest:
        yield Found(Conflict.OUTSIDE_SHIFT, visits[-1].task)
    gaps.append((ready, shift.latest, travel))
    rest = shift.rest
    is_due = rest is not None and shift.start <= rest.latest < min(ready + travel, shift.latest)
    if rest is not None and is_due and not any(_has_break(rest, *gap) for gap in gaps):
        yield Found(Conflict.IN_BREAK, _nearest(rest, visits).task)


def _is_too_far(task: Task, origin: Where, travel: int) -> bool:
    is_known = task.place is not None and is_exact(task.place) and is_exact(origin)
    return is_known and task.reach is not None and task.locked is None and travel > task.reach


def _has_break(rest: Break, ready: int, until: int, travel: int) -> bool:
    """Whether between two visits there is time for the drive and the break."""
    begin = max(ready, rest.earliest)
    return begin <= rest.latest and max(ready + travel, begin) + rest.minutes <= until


def _nearest(rest: Break, visits: list[Visit]) -> Visit:
    return min(visits, key=lambda visit: abs(visit.start - rest.start))


def _minutes(problem: Problem, origin: Where, goal: Where | None) -> int:
    return 0 if goal is None else int(problem.travel.between([origin], [goal])[0, 0])
