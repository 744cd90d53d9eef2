"""Takes the pictures of the README from a demo company: `python docs/take_pictures.py`."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from sqlalchemy import Select, func, select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core import demo  # noqa: E402
from core.kernel.unit_of_work import transaction  # noqa: E402
from db.codes import JobStatus, RequestKind, Role  # noqa: E402
from db.tables import History, Job, Person, ServiceRequest  # noqa: E402
from tests.browser import Window, Windows, launched  # noqa: E402
from tests.running_tool import Tool, running  # noqa: E402

FOLDER = Path(__file__).with_name("pictures")
SIZE = (1280, 800)
MOST_BYTES = 150_000


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


def _found(engine: Any) -> None:
    demo.build(engine, now=datetime.now(UTC))


def _save(name: str, window: Window) -> None:
    window.page.mouse.move(700, 20)  # nothing lights up under the mouse
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


PICTURES: dict[str, Callable[[Windows], Window]] = {
    "intake": _intake,
    "dispatch": _dispatch,
    "case": _case,
    "my_jobs": _my_jobs,
    "followups": lambda windows: _desk(windows, Role.AGENT, "/followups"),
    "norms": lambda windows: _desk(windows, Role.MANAGER, "/norms"),
    "kpi": lambda windows: _desk(windows, Role.MANAGER, "/kpi", "en-US"),
}


if __name__ == "__main__":
    main()
