"""The search in a process of its own: its plan, what is heard of it, and its ends."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from core.planning import apart
from core.planning.check import check
from core.planning.limit import Progress
from core.planning.problem import Plan, Problem
from tests.planned_days import problem, shift, task

DAY = problem([task(number, number, 30) for number in range(1, 9)], [shift(), shift("B")])


def look(asked: Problem = DAY, *, seconds: float = 0.5, **more: Any) -> Plan:
    ways = {"is_one_day": True, "cancelled": Event(), "hear": lambda said: None, **more}
    return apart.look(asked, seconds=seconds, **ways)


@pytest.mark.parametrize("is_one_day", [True, False])
def test_another_process_finds_the_plan_and_says_how_far_it_is(is_one_day: bool) -> None:
    heard: list[Progress] = []
    plan = look(is_one_day=is_one_day, hear=heard.append)
    assert {visit.task for visit in plan.visits} == set(range(1, 9))
    assert not check(DAY, plan)
    assert heard[-1].planned == 8


def test_whoever_has_seen_enough_gets_the_best_so_far() -> None:
    cancelled = Event()
    cancelled.set()
    # It would look for an hour.
    plan = look(seconds=3600, cancelled=cancelled)
    assert len(plan.visits) == 8


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that are started."""
    found: list[subprocess.Popen[bytes]] = []
    original: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen

    def start(*given: Any, **more: Any) -> subprocess.Popen[bytes]:
        found.append(original(*given, **more))
        return found[-1]

    monkeypatch.setattr(apart.subprocess, "Popen", start)
    return found


def test_a_search_that_is_killed_is_lost(started: list[subprocess.Popen[bytes]]) -> None:
    with pytest.raises(apart.Lost):
        look(seconds=3600, hear=lambda said: started[0].kill())
    assert started[0].returncode


def test_it_ends_when_whoever_asked_is_gone() -> None:
    asks = (
        "import os, threading; from core.planning import apart;"
        "from tests.test_core_planning_apart import DAY;"
        "hear = lambda said: os._exit(7);"
        "apart.look(DAY, is_one_day=True, seconds=3600, cancelled=threading.Event(), hear=hear)"
    )
    root = Path(apart.ROOT)
    # Its standard error stays open for as long as one of both lives.
    done = subprocess.run(
        [sys.executable, "-c", asks], cwd=root, stderr=subprocess.PIPE, env=os.environ, timeout=120
    )
    assert done.returncode == 7
