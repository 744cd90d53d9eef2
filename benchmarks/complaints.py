"""Measure the complaint queue and the word search at 100,000 complaints, on both databases.

python benchmarks/complaints.py
"""

import argparse
import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event, select

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import seed
from benchmarks.screens import NOW, TODAY, cast
from core.complaints import lists
from core.complaints import view as complaint_view
from core.complaints.lists import Filter
from core.house import HOUSE
from core.kernel.unit_of_work import Actor, UnitOfWork, transaction, unit_of_work
from core.requests import lists as requests
from core.requests import precedents
from core.requests.lists import View
from db import migrate
from db.codes import ComplaintStatus
from db.session import make_engine
from db.tables import Complaint
from tests import postgres

RESULTS = Path(__file__).with_name("complaints.md")
WORD = "异响"
QUEUE, SEARCH = 50.0, 150.0
Ask = Callable[[UnitOfWork], Any]


@dataclass(frozen=True)
class Question:
    """What a screen asks, who asks it, and how many milliseconds it may take."""

    name: str
    who: str
    ask: Ask
    most: float


@dataclass(frozen=True)
class Cost:
    """Statements, rows found, and the median and the slowest run in milliseconds."""

    statements: int
    found: int
    middle: float
    slowest: float


def questions(engine: Engine) -> Iterator[Question]:
    """The queue as people look at it, then the searches."""
    some = _open_case(engine)
    narrowed = {
        "queue": Filter(),
        "queue: late": Filter(view=View.LATE),
        "queue: step": Filter(status=ComplaintStatus.ASSIGNED),
        "queue: class": Filter(case_class="product_quality"),
        "queue: my department": Filter(view=View.DEPARTMENT),
        f"queue: {WORD}": Filter(text=WORD),
        "queue: ended": Filter(ended=True),
    }
    for who in ("manager1", "agent1"):
        for name, filters in narrowed.items():
            yield Question(name, who, _queue(filters), QUEUE)
        for word in (WORD, f"空调 {WORD}", "没有这样的词"):
            yield Question(f"search: {word}", who, _search(word), SEARCH)
    ask: Ask = lambda uow: complaint_view.view(uow, case_id=some)  # noqa: E731
    yield Question("complaint", "manager1", ask, SEARCH)
    alike: Ask = lambda uow: precedents.similar(uow, case_id=some)  # noqa: E731
    yield Question("similar earlier cases", "manager1", alike, SEARCH)


def _queue(filters: Filter) -> Ask:
    return lambda uow: lists.queue(uow, filters=filters)


def _search(word: str) -> Ask:
    return lambda uow: requests.search(uow, text=word)


def _open_case(engine: Engine) -> int:
    with transaction(engine, write=False) as session:
        waits = select(Complaint.request_id).where(Complaint.status == ComplaintStatus.ASSIGNED)
        return session.scalars(waits.order_by(Complaint.id).limit(1)).one()


def measure(engine: Engine, runs: int) -> dict[tuple[str, str], tuple[Question, Cost]]:
    """Ask every question some times, each time in a transaction of its own."""
    actors = cast(engine)
    return {
        (each.name, each.who): (each, _cost(engine, actors[each.who], each, runs))
        for each in questions(engine)
    }


def _cost(engine: Engine, actor: Actor, question: Question, runs: int) -> Cost:
    statements: list[str] = []

    def note(*given: Any) -> None:
        statements.append(given[2])

    event.listen(engine, "before_cursor_execute", note)
    answer = _ask(engine, actor, question)
    event.remove(engine, "before_cursor_execute", note)
    count = len([text for text in statements if not text.startswith("BEGIN")])
    times = []
    for _ in range(runs):
        # Wall clock: on PostgreSQL most of the work is done by another process.
        began = perf_counter()
        _ask(engine, actor, question)
        times.append((perf_counter() - began) * 1000)
    return Cost(count, getattr(answer, "total", 1), median(times), max(times))


def _ask(engine: Engine, actor: Actor, question: Question) -> Any:
    with unit_of_work(engine, actor, HOUSE, write=False, now=NOW) as uow:
        return question.ask(uow)


@contextmanager
def companies(cases: int, folder: Path) -> Iterator[dict[str, Engine]]:
    """A company of this many complaints on each database."""
    path = folder / f"complaints-{cases}.db"
    known = path.exists()
    engines = {"SQLite": make_engine(f"sqlite:///{path}")}
    if not known:
        _fill(engines["SQLite"], cases)
    with postgres.running() as server:
        server.execute(f"CREATE DATABASE complaints{cases}")
        engines["PostgreSQL"] = make_engine(server.url(f"complaints{cases}"))
        _fill(engines["PostgreSQL"], cases)
        with engines["PostgreSQL"].connect() as connection:
            # The throw-away server does no housekeeping of its own.
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
                "VACUUM ANALYZE"
            )
        yield engines
        for engine in engines.values():
            engine.dispose()


def _fill(engine: Engine, cases: int) -> None:
    print(f"filling {engine.dialect.name} …", flush=True)
    migrate.upgrade(engine)
    seed.fill(engine, cases=cases, today=TODAY, only_complaints=True)


def report(found: dict[str, dict[tuple[str, str], tuple[Question, Cost]]]) -> str:
    """The costs on both databases as a table in Markdown."""
    names = list(found)
    head = ["question", "who", "rows", "statements", *(f"{name}, ms" for name in names), "budget"]
    rows = [
        [
            question.name,
            question.who,
            str(cost.found),
            str(cost.statements),
            *(_time(*found[name][question.name, question.who]) for name in names),
            f"{question.most:.0f} ms",
        ]
        for question, cost in found[names[0]].values()
    ]
    lines = [head, ["---"] * 2 + ["---:"] * (len(head) - 2), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _time(question: Question, cost: Cost) -> str:
    mark = " (!)" if cost.middle > question.most else ""
    return f"{cost.middle:.0f} ({cost.slowest:.0f}){mark}"


def preface(cases: int, runs: int) -> str:
    """How the table was made, and on what."""
    return (
        f"# Complaints: what the queue and the search cost at {cases:,}\n\n"
        "Made by `python benchmarks/complaints.py`; do not edit by hand. Wall clock of the calls "
        f"into core, without drawing the page: the median of {runs} runs and in brackets the "
        "slowest, other work of the machine included; SQL statements without BEGIN. The two "
        "databases run on the same machine, one after the other.\n\n"
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}.\n\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill what is missing, measure, write the results down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=20)
    folder = Path(__file__).resolve().parent.parent / "var" / "benchmarks"
    parser.add_argument("--folder", type=Path, default=folder, help="SQLite's is kept here")
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    with companies(chosen.cases, chosen.folder) as engines:
        found = {name: measure(engine, chosen.runs) for name, engine in engines.items()}
    text = preface(chosen.cases, chosen.runs) + report(found)
    chosen.results.write_text(text, "utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
