"""The first plan: one task after another, each where it costs least."""

from collections import defaultdict
from collections.abc import Iterable

from core.planning.board import Board
from core.planning.prepared import NEVER, Prepared, Stop, holds
from core.planning.problem import Visit


def greedy(ready: Prepared) -> Board:
    """Locked tasks, then told ones with whom they were told, then the dearest first."""
    board = locked(ready)
    for number in sorted(ready.stops, key=lambda each: _turn(ready, each)):
        told = ready.tasks[number].told
        if number in board.held:
            continue
        if told is not None:
            same = [i for i in ready.able[number] if ready.change(number, i) == 0]
            spot = board.spot(number, same, below=1 + ready.worth(number)) or board.spot(number)
        else:
            spot = board.spot(number)
        if spot is not None and spot.cost < NEVER:
            board.put(spot)
    return board


def locked(ready: Prepared) -> Board:
    """Only what is locked: the more important first where two cannot both be."""
    board = Board(ready)
    for number in sorted(ready.stops, key=lambda each: (-ready.worth(each), each)):
        if ready.tasks[number].locked is not None and (spot := board.spot(number)) is not None:
            board.put(spot)
    return board


def _turn(ready: Prepared, number: int) -> tuple[bool, int, int, int]:
    task = ready.tasks[number]
    last = ready.stops[number][0].windows[-1][1]
    if task.told is not None:
        return False, 0, task.told.start, number
    return True, -ready.worth(number), last, number


def resumed(ready: Prepared, visits: Iterable[Visit]) -> Board:
    """The board of visits that were planned before, as far as they can still be driven."""
    numbers = {task.id: number for number, task in enumerate(ready.tasks)}
    by_shift: dict[int, list[Stop]] = defaultdict(list)
    for visit in sorted(visits, key=lambda visit: visit.start):
        number = numbers[visit.task]
        for shift in ready.able.get(number, []):
            if holds(ready.shifts[shift], visit):
                by_shift[shift].append(_stop_at(ready, number, visit.start))
                break
    board = Board(ready)
    for shift, stops in by_shift.items():
        board.settle(shift, stops)
    return board


def _stop_at(ready: Prepared, number: int, start: int) -> Stop:
    """The task at the price of that moment."""
    stops = ready.stops[number]
    fitting = (s for s in stops if any(low <= start <= high for low, high in s.windows))
    return next(fitting, stops[-1])
