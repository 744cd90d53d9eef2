"""What the figures of six months cost in a tool of before they were kept by day.

git worktree add --detach /tmp/before cc289e2^
python benchmarks/kpi_before.py /tmp/before sqlite:///var/large.db
"""

import importlib
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from subprocess import run
from time import perf_counter, process_time
from typing import Any

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HALF_YEAR = {"since": date(2026, 6, 1), "until": date(2026, 11, 1)}


def board(tree: str, url: str) -> Callable[[], Any]:
    """The board of an older tool, with the rule book that came with it; tables are today's."""
    sys.path.insert(0, tree)
    old: Any = importlib.import_module
    boards, revisions = old("core.kpi.boards"), old("core.norms.revisions")
    boards.norm_of = lambda _: revisions.shipped(revisions.DEFAULT_PACK)
    engine, house = old("db.session").make_engine(url), old("core.house").HOUSE
    manager = old("benchmarks.screens").cast(engine)["manager1"]
    begin = old("core.kernel.unit_of_work").unit_of_work

    def ask() -> Any:
        with begin(engine, manager, house, write=False, now=NOW) as uow:
            return boards.board(uow, **HALF_YEAR)

    return ask


def cost(tree: Path, url: str, runs: int) -> tuple[float, float]:
    """The same from a process of its own: two tools do not fit into one."""
    command = [sys.executable, __file__, str(tree), url, str(runs)]
    told = run(command, check=True, capture_output=True, text=True, cwd=tree)
    processor, wall = json.loads(told.stdout)
    return processor, wall


def main(arguments: Sequence[str]) -> int:
    """Print the median processor and wall time in milliseconds."""
    tree, url, *runs = arguments
    ask = board(tree, url)
    ask()
    times = []
    for _ in range(int(runs[0]) if runs else 5):
        used, began = process_time(), perf_counter()
        ask()
        times.append((process_time() - used, perf_counter() - began))
    print(json.dumps([median(each) * 1000 for each in zip(*times, strict=True)]))
    return 0


if __name__ == "__main__":
    # Not the folder of this file: the modules are the older tool's.
    sys.path.pop(0)
    sys.exit(main(sys.argv[1:]))
