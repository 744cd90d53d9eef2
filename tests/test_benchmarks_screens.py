"""What the screens ask of core: few statements, and no pass over all cases that ever were."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from benchmarks import questions, screens, seed
from benchmarks.questions import Screen
from core.house import HOUSE
from core.kernel.unit_of_work import transaction, unit_of_work
from tests.conftest import Databases

SEARCHES = ("search: ", "intake: customer ")
# The case page is no list: it shows a case with all that belongs to it.
CALL = "intake: warranty and earlier cases"
CASE_PAGE = 10
OF_FIGURES = ("figures of 6 months", "figures of 12 months", "cases behind a figure of 6 months")
# An index of what runs grows with the open work only.
ALL_ROWS = re.compile(
    r"SCAN (requests|limits|history|jobs|visits|follow_ups|survey_answers)\b"
    r"(?! USING (COVERING )?INDEX (ix_limits_running|ix_jobs_to_review|ix_jobs_sent_back)$)"
)


def fill(engine: Engine) -> None:
    seed.fill(engine, cases=400, today=date(2026, 11, 20))


@pytest.fixture
def seeded(databases: Databases) -> Iterator[Engine]:
    with databases.fresh("sqlite", "seeded", fill) as engine:
        yield engine


def asked(engine: Engine) -> list[Screen]:
    with transaction(engine, write=False) as session:
        return list(questions.screens(questions.known(session)))


def plans(engine: Engine, screen: Screen) -> Iterator[str]:
    """How SQLite goes about the statements of a question."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, text: str, parameters: Any, *_: Any) -> None:
        if text.startswith(("SELECT", "WITH")):
            statements.append((text, parameters))

    event.listen(engine, "before_cursor_execute", note)
    with unit_of_work(
        engine, screens.cast(engine)[screen.who], HOUSE, write=False, now=screens.NOW
    ) as uow:
        screen.ask(uow)
    event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        for text, parameters in statements:
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters):
                yield step[3]


def test_every_question_takes_few_statements(seeded: Engine) -> None:
    costs = screens.measure(seeded, runs=0)
    assert len(costs) == len(asked(seeded)) > 40
    dear = {name: cost.statements for name, cost in costs.items() if cost.statements > 5}
    # Figures also ask what has changed since they were counted; a call, what a contract covers.
    assert {name for name, _who in dear} <= {"case", CALL, *OF_FIGURES}
    assert all(count <= CASE_PAGE for count in dear.values())


def test_only_searches_read_all_cases(seeded: Engine) -> None:
    looked_at = 0
    for screen in asked(seeded):
        if screen.name.startswith(SEARCHES) and screen.name != "search: number":
            continue
        steps = list(plans(seeded, screen))
        assert steps, screen.name
        assert [step for step in steps if ALL_ROWS.search(step)] == [], screen.name
        looked_at += 1
    assert looked_at > 30


def test_the_results_say_what_was_measured_on_what(seeded: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    results = tmp_path / "results.md"
    arguments = ["--cases", "200", "--runs", "1"]
    assert screens.main([*arguments, "--folder", str(folder), "--results", str(results)]) == 0
    text = results.read_text("utf-8")
    assert "python benchmarks/screens.py" in text
    assert "SQLite" in text
    assert "| question | who | statements | 200 cases |" in text
    assert len([line for line in text.splitlines() if line.startswith("| queue ")]) >= 12
    assert sorted(path.name for path in folder.glob("*.db")) == ["cases-200.db"]
