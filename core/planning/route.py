"""One shift's visits in order, timed as early as can be, with the break where it fits."""

from dataclasses import dataclass, field

from core.planning.prepared import NEVER, Prepared, Stop
from core.planning.problem import Break, Shift

# When the technician is ready, with the break still to come and with the break behind.
Moment = tuple[int, int]


def _after_break(rest: Break, ready: int, travel: int) -> int:
    """Arrival when the break is taken before or on the way."""
    if max(ready, rest.earliest) > rest.latest:
        return NEVER
    return max(ready + travel, rest.earliest) + rest.minutes


def _begin(moment: Moment, stop: Stop, travel: int, rest: Break | None) -> tuple[int, int, bool]:
    """Starts of a visit before and after the break; whether the break comes right before it."""
    fresh, rested = moment
    before = stop.first_start(fresh + travel) if fresh < NEVER else NEVER
    after = stop.first_start(rested + travel) if rested < NEVER else NEVER
    if rest is None or fresh >= NEVER:
        return before, after, False
    paused = stop.first_start(_after_break(rest, fresh, travel))
    return before, min(after, paused), paused < after


def _pass(moment: Moment, stop: Stop, travel: int, rest: Break | None) -> Moment:
    before, after, _ = _begin(moment, stop, travel, rest)
    if rest is None or before + stop.minutes > rest.latest:
        before = NEVER
    else:
        before += stop.minutes
    return before, (after + stop.minutes if after < NEVER else NEVER)


def _home(moment: Moment, travel: int, rest: Break | None) -> int:
    fresh, rested = moment
    home = rested + travel if rested < NEVER else NEVER
    if rest is None or fresh >= NEVER:
        return home
    # Whoever is home by the latest break needs none.
    if fresh + travel <= rest.latest:
        return min(home, fresh + travel)
    return min(home, _after_break(rest, fresh, travel))


@dataclass
class Route:
    """The stops of a shift; `moments` says for each place in the order when one is ready."""

    ready: Prepared
    number: int
    stops: list[Stop] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    home: int = 0

    def __post_init__(self) -> None:
        self.settle(self.stops)

    @property
    def shift(self) -> Shift:
        """Whose it is."""
        return self.ready.shifts[self.number]

    def _rest(self) -> Break | None:
        rest, shift = self.shift.rest, self.shift
        return rest if rest is not None and shift.start <= rest.latest < shift.latest else None

    def settle(self, stops: list[Stop]) -> None:
        """Take these stops in this order."""
        rest = self._rest()
        self.rest = rest
        start = self.shift.start
        self.moments = [(start, NEVER) if rest else (NEVER, start)]
        self.stops = stops
        at = self.ready.starts[self.number]
        for stop in stops:
            travel = self.ready.minutes[at][stop.task]
            self.moments.append(_pass(self.moments[-1], stop, travel, rest))
            at = stop.task
        travel = self.ready.minutes[at][self.ready.ends[self.number]] if stops else 0
        self.home = _home(self.moments[-1], travel, rest)

    @property
    def is_possible(self) -> bool:
        """Whether every window and the end of the shift are kept."""
        return self.home <= self.shift.latest

    def overtime(self, home: int) -> int:
        """Minutes after the end of the shift."""
        return max(0, home - self.shift.end)

    def rows(self) -> list[int]:
        """The places that are driven to, from the first to the last."""
        ready, number = self.ready, self.number
        return [ready.starts[number], *(stop.task for stop in self.stops), ready.ends[number]]

    def travel(self) -> int:
        """Minutes on the road."""
        rows = self.rows() if self.stops else []
        return sum(self.ready.minutes[a][b] for a, b in zip(rows, rows[1:], strict=False))

    def home_with(self, stop: Stop, position: int) -> int:
        """When one is home if the stop is put there; NEVER if that breaks a window."""
        minutes, rest = self.ready.minutes, self.rest
        at = self.stops[position - 1].task if position else self.ready.starts[self.number]
        moment = _pass(self.moments[position], stop, minutes[at][stop.task], rest)
        at = stop.task
        for each in self.stops[position:]:
            if moment[0] >= NEVER and moment[1] >= NEVER:
                return NEVER
            moment = _pass(moment, each, minutes[at][each.task], rest)
            at = each.task
        home = _home(moment, minutes[at][self.ready.ends[self.number]], rest)
        return home if home <= self.shift.latest else NEVER

    def schedule(self) -> list[tuple[Stop, int, int]]:
        """Each stop with its start and the drive to it."""
        fresh = self._ends_fresh()
        found: list[tuple[Stop, int, int]] = []
        rows = self.rows()
        for position in range(len(self.stops) - 1, -1, -1):
            stop = self.stops[position]
            travel = self.ready.minutes[rows[position]][stop.task]
            before, after, breaks = _begin(self.moments[position], stop, travel, self.rest)
            found.append((stop, before if fresh else after, travel))
            fresh = fresh or breaks
        return found[::-1]

    def _ends_fresh(self) -> bool:
        """Whether the break comes after the last visit, or not at all."""
        fresh, rested = self.moments[-1]
        if fresh >= NEVER or self.rest is None or not self.stops:
            return False
        travel = self.ready.minutes[self.stops[-1].task][self.ready.ends[self.number]]
        return rested >= NEVER or _home((fresh, NEVER), travel, self.rest) <= rested + travel
