"""Processor time of the tool, and of the PostgreSQL server that works for it in other processes."""

import os
from pathlib import Path
from time import process_time

from sqlalchemy import Engine, text

TICK = os.sysconf("SC_CLK_TCK")
# Where /proc/…/stat has a parent, one's own time, and that of children that have ended.
PARENT, OWN, ENDED = 1, slice(11, 13), slice(13, 15)


class Clock:
    """Seconds of processor that a database's work takes on both sides."""

    def __init__(self, engine: Engine) -> None:
        self.server = 0
        if engine.dialect.name == "postgresql":
            with engine.connect() as connection:
                backend = connection.scalar(text("SELECT pg_backend_pid()"))
            self.server = int(stat_of(backend)[PARENT])

    def __call__(self) -> float:
        """The seconds so far."""
        return process_time() + (self._of_server() if self.server else 0.0)

    def _of_server(self) -> float:
        ticks = sum(map(int, stat_of(self.server)[ENDED]))
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                stat = stat_of(int(folder.name))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has just ended
            if int(stat[PARENT]) == self.server:
                ticks += sum(map(int, stat[OWN]))
        return ticks / TICK


def used_by(process: int) -> float:
    """The seconds of processor that a process has used so far."""
    return sum(map(int, stat_of(process)[OWN])) / TICK


def stat_of(process: int) -> list[str]:
    """The fields behind the name, which may have blanks in it."""
    return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
