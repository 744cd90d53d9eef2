"""What the heads of a station are told of calls on a plan, and where it leads."""

from core.care.reminders import LATE_FACT
from core.care.rules import CALL
from core.codes import NoticeKind
from core.notices.notices import NoticeView
from pages.ui.kit import gate
from pages.ui.kit.told import N_, Lines, Place

LINES: Lines = {(NoticeKind.CARE, LATE_FACT): N_("Calls on a plan were missed: {count}")}


def place(notice: NoticeView) -> Place | None:
    """To the calls that are late."""
    if notice.kind is not NoticeKind.CARE or not gate.allowed(CALL):
        return None
    return Place("care", {"care_part": "late"})
