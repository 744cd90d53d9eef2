"""Measure what the screens ask of core, side by side at a small and at a large company.

python benchmarks/screens.py
"""

import argparse
import os
import platform
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import sqlalchemy
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import joinedload

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import questions, seed
from benchmarks.questions import Screen
from core.house import HOUSE
from core.kernel.unit_of_work import Actor, actor_of, transaction, unit_of_work
from db import migrate
from db.session import make_engine
from db.tables import Company, Person

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FOLDER = Path(__file__).resolve().parent.parent / "var" / "benchmarks"
RESULTS = Path(__file__).with_name("results.md")
CAST = ("manager1", "agent1", "technician1")
BUDGET = 5


@dataclass(frozen=True)
class Cost:
    """What a question cost: statements, and the median processor time of some runs."""

    statements: int
    milliseconds: float


Costs = dict[tuple[str, str], Cost]


def measure(engine: Engine, runs: int) -> Costs:
    """Ask every question some times, each time in a transaction of its own."""
    actors = cast(engine)
    with transaction(engine, write=False) as session:
        known = questions.known(session)
    return {
        (screen.name, screen.who): _cost(engine, actors[screen.who], screen, runs)
        for screen in questions.screens(known)
    }


def cast(engine: Engine) -> dict[str, Actor]:
    """Who asks, by user name."""
    with transaction(engine, write=False) as session:
        company = session.get_one(Company, 1)
        people = session.scalars(
            select(Person).options(joinedload(Person.station)).where(Person.username.in_(CAST))
        )
        return {person.username: actor_of(person, company) for person in people}


def _cost(engine: Engine, actor: Actor, screen: Screen, runs: int) -> Cost:
    with _counted(engine) as statements:
        _ask(engine, actor, screen)  # also fills the caches of the database and of SQLAlchemy
        count = len([text for text in statements if not text.startswith("BEGIN")])
    times = []
    for _ in range(runs):
        # Time of this process, in which SQLite works: what else the machine does is left out.
        began = process_time()
        _ask(engine, actor, screen)
        times.append(process_time() - began)
    return Cost(count, median(times) * 1000 if times else 0.0)


def _ask(engine: Engine, actor: Actor, screen: Screen) -> None:
    with unit_of_work(engine, actor, HOUSE, write=False, now=NOW) as uow:
        screen.ask(uow)


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*given: Any) -> None:
        statements.append(given[2])

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def report(costs: dict[int, Costs]) -> str:
    """The costs of all sizes as a table in Markdown."""
    sizes = sorted(costs)
    largest = costs[sizes[-1]]
    head = ["question", "who", "statements", *(f"{size:,} cases" for size in sizes)]
    rows = [
        [
            name,
            who,
            f"{cost.statements}{' (!)' if cost.statements > BUDGET else ''}",
            *(f"{costs[size][name, who].milliseconds:.1f} ms" for size in sizes),
        ]
        for (name, who), cost in largest.items()
    ]
    lines = [head, ["---"] * 3 + ["---:"] * len(sizes), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def preface(runs: int) -> str:
    """How the table was made, and on what."""
    machine = (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, SQLAlchemy {sqlalchemy.__version__}"
    )
    return (
        "# What the screens cost\n\n"
        "Made by `python benchmarks/screens.py`; do not edit by hand. "
        f"Median processor time of {runs} runs of the calls into core, without drawing the "
        "page; SQL statements without BEGIN.\n\n"
        f"{machine}.\n\n"
    )


def _company(folder: Path, cases: int) -> Engine:
    path = folder / f"cases-{cases}.db"
    known = path.exists()
    engine = make_engine(f"sqlite:///{path}")
    if not known:
        print(f"filling {path.name} …", flush=True)
        migrate.upgrade(engine)
        seed.fill(engine, cases=cases, today=TODAY)
    return engine


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill what is missing, measure, write the results down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="databases are kept here")
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    costs = {n: measure(_company(chosen.folder, n), chosen.runs) for n in chosen.cases}
    text = preface(chosen.runs) + report(costs)
    chosen.results.write_text(text, "utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
