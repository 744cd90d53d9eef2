"""Fill an empty, migrated database with a company and any number of cases.

python benchmarks/seed.py --cases 100000 --database sqlite:///var/large.db
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy import Engine, inspect, select, text

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import sheets
from benchmarks.cases import Town
from benchmarks.contacts import DAYS, Contacts, moments
from benchmarks.people import Callers, hire, stations_of, stock
from core.house import HOUSE
from core.kernel import touched
from core.kernel.inputs import parse
from core.kernel.unit_of_work import system_actor, unit_of_work
from core.kpi import upkeep
from core.norms import revisions
from core.people import company, passwords
from db.session import make_engine
from db.tables import Company

ZONE = ZoneInfo("Asia/Shanghai")
PASSWORD = "aftercare-bench"


def fill(
    engine: Engine, *, cases: int, today: date, number: int = 1, only_complaints: bool = False
) -> dict[str, int]:
    """A company with two years of cases up to the local midnight before `today`.

    The same numbers and day give the same rows, apart from the secrets of the sign-in.
    """
    first = today - timedelta(days=DAYS)
    opened = _moment(first - timedelta(days=1))
    _found(engine, opened)
    random, hashed = Random(number), passwords.hash_password(SecretStr(PASSWORD))
    with sheets.opened(engine) as pages:
        staff = hire(pages, random, hashed, opened)
        products = stock(pages, random)
        pages.write()
        norm = revisions.shipped(revisions.DEFAULT_PACK)
        town = Town(random, norm, ZONE, pages, staff)
        callers = Callers(town, products, stations_of(pages.connection))
        contacts = Contacts(town, callers, _moment(today), only_complaints=only_complaints)
        for at in moments(town, cases, first):
            contacts.take(at.astimezone(UTC))
        for series, value in contacts.numbers.items():
            pages.rows["counters"].append({"series": series, "value": value})
    # The count asks of many tables at once: without statistics PostgreSQL goes through them whole.
    _gather_statistics(engine)
    _count_figures(engine, _moment(today))
    _gather_statistics(engine)
    return pages.written


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(0), ZONE).astimezone(UTC)


def _found(engine: Engine, at: datetime) -> None:
    facts = {
        "company": "青松家电售后服务有限公司",
        "time_zone": ZONE.key,
        "language": "zh_CN",
        "pack": revisions.DEFAULT_PACK,
        "hotline": "400-820-0000",
        "admin_name": "系统管理员",
        "username": "admin",
        "password": PASSWORD,
    }
    with unit_of_work(engine, system_actor(), HOUSE, write=True, now=at) as uow:
        company.set_up(uow, parse(company.SetUp, facts))


def _count_figures(engine: Engine, now: datetime) -> None:
    # What is written in bulk leaves no marks.
    tool = system_actor(ZONE.key)
    with unit_of_work(engine, tool, HOUSE, write=True, now=now) as uow:
        touched.mark_all(uow.session.connection())
    upkeep.keep(engine, tool, now=now, most=sys.maxsize)


def _gather_statistics(engine: Engine) -> None:
    # PostgreSQL's autovacuum would do it some minutes later; SQLite never does by itself.
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _problem(engine: Engine) -> str:
    with engine.connect() as connection:
        if not inspect(connection).has_table("company"):
            return "the database has no tables: run `python -m core migrate` first"
        if connection.execute(select(Company.id)).first():
            return "the database holds a company already: take an empty one"
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the database and say how many rows each table got."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=1_000)
    parser.add_argument("--database", required=True, metavar="URL")
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(ZONE).date())
    parser.add_argument("--seed", type=int, default=1, help="another number, another company")
    parser.add_argument(
        "--complaints", action="store_true", help="complaints only, for the complaint queue"
    )
    chosen = parser.parse_args(arguments)
    engine, began = make_engine(chosen.database), perf_counter()
    if problem := _problem(engine):
        parser.error(problem)
    written = fill(
        engine,
        cases=chosen.cases,
        today=chosen.today,
        number=chosen.seed,
        only_complaints=chosen.complaints,
    )
    for table, rows in written.items():
        print(f"{table:16}{rows:>10,}")
    print(f"{perf_counter() - began:.1f} s. Sign in as admin, manager1, agent1 …: {PASSWORD}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
