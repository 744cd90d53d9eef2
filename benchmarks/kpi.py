"""Measure what figures cost: the first count, a thousand changed cases, and what the page asks.

git worktree add --detach /tmp/before cc289e2^
python benchmarks/kpi.py --sizes 100000 1000000 --databases sqlite postgresql --before /tmp/before
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from statistics import median
from tempfile import gettempdir
from time import perf_counter, process_time
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import (
    Engine,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import kpi_before, kpi_direct
from benchmarks.clock import Clock
from benchmarks.kpi_grown import TODAY, company, grown
from benchmarks.screens import cast
from core import kpi
from core.house import HOUSE
from core.kernel.unit_of_work import Actor, UnitOfWork, system_actor, unit_of_work
from core.kpi import rollup, upkeep
from core.kpi.counted import Dimension
from core.kpi.figures import FigureName, Side
from core.kpi.spans import Days
from core.norms.revisions import in_force, norm_of
from db.codes import RequestKind
from db.tables import (
    FigureDay,
    FigureFact,
    FigureMark,
    FigureMonth,
    ServiceRequest,
)

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HALF_YEAR = kpi.Asked(date(2026, 6, 1), date(2026, 11, 1))
THIS_MONTH = kpi.Asked(date(2026, 11, 1), TODAY, whole_months=False)
RESULTS = Path(__file__).with_suffix(".md")
BEGIN, END = "<!-- measured -->", "<!-- end -->"
KEPT = (FigureFact, FigureDay, FigureMonth)
MINUTE = timedelta(minutes=1)
TOOL = system_actor("Asia/Shanghai")


def timed(
    ask: Callable[[], Any], runs: int = 1, clock: Callable[[], float] = process_time
) -> tuple[float, float]:
    """The median processor time and wall time in milliseconds."""
    processor, wall = [], []
    for _ in range(runs):
        began, since = clock(), perf_counter()
        ask()
        processor.append(clock() - began)
        wall.append(perf_counter() - since)
    return median(processor) * 1000, median(wall) * 1000


def page(uow: UnitOfWork, asked: kpi.Asked) -> None:
    """What the page reads: cards with their reasons, and the year of months for the lines."""
    kpi.explained(uow, asked=asked)
    until = asked.until.replace(day=1)
    kpi.by_month(uow, asked=kpi.Asked(until - relativedelta(months=11), until))


def questions() -> dict[str, Callable[[UnitOfWork], Any]]:
    """What the page asks, and what a click on it asks."""
    figure = FigureName.TIMELY_RESOLUTION
    asked: dict[str, Callable[[UnitOfWork], Any]] = {
        "the page, this month": partial(page, asked=THIS_MONTH),
        "the page, 6 months": partial(page, asked=HALF_YEAR),
        "the page, 6 months, repairs": partial(
            page, asked=replace(HALF_YEAR, kind=RequestKind.REPAIR)
        ),
        "cases behind a figure": partial(
            kpi.cases_behind, figure=figure, side=Side.REST, asked=HALF_YEAR
        ),
    }
    for dimension in (Dimension.STATION, Dimension.TECHNICIAN, Dimension.PRODUCT, Dimension.WAITED):
        name = f"a figure by {dimension}"
        asked[name] = partial(kpi.breakdown, figure=figure, dimension=dimension, asked=HALF_YEAR)
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


def delay(engine: Engine, cases: int) -> None:
    """So many cases were resolved a minute later, which changes a fact or two of each."""
    with engine.execution_options(immediate=True).begin() as connection:
        own = select(ServiceRequest.id, ServiceRequest.resolved_at)
        open = own.where(
            ServiceRequest.resolved_at.is_not(None), ServiceRequest.closed_at.is_(None)
        )
        newest = open.order_by(ServiceRequest.id.desc()).limit(cases)
        rows = [{"of": id, "at": at + MINUTE} for id, at in connection.execute(newest)]
        later = update(ServiceRequest).where(ServiceRequest.id == bindparam("of"))
        connection.execute(later.values(resolved_at=bindparam("at")), rows)
        connection.execute(insert(FigureMark), [{"request_id": row["of"]} for row in rows])


def count(engine: Engine) -> None:
    """What the sweep does with what is marked."""
    with unit_of_work(engine, TOOL, HOUSE, write=True, now=NOW) as uow:
        rollup.step(uow)


Cost = tuple[str, tuple[float, float]]


@dataclass(frozen=True)
class Measuring:
    """A company of one size, and how it is measured."""

    engine: Engine
    size: int
    chosen: Namespace

    def costs(self) -> Iterator[Cost]:
        """Every cost with its name."""
        if self.size <= self.chosen.counted:
            keep = partial(upkeep.keep, self.engine, TOOL, now=NOW, most=sys.maxsize)
            yield "first count", self.timed(keep)
        self.sample()
        for name, question in questions().items():
            self.ask(question)
            yield name, self.timed(partial(self.ask, question), self.chosen.runs)
        yield from self.beside()
        if before := self.chosen.before:
            name = "7 figures of 6 months from the cases, the tool of before"
            yield name, self.before(before)
        change(self.engine, 100)
        look = partial(self.ask, partial(page, asked=HALF_YEAR))
        look()
        yield "the page while 100 cases wait", self.timed(look, self.chosen.runs)
        yield "count of 100 cases at another station", self.timed(lambda: count(self.engine))
        change(self.engine, 1_000)
        yield "count of 1,000 cases at another station", self.timed(lambda: count(self.engine))
        delay(self.engine, 1_000)
        yield "count of 1,000 cases resolved later", self.timed(lambda: count(self.engine))

    def before(self, tree: Path) -> tuple[float, float]:
        """The same of an older tool, in a process of its own, which asks twice."""
        began = self.clock()
        url = self.engine.url.render_as_string(hide_password=False)
        processor, wall = kpi_before.cost(tree, url, 1)
        return processor + (self.clock() - began) / 2 * 1000, wall

    def timed(self, ask: Callable[[], Any], runs: int = 1) -> tuple[float, float]:
        """What it costs here and in the database."""
        return timed(ask, runs, self.clock)

    @cached_property
    def clock(self) -> Clock:
        """Counts the database's time as well."""
        return Clock(self.engine)

    def ask(self, question: Callable[[UnitOfWork], Any]) -> Any:
        """What a manager is answered."""
        with unit_of_work(self.engine, self.manager, HOUSE, write=False, now=NOW) as uow:
            return question(uow)

    @cached_property
    def manager(self) -> Actor:
        """Somebody who sees all of it."""
        return cast(self.engine)["manager1"]

    def sample(self) -> None:
        """Hold some cases against what is counted of them: nothing may differ."""
        with unit_of_work(self.engine, TOOL, HOUSE, write=False, now=NOW) as uow:
            ids = range(self.size // 2, self.size // 2 + 1_000)
            differ = rollup.change(
                uow.session, rollup.measure(uow, norm_of(in_force(uow))), ids, ()
            )
        if differ.gone or differ.come:
            raise SystemExit(
                f"counted otherwise: {sorted(differ.gone)} {sorted(differ.come)}"[:2_000]
            )

    def beside(self) -> Iterator[Cost]:
        """DuckDB, which counts the cases: the same numbers, or none are worth anything."""
        board = self.ask(partial(kpi.board, asked=HALF_YEAR))
        unhappy = self.ask(lambda uow: norm_of(in_force(uow)).unhappy_below)
        times = max(1, self.size // self.chosen.counted)
        store = kpi_direct.loaded(self.engine, self.chosen.folder, times)
        whole = HALF_YEAR.span

        def straight(days: Days) -> kpi_direct.Tallies:
            return kpi_direct.tallies(
                store, since=days.first, until=days.last, now=NOW, unhappy=unhappy
            )

        both, differ = kpi_direct.unlike(board, straight(whole.whole))
        if differ:
            raise SystemExit("\n".join(["DuckDB counts otherwise:", *differ]))
        periods = (whole.whole, whole.before, whole.year_before)
        yield (
            f"{both} figures of 6 months from the cases, DuckDB",
            timed(lambda: [straight(days) for days in periods], self.chosen.runs),
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
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=Path(gettempdir()))
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--seeded", type=int, default=20_000)
    parser.add_argument("--counted", type=int, default=1_000_000, help="larger is not counted")
    parser.add_argument("--before", type=Path, help="a work tree of before figures were kept")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    columns: dict[str, dict[str, tuple[float, float]]] = {}
    for database in chosen.databases:
        with company(database, chosen.folder) as engine:
            for size in grown(engine, chosen.seeded, sorted(chosen.sizes), chosen.counted):
                costs = columns[f"{database}, {size:,}"] = {}
                for name, cost in Measuring(engine, size, chosen).costs():
                    costs[name] = cost
                    said = f"{cost[0]:,.0f}, {cost[1]:,.0f} ms, load {os.getloadavg()[0]:.1f}"
                    print(f"{database}, {size:,}: {name}: {said}", flush=True)
                print(sizes(engine), flush=True)
                write(chosen.results, columns)
    return 0


def write(path: Path, columns: dict[str, dict[str, tuple[float, float]]]) -> None:
    """Put the table where the last one was, between the lines around it."""
    rows = [["what (processor / wall, ms)", *columns], ["---", *["---:"] * len(columns)]]
    for name in dict.fromkeys(name for costs in columns.values() for name in costs):
        rows.append([name, *(_both(costs.get(name)) for costs in columns.values())])
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}."
    before, _, rest = path.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{machine}\n\n{table}\n{END}{after}", "utf-8")


def _both(cost: tuple[float, float] | None) -> str:
    return f"{cost[0]:,.0f} / {cost[1]:,.0f}" if cost else "–"


if __name__ == "__main__":
    sys.exit(main())
