"""The plan of a day: a first plan, a search from two seeds, repair, a short search from there."""

from dataclasses import replace

from core.planning.board import Board
from core.planning.check import check
from core.planning.greedy import greedy
from core.planning.hours import together
from core.planning.limit import Limit, Listener, Progress, Watch
from core.planning.prepared import prepare
from core.planning.problem import LeftOut, Plan, Problem, Reason
from core.planning.repair import insert, repair
from core.planning.search import SEEDS, Run, search

SEARCH = 0.8  # of the time; the rest is for repair and for the search from there
LAST = 0.9  # beyond it, no second search


def first_plan(problem: Problem) -> Plan:
    """The plan that inserts one task after another: what a search is measured beside."""
    return checked(problem, greedy(prepare(problem)).plan())


def solve(
    problem: Problem, limit: Limit, progress: Listener | None = None, seeds: tuple[int, ...] = SEEDS
) -> Plan:
    """The best plan within the limit; never one with a conflict."""
    watch = Watch(limit)
    board = improved(greedy(prepare(problem)), watch, progress, seeds)
    return checked(problem, board.plan())


def improved(
    first: Board,
    watch: Watch,
    progress: Listener | None = None,
    seeds: tuple[int, ...] = SEEDS,
    *,
    is_warm: bool = False,
    share: float = SEARCH,
) -> Board:
    """The best board that is found from a first one; a warm search begins with its routes.

    What is left of the time after `share` of it goes to a search from what was found and repaired.
    """
    ready = first.ready
    is_warm = is_warm or any(ready.tasks[task].told for task in ready.stops)
    best = first
    parties = together(ready.shifts)
    for number, party in enumerate(parties):
        until = share * (number + 1) / len(parties)
        run = Run(watch, until, watch.limit.rounds, progress, seeds)
        best = search(best, party, run, is_warm=is_warm)
        repair(best, watch.over(until + 0.05))
    for party in parties[:1] if share < LAST else ():
        rest = None if watch.limit.rounds is None else -(-watch.limit.rounds // 4)
        best = search(best, party, Run(watch, 1.0, rest, progress, seeds), is_warm=True)
    repair(best, watch.over(1.0))
    insert(best)
    if progress is not None:
        progress(Progress(1.0, len(best.held), sum(route.travel() for route in best.routes)))
    return best


def checked(problem: Problem, plan: Plan) -> Plan:
    """The plan without whatever the checker finds fault with."""
    while found := {each.task for each in check(problem, plan)}:
        kept = tuple(visit for visit in plan.visits if visit.task not in found)
        named = {each.task for each in plan.left_out}
        dropped = [t.id for t in problem.tasks if t.id in found and t.id not in named]
        left_out = (*plan.left_out, *(LeftOut(id, Reason.NO_ROOM) for id in dropped))
        measures = replace(plan.measures, left_out=len(left_out))
        plan = Plan(kept, left_out, measures)
    return plan
