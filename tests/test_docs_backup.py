"""The backup and the restore of the README, as they are written there, while people work."""

import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from db import migrate
from db.session import make_engine
from tests.company_cast import Company, build, meet

README = Path(__file__).parent.parent / "README.md"
BEFORE, WRITERS, LONGEST = 30, 3, 120


def line(verb: str, named: str, place: Path) -> str:
    """The README's line for this verb, with a folder of the test in place of the one it names."""
    (found,) = re.findall(
        rf"^    (\.venv/bin/python -m core {verb} .+)$", README.read_text("utf-8"), re.M
    )
    assert named in found
    return found.replace(named, str(place))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the tool is installed."""
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return tmp_path


@pytest.fixture
def company(folder: Path) -> Iterator[Company]:
    engine = make_engine(f"sqlite:///{folder / 'var' / 'aftercare.db'}")
    migrate.upgrade(engine)
    build(engine)
    yield meet(engine)
    engine.dispose()


def run(folder: Path, lines: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(README.parent)}
    env["DATABASE_URL"] = f"sqlite:///{folder / 'var' / 'aftercare.db'}"
    env["AFTERCARE_FILES"] = str(folder / "var" / "files")
    return subprocess.run(
        lines, shell=True, cwd=folder, env=env, capture_output=True, text=True, timeout=LONGEST
    )


@contextmanager
def at_work(company: Company) -> Iterator[list[int]]:
    """People register cases one after the other; gives what they were told is registered."""
    told: list[int] = []
    enough, home = threading.Event(), threading.Event()

    def work() -> None:
        while not home.is_set():
            told.append(company.register())
            if len(told) >= BEFORE:
                enough.set()

    threads = [threading.Thread(target=work) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        assert enough.wait(LONGEST)
        yield told
    finally:
        home.set()
        for thread in threads:
            thread.join()


def cases(path: Path) -> set[int]:
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {id for (id,) in copy.execute("SELECT id FROM requests")}


def backed_up(folder: Path) -> Path:
    """Carry out the README's line; gives the one backup in the folder that it names."""
    made = run(folder, line("backup", "/mnt/backup", folder / "mnt"))
    assert made.returncode == 0, made.stderr
    (place,) = (each.parent for each in (folder / "mnt").glob("*/backup.json"))
    return place


def test_the_copy_holds_all_that_was_acknowledged_before_it_began(
    company: Company, folder: Path
) -> None:
    with at_work(company) as told:
        before = set(told)
        place = backed_up(folder)
    assert before <= cases(place / "database.sqlite")


def test_no_copy_is_made_of_a_database_that_is_not_there(folder: Path) -> None:
    (folder / "var").mkdir()
    assert run(folder, line("backup", "/mnt/backup", folder / "mnt")).returncode == 1
    assert not (folder / "mnt").exists()
    assert list((folder / "var").iterdir()) == []


def test_a_backup_comes_back_only_where_nothing_is(company: Company, folder: Path) -> None:
    saved = company.register()
    place = backed_up(folder)
    company.register()
    company.engine.dispose()
    back = line("restore", "/mnt/backup/20260301T020000Z", place)
    refused = run(folder, back)
    assert (refused.returncode, "There is a database already" in refused.stderr) == (1, True)
    assert len(cases(folder / "var" / "aftercare.db")) == 2
    for each in (folder / "var").glob("aftercare.db*"):
        each.rename(folder / each.name)
    restored = run(folder, back)
    assert restored.returncode == 0, restored.stderr
    assert cases(folder / "var" / "aftercare.db") == {saved}
    assert company.register() == saved + 1
    assert run(folder, ".venv/bin/python -m core verify").returncode == 0
