"""One row of everything that the roster stores, and what the database refuses about it."""

from datetime import date, timedelta
from typing import Any

from db.codes import AbsenceReason, AbsenceStatus, Weekday
from db.tables import Absence, Qualification, Region, RegionPlace, Shift
from tests.company_cast import NOW

DAY = date(2026, 1, 1)


def fill(s: Any) -> None:
    """Rows of each table, with every reference filled, on the stage of the constraint tests."""
    s.qualification = s.add(
        Qualification(person_id=s.technician, kind="electrician", valid_from=DAY, valid_until=DAY)
    )
    s.shift = s.add(shift(s, person_id=s.technician))
    s.add(shift(s, station_id=1))
    s.absence = s.add(
        Absence(
            person_id=s.technician,
            begins_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            reason=AbsenceReason.LEAVE,
            status=AbsenceStatus.APPROVED,
            asked_by_id=s.technician,
            asked_at=NOW,
            decided_by_id=s.company["manager"].id,
            decided_at=NOW,
        )
    )
    colleague = s.company["technician.colleague"].id
    s.region = s.add(
        Region(name="城东", station_id=1, responsible_id=s.technician, stand_in_id=colleague)
    )
    s.add(RegionPlace(region_id=s.region.id, text="中山路"))


def shift(s: Any, **facts: Any) -> Shift:
    usual = {"valid_from": DAY, "weekday": Weekday.MON, "starts": "08:30", "ends": "17:30"}
    return Shift(**usual | {"break_starts": "12:00", "break_ends": "13:00"} | facts)


SPOILERS: dict[str, Any] = {
    "ck_jobs_plan_in_order": lambda s: s.change(s.open_job, planned_from=NOW, planned_to=NOW),
    "ck_qualifications_valid_in_order": lambda s: s.change(
        s.qualification, valid_until=DAY - timedelta(days=1)
    ),
    "ck_shifts_one_owner": lambda s: s.change(s.shift, station_id=1),
    "ck_shifts_in_order": lambda s: s.add(
        shift(s, starts="17:30", ends="08:30", break_starts=None, break_ends=None)
    ),
    "ck_shifts_break_inside": lambda s: s.change(s.shift, break_ends="18:00"),
    "ck_absences_in_order": lambda s: s.change(s.absence, ends_at=NOW),
    "ck_absences_decided_when": lambda s: s.change(s.absence, decided_by_id=None),
    "ck_absences_decided_by_another": lambda s: s.change(s.absence, decided_by_id=s.technician),
    "ck_regions_two_people": lambda s: s.change(s.region, stand_in_id=s.technician),
    "uq_regions_name": lambda s: s.add(Region(name="城东", station_id=1)),
    "uq_region_places_text": lambda s: s.add(RegionPlace(region_id=s.region.id, text="中山路")),
}
