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
from tests.company_cast import Company, address, meet
from tests.sqlite_file import SqliteFile

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 15


class Tool:
    """A server with a database file of its own, which runs from start to stop."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log.txt"
        self.file = SqliteFile(folder / "aftercare.db")
        self.engine = self.file.engine
        self.environment = _environment(address(self.engine), folder / "files") | settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                _command(self.port),
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        if not answers(self.process, f"{self.url}/healthz"):
            pytest.fail(f"The tool did not start:\n{self.log.read_text()}", pytrace=False)

    def stop(self) -> None:
        """End it as a server that is switched off."""
        if self.process:
            _stop(self.process)

    def begin_anew(self) -> None:
        """Start it once more at the same address, with the company that it had at first."""
        self.stop()
        self.engine.dispose()
        self.file.put_back()
        self.start()

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
    tool = Tool(folder, **settings)
    if fill:
        tool.file.fill(fill)
    try:
        tool.start()
        yield tool
    finally:
        tool.stop()
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


def answers(process: subprocess.Popen[bytes], url: str) -> bool:
    """Wait until a process answers at an address; False when it ends, or takes too long."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
