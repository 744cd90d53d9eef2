"""Room for what was left out: a less important task goes elsewhere, or makes way."""

from collections.abc import Callable

from core.planning.board import Board
from core.planning.prepared import Stop

ROUNDS = 3


def insert(board: Board) -> None:
    """Put each left-out task where there is room for it, if that is worth the drive."""
    for task in board.open():
        _insert(board, task)


def repair(board: Board, is_over: Callable[[], bool] = lambda: False) -> int:
    """Insert each left-out task where that makes the board cheaper; how many moves it made."""
    moves = 0
    for _ in range(ROUNDS):
        made = 0
        for task in board.open():
            if is_over():
                return moves + made
            made += _insert(board, task) or _instead(board, task)
        moves += made
        if not made:
            break
    return moves


def _insert(board: Board, task: int) -> bool:
    spot = board.spot(task, below=board.ready.worth(task))
    if spot is not None:
        board.put(spot)
    return spot is not None


def _instead(board: Board, task: int) -> bool:
    """Take the first exchange that pays."""
    worth = board.ready.worth(task)
    for shift in board.ready.able[task]:
        for stop in board.routes[shift].stops:
            is_free = board.ready.tasks[stop.task].locked is None
            is_less = board.ready.worth(stop.task) <= worth
            if is_free and is_less and _exchange(board, task, shift, stop):
                return True
    return False


def _exchange(board: Board, task: int, shift: int, victim: Stop) -> bool:
    route = board.routes[shift]
    before = list(route.stops)
    cost = _cost(board, shift)
    board.take(shift, [stop for stop in before if stop.task != victim.task])
    spot = board.spot(task, [shift])
    if spot is None:
        board.take(shift, before)
        return False
    board.put(spot)
    gain = board.ready.worth(task) - (_cost(board, shift) - cost)
    elsewhere = board.spot(victim.task, below=min(gain, board.ready.worth(victim.task)))
    if elsewhere is not None:
        board.put(elsewhere)
        return True
    if gain > board.ready.worth(victim.task):
        return True
    board.take(shift, before)
    return False


def _cost(board: Board, shift: int) -> float:
    """What one route costs."""
    route, prices = board.routes[shift], board.ready.problem.prices
    soft = sum(stop.cost + board.ready.change(stop.task, shift) for stop in route.stops)
    return route.travel() + soft + prices.overtime * route.overtime(route.home)
