"""Whatever anybody does, in whatever order: core does it or refuses it, and all of it agrees."""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from core.kernel.unit_of_work import system_actor
from core.kpi import upkeep
from tests import killed, stocked
from tests.company_cast import ZONE, build, meet
from tests.random_work import Work

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.conftest import Databases

# A walk of every night is longer: EXAMPLES=500 STEPS=100 makes 50,000 steps and more.
EXAMPLES, STEPS = int(os.environ.get("EXAMPLES", "3")), int(os.environ.get("STEPS", "40"))
TOOL = system_actor(ZONE.key)


def test_what_anybody_does_is_done_or_refused_and_agrees_with_its_history(
    databases: Databases, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count(1)

    class OneCompany(Work):
        """Each walk begins with a company of its own, and ends with a look through its books."""

        def __init__(self) -> None:
            monkeypatch.setenv("AFTERCARE_HEADS", str(tmp_path / f"{next(numbers)}.heads"))
            self.until_end: Any = databases.fresh("sqlite", "staffed", build)
            super().__init__(meet(self.until_end.__enter__()))

        def teardown(self) -> None:
            """What is there agrees with history, sums with cases, stock with its moves."""
            engine, said = self.company.engine, list[str]()
            try:
                assert killed.flaws(engine) == []
                upkeep.keep(engine, TOOL, now=self.now)
                assert upkeep.check(engine, TOOL, said.append, now=self.now) == 0, said
                stocked.check_books(self.company)
            finally:
                self.until_end.__exit__(None, None, None)

    usual = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(OneCompany, settings=usual)
