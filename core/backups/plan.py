"""Backups by a plan: when one is due, who may see and change it, and what came of each."""

from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from core.backups import making
from core.backups.errors import BackupRefused
from core.backups.inputs import EditBackupPlan
from core.house import HOUSE
from core.kernel.errors import NotFound
from core.kernel.unit_of_work import Actor, UnitOfWork, seen, unit_of_work
from core.process import changes, history
from core.process.permissions import require
from db.codes import BackupOutcome, BackupProblem
from db.tables import BackupPlan, BackupRun

READ, EDIT = "backup:read", "backup:edit"
# A day and some hours: one night was missed.
OLD = timedelta(hours=30)
# What is not over after that long was cut off with its process.
LONGEST = timedelta(hours=6)
# After a failure it is tried again so often.
AGAIN = timedelta(hours=1)
SHOWN, REMEMBERED = 30, timedelta(days=400)


@dataclass(frozen=True)
class PlanView:
    """The plan, and whether somebody wants a copy at once."""

    folder: str
    hour: int
    keep: int
    asked_at: datetime | None
    version: int


@dataclass(frozen=True)
class RunView:
    """One copy."""

    id: int
    began_at: datetime
    ended_at: datetime | None
    outcome: BackupOutcome | None
    place: str
    size: int
    problem: BackupProblem | None
    said: str


def view(uow: UnitOfWork) -> PlanView | None:
    """The plan; None before there is one."""
    require(uow, READ)
    row = uow.session.get(BackupPlan, 1)
    return PlanView(row.folder, row.hour, row.keep, row.asked_at, row.version) if row else None


def runs(uow: UnitOfWork) -> tuple[RunView, ...]:
    """The newest copies, the newest first."""
    require(uow, READ)
    names = [each.name for each in fields(RunView)]
    rows = uow.session.scalars(select(BackupRun).order_by(BackupRun.id.desc()).limit(SHOWN))
    return tuple(RunView(*(getattr(row, name) for name in names)) for row in rows)


def newest(uow: UnitOfWork) -> datetime | None:
    """When the newest copy that was made and checked began; None for none."""
    require(uow, READ)
    return _newest(uow.session)


def is_old(uow: UnitOfWork) -> bool:
    """Whether more would be lost than a day's work: no copy for more than thirty hours."""
    last = newest(uow)
    return last is None or uow.now - last > OLD


def edit(uow: UnitOfWork, command: EditBackupPlan, *, seen_version: int) -> None:
    """Make or change the plan."""
    require(uow, EDIT)
    row = uow.session.get(BackupPlan, 1)
    if row is None:
        seen_version = 1
        row = BackupPlan(id=1, folder="", hour=0, keep=1)
        uow.session.add(row)
        uow.session.flush()
    data = changes.write(seen(row, seen_version), command.model_dump())
    uow.session.flush()
    history.record(uow, subject="backup_plan", subject_id=1, action="edited", data=data)


def edits(uow: UnitOfWork) -> tuple[changes.Change, ...]:
    """What was changed of the plan."""
    require(uow, READ)
    return changes.of_record(uow, subject="backup_plan", subject_id=1)


def ask(uow: UnitOfWork) -> None:
    """Have a copy made within the next minute, whatever the hour; NotFound without a plan."""
    require(uow, EDIT)
    row = uow.session.get(BackupPlan, 1)
    if row is None:
        raise NotFound(subject="backup_plan", id=1)
    row.asked_at = uow.now
    history.record(uow, subject="backup_plan", subject_id=1, action="asked")


def keep(engine: Engine, tool: Actor, *, now: datetime | None = None) -> None:
    """Make the copy that is due, if one is; however many processes sweep, one of them makes it."""
    with unit_of_work(engine, tool, HOUSE, write=False, now=now) as uow:
        if not _is_due(uow):
            return
    with unit_of_work(engine, tool, HOUSE, write=True, now=now) as uow:
        run = _begin(uow) if _is_due(uow) else None
        if run is None:
            return
        plan = uow.session.get_one(BackupPlan, 1)
        id, begun, folder, most = run.id, run.began_at, Path(plan.folder), plan.keep
    try:
        place = making.make(engine, folder, now=begun)
        making.drop_old(folder, tool.company, most)
        ended: dict[str, Any] = {"outcome": BackupOutcome.MADE, "place": str(place)}
        ended["size"] = making.size(place)
    except BackupRefused as refused:
        ended = {"outcome": BackupOutcome.FAILED, "problem": refused.problem}
        ended["said"] = refused.said[:1000]
    with unit_of_work(engine, tool, HOUSE, write=True, now=now) as uow:
        changes.write(uow.session.get_one(BackupRun, id), ended | {"ended_at": uow.now})


def _begin(uow: UnitOfWork) -> BackupRun:
    cut_off = {"outcome": BackupOutcome.CUT_OFF, "ended_at": uow.now}
    uow.session.execute(update(BackupRun).where(BackupRun.outcome.is_(None)).values(cut_off))
    uow.session.execute(delete(BackupRun).where(BackupRun.began_at < uow.now - REMEMBERED))
    plan = uow.session.get_one(BackupPlan, 1)
    plan.asked_at = None
    run = BackupRun(began_at=uow.now, place=plan.folder, size=0, said="")
    uow.session.add(run)
    uow.session.flush()
    return run


def _newest(session: Session) -> datetime | None:
    made = BackupRun.outcome == BackupOutcome.MADE
    query = select(BackupRun.began_at).where(made).order_by(BackupRun.began_at.desc())
    return session.scalar(query.limit(1))


def _is_due(uow: UnitOfWork) -> bool:
    plan = uow.session.get(BackupPlan, 1)
    if plan is None:
        return False
    last = uow.session.scalar(select(BackupRun).order_by(BackupRun.id.desc()).limit(1))
    if last and last.outcome is None and uow.now - last.began_at < LONGEST:
        return False
    if plan.asked_at:
        return True
    if last and last.outcome is not BackupOutcome.MADE and uow.now - last.began_at < AGAIN:
        return False
    good = _newest(uow.session)
    return good is None or good < _hour(uow, plan.hour)


def _hour(uow: UnitOfWork, hour: int) -> datetime:
    """The last time that the clock of the company showed this hour."""
    local = uow.now.astimezone(uow.actor.zone_info)
    today = datetime.combine(local.date(), time(hour), uow.actor.zone_info)
    return today if today <= local else today - timedelta(days=1)
