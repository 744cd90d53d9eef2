"""The plan of many days: day by day with all who are on duty, then station by station.

One search over everything finds nothing that can be driven; a day does, but looks no further than
the evening. So the stations, each with all its days, begin from what the days have found.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace

from core.planning.board import Board
from core.planning.greedy import greedy, resumed
from core.planning.limit import Limit, Listener, Progress, Watch
from core.planning.prepared import Sorted, holds, prepare, sort_out
from core.planning.problem import DAY, Id, LeftOut, Measures, Plan, Problem, Reason, Visit
from core.planning.reasons import reason_of
from core.planning.repair import insert
from core.planning.solve import checked, improved

POOL = 500  # tasks that one search looks at
DAYS = 0.45  # of the time
STATIONS = 0.95
ONCE = 0.92  # of a part's time; to build its tables a second time is too dear
HOUR = 60  # minutes of driving that a task of another day is worth at most


@dataclass
class _Weeks:
    """The whole, and what is planned of it by now."""

    whole: Sorted
    watch: Watch
    progress: Listener | None
    planned: dict[Id, Visit] = field(default_factory=dict)
    numbers: dict[Id, int] = field(default_factory=dict)
    homes: dict[Visit, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.numbers = {task.id: number for number, task in enumerate(self.whole.tasks)}
        self.by_day: dict[int, list[int]] = defaultdict(list)
        for number, shift in enumerate(self.whole.shifts):
            self.by_day[shift.day].append(number)
        self.days = sorted(self.by_day)
        self.last = {task: self._last_day(task) for task in self.whole.stops}

    def _last_day(self, number: int) -> int:
        """The day after which it is too late, or late."""
        end = self.whole.stops[number][0].windows[-1][1]
        return min(end // DAY, self.days[-1])

    def shifts_of(self, visit: Visit) -> list[int]:
        """The shift in which a visit is."""
        whole = self.whole
        if visit not in self.homes:
            able = whole.able[self.numbers[visit.task]]
            self.homes[visit] = [n for n in able if holds(whole.shifts[n], visit)][:1]
        return self.homes[visit]

    def open(self) -> list[int]:
        """What can be planned and is not."""
        tasks = self.whole.tasks
        return [number for number in self.whole.stops if tasks[number].id not in self.planned]

    def part(self, shifts: Iterable[int], tasks: Iterable[int]) -> Problem:
        """Some shifts and tasks as a problem of their own."""
        return replace(
            self.whole.problem,
            shifts=tuple(self.whole.shifts[number] for number in shifts),
            tasks=tuple(self.whole.tasks[number] for number in tasks),
        )

    def tell(self, share: float) -> None:
        """Say how far it is."""
        if self.progress is not None:
            travel = sum(visit.travel for visit in self.planned.values())
            self.progress(Progress(share, len(self.planned), travel))

    def limit(self, share: float, parts: int) -> Limit:
        """The time for one of several parts, until a share of the whole is spent."""
        given = self.watch.limit
        if given.seconds is None:
            return given
        left = (share - self.watch.share()) * given.seconds
        return replace(given, seconds=max(left, 0.0) / max(parts, 1))


def solve_days(
    problem: Problem, limit: Limit, progress: Listener | None = None, workers: int = 2
) -> Plan:
    """The best plan of many days within the limit; the stations are searched by `workers` threads.

    Threads are enough: the search runs beside other Python.
    """
    watch = Watch(limit)
    weeks = _Weeks(sort_out(problem), watch, progress)
    for place, day in enumerate(weeks.days):
        _day(weeks, day, weeks.limit(DAYS, len(weeks.days) - place))
        weeks.tell(DAYS * (place + 1) / len(weeks.days))
    _stations(weeks, workers)
    plan = checked(problem, _finish(weeks))
    weeks.tell(1.0)
    return plan


def _day(weeks: _Weeks, day: int, limit: Limit) -> None:
    watch = Watch(limit)
    shifts = weeks.by_day[day]
    tasks = _pool(weeks, day, set(shifts))
    part = weeks.part(shifts, tasks)
    days = max(weeks.days[-1] - weeks.days[0], 1)
    worth = {weeks.whole.tasks[n].id: _worth(weeks, n, day, days) for n in tasks}
    part = replace(part, tasks=tuple(replace(t, worth=worth[t.id]) for t in part.tasks))
    board = improved(greedy(prepare(part)), watch, share=ONCE)
    weeks.planned |= {visit.task: visit for visit in board.visits()}


def _pool(weeks: _Weeks, day: int, shifts: set[int]) -> list[int]:
    """What the day looks at: first what cannot wait, then by the day after which it is late."""
    whole = weeks.whole
    open_ = [
        number
        for number in weeks.open()
        if not shifts.isdisjoint(whole.able[number]) and _is_free(weeks, number, day)
    ]
    turn = {n: (max(weeks.last[n], day), whole.tasks[n].priority, n) for n in open_}
    return sorted(sorted(open_, key=turn.__getitem__)[:POOL])


def _is_free(weeks: _Weeks, number: int, day: int) -> bool:
    """Not told another day that is still to come."""
    told = weeks.whole.tasks[number].told
    return told is None or told.start // DAY <= day


def _worth(weeks: _Weeks, number: int, day: int, days: int) -> int:
    """What can wait goes along where it is near: the more, the sooner it is late."""
    task = weeks.whole.tasks[number]
    left = weeks.last[number] - day
    if left <= 0 or task.told is not None or task.locked is not None:
        return weeks.whole.worth(number)
    return round(HOUR * (1 - 0.7 * min(left / days, 1)))


def _stations(weeks: _Weeks, workers: int) -> None:
    """Each station's days anew, from what is planned and with what was left near it."""
    parts = _parts(weeks)
    limit = weeks.limit(STATIONS, -(-len(parts) // workers))
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(_station, weeks, *part, limit) for part in parts]
        for done, future in enumerate(as_completed(futures), 1):
            future.result()
            weeks.tell(DAYS + (STATIONS - DAYS) * done / len(parts))
    found = [future.result() for future in futures]
    weeks.planned = {visit.task: visit for visits in found for visit in visits}


def _station(weeks: _Weeks, shifts: list[int], tasks: list[int], limit: Limit) -> tuple[Visit, ...]:
    watch = Watch(limit)
    part = weeks.part(shifts, tasks)
    planned = [weeks.planned[task.id] for task in part.tasks if task.id in weeks.planned]
    board = resumed(prepare(part), planned)
    return improved(board, watch, seeds=(1,), is_warm=True, share=ONCE).visits()


def _parts(weeks: _Weeks) -> list[tuple[list[int], list[int]]]:
    """Shifts and tasks of each station, or of a part of one that is too large."""
    by_station: dict[Id, list[int]] = defaultdict(list)
    for number, shift in enumerate(weeks.whole.shifts):
        by_station[shift.station].append(number)
    crews = [part for crew in by_station.values() for part in _halved(weeks, crew)]
    near = _nearest(weeks, crews)
    return [(crew, sorted(_held(weeks, crew) + near[place])) for place, crew in enumerate(crews)]


def _held(weeks: _Weeks, crew: list[int]) -> list[int]:
    """The tasks that these shifts have by now."""
    members = set(crew)
    return [
        weeks.numbers[visit.task]
        for visit in weeks.planned.values()
        if not members.isdisjoint(weeks.shifts_of(visit))
    ]


def _halved(weeks: _Weeks, crew: list[int]) -> list[list[int]]:
    people = sorted({weeks.whole.shifts[i].technician for i in crew}, key=str)
    if len(people) < 2 or len(_held(weeks, crew)) <= POOL:
        return [crew]
    first = set(people[: len(people) // 2])
    halves: list[list[int]] = [[], []]
    for number in crew:
        halves[weeks.whole.shifts[number].technician in first].append(number)
    return [part for half in halves for part in _halved(weeks, half)]


def _nearest(weeks: _Weeks, crews: list[list[int]]) -> dict[int, list[int]]:
    """Open tasks by the crew that begins its day nearest, of those who may do them."""
    near: dict[int, list[int]] = defaultdict(list)
    open_, shifts, travel = weeks.open(), weeks.whole.shifts, weeks.whole.problem.travel
    starts = [
        Counter(shifts[number].start_place for number in crew).most_common(1)[0][0]
        for crew in crews
    ]
    places = [weeks.whole.tasks[number].place for number in open_]
    minutes = travel.between(starts, [place for place in places if place is not None])
    members = [set(crew) for crew in crews]
    for column, number in enumerate(open_):
        may = [i for i, crew in enumerate(members) if crew.intersection(weeks.whole.able[number])]
        near[min(may, key=lambda i: int(minutes[i, column]))].append(number)
    return near


def _finish(weeks: _Weeks) -> Plan:
    """Room for what is left with anybody, day by day; the sums, and the reasons for the rest."""
    reasons: dict[int, tuple[Reason, int]] = {}
    sums: list[Measures] = []
    for day in weeks.days:
        board = _evening(weeks, day)
        sums.append(board.measures())
        weeks.planned |= {visit.task: visit for visit in board.visits()}
        for task in board.open():
            number = weeks.numbers[board.ready.tasks[task].id]
            known = reasons.get(number, (Reason.DOES_NOT_FIT, 0))[0]
            if known == Reason.DOES_NOT_FIT:
                reasons[number] = reason_of(board.ready, board.routes, task)
    left_out = [*weeks.whole.refused.values(), *_left_out(weeks, reasons)]
    visits = sorted(weeks.planned.values(), key=lambda visit: (visit.start, str(visit.technician)))
    missed = sum(weeks.whole.worth(weeks.numbers[each.task]) for each in left_out)
    return Plan(tuple(visits), tuple(left_out), _total(sums, len(left_out), missed))


def _evening(weeks: _Weeks, day: int) -> Board:
    """The day as planned, and what is open put where there is room."""
    shifts = weeks.by_day[day]
    open_ = [n for n in weeks.open() if not set(shifts).isdisjoint(weeks.whole.able[n])]
    part = weeks.part(shifts, sorted(_held(weeks, shifts) + open_))
    planned = [weeks.planned[task.id] for task in part.tasks if task.id in weeks.planned]
    board = resumed(prepare(part), planned)
    insert(board)
    return board


def _left_out(weeks: _Weeks, reasons: dict[int, tuple[Reason, int]]) -> list[LeftOut]:
    found = []
    for number in weeks.open():
        able = {weeks.whole.shifts[shift].technician for shift in weeks.whole.able[number]}
        reason = reasons[number][0]
        found.append(LeftOut(weeks.whole.tasks[number].id, reason, len(able)))
    return found


def _total(parts: list[Measures], left_out: int, missed: int) -> Measures:
    return Measures(
        travel=sum(each.travel for each in parts),
        overtime=sum(each.overtime for each in parts),
        late=sum(each.late for each in parts),
        other_technician=sum(each.other_technician for each in parts),
        other_time=sum(each.other_time for each in parts),
        left_out=left_out,
        cost=sum(each.cost for each in parts) + missed,
    )
