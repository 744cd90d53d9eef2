"""What people are told of improvement measures, and where it leads them."""

from core.codes import NoticeKind
from core.notices.notices import NoticeView
from pages.ui.kit.told import Data, Lines, Place, Say


def _yours(say: Say, data: Data) -> str:
    _ = say.text
    return _("An improvement measure is yours, due on {day}").format(day=say.day(data["due_on"]))


LINES: Lines = {NoticeKind.IMPROVEMENT: _yours}


def place(notice: NoticeView) -> Place | None:
    """To the measures."""
    return Place("measures") if notice.kind is NoticeKind.IMPROVEMENT else None
