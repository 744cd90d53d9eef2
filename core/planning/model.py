"""The board in the words of PyVRP, and its routes put back on the board.

Seconds of working time; a second's drive costs 2. What somebody may not do takes longer than the
whole time on the way there; what would rather be done by somebody else costs a longer drive.
"""

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning

from core.planning.board import Board
from core.planning.hours import Hours, hours_of
from core.planning.prepared import Prepared, Stop, is_qualified
from core.planning.travel import Minutes

# Overloaded days come near its bounds; what it finds is checked anyway.
warnings.filterwarnings("ignore", category=PenaltyBoundWarning)
SECONDS = 60
A_MINUTE = 2 * SECONDS
OVERTIME = 3


@dataclass
class Model:
    """A model, with what its clients and vehicles stand for."""

    ready: Prepared
    shifts: list[int]
    data: pyvrp.ProblemData
    copies: list[Stop]


def build(ready: Prepared, shifts: list[int], tasks: list[int], must: set[int]) -> Model | None:
    """The model of some shifts and tasks; those of `must` are required. None if it is empty."""
    hours = hours_of(ready.shifts[shift] for shift in shifts)
    depots = sorted({row for i in shifts for row in (ready.starts[i], ready.ends[i])})
    made = _Clients(ready, hours)
    held = [task for task in tasks if made.add(task, len(depots) + len(made.tasks), task in must)]
    if not held:
        return None
    rows = depots + held
    table = ready.matrix[np.ix_(rows, rows)] * SECONDS
    np.fill_diagonal(table, 0)
    times = _on_grid(ready, held, table, len(depots))
    profiles = _Profiles(ready, held, table, times, len(depots), hours)
    vehicles = [_vehicle(ready, hours, i, depots, profiles.of(i)) for i in shifts]
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in rows],
        clients=made.clients,
        depots=[pyvrp.Depot(location) for location in range(len(depots))],
        vehicle_types=vehicles,
        distance_matrices=profiles.distances,
        duration_matrices=profiles.durations,
        groups=made.groups,
    )
    return Model(ready, shifts, data, made.stops)


def _on_grid(ready: Prepared, held: list[int], table: Minutes, offset: int) -> Minutes:
    """How long each drive takes if what comes next begins on the grid, as its task before did."""
    grid = ready.problem.grid * SECONDS
    work = np.array([0] * offset + [ready.tasks[task].minutes for task in held]) * SECONDS
    until = work[:, None] + table
    times = table.copy()
    times[:, offset:] = (-(-until // grid) * grid - work[:, None])[:, offset:]
    return times


@dataclass
class _Clients:
    """The tasks as clients, one for each window and price, of which at most one is taken."""

    ready: Prepared
    hours: Hours
    tasks: list[int] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    clients: list[pyvrp.Client] = field(default_factory=list)
    groups: list[pyvrp.ClientGroup] = field(default_factory=list)

    def add(self, task: int, location: int, is_required: bool) -> bool:
        """Whether it has a window in these hours."""
        windows = [
            (window, stop)
            for stop in self.ready.stops[task]
            for window in self.hours.windows(stop.windows, stop.minutes)
        ]
        if not windows:
            return False
        group = len(self.groups) if len(windows) > 1 else None
        if group is not None:
            numbers = list(range(len(self.clients), len(self.clients) + len(windows)))
            self.groups.append(pyvrp.ClientGroup(numbers, required=is_required))
        for window, stop in windows:
            self._copy(window, stop, location, group, is_required and group is None)
        self.tasks.append(task)
        return True

    def _copy(
        self, window: tuple[int, int], stop: Stop, place: int, group: int | None, is_required: bool
    ) -> None:
        worth = self.ready.worth(stop.task)
        client = pyvrp.Client(
            place,
            service_duration=stop.minutes * SECONDS,
            tw_early=window[0] * SECONDS,
            tw_late=window[1] * SECONDS,
            prize=max(1, worth - stop.cost) * A_MINUTE,
            required=is_required,
            group=group,
        )
        self.clients.append(client)
        self.stops.append(stop)


@dataclass
class _Profiles:
    """Tables of minutes, one for all who may do the same and have been told the same."""

    ready: Prepared
    held: list[int]
    table: Minutes
    times: Minutes
    offset: int
    hours: Hours

    def __post_init__(self) -> None:
        self.known: dict[tuple[bytes, bytes], int] = {}
        self.distances: list[Any] = []
        self.durations: list[Any] = []
        self.asked = [self.ready.tasks[task] for task in self.held]

    def of(self, shift: int) -> int:
        """The number of the table for a shift."""
        who = self.ready.shifts[shift]
        may = np.array([is_qualified(task, who) for task in self.asked], dtype=bool)
        change = np.array([self.ready.change(task, shift) for task in self.held], dtype=np.int64)
        key = may.tobytes(), change.tobytes()
        if key not in self.known:
            self.known[key] = len(self.distances)
            self._add(may, change)
        return self.known[key]

    def _add(self, may: npt.NDArray[np.bool_], change: Minutes) -> None:
        distance, duration = self.table.copy(), self.times.copy()
        distance[:, self.offset :] += change * SECONDS
        forbidden = self.offset + np.flatnonzero(~may)
        duration[:, forbidden] = 2 * self.hours.at(self.hours.end) * SECONDS
        for table in (distance, duration):
            np.fill_diagonal(table, 0)
        self.distances.append(distance)
        self.durations.append(duration)


def _vehicle(
    ready: Prepared, hours: Hours, number: int, depots: list[int], profile: int
) -> pyvrp.VehicleType:
    shift = ready.shifts[number]
    start, end = hours.at(shift.start) * SECONDS, hours.at(shift.end) * SECONDS
    latest = hours.at(shift.latest) * SECONDS
    return pyvrp.VehicleType(
        start_depot=depots.index(ready.starts[number]),
        end_depot=depots.index(ready.ends[number]),
        tw_early=start,
        tw_late=latest,
        start_late=start,  # a later start would hide overtime
        shift_duration=end - start,
        max_overtime=latest - end,
        unit_overtime_cost=OVERTIME,
        unit_distance_cost=A_MINUTE // SECONDS,
        profile=profile,
    )


def solution_of(model: Model, board: Board) -> pyvrp.Solution:
    """The board as a solution to begin with."""
    numbers: dict[tuple[int, int], int] = {}
    for number, stop in enumerate(model.copies):
        numbers.setdefault((stop.task, stop.cost), number)
    routes = []
    for vehicle, shift in enumerate(model.shifts):
        visits = [numbers.get((s.task, s.cost)) for s in board.routes[shift].stops]
        if known := [visit for visit in visits if visit is not None]:
            routes.append(pyvrp.Route(model.data, known, vehicle))
    return pyvrp.Solution(model.data, routes)


def put_on(board: Board, model: Model, solution: pyvrp.Solution) -> None:
    """Take the routes found, by our own clock; what does not fit there stays open."""
    for shift in model.shifts:
        board.take(shift, [])
    for route in solution.routes():
        shift = model.shifts[route.vehicle_type()]
        order = [model.copies[each.idx] for each in route.schedule() if each.is_client()]
        may = [stop for stop in order if shift in board.ready.able[stop.task]]
        board.settle(shift, may)
