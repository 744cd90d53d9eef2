"""What is stored of a job's sheet, and what the database refuses about it."""

from typing import Any

from sqlalchemy import select

from db.codes import SheetStatus
from db.tables import JobSheet, JobTick, Visit
from tests.company_cast import NOW


def tick(s: Any) -> JobTick:
    return JobTick(
        job_id=s.job.id,
        check_list="conduct",
        item="greeting",
        ticked_by_id=s.technician,
        ticked_at=NOW,
    )


def sheet(s: Any, **facts: Any) -> JobSheet:
    about = {"job_id": s.job.id, "case_id": s.case.id, "person_id": s.technician}
    told = {"typed": {}, "refused": "stale", "received_at": NOW, "status": SheetStatus.KEPT}
    return JobSheet(**about | told | facts)


def visit(s: Any) -> Visit:
    found: Visit = s.session.scalars(select(Visit)).first()
    return found


def fill(s: Any) -> None:
    """Rows of each table, with every reference filled, on the stage of the constraint tests."""
    s.add(tick(s))
    s.add(sheet(s))


SPOILERS: dict[str, Any] = {
    "uq_job_ticks_job_id_check_list_item": lambda s: s.add(tick(s)),
    "ck_jobs_signed_when": lambda s: s.change(s.job, signed_at=NOW),
    "ck_job_sheets_decided_when": lambda s: s.add(sheet(s, decided_at=NOW)),
    "ck_visits_place_whole": lambda s: s.change(visit(s), latitude=31.2),
}
