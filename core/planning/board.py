"""The board: every shift's route, where a task fits best, and the plan that comes of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from core.planning.prepared import Prepared, Stop, is_moved
from core.planning.problem import LeftOut, Measures, Plan, Task, Visit
from core.planning.reasons import reason_of
from core.planning.route import NEVER, Route


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a route for a stop, and what taking it costs."""

    cost: float
    shift: int
    position: int
    stop: Stop


@dataclass
class Board:
    """Routes that can be driven; a task hangs in one of them or in none."""

    ready: Prepared
    routes: list[Route] = field(default_factory=list)
    held: dict[int, int] = field(default_factory=dict)  # task: shift

    def __post_init__(self) -> None:
        if not self.routes:
            self.routes = [Route(self.ready, number) for number in range(len(self.ready.shifts))]

    def copy(self) -> "Board":
        """Another board with the same routes."""
        copied = Board(self.ready)
        for route in self.routes:
            if route.stops:
                copied.take(route.number, list(route.stops))
        return copied

    def take(self, shift: int, stops: list[Stop]) -> None:
        """Let a route have these stops."""
        for stop in self.routes[shift].stops:
            self.held.pop(stop.task, None)
        self.routes[shift].settle(stops)
        self.held.update((stop.task, shift) for stop in stops)

    def put(self, spot: Spot) -> None:
        """Hang a task where it fits."""
        stops = list(self.routes[spot.shift].stops)
        stops.insert(spot.position, spot.stop)
        self.take(spot.shift, stops)

    def drop(self, task: int) -> None:
        """Take a task off the board."""
        shift = self.held[task]
        self.take(shift, [stop for stop in self.routes[shift].stops if stop.task != task])

    def open(self) -> list[int]:
        """Tasks that could be planned and are not, the dearest first."""
        worth, tasks = self.ready.problem.worth, self.ready.tasks
        waiting = [number for number in self.ready.stops if number not in self.held]
        return sorted(waiting, key=lambda number: (-worth(tasks[number]), number))

    def spot(
        self, task: int, shifts: Iterable[int] | None = None, below: float = NEVER
    ) -> Spot | None:
        """The cheapest place for a task, if there is one that costs less than `below`."""
        best: Spot | None = None
        offers = self._offers(task, self.ready.able[task] if shifts is None else shifts)
        for offer in sorted(offers, key=lambda offer: offer.cost):
            if offer.cost >= (best.cost if best else below):
                break
            route = self.routes[offer.shift]
            home = route.home_with(offer.stop, offer.position)
            if home >= NEVER:
                continue
            more = route.overtime(home) - route.overtime(route.home)
            cost = offer.cost + self.ready.problem.prices.overtime * more
            if cost < (best.cost if best else below):
                best = Spot(cost, offer.shift, offer.position, offer.stop)
        return best

    def _offers(self, task: int, shifts: Iterable[int]) -> Iterator[Spot]:
        """All places with the drive that they cost, whether there is time or not."""
        minutes = self.ready.minutes
        for shift in shifts:
            change = self.ready.change(task, shift)
            rows = self.routes[shift].rows()
            if len(rows) == 2:
                drives = [minutes[rows[0]][task] + minutes[task][rows[1]]]
            else:
                drives = [
                    minutes[a][task] + minutes[task][b] - minutes[a][b]
                    for a, b in zip(rows, rows[1:], strict=False)
                ]
            for stop in self.ready.stops[task]:
                for position, drive in enumerate(drives):
                    yield Spot(drive + stop.cost + change, shift, position, stop)

    def cost(self) -> float:
        """The whole board in minutes of driving, what is not on it included."""
        prices, worth = self.ready.problem.prices, self.ready.problem.worth
        total = sum(worth(self.ready.tasks[task]) for task in self.open())
        for route in self.routes:
            total += route.travel() + sum(stop.cost for stop in route.stops)
            total += sum(self.ready.change(stop.task, route.number) for stop in route.stops)
        return total + prices.overtime * sum(r.overtime(r.home) for r in self.routes)

    def plan(self) -> Plan:
        """The board as a plan, each left-out task with its reason."""
        visits = sorted(self._visits(), key=lambda visit: (visit.start, str(visit.technician)))
        reasons = [
            LeftOut(self.ready.tasks[number].id, *reason_of(self.ready, self.routes, number))
            for number in self.open()
        ]
        left_out = (*self.ready.refused.values(), *reasons)
        return Plan(tuple(visits), left_out, self._measures(visits, len(left_out)))

    def _visits(self) -> Iterator[Visit]:
        for route in self.routes:
            for stop, start, travel in route.schedule():
                task = self.ready.tasks[stop.task]
                who = route.shift.technician
                yield Visit(task.id, who, start, start + stop.minutes, travel)

    def _measures(self, visits: list[Visit], left_out: int) -> Measures:
        by_id = {task.id: task for task in self.ready.tasks}
        pairs = [(by_id[visit.task], visit) for visit in visits]
        problem = self.ready.problem
        refused = [each.task for each in self.ready.refused.values()]
        return Measures(
            travel=sum(route.travel() for route in self.routes),
            overtime=sum(route.overtime(route.home) for route in self.routes),
            late=sum(task.due is not None and visit.start > task.due for task, visit in pairs),
            other_technician=sum(_is_other(task, visit) for task, visit in pairs),
            other_time=sum(
                task.told is not None and is_moved(problem, task.told, visit.start)
                for task, visit in pairs
            ),
            left_out=left_out,
            cost=self.cost() + sum(problem.worth(by_id[id]) for id in refused),
        )


def _is_other(task: Task, visit: Visit) -> bool:
    return task.told is not None and task.told.technician != visit.technician
