"""The backup and the restore of the README, as they are written there, while people work."""

import os
import re
import shutil
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
from db.tables import ServiceRequest
from tests.company_cast import Company, build, meet

README = Path(__file__).parent.parent / "README.md"
BEFORE, WRITERS, LONGEST = 30, 3, 120


def commands(containing: str) -> str:
    """The indented block of the Backup section that holds these words."""
    section = README.read_text("utf-8").split("**Backup.**")[1].split("**Attached files**")[0]
    blocks = re.findall(r"(?:^    .+\n)+", section, re.MULTILINE)
    (block,) = (each for each in blocks if containing in each)
    return block


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


def test_the_copy_holds_all_that_was_acknowledged_before_it_began(
    company: Company, folder: Path
) -> None:
    with at_work(company) as told:
        before = set(told)
        made = run(folder, commands("VACUUM INTO"))
    assert made.returncode == 0, made.stderr
    assert before <= cases(folder / "backup.db")
    checked = run(folder, commands("verify"))
    assert (checked.returncode, checked.stdout) == (0, "The history is whole.\n")


def test_a_copy_that_is_there_is_not_overwritten(company: Company, folder: Path) -> None:
    company.register()
    assert run(folder, commands("VACUUM INTO")).returncode == 0
    first = (folder / "backup.db").read_bytes()
    company.register()
    again = run(folder, commands("VACUUM INTO"))
    assert again.returncode != 0
    assert "output file already exists" in again.stderr
    assert (folder / "backup.db").read_bytes() == first


def test_no_empty_copy_is_made_of_a_database_that_is_not_there(folder: Path) -> None:
    (folder / "var").mkdir()
    assert run(folder, commands("VACUUM INTO")).returncode != 0
    assert not (folder / "backup.db").exists()
    assert list((folder / "var").iterdir()) == []


def test_the_copy_takes_the_place_of_the_database(company: Company, folder: Path) -> None:
    saved = company.register()
    assert run(folder, commands("VACUUM INTO")).returncode == 0
    company.register()
    database = folder / "var" / "aftercare.db"
    ends = ("-wal", "-shm")
    for end in ends:  # as a tool leaves them that was not stopped but killed
        shutil.copyfile(f"{database}{end}", folder / f"left{end}")
    company.engine.dispose()
    for end in ends:
        shutil.copyfile(folder / f"left{end}", f"{database}{end}")
    restored = run(folder, commands("cp backup.db"))
    assert restored.returncode == 0, restored.stderr
    assert cases(database) == cases(folder / "backup.db") == {saved}
    assert company.rows(ServiceRequest)[0].id == saved
    assert company.register() == saved + 1
    env = f"DATABASE_URL=sqlite:///{database}"
    assert run(folder, f"{env} .venv/bin/python -m core verify").returncode == 0
