"""How good the plans of dispatch are, and how long they take.

python benchmarks/dispatch.py --what day
python benchmarks/dispatch.py --what again
python benchmarks/dispatch.py --what fortnight
python benchmarks/dispatch.py --what solomon --instances folder/
"""

import argparse
import os
import platform
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyvrp
from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.dispatch_days import day, fortnight, without
from core.planning.check import check
from core.planning.fortnight import solve_days
from core.planning.limit import Limit
from core.planning.problem import Plan, Prices, Problem
from core.planning.search import SEEDS, tuned
from core.planning.solve import first_plan, solve

SIZES = {"fits": (25.0, 20.0), "full": (40.0, 30.0)}
# Distances cut to one decimal; the best tours known of the set of DIMACS and CVRPLIB.
BEST = {
    "C101": 827.3,
    "C201": 589.1,
    "R101": 1637.7,
    "R201": 1143.2,
    "RC101": 1619.8,
    "RC201": 1261.8,
}
GONE = "T07"
HEAD = "wall s | CPU s | conflicts | left out | of them nobody may | late | driving h | overtime h"


def measured(problem: Problem, make: Callable[[], Plan]) -> tuple[Plan, str]:
    wall, cpu = time.perf_counter(), time.process_time()
    plan = make()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    found, reasons = plan.measures, Counter(str(each.reason) for each in plan.left_out)
    nobody = found.left_out - reasons["no_room"]
    figures = (
        f"{wall:.2f}",
        f"{cpu:.2f}",
        len(check(problem, plan)),
        found.left_out,
        nobody,
        found.late,
        f"{found.travel / 60:.1f}",
        f"{found.overtime / 60:.1f}",
        f"{found.cost:,.0f}",
    )
    return plan, " | ".join(map(str, figures))


def days(seconds: float) -> None:
    print(f"| day | seed | plan | {HEAD} | cost |\n|{'---|' * 12}")
    limit = Limit(seconds=seconds)
    for name, size in SIZES.items():
        for seed in (1, 2, 3):
            problem = day(seed, size=size)
            _, line = measured(problem, lambda problem=problem: first_plan(problem))
            print(f"| {name} | {seed} | one after another | {line} |")
            _, line = measured(problem, lambda problem=problem: solve(problem, limit))
            print(f"| {name} | {seed} | searched | {line} |", flush=True)


def again(seconds: float) -> None:
    """Everybody was told, and in the morning somebody drops out."""
    limit, free = Limit(seconds=seconds), Prices(other_technician=0, other_time=0)
    print("| seed | lost | plan | other technician | other time | left out | driving h |")
    print(f"|{'---|' * 7}")
    for seed in (1, 2, 3):
        before = day(seed)
        plan = solve(before, limit)
        after = without(before, plan, GONE)
        lost = sum(visit.technician == GONE for visit in plan.visits)
        for name, prices in (("anew", free), ("little disturbed", Prices())):
            found = solve(replace(after, prices=prices), limit).measures
            figures = found.other_technician, found.other_time, found.left_out
            line = " | ".join(map(str, figures))
            print(f"| {seed} | {lost} | {name} | {line} | {found.travel / 60:.1f} |", flush=True)


def two_weeks(seconds: float, workers: int) -> None:
    problem = fortnight()
    print(f"| tasks | shifts | {HEAD} | cost | peak MB |\n|{'---|' * 12}")
    made = measured(problem, lambda: solve_days(problem, Limit(seconds=seconds), workers=workers))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"| {len(problem.tasks):,} | {len(problem.shifts)} | {made[1]} | {peak:,} |")
    print(dict(Counter(str(each.reason) for each in made[0].left_out)))


def instance(path: Path) -> pyvrp.ProblemData:
    """Solomon's text: number and capacity of the vehicles, then a line for each customer."""
    rows = [line.split() for line in path.read_text("utf-8").splitlines()]
    numbers = [[float(each) for each in row] for row in rows if row and row[0].isdigit()]
    (_, capacity), *customers = numbers
    points = np.array([row[1:3] for row in customers])
    gaps = points[:, None, :] - points[None, :, :]
    table = np.floor(np.sqrt((gaps**2).sum(axis=2)) * 10).astype(np.int64)
    clients = [
        pyvrp.Client(
            place,
            delivery=[int(row[3])],
            tw_early=int(row[4] * 10),
            tw_late=int(row[5] * 10),
            service_duration=int(row[6] * 10),
        )
        for place, row in enumerate(customers)
        if place
    ]
    end = int(customers[0][5] * 10)
    vehicles = pyvrp.VehicleType(len(clients), [int(capacity)], tw_late=end)
    places = [pyvrp.Location(*point) for point in points]
    return pyvrp.ProblemData(places, clients, [pyvrp.Depot(0)], [vehicles], [table], [table])


def solomon(folder: Path, seconds: float) -> None:
    print(
        "| instance | best known | found | vehicles | gap % | after s |\n|---|---|---|---|---|---|"
    )
    for name, best in BEST.items():
        found = min(
            (searched(instance(folder / f"{name}.txt"), seed, seconds) for seed in SEEDS),
            key=lambda each: each[0],
        )
        cost, vehicles, after = found
        gap = (cost / best - 1) * 100
        print(
            f"| {name} | {best} | {cost:.1f} | {vehicles} | {gap:.2f} | {after:.1f} |", flush=True
        )


class Latest(IteratedLocalSearchCallbacks):
    """When the best was found."""

    def __init__(self) -> None:
        self.begun = self.at = time.perf_counter()

    def on_best(self, best: pyvrp.Solution) -> None:
        self.at = time.perf_counter()


def searched(data: pyvrp.ProblemData, seed: int, seconds: float) -> tuple[float, int, float]:
    latest = Latest()
    stop = pyvrp.stop.MaxRuntime(seconds)
    found = pyvrp.solve(data, stop, seed, collect_stats=False, params=tuned(latest))
    return found.cost() / 10, len(found.best.routes()), latest.at - latest.begun


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--what", choices=["day", "again", "fortnight", "solomon"], required=True)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--instances", type=Path)
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, ", end="")
    print(f"Python {platform.python_version()}, PyVRP {version('pyvrp')}\n")
    if given.what == "day":
        days(given.seconds or 4.8)
    elif given.what == "again":
        again(given.seconds or 4.8)
    elif given.what == "fortnight":
        two_weeks(given.seconds or 540, given.workers)
    elif given.instances is None:
        parser.error("--instances names the folder with C101.txt and the others")
    else:
        solomon(given.instances, given.seconds or 20)
    return 0


if __name__ == "__main__":
    sys.exit(main())
