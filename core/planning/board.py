"""The board: every shift's route, where a task fits best, and the plan that comes of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from core.planning.prepared import NEVER, Prepared, Stop, is_moved
from core.planning.problem import LeftOut, Measures, Plan, Visit
from core.planning.reasons import reason_of
from core.planning.route import Route


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

    def settle(self, shift: int, stops: list[Stop]) -> None:
        """Take these stops, or as many as can be driven, what is locked and dear first."""
        self.take(shift, stops)
        if self.routes[shift].is_possible:
            return
        order = {stop.task: place for place, stop in enumerate(stops)}
        kept: list[Stop] = []
        for stop in sorted(stops, key=self._turn):
            tried = sorted([*kept, stop], key=lambda each: order[each.task])
            self.take(shift, tried)
            if self.routes[shift].is_possible:
                kept = tried
        self.take(shift, kept)

    def _turn(self, stop: Stop) -> tuple[bool, int]:
        return self.ready.tasks[stop.task].locked is None, -self.ready.worth(stop.task)

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
        waiting = [number for number in self.ready.stops if number not in self.held]
        return sorted(waiting, key=lambda number: (-self.ready.worth(number), number))

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
        return self._driven() + sum(self.ready.worth(task) for task in self.open())

    def _driven(self) -> float:
        prices, total = self.ready.problem.prices, 0.0
        for route in self.routes:
            total += route.travel() + sum(stop.cost for stop in route.stops)
            total += sum(self.ready.change(stop.task, route.number) for stop in route.stops)
            total += prices.overtime * route.overtime(route.home)
        return total

    def plan(self) -> Plan:
        """The board as a plan, each left-out task with its reason."""
        reasons = [
            LeftOut(self.ready.tasks[number].id, *reason_of(self.ready, self.routes, number))
            for number in self.open()
        ]
        left_out = (*self.ready.refused.values(), *reasons)
        missed = sum(self.ready.worth(task) for task in (*self.ready.refused, *self.open()))
        driven = self.measures()
        whole = replace(driven, left_out=len(left_out), cost=driven.cost + missed)
        return Plan(self.visits(), left_out, whole)

    def visits(self) -> tuple[Visit, ...]:
        """All visits in the order of their start."""
        found = [
            Visit(
                self.ready.tasks[stop.task].id,
                route.shift.technician,
                start,
                start + stop.minutes,
                travel,
            )
            for route in self.routes
            for stop, start, travel in route.schedule()
        ]
        return tuple(sorted(found, key=lambda visit: (visit.start, str(visit.technician))))

    def measures(self) -> Measures:
        """What is on the board in figures, without what is not."""
        tasks, problem = {task.id: task for task in self.ready.tasks}, self.ready.problem
        pairs = [(tasks[visit.task], visit) for visit in self.visits()]
        told = [(task.told, visit) for task, visit in pairs if task.told is not None]
        return Measures(
            travel=sum(route.travel() for route in self.routes),
            overtime=sum(route.overtime(route.home) for route in self.routes),
            late=sum(task.due is not None and visit.start > task.due for task, visit in pairs),
            other_technician=sum(was.technician != visit.technician for was, visit in told),
            other_time=sum(is_moved(problem, was, visit.start) for was, visit in told),
            cost=self._driven(),
        )
