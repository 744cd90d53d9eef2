"""Takes the pictures of README and docs from a demo company: `python docs/take_pictures.py`."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from sqlalchemy import Engine, Select, func, select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core import demo  # noqa: E402
from core.kernel.inputs import parse  # noqa: E402
from core.kernel.unit_of_work import system_actor, transaction  # noqa: E402
from core.kpi import upkeep  # noqa: E402
from core.meetings import decisions, meetings  # noqa: E402
from core.meetings.inputs import StartMeeting, TakeDecision  # noqa: E402
from db.codes import JobStatus, RequestKind, Role  # noqa: E402
from db.tables import History, Job, Person, ServiceRequest  # noqa: E402
from tests.browser import Window, Windows, launched  # noqa: E402
from tests.company_cast import meet  # noqa: E402
from tests.running_tool import Tool, running  # noqa: E402

FOLDER = Path(__file__).with_name("pictures")
SIZE, PROJECTOR = (1280, 800), (1280, 720)
LOCALES = {"zh": "zh-CN", "en": "en-US"}
MOST_BYTES = 150_000
MEETING = ("timely_resolution", "response_on_time", "satisfaction", "complaint_rate")
WEEK = timedelta(weeks=1)


def main() -> None:
    """Found the company, start the tool, take every picture."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, running(Path(folder), _found) as tool:
        with launched() as chromium:
            windows = Windows(chromium, tool)
            for name, take in PICTURES.items():
                _save(name, take(windows))
            windows.close()
        if windows.wrong:
            sys.exit("\n".join(windows.wrong))


def _found(engine: Engine) -> None:
    now = datetime.now(UTC)
    demo.build(engine, now=now)
    hold(engine, now)


def hold(engine: Engine, now: datetime) -> None:
    """A meeting about the month before, in which something was decided."""
    company = meet(engine)
    tool = system_actor(company["manager1"].zone)
    upkeep.keep(engine, tool, now=now, most=sys.maxsize)  # a meeting begins once all is counted
    until = now.date().replace(day=1) - timedelta(days=1)
    about = {"topic": f"{until:%Y-%m}", "since": until.replace(day=1), "until": until}
    begin = parse(StartMeeting, about | {"figures": MEETING})
    id = company.do("manager1", meetings.start, begin, now=now)
    said = {"text": "约客户前先备齐配件", "owner_id": company["dispatcher1"].id}
    decided = said | {"meeting_id": id, "figure": MEETING[0], "due_on": now.date() + WEEK}
    company.do("manager1", decisions.take, parse(TakeDecision, decided), now=now)


def _save(name: str, window: Window) -> None:
    window.page.mouse.move(1200, 20)  # nothing lights up under the mouse
    # Few colours: a screen has hardly more, and the file is a third as large.
    shot = Image.open(BytesIO(window.settles().page.screenshot())).convert("RGB")
    path = FOLDER / f"{name}.png"
    shot.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        sys.exit(f"{path.name} is too large")


def _one(tool: Tool, query: Select[Any]) -> Any:
    with transaction(tool.engine, write=False) as session:
        return session.scalars(query.limit(1)).one()


def _somebody(tool: Tool, role: Role) -> str:
    return str(_one(tool, select(Person.username).where(Person.role == role).order_by(Person.id)))


def _desk(windows: Windows, role: Role, path: str, locale: str = "zh-CN") -> Window:
    window = windows.desk(SIZE, locale).open(path)
    return window.sign_in(_somebody(windows.tool, role), demo.PASSWORD).settles()


def _intake(windows: Windows) -> Window:
    agent = _somebody(windows.tool, Role.AGENT)
    station = select(Person.station_id).where(Person.username == agent).scalar_subquery()
    often = (
        select(ServiceRequest.phone)
        .where(ServiceRequest.station_id == station, ServiceRequest.asset_id.is_not(None))
        .group_by(ServiceRequest.phone)
        .order_by(func.count().desc(), ServiceRequest.phone)
    )
    window = _desk(windows, Role.AGENT, "/intake")
    window.page.get_by_role("searchbox").first.fill(_one(windows.tool, often))
    window.page.locator('a[href*="case?id="]').first.wait_for()  # the earlier cases
    return window


def _dispatch(windows: Windows) -> Window:
    return _desk(windows, Role.MANAGER, "/dispatch").choose_row(2)


def _case(windows: Windows) -> Window:
    busy = (
        select(ServiceRequest.id)
        .join(History, History.case_id == ServiceRequest.id)
        .where(ServiceRequest.kind == RequestKind.REPAIR)
        .group_by(ServiceRequest.id)
        .order_by(func.count().desc(), ServiceRequest.id.desc())
    )
    return _desk(windows, Role.MANAGER, f"/case?id={_one(windows.tool, busy)}")


def _my_jobs(windows: Windows) -> Window:
    open_jobs = Job.status.not_in((JobStatus.DONE, JobStatus.CANCELLED))
    busy = (
        select(Person.username)
        .join(Job, Job.technician_id == Person.id)
        .where(open_jobs)
        .group_by(Person.id)
        .order_by(func.sum(Job.status == JobStatus.AGREED).desc(), Person.id)
    )
    window = windows.phone().open("/my_jobs")
    return window.sign_in(_one(windows.tool, busy), demo.PASSWORD)


def _on_the_wall(path: str, locale: str, *, dark: bool) -> Callable[[Windows], Window]:
    """What a room sees on its projector."""

    def take(windows: Windows) -> Window:
        window = windows.desk(PROJECTOR, LOCALES[locale], dark=dark).open("/")
        window.sign_in(_somebody(windows.tool, Role.MANAGER), demo.PASSWORD).keep()
        window.open(path).settles().page.wait_for_timeout(1_000)  # the charts are drawn late
        return window

    return take


PICTURES: dict[str, Callable[[Windows], Window]] = {
    "intake": _intake,
    "dispatch": _dispatch,
    "case": _case,
    "my_jobs": _my_jobs,
    "followups": lambda windows: _desk(windows, Role.AGENT, "/followups"),
    "norms": lambda windows: _desk(windows, Role.MANAGER, "/norms"),
    **{
        f"{name}_{locale}_{'dark' if dark else 'light'}": _on_the_wall(path, locale, dark=dark)
        for name, path in (("kpi", "/kpi?kpi_span=last"), ("meeting", "/meeting?id=1"))
        for locale in LOCALES
        for dark in (False, True)
    },
}


if __name__ == "__main__":
    main()
