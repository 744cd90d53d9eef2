"""The board of a day in Chromium: `python benchmarks/board.py`.

Starts the tool with 50 technicians, 300 jobs and 30 that wait, opens the board twice and prints
what the second visit takes until every job stands there, what a drop takes until the card stands
at its new place and until that is saved and answered, the bytes that the browser is told, and the
statements that one look at the board asks.
"""

import json
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page
from sqlalchemy import Engine, event, insert

from core.dispatch import board
from core.kernel.unit_of_work import transaction, unit_of_work
from db.codes import JobStatus, RequestStatus, Role, Weekday
from db.tables import Job, Person, ServiceRequest, Shift
from tests.browser import SETTLED, launched
from tests.company_cast import HOUSE, PASSWORD, PASSWORD_HASH, ZONE, build, certify, meet
from tests.running_tool import Tool, running

TECHNICIANS, JOBS, WAITING, DROPS = 50, 300, 30, 8
HOUR_PX, CARDS, EVENTS, UNSAVED = 96, ".waiting .card", ".job", ".unsaved"
DAY = datetime.now(ZONE).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def fill(engine: Engine) -> None:
    """A company that works around the clock, with a full day tomorrow."""
    build(engine)
    company, chance = meet(engine), random.Random(1)
    with engine.begin() as rows:
        for day in Weekday:
            week = {"valid_from": date(2026, 1, 1), "weekday": day}
            rows.execute(insert(Shift).values(**week, starts="00:00", ends="24:00"))
        names = [f"t{n:02}" for n in range(TECHNICIANS)]
        person = {"role": Role.TECHNICIAN, "station_id": 1, "password_hash": PASSWORD_HASH}
        rows.execute(insert(Person), [{"username": n, "name": n, **person} for n in names])
    ids = [row.id for row in company.rows(Person, role=Role.TECHNICIAN) if row.name in names]
    with transaction(engine, write=True) as session:
        for id in ids:
            certify(session, id)
    cases = [
        company.register(now=datetime.now(UTC), symptom=f"不制冷 {n}", phone=f"1390000{n:04}")
        for n in range(JOBS + WAITING)
    ]
    with engine.begin() as rows:
        for place, case_id in enumerate(cases[:JOBS]):
            start = DAY + timedelta(
                hours=7 + 2 * (place // TECHNICIANS), minutes=15 * chance.randrange(3)
            )
            rows.execute(
                insert(Job).values(
                    request_id=case_id,
                    technician_id=ids[place % TECHNICIANS],
                    status=JobStatus.ASSIGNED,
                    assigned_at=datetime.now(UTC),
                    planned_from=start,
                    planned_to=start + timedelta(hours=1),
                    version=1,
                )
            )
        rows.execute(
            ServiceRequest.__table__.update()
            .where(ServiceRequest.id.in_(cases[:JOBS]))
            .values(status=RequestStatus.IN_PROGRESS)
        )


def visit(page: Page, url: str) -> float:
    """Milliseconds from the address to every job on the board."""
    begun = time.perf_counter()
    page.goto(f"{url}/board?board_day={DAY:%Y-%m-%d}")
    page.wait_for_function(f"document.querySelector('.stApp') && {count(EVENTS)} >= {JOBS}")
    return (time.perf_counter() - begun) * 1000


def count(selector: str) -> str:
    """How many there are, in the board's own tree: an expression of JavaScript."""
    return (
        "[document, ...[...document.querySelectorAll('*')].map(each => each.shadowRoot)]"
        f".reduce((sum, each) => sum + (each?.querySelectorAll('{selector}').length ?? 0), 0)"
    )


def drop(page: Page, row: int) -> tuple[float, float]:
    """Milliseconds from letting go of a waiting card until it is shown, and until it is saved."""
    page.wait_for_function(SETTLED)
    waiting = page.locator(CARDS).count()
    box = page.locator(CARDS).first.bounding_box()
    page.locator(".calendar").evaluate("part => { part.scrollLeft = part.scrollTop = 0 }")
    place = page.locator(".calendar .day").nth(row).bounding_box()
    assert box is not None and place is not None
    page.mouse.move(box["x"] + 12, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 30, steps=3)
    page.mouse.move(place["x"] + 1.2 * HOUR_PX, place["y"] + 8, steps=4)
    begun = time.perf_counter()
    page.mouse.up()
    page.wait_for_function(f"{count(CARDS)} < {waiting}", polling=10)
    shown = (time.perf_counter() - begun) * 1000
    page.wait_for_function(f"{count(UNSAVED)} === 0", polling=10)
    return shown, (time.perf_counter() - begun) * 1000


def asked(tool: Tool) -> tuple[int, int]:
    """How many statements a look at the board asks, and how many cards it finds."""
    statements: list[str] = []
    event.listen(tool.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    actor = tool.company()["manager"]
    with unit_of_work(tool.engine, actor, HOUSE, write=False) as uow:
        found = board.board(uow, since=DAY.date())
    selects = [text for text in statements if text.lstrip().startswith(("SELECT", "WITH"))]
    return len(selects), len(found.planned) + len(found.waiting)


def main() -> None:
    """Play it and print the figures."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), fill) as tool:
        statements, cards = asked(tool)
        with launched() as browser:
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            sizes: list[int] = []
            page.on(
                "websocket",
                lambda wire: wire.on(
                    "framereceived",
                    lambda data: sizes.append(len(data)) if isinstance(data, bytes) else None,
                ),
            )
            page.goto(tool.url)
            secret = page.locator("input[type=password]")
            secret.wait_for()
            form = page.get_by_test_id("stForm").filter(has=secret)
            form.locator("input").nth(0).fill("manager")
            secret.fill(PASSWORD)
            form.get_by_test_id("stFormSubmitButton").locator("button").click()
            page.locator(".st-key-bell").first.wait_for()
            page.wait_for_timeout(2_000)  # the cookie
            visit(page, tool.url)
            page.wait_for_function(SETTLED)
            seen = visit(page, tool.url)
            drops = [drop(page, row) for row in range(DROPS)]
    print(json.dumps({"statements": statements, "cards": cards}))
    print(f"every job visible after {seen:.0f} ms; largest message {max(sizes) / 1e3:.0f} kB")
    for what, taken in zip(("shown", "saved"), zip(*drops, strict=True), strict=True):
        middle, worst = statistics.median(taken), max(taken)
        print(f"drop to {what}: {middle:.0f} ms in the middle, {worst:.0f} ms at worst")


if __name__ == "__main__":
    main()
