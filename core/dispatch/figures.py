"""A plan in figures, reckoned in one way for what stands on the board and for what is proposed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.planning.prepared import is_moved
from core.planning.problem import DAY, Problem, Shift, Task, Visit
from core.planning.travel import Where


@dataclass(frozen=True)
class Figures:
    """What counts of a plan; driving and overtime in minutes."""

    planned: int = 0
    left_out: int = 0
    travel: int = 0
    overtime: int = 0
    late: int = 0
    other_time: int = 0
    other_technician: int = 0


def of_visits(question: Problem, visits: Iterable[Visit]) -> Figures:
    """The figures of visits, whether they can be driven or not."""
    tasks = {int(task.id): task for task in question.tasks}
    tours: dict[tuple[int, int], list[Visit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: visit.start):
        tours[int(visit.technician), visit.start // DAY].append(visit)
    shifts: dict[tuple[int, int], list[Shift]] = defaultdict(list)
    for shift in question.shifts:
        shifts[int(shift.technician), shift.day].append(shift)
    drives = {key: _drive(question, tasks, tour, shifts[key]) for key, tour in tours.items()}
    pairs = [(tasks[int(visit.task)], visit) for tour in tours.values() for visit in tour]
    told = [(task.told, visit) for task, visit in pairs if task.told is not None]
    return Figures(
        planned=len(pairs),
        left_out=len(tasks) - len(pairs),
        travel=sum(travel for travel, _overtime in drives.values()),
        overtime=sum(overtime for _travel, overtime in drives.values()),
        late=sum(task.due is not None and visit.start > task.due for task, visit in pairs),
        other_time=sum(is_moved(question, was, visit.start) for was, visit in told),
        other_technician=sum(was.technician != visit.technician for was, visit in told),
    )


def _drive(
    question: Problem, tasks: Mapping[int, Task], tour: list[Visit], shifts: list[Shift]
) -> tuple[int, int]:
    """Minutes on the road of somebody's day, and after its end; none where nobody is on duty."""
    if not shifts:
        return 0, 0
    places: list[Where | None] = [tasks[int(visit.task)].place for visit in tour]
    stops = [shifts[0].start_place, *(place for place in places if place), shifts[-1].end_place]
    drives = question.travel.between(stops, stops).diagonal(1).tolist()
    home = tour[-1].end + drives[-1]
    return sum(drives), max(0, home - shifts[-1].end)
