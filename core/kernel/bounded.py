"""Files of strangers are taken apart in a process of its own, with little memory and little time.

A picture or a workbook of some kilobytes can ask for gigabytes and minutes, and a decoder that
fails may end its process. That process must not be the one that serves people.
"""

import logging
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

log = logging.getLogger("aftercare")

ROOT = Path(__file__).resolve().parent.parent.parent
MEGABYTE = 1024 * 1024

# Exit codes of our own: what the file asks for cannot be done; it asks for too much memory.
UNREADABLE, TOO_LARGE = 2, 3
# The machine, or somebody at it, ended the process: the next one may well succeed.
FROM_OUTSIDE = {
    -getattr(signal, name).value
    for name in ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
    if hasattr(signal, name)
}


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code, None when there was no time for it; what it wrote."""

    code: int | None
    output: bytes = b""

    @property
    def is_fault_of_file(self) -> bool:
        """Whether it would end so again, on any day and however busy the machine is."""
        if self.code is None or self.code in FROM_OUTSIDE:
            return False
        return self.code < 0 or self.code in (UNREADABLE, TOO_LARGE)


def run(
    module: str, *words: str, content: bytes, seconds: float, out: IO[bytes] | None = None
) -> Ended:
    """Run a module of ours over some bytes; it is ended when its time is up.

    A new program, not a copy of this one: a server with threads must not fork.
    """
    command = [sys.executable, "-Es", "-m", module, *words]
    try:
        done = subprocess.run(
            command,
            input=content,
            stdout=out or subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=seconds,
            cwd=ROOT,
        )
    except (subprocess.TimeoutExpired, OSError):  # the latter: the machine starts no more
        return Ended(None)
    if done.returncode == 1:  # a fault of ours, which nobody would ever see
        log.error("%s failed: %s", module, done.stderr[-2000:].decode(errors="replace"))
    return Ended(done.returncode, done.stdout or b"")


def stay_small(*, memory: int, seconds: int | None = None) -> bool:
    """Limit this process, before it opens what it was given; False where there are no limits."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return False
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if seconds is not None:
        spent = resource.getrusage(resource.RUSAGE_SELF)
        most = int(spent.ru_utime + spent.ru_stime) + 1 + seconds
        # The hard limit kills, which says nothing about the file: the soft one comes first.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ValueError, OSError):  # not on macOS
        return False
    return True
