"""One row of each table of backups, and what the database refuses about it."""

from datetime import timedelta
from typing import Any

from db.codes import BackupOutcome, BackupProblem
from db.tables import BackupPlan, BackupRun
from tests.company_cast import NOW


def fill(s: Any) -> None:
    """A plan, and a copy that was made."""
    s.backup_plan = s.add(BackupPlan(id=1, folder="/mnt/copies", hour=2, keep=14))
    s.backup_run = s.add(run(ended_at=NOW, outcome=BackupOutcome.MADE))


def run(**facts: Any) -> BackupRun:
    return BackupRun(**{"began_at": NOW, "place": "/mnt/copies", "size": 1, "said": ""} | facts)


SPOILERS: dict[str, Any] = {
    "ck_backup_plans_only_one": lambda s: s.add(BackupPlan(id=2, folder="/b", hour=2, keep=1)),
    "ck_backup_plans_hour_of_day": lambda s: s.change(s.backup_plan, hour=24),
    "ck_backup_plans_keep_some": lambda s: s.change(s.backup_plan, keep=0),
    "ck_backup_runs_ended_after": lambda s: s.change(
        s.backup_run, ended_at=NOW - timedelta(seconds=1)
    ),
    "ck_backup_runs_ended_with_outcome": lambda s: s.change(s.backup_run, ended_at=None),
    "ck_backup_runs_failed_why": lambda s: s.change(s.backup_run, problem=BackupProblem.DISK),
}
