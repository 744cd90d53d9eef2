"""One row of each table that guards an archive, and what the database refuses about it."""

from datetime import timedelta
from typing import Any

from db.codes import HandoverStatus, ReadingStatus
from db.tables import Contact, Handover, HistoryOpening, Reading, Station
from tests.company_cast import NOW

TODAY = NOW.date()


def handover(s: Any, **facts: Any) -> Handover:
    where = {"from_station_id": 1, "to_station_id": s.other_station.id, "is_offer": True}
    said = {"status": HandoverStatus.WAITING, "reason": "r", "asked_at": NOW}
    who = {"customer_id": s.case.customer_id, "asked_by_id": s.technician}
    return Handover(**where | said | who | facts)


def reading(s: Any, **facts: Any) -> Reading:
    about = {"customer_id": s.case.customer_id, "person_id": s.technician, "asked_at": NOW}
    said = {"status": ReadingStatus.ASKED, "reason": "r", "from_on": TODAY, "until_on": TODAY}
    return Reading(**about | said | {"companion_id": s.company["agent"].id} | facts)


def fill(s: Any) -> None:
    """Rows of each table, on the stage of the constraint tests."""
    s.add(Contact(customer_id=s.case.customer_id, name="端木", phone="137 7777 0000"))
    s.other_station = s.add(Station(name="Far"))
    s.handover = s.add(handover(s))
    s.reading = s.add(reading(s))
    s.add(HistoryOpening(id=1))


SPOILERS: dict[str, Any] = {
    "ck_handovers_to_another": lambda s: s.change(s.handover, to_station_id=1),
    "ix_handovers_waiting": lambda s: s.add(handover(s)),
    "ck_readings_period_in_order": lambda s: s.change(
        s.reading, until_on=TODAY - timedelta(days=1)
    ),
    "ck_readings_accompanied_by_another": lambda s: s.change(s.reading, companion_id=s.technician),
    "ck_history_openings_only_one": lambda s: s.add(HistoryOpening(id=2)),
}
