"""Kill the tool while people work, again and again: nothing that was acknowledged may be lost.

python benchmarks/kills.py --kills 300 --databases sqlite postgresql
"""

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.kpi_grown import company
from db import migrate
from tests import killed
from tests.company_cast import build

# Rows, files and history are held against each other so often; it takes longer each time.
WHOLE = 25


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill so often, say how much was acknowledged, and what was lost; 1 where anything was."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    wrong = [bad for database in chosen.databases for bad in _of(database, chosen)]
    print("\n".join(wrong))
    return 1 if wrong else 0


def _of(database: str, chosen: Namespace) -> list[str]:
    kills, random = chosen.kills, Random(chosen.seed)
    acknowledged, wrong, began = 0, [], time.monotonic()
    with TemporaryDirectory() as folder, company(database, Path(folder)) as engine:
        os.environ["AFTERCARE_FILES"] = f"{folder}/files"
        os.environ["AFTERCARE_KEY"] = f"{folder}/history.key"
        migrate.upgrade(engine)
        build(engine)
        for number in range(1, kills + 1):
            told = killed.kill(engine, random.randrange(10**9), random.uniform(0.0, 1.0))
            acknowledged += len(told.rows)
            found = killed.lost(engine, told)
            if number % WHOLE == 0 or number == kills:
                found += killed.flaws(engine)
                said = f"{number} kills, {acknowledged:,} acknowledged, {len(wrong)} wrong"
                print(f"{database}: {said}, {time.monotonic() - began:,.0f} s", flush=True)
            wrong += [f"{database}, kill {number}: {each}" for each in found]
    return wrong


if __name__ == "__main__":
    sys.exit(main())
