"""A search in a process of its own: what it reckons takes no time from the screens.

Whoever asks writes the question into its standard input and reads from its standard output how far
it is, and then the plan. It ends early when that input is closed: because somebody has seen
enough, or because whoever asked is there no more.
"""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread
from typing import IO, Any

from core.planning.fortnight import solve_days
from core.planning.limit import Limit, Listener, Progress
from core.planning.problem import Plan, Problem
from core.planning.solve import solve

ROOT = Path(__file__).resolve().parents[2]
NICE = 10  # the screens come first
ASKED_EVERY = 0.2


class Lost(Exception):
    """There is no plan: the process could not begin, or was ended."""


def look(
    problem: Problem, *, is_one_day: bool, seconds: float, cancelled: Event, hear: Listener
) -> Plan:
    """The best plan of a day or of many that is found within the seconds; Lost if there is none."""
    command = (sys.executable, "-m", __name__)
    try:
        with subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdin is not None and process.stdout is not None
            pickle.dump((problem, is_one_day, seconds), process.stdin)
            process.stdin.flush()
            Thread(target=_pass_on, args=(process, cancelled), daemon=True).start()
            return _followed(process.stdout, hear)
    except (OSError, EOFError, pickle.UnpicklingError) as error:
        raise Lost from error


def _pass_on(process: subprocess.Popen[bytes], cancelled: Event) -> None:
    while process.poll() is None:
        if cancelled.wait(ASKED_EVERY):
            assert process.stdin is not None
            process.stdin.close()
            return


def _followed(answers: IO[bytes], hear: Listener) -> Plan:
    while True:
        said: Progress | Plan = pickle.load(answers)
        if isinstance(said, Plan):
            return said
        hear(said)


def _serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    def say(what: Any) -> None:
        pickle.dump(what, answers)
        answers.flush()

    problem, is_one_day, seconds = pickle.load(questions)
    cancelled = Event()

    def until_closed() -> None:
        questions.read()
        cancelled.set()

    Thread(target=until_closed, daemon=True).start()
    limit = Limit(seconds=seconds, cancelled=cancelled)
    say(solve(problem, limit, say) if is_one_day else solve_days(problem, limit, say))


if __name__ == "__main__":
    os.nice(NICE)
    _serve(sys.stdin.buffer, sys.stdout.buffer)
