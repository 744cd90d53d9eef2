"""Measure what it costs that nothing acknowledged is lost by a power cut (SQLite).

python benchmarks/durability.py
"""

import argparse
import os
import platform
import secrets
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from unittest import mock

from sqlalchemy import Engine, event

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import seed
from benchmarks.screens import FOLDER, TODAY, cast
from core.house import HOUSE
from core.kernel import form_keys
from core.kernel.inputs import parse
from core.kernel.unit_of_work import Actor
from core.requests import intake
from db import files, migrate
from db.session import make_engine

RESULTS = Path(__file__).with_name("durability.md")
PEOPLE, PHOTO = 8, 300_000
CALL = {
    "kind": "repair",
    "channel": "hotline",
    "customer_name": "王小明",
    "phone": "138 0013 8000",
    "symptom": "洗衣机不转了",
}


@dataclass(frozen=True)
class Row:
    """What one thing cost both ways: the median milliseconds of each, of some rounds in turn."""

    what: str
    before: float
    after: float

    @property
    def ratio(self) -> float:
        """How many times as long it takes now."""
        return self.after / self.before


def in_turn(what: str, rounds: int, before: Callable[[], float], after: Callable[[], float]) -> Row:
    """Both ways one after the other, so that whatever else the machine does meets both."""
    pairs = [(before(), after()) for _ in range(rounds)]
    return Row(what, *(median(times) * 1000 for times in zip(*pairs, strict=True)))


def registering(engine: Engine, actor: Actor, count: int, people: int) -> Callable[[], float]:
    """Gives the seconds from form to form of people who register cases at the same time."""

    def one(_number: int) -> None:
        command = parse(intake.Register, CALL)
        form_keys.submit(
            engine,
            actor,
            HOUSE,
            lambda uow: intake.register(uow, command),
            key=secrets.token_hex(8),
        )

    def run() -> float:
        began = perf_counter()
        if people == 1:
            for number in range(count):
                one(number)
        else:
            with ThreadPoolExecutor(people) as pool:
                list(pool.map(one, range(count)))
        return (perf_counter() - began) / count

    return run


def storing(count: int) -> float:
    """Gives the seconds for a photo of a case."""
    photos = [secrets.token_bytes(PHOTO) for _ in range(count)]
    began = perf_counter()
    for photo in photos:
        files.keep(photo)
    return (perf_counter() - began) / count


def _storing_without_folders(count: int) -> float:
    with mock.patch.object(files, "_sync", lambda _place: None):
        return storing(count)


def measure(folder: Path, *, count: int, rounds: int) -> list[Row]:
    """All rows, on the disk of a folder."""
    with company(folder / "normal.db", "NORMAL") as normal, company(folder / "full.db") as full:
        agents = [cast(engine)["agent1"] for engine in (normal, full)]
        rows = [
            in_turn(
                f"a registered case, {people} at once",
                rounds,
                registering(normal, agents[0], count, people),
                registering(full, agents[1], count, people),
            )
            for people in (1, PEOPLE)
        ]
    with mock.patch.dict(os.environ, AFTERCARE_FILES=str(folder / "files")):
        photos = in_turn(
            f"a stored photo of {PHOTO // 1000} kB",
            rounds,
            lambda: _storing_without_folders(count),
            lambda: storing(count),
        )
    return [*rows, photos]


@contextmanager
def company(path: Path, synchronous: str | None = None) -> Iterator[Engine]:
    """A company of two hundred cases, in a file."""
    engine = make_engine(f"sqlite:///{path}")
    if synchronous:
        pragma = f"PRAGMA synchronous = {synchronous}"
        event.listen(engine, "connect", lambda connection, _: connection.execute(pragma).close())
    migrate.upgrade(engine)
    seed.fill(engine, cases=200, today=TODAY)
    yield engine
    engine.dispose()


def report(rows: Sequence[Row], *, count: int, rounds: int) -> str:
    """The rows as a page in Markdown."""
    lines = [
        "# What it costs that nothing acknowledged is lost",
        "",
        "Made by `python benchmarks/durability.py`; do not edit by hand. Milliseconds by the clock "
        f"on the wall, median of {rounds} rounds of {count}, both ways in turn. Cases: "
        "`PRAGMA synchronous` NORMAL, then FULL. Photos: without and with a synced folder.",
        "",
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}.",
        "",
        "| what | may be lost | is not lost | ratio |",
        "| --- | ---: | ---: | ---: |",
        *(f"| {r.what} | {r.before:.1f} | {r.after:.1f} | {r.ratio:.2f} |" for r in rows),
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the results down."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="on the disk in question")
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        rows = measure(Path(folder), count=chosen.count, rounds=chosen.rounds)
    text = report(rows, count=chosen.count, rounds=chosen.rounds)
    chosen.results.write_text(text, "utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
