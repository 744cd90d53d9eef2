"""A running tool for the tests: a process of its own, started as the README says."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from core.kernel.unit_of_work import Actor
from db import migrate
from db.session import make_engine
from tests.company_cast import Company, address, meet

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 15


class Tool:
    """A running server with a database file of its own."""

    def __init__(self, url: str, database: Path, log: Path) -> None:
        self.url = url
        self.log = log
        self.engine = make_engine(f"sqlite:///{database}")

    def company(self) -> Company:
        """Whoever works there by now, for asking the database."""
        return meet(self.engine)

    def rows(self, table: type, **facts: Any) -> list[Any]:
        """The rows with these facts, whoever may see them."""
        nobody: dict[str, Actor] = {}
        return Company(self.engine, nobody).rows(table, **facts)


@contextmanager
def running(
    folder: Path, fill: Callable[[Any], None] | None = None, **settings: str
) -> Iterator[Tool]:
    """Start the tool on a free port; a database that is not filled is one of a first start."""
    port, log = free_port(), folder / "log.txt"
    tool = Tool(f"http://127.0.0.1:{port}", folder / "aftercare.db", log)
    if fill:
        migrate.upgrade(tool.engine)
        fill(tool.engine)
    with log.open("wb") as output:
        process = subprocess.Popen(
            _command(port),
            cwd=ROOT,
            env=_environment(address(tool.engine), folder / "files") | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, tool)
            yield tool
        finally:
            _stop(process)
            tool.engine.dispose()


def _command(port: int) -> list[str]:
    streamlit = Path(sys.executable).with_name("streamlit")
    options = (f"--server.port={port}", "--server.address=127.0.0.1")
    return [str(streamlit), "run", "server.py", *options]


def _environment(database_url: str, files: Path) -> dict[str, str]:
    # What the person who runs the tests has set for an own server would change this one.
    ours = ("STREAMLIT_", "AFTERCARE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    places = {"DATABASE_URL": database_url, "AFTERCARE_FILES": str(files)}
    return kept | places | {"NO_COLOR": "1"}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], tool: Tool) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{tool.url}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"The tool did not start:\n{tool.log.read_text()}", pytrace=False)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
