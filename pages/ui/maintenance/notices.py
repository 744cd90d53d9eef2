"""What the team of a station is told of maintenance, and where it leads."""

from core.codes import NoticeKind
from core.maintenance.lists import RoundState
from core.maintenance.reminders import LATE_FACT, MADE_FACT
from core.maintenance.rules import READ
from core.notices.notices import NoticeView
from pages.ui.kit import gate
from pages.ui.kit.told import N_, Lines, Place

LINES: Lines = {
    (NoticeKind.MAINTENANCE, MADE_FACT): N_("Maintenance cases were made: {count}"),
    (NoticeKind.MAINTENANCE, LATE_FACT): N_("Maintenance is overdue: {count}"),
}
STATES = {MADE_FACT: RoundState.MADE, LATE_FACT: RoundState.OVERDUE}


def place(notice: NoticeView) -> Place | None:
    """To these rounds of the station."""
    state = STATES.get(str(notice.data.get("fact")))
    if notice.kind is not NoticeKind.MAINTENANCE or state is None or not gate.allowed(READ):
        return None
    asks = {"maintenance_part": "rounds", "rounds_state": state.value}
    if station := notice.data.get("station"):
        asks["rounds_station"] = str(station)
    return Place("maintenance", asks)
