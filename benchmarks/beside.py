"""A page while somebody's plan is looked for beside it: `python benchmarks/beside.py`.

Makes the company of `benchmarks/board.py`, draws a page for somebody else again and again while a
plan is looked for, as the tool does, and prints what a run takes at rest and meanwhile.
"""

import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from streamlit.runtime.pages_manager import PagesManager

from benchmarks.board import DAY, fill
from core.dispatch import plans
from db import migrate
from db.session import make_engine
from pages.ui.dispatch.planning import Run
from tests.company_cast import meet
from tests.screen import Screen

_original = PagesManager.__init__


def _without_folder(self: PagesManager, *given: Any, **more: Any) -> None:
    """With pages/ as server.py sets it."""
    PagesManager.uses_pages_directory = False
    _original(self, *given, **more)


TURNS, PAGE = 15, "dispatch"


def drawn(screen: Screen) -> float:
    """Milliseconds of a run of the page."""
    begun = time.perf_counter()
    screen.run()
    return (time.perf_counter() - begun) * 1000


def meanwhile(screen: Screen, search: Run) -> list[float]:
    """The same for as long as somebody searches."""
    thread, found = Thread(target=search.search, daemon=True), []
    thread.start()
    while thread.is_alive():
        found.append(drawn(screen))
    return found


def main() -> None:
    """Play it and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/company.db"
        os.environ["DATABASE_URL"] = url
        PagesManager.__init__ = _without_folder  # type: ignore[method-assign]
        engine = make_engine(url)
        migrate.upgrade(engine)
        fill(engine)
        company = meet(engine)
        screen = Screen(company, "agent").open(PAGE)
        for days in (1, 7):
            wanted = {"since": DAY.date(), "days": days}
            asked = company.see("manager", plans.ask, **wanted, now=datetime.now(UTC))
            rest = [drawn(screen) for _ in range(TURNS)]
            busy = meanwhile(screen, Run(asked))
            print(
                f"{days} day(s), {len(asked.question.tasks)} tasks: at rest "
                f"{statistics.median(rest):.0f} ms, worst {max(rest):.0f}; meanwhile "
                f"{statistics.median(busy):.0f} ms, worst {max(busy):.0f}, {len(busy)} runs; "
                f"{statistics.median(busy) / statistics.median(rest):.1f} times"
            )


if __name__ == "__main__":
    main()
