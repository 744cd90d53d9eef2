"""Measure what figures cost: the first count, a thousand changed cases, and what the page asks.

python benchmarks/kpi.py --folder var/benchmarks --copies 1 10
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, literal, select, update

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.screens import FOLDER, cast
from core import kpi
from core.house import HOUSE
from core.kernel import touched
from core.kernel.unit_of_work import UnitOfWork, system_actor, unit_of_work
from core.kpi import rollup, upkeep
from core.kpi.counted import Dimension
from core.kpi.figures import FigureName, Side
from db import migrate
from db.codes import RequestKind
from db.session import make_engine
from db.tables import (
    Asset,
    Base,
    Customer,
    FigureDay,
    FigureFact,
    FigureMark,
    FollowUp,
    Job,
    Limit,
    ServiceRequest,
    SurveyAnswer,
    Visit,
)

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HALF_YEAR = {"since": date(2026, 6, 1), "until": date(2026, 11, 1)}
KEPT = (FigureFact, FigureDay)
TOOL = system_actor("Asia/Shanghai")
# What figures are counted from, and the columns that name another of these rows.
COPIED: dict[type[Base], dict[str, type[Base]]] = {
    Customer: {},
    Asset: {"customer_id": Customer},
    ServiceRequest: {"customer_id": Customer, "asset_id": Asset, "origin_id": ServiceRequest},
    Limit: {"request_id": ServiceRequest},
    Job: {"request_id": ServiceRequest},
    Visit: {"job_id": Job},
    FollowUp: {"request_id": ServiceRequest},
    SurveyAnswer: {"follow_up_id": FollowUp},
}


def multiply(connection: Connection, copies: int) -> None:
    """So many times the cases, with all that figures are counted from."""
    last = {noun: connection.scalar(select(func.max(noun.id))) or 0 for noun in COPIED}
    for copy in range(1, copies):
        for noun, names in COPIED.items():
            table = noun.__table__
            shifts = {"id": noun, **names}
            columns = [
                column + copy * last[shifts[column.key]]
                if column.key in shifts
                else column.concat(f"-{copy}")
                if column.key in ("number", "serial", "source_ref")
                else column
                for column in table.columns
            ]
            old = select(*columns).where(table.c.id <= last[noun])
            connection.execute(insert(noun).from_select([c.key for c in table.columns], old))
        print(f"copy {copy}", flush=True)


def made(folder: Path, source: Path, copies: int) -> Engine:
    """A company of so many times the cases of a kept one, migrated and not counted yet."""
    path = folder / f"kpi-{copies}.db"
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    shutil.copyfile(source, path)
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    with engine.execution_options(immediate=True).begin() as connection:
        multiply(connection, copies)
        touched.mark_all(connection)
    return engine


def timed(ask: Callable[[], Any], runs: int = 1) -> tuple[float, float]:
    """The median processor time and wall time in milliseconds."""
    processor, wall = [], []
    for _ in range(runs):
        began, since = process_time(), perf_counter()
        ask()
        processor.append(process_time() - began)
        wall.append(perf_counter() - since)
    return median(processor) * 1000, median(wall) * 1000


def questions() -> dict[str, Callable[[UnitOfWork], Any]]:
    """What the page asks."""
    repairs = HALF_YEAR | {"kind": RequestKind.REPAIR}
    late = {"figure": FigureName.TIMELY_RESOLUTION, "side": Side.REST}
    asked: dict[str, Callable[[UnitOfWork], Any]] = {
        "figures of 6 months": lambda uow: kpi.board(uow, **HALF_YEAR),
        "figures of 6 months, repairs": lambda uow: kpi.board(uow, **repairs),
        "cases behind a figure": lambda uow: kpi.cases_behind(uow, **late, **HALF_YEAR),
    }
    for dimension in Dimension:
        asked[f"by {dimension}"] = lambda uow, dimension=dimension: kpi.breakdown(
            uow, figure=FigureName.TIMELY_RESOLUTION, dimension=dimension, **HALF_YEAR
        )
    return asked


def change(engine: Engine, cases: int) -> None:
    """So many cases are moved to another station, which changes every fact of theirs."""
    with engine.execution_options(immediate=True).begin() as connection:
        newest = select(ServiceRequest.id).order_by(ServiceRequest.id.desc()).limit(cases)
        ids = list(connection.scalars(newest))
        later = func.max(literal(1), 3 - ServiceRequest.station_id)
        few = ServiceRequest.id.in_(ids)
        connection.execute(update(ServiceRequest).where(few).values(station_id=later))
        connection.execute(insert(FigureMark), [{"request_id": id} for id in ids])


def count(engine: Engine) -> None:
    """What the sweep does with what is marked."""
    with unit_of_work(engine, TOOL, HOUSE, write=True, now=NOW) as uow:
        rollup.step(uow)


Cost = tuple[str, tuple[float, float]]


def measure(engine: Engine, runs: int) -> Iterator[Cost]:
    """Every cost with its name."""
    yield "first count", timed(lambda: upkeep.keep(engine, TOOL, now=NOW, most=sys.maxsize))
    manager = cast(engine)["manager1"]

    def ask(question: Callable[[UnitOfWork], Any]) -> None:
        with unit_of_work(engine, manager, HOUSE, write=False, now=NOW) as uow:
            question(uow)

    for name, question in questions().items():
        ask(question)
        yield name, timed(partial(ask, question), runs)
    change(engine, 100)
    look = partial(kpi.board, **HALF_YEAR)
    yield "figures of 6 months while 100 cases wait", timed(partial(ask, look), runs)
    yield "count of 100 changed cases", timed(lambda: count(engine))
    change(engine, 1_000)
    yield "count of 1,000 changed cases", timed(lambda: count(engine))


def sizes(engine: Engine) -> str:
    """How many facts and sums there are."""
    with engine.connect() as connection:
        counts = [
            (noun, connection.scalar(select(func.count()).select_from(noun))) for noun in KEPT
        ]
    return ", ".join(f"{number:,} {noun.__tablename__}" for noun, number in counts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--source", type=Path, default=FOLDER / "cases-100000.db")
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 10])
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args(arguments)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for copies in chosen.copies:
        engine = made(chosen.folder, chosen.source, copies)
        print(f"## {copies} x {chosen.source.stem}\n\n| what | processor | wall |\n|---|---:|---:|")
        for name, (processor, wall) in measure(engine, chosen.runs):
            print(f"| {name} | {processor:,.0f} ms | {wall:,.0f} ms |", flush=True)
        print(f"\n{sizes(engine)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
