"""One row of everything that figures are stored in, and what the database refuses about it."""

from datetime import date
from typing import Any

from db.tables import FigureDay, FigureFact, FigureMark, FigureMonth, FigureState
from tests.company_cast import NOW

DAY = date(2026, 1, 1)


def fill(s: Any) -> None:
    """Rows of each table, on the stage of the constraint tests; marks come by themselves."""
    none = {"kind": "", "channel": "", "case_class": "", "fault_area": ""}
    ids = {"station_id": 0, "product_id": 0, "technician_id": 0, "row_id": 0}
    flags = {"hit": False, "imported": False, "cancelled": False}
    facts = {"source": "received", "part": "", "day": DAY, "total": 0}
    s.add(FigureFact(subject_id=s.case.id, **facts, **none, **ids, **flags))
    sums = {"cases": 1, "hits": 0, "total": 0}
    key = {"dimension": "", "source": "received", "value": "", "station_id": 0}
    key |= {"kind": "repair", "part": ""}
    s.add(FigureDay(day=DAY, **key, **sums))
    s.add(FigureMonth(day=DAY, **key, **sums))


SPOILERS: dict[str, Any] = {
    "ck_figure_marks_one_subject": lambda s: s.add(FigureMark()),
    "ck_figure_state_one_row": lambda s: s.add(
        FigureState(id=2, counted_at=NOW, zone="UTC", unhappy_below=6.0)
    ),
}
