"""The first plan: one task after another, each where it costs least."""

from core.planning.board import Board
from core.planning.prepared import Prepared
from core.planning.route import NEVER


def greedy(ready: Prepared) -> Board:
    """Locked tasks, then told ones with whom they were told, then the dearest first."""
    board = locked(ready)
    for number in sorted(ready.stops, key=lambda each: _turn(ready, each)):
        told = ready.tasks[number].told
        if number in board.held:
            continue
        if told is not None:
            same = [i for i in ready.able[number] if ready.change(number, i) == 0]
            spot = board.spot(number, same, below=1 + _worth(ready, number)) or board.spot(number)
        else:
            spot = board.spot(number)
        if spot is not None and spot.cost < NEVER:
            board.put(spot)
    return board


def locked(ready: Prepared) -> Board:
    """Only what is locked: the more important first where two cannot both be."""
    board = Board(ready)
    for number in sorted(ready.stops, key=lambda each: (-_worth(ready, each), each)):
        if ready.tasks[number].locked is not None and (spot := board.spot(number)) is not None:
            board.put(spot)
    return board


def _worth(ready: Prepared, number: int) -> int:
    return ready.problem.worth(ready.tasks[number])


def _turn(ready: Prepared, number: int) -> tuple[bool, int, int, int]:
    task = ready.tasks[number]
    last = ready.stops[number][0].windows[-1][1]
    if task.told is not None:
        return False, 0, task.told.start, number
    return True, -_worth(ready, number), last, number
