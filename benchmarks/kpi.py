"""Measure what figures cost: the first count, a thousand changed cases, and what the page asks.

python benchmarks/kpi.py --sizes 100000 1000000 --databases sqlite postgresql
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, gettempdir
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import Connection, Engine, case, delete, func, insert, select, text, update

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import kpi_direct, seed
from benchmarks.screens import cast
from core import kpi
from core.house import HOUSE
from core.kernel import touched
from core.kernel.unit_of_work import UnitOfWork, system_actor, unit_of_work
from core.kpi import rollup, upkeep
from core.kpi.counted import Dimension
from core.kpi.figures import FigureName, Side
from core.kpi.spans import Days
from core.norms.revisions import in_force, norm_of
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
from tests import postgres

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HALF_YEAR = kpi.Asked(date(2026, 6, 1), date(2026, 11, 1))
TODAY = date(2026, 11, 20)
RESULTS = Path(__file__).with_suffix(".md")
BEGIN, END = "<!-- measured -->", "<!-- end -->"
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


def multiply(connection: Connection, last: dict[type[Base], int], copies: range) -> None:
    """So many copies of the first cases, with all that figures are counted from."""
    for copy in copies:
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


def grown(engine: Engine, sizes: Sequence[int]) -> Iterator[int]:
    """A company that grows from size to size: seeded, then multiplied, not counted yet."""
    migrate.upgrade(engine)
    seed.fill(engine, cases=sizes[0], today=TODAY)
    with engine.connect() as connection:
        last = {noun: connection.scalar(select(func.max(noun.id))) or 0 for noun in COPIED}
    done = 1
    for size in sizes:
        copies = max(done, size // sizes[0])
        with engine.execution_options(immediate=True).begin() as connection:
            multiply(connection, last, range(done, copies))
            for noun in (FigureFact, FigureDay, FigureMark):
                connection.execute(delete(noun))
            touched.mark_all(connection)
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        done = copies
        yield copies * sizes[0]


@contextmanager
def company(database: str, folder: Path) -> Iterator[Engine]:
    """An empty database that is gone afterwards."""
    with ExitStack() as until_end:
        if database == "postgresql":
            server = until_end.enter_context(postgres.running())
            server.execute("CREATE DATABASE kpi")
            engine = make_engine(server.url("kpi"))
        else:
            own = until_end.enter_context(TemporaryDirectory(dir=folder))
            engine = make_engine(f"sqlite:///{own}/kpi.db")
        yield engine
        engine.dispose()


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
    repairs = replace(HALF_YEAR, kind=RequestKind.REPAIR)
    late = {"figure": FigureName.TIMELY_RESOLUTION, "side": Side.REST}
    asked: dict[str, Callable[[UnitOfWork], Any]] = {
        "figures of 6 months": lambda uow: kpi.board(uow, asked=HALF_YEAR),
        "figures of 6 months, repairs": lambda uow: kpi.board(uow, asked=repairs),
        "cases behind a figure": lambda uow: kpi.cases_behind(uow, **late, asked=HALF_YEAR),
    }
    for dimension in Dimension:
        asked[f"by {dimension}"] = lambda uow, dimension=dimension: kpi.breakdown(
            uow, figure=FigureName.TIMELY_RESOLUTION, dimension=dimension, asked=HALF_YEAR
        )
    return asked


def change(engine: Engine, cases: int) -> None:
    """So many cases are moved to another station, which changes every fact of theirs."""
    with engine.execution_options(immediate=True).begin() as connection:
        newest = select(ServiceRequest.id).order_by(ServiceRequest.id.desc()).limit(cases)
        ids = list(connection.scalars(newest))
        later = case((ServiceRequest.station_id == 1, 2), else_=1)
        few = ServiceRequest.id.in_(ids)
        connection.execute(update(ServiceRequest).where(few).values(station_id=later))
        connection.execute(insert(FigureMark), [{"request_id": id} for id in ids])


def count(engine: Engine) -> None:
    """What the sweep does with what is marked."""
    with unit_of_work(engine, TOOL, HOUSE, write=True, now=NOW) as uow:
        rollup.step(uow)


Cost = tuple[str, tuple[float, float]]


def measure(engine: Engine, folder: Path, runs: int) -> Iterator[Cost]:
    """Every cost with its name."""
    yield "first count", timed(lambda: upkeep.keep(engine, TOOL, now=NOW, most=sys.maxsize))
    manager = cast(engine)["manager1"]

    def ask(question: Callable[[UnitOfWork], Any]) -> Any:
        with unit_of_work(engine, manager, HOUSE, write=False, now=NOW) as uow:
            return question(uow)

    asked = questions()
    for name, question in asked.items():
        ask(question)
        yield name, timed(partial(ask, question), runs)
    yield from beside(engine, folder, ask, runs)
    change(engine, 100)
    look = partial(kpi.board, asked=HALF_YEAR)
    yield "figures of 6 months while 100 cases wait", timed(partial(ask, look), runs)
    yield "count of 100 changed cases", timed(lambda: count(engine))
    change(engine, 1_000)
    yield "count of 1,000 changed cases", timed(lambda: count(engine))


def beside(engine: Engine, folder: Path, ask: Callable[[Any], Any], runs: int) -> Iterator[Cost]:
    """DuckDB, which counts the cases: the same numbers, or none are worth anything."""
    board = ask(partial(kpi.board, asked=HALF_YEAR))
    unhappy = ask(lambda uow: norm_of(in_force(uow)).unhappy_below)
    store = kpi_direct.loaded(engine, folder)
    whole = HALF_YEAR.span

    def straight(days: Days) -> kpi_direct.Tallies:
        return kpi_direct.tallies(
            store, since=days.first, until=days.last, now=NOW, unhappy=unhappy
        )

    if differ := kpi_direct.unlike(board, straight(whole.whole)):
        raise SystemExit("\n".join(["DuckDB counts otherwise:", *differ]))
    periods = (whole.whole, whole.before, whole.year_before)
    yield (
        "the same figures of 6 months from the cases, DuckDB",
        timed(lambda: [straight(days) for days in periods], runs),
    )
    store.close()


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
    parser.add_argument("--folder", type=Path, default=Path(gettempdir()))
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    columns: dict[str, dict[str, tuple[float, float]]] = {}
    for database in chosen.databases:
        with company(database, chosen.folder) as engine:
            for size in grown(engine, sorted(chosen.sizes)):
                costs = columns[f"{database}, {size:,}"] = {}
                for name, cost in measure(engine, chosen.folder, chosen.runs):
                    costs[name] = cost
                    print(f"{database}, {size:,}: {name}: {cost[0]:,.0f}, {cost[1]:,.0f} ms")
                print(sizes(engine), flush=True)
    write(chosen.results, columns)
    return 0


def write(path: Path, columns: dict[str, dict[str, tuple[float, float]]]) -> None:
    """Put the table where the last one was, between the lines around it."""
    rows = [["what (processor / wall, ms)", *columns], ["---", *["---:"] * len(columns)]]
    for name in dict.fromkeys(name for costs in columns.values() for name in costs):
        pairs = (costs[name] for costs in columns.values())
        rows.append([name, *(f"{used:,.0f} / {wall:,.0f}" for used, wall in pairs)])
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}."
    before, _, rest = path.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{machine}\n\n{table}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
