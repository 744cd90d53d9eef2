"""A tick of a job's check-list, and what the database refuses about ticks and signatures."""

from typing import Any

from db.tables import JobTick
from tests.company_cast import NOW


def tick(s: Any) -> JobTick:
    return JobTick(
        job_id=s.job.id,
        check_list="conduct",
        item="greeting",
        ticked_by_id=s.technician,
        ticked_at=NOW,
    )


def fill(s: Any) -> None:
    """Rows of each table, with every reference filled, on the stage of the constraint tests."""
    s.add(tick(s))


SPOILERS: dict[str, Any] = {
    "uq_job_ticks_job_id_check_list_item": lambda s: s.add(tick(s)),
    "ck_jobs_signed_when": lambda s: s.change(s.job, signed_at=NOW),
}
