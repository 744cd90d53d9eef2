"""The search: PyVRP from two seeds in two threads, each until the time is over."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import numpy as np
import pyvrp
from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks, IteratedLocalSearchParams
from pyvrp.PenaltyManager import PenaltyParams
from pyvrp.search import PerturbationParams

from core.planning.board import Board
from core.planning.greedy import locked
from core.planning.limit import Listener, Progress, Watch
from core.planning.model import Model, build, put_on, solution_of
from core.planning.prepared import NEVER, Prepared

SEEDS = (1, 2)
URGENT = 1
PATIENCE = 0.5  # of a search; by then the urgent ones can all be planned, or they cannot
TICK = 0.2
INFEASIBLE = np.iinfo(np.int64).max


@dataclass
class Run:
    """How long a search may go on, from which seeds, and who hears of it."""

    watch: Watch
    share: float  # of the seconds, at which it ends
    rounds: int | None
    progress: Listener | None = None
    seeds: tuple[int, ...] = SEEDS
    is_strict: bool = False  # ends early if not all that is required can be planned
    begun: float = field(init=False)

    def __post_init__(self) -> None:
        self.begun = self.watch.share()


class _Search(IteratedLocalSearchCallbacks):
    """One seed's search: it says when to stop, and what it has found."""

    def __init__(self, run: Run) -> None:
        self.run, self.count, self.planned, self.travel = run, 0, 0, 0
        self.patience = run.begun + (run.share - run.begun) * PATIENCE

    def __call__(self, best_cost: int) -> bool:
        self.count += 1
        run = self.run
        if run.watch.is_cancelled or run.watch.share() >= run.share:
            return True
        rounds = run.rounds
        if rounds is not None and self.count > rounds:
            return True
        if not run.is_strict or best_cost < INFEASIBLE:
            return False
        is_long = rounds is not None and self.count > rounds * PATIENCE
        return is_long or (rounds is None and run.watch.share() > self.patience)

    def on_best(self, best: pyvrp.Solution) -> None:
        if best.is_feasible():
            self.planned = sum(route.num_clients() for route in best.routes())
            self.travel = best.distance() // 60

    def done(self) -> float:
        """The share of the rounds, where rounds are the limit."""
        return self.run.share * self.count / self.run.rounds if self.run.rounds else 0.0


def search(board: Board, shifts: list[int], run: Run, *, is_warm: bool) -> Board:
    """The best of the board and of what is found for these shifts and what is open."""
    ready, party = board.ready, set(shifts)
    tasks = [
        task
        for task in ready.stops
        if board.held.get(task, shifts[0]) in party and party.intersection(ready.able[task])
    ]
    fixed = {task for task in tasks if ready.tasks[task].locked and task in board.held}
    tasks = [task for task in tasks if not ready.tasks[task].locked or task in fixed]
    urgent = _urgent(ready, tasks, shifts)
    for must in (fixed | urgent, fixed) if urgent else (fixed,):
        model = build(ready, shifts, tasks, must)
        if model is None:
            return board
        run.is_strict = must != fixed
        found = _from_all_seeds(model, run, solution_of(model, board) if is_warm else None)
        boards = [_taken(board, model, result.best) for result in found]
        board = min([board, *boards], key=Board.cost)
        if any(result.is_feasible() for result in found):
            break
    return board


def _urgent(ready: Prepared, tasks: list[int], shifts: list[int]) -> set[int]:
    """What must be planned, if each alone can be, beside what is locked."""
    alone = locked(ready)
    return {
        task
        for task in tasks
        if ready.tasks[task].priority == URGENT
        and ready.tasks[task].worth is None
        and task not in alone.held
        and alone.spot(task, [i for i in ready.able[task] if i in shifts], below=NEVER)
    }


def _taken(board: Board, model: Model, solution: pyvrp.Solution) -> Board:
    taken = board.copy()
    put_on(taken, model, solution)
    return taken


def _from_all_seeds(model: Model, run: Run, begin: pyvrp.Solution | None) -> list[pyvrp.Result]:
    """The results in the order of the seeds; this thread tells of the progress meanwhile."""
    searches = [_Search(run) for _ in run.seeds]
    with ThreadPoolExecutor(len(searches)) as pool:
        futures = [
            pool.submit(_one, model, each, seed, begin)
            for each, seed in zip(searches, run.seeds, strict=True)
        ]
        waiting: set[Future[pyvrp.Result]] = set(futures)
        while waiting:
            _, waiting = wait(waiting, timeout=TICK if run.progress else None)
            if run.progress is not None:
                _tell(run.progress, run.watch, searches)
    return [future.result() for future in futures]


def tuned(callbacks: IteratedLocalSearchCallbacks | None = None) -> pyvrp.SolveParams:
    """Parameters for some seconds; PyVRP's own are for minutes, and try little at first."""
    listener = callbacks or IteratedLocalSearchCallbacks()
    return pyvrp.SolveParams(
        ils=IteratedLocalSearchParams(history_length=50, callbacks=listener),
        penalty=PenaltyParams(max_penalty=1000, solutions_between_updates=50),
        perturbation=PerturbationParams(1, 10),
    )


def _one(model: Model, run: _Search, seed: int, begin: pyvrp.Solution | None) -> pyvrp.Result:
    return pyvrp.solve(
        model.data, run, seed, collect_stats=False, params=tuned(run), initial_solution=begin
    )


def _tell(progress: Listener, watch: Watch, searches: list[_Search]) -> None:
    best = max(searches, key=lambda each: (each.planned, -each.travel))
    share = max(watch.share(), *(each.done() for each in searches))
    progress(Progress(min(share, 1.0), best.planned, best.travel))
