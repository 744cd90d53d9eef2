"""What people are told of decisions, and where it leads them."""

from core.codes import NoticeKind
from core.meetings.reminders import DUE_FACT
from core.notices.notices import NoticeView
from pages.ui.kit.told import Data, Lines, Place, Say


def _yours(say: Say, data: Data) -> str:
    _ = say.text
    text = _("Decided for you to do by {day}: {text}")
    return text.format(day=say.day(data["due_on"]), text=data["text"])


def _due(say: Say, data: Data) -> str:
    _ = say.text
    return _("What was decided for you to do is due: {text}").format(text=data["text"])


LINES: Lines = {NoticeKind.DECISION: _yours, (NoticeKind.DECISION, DUE_FACT): _due}


def place(notice: NoticeView) -> Place | None:
    """To the own work, where it is settled."""
    return Place("home") if notice.kind is NoticeKind.DECISION else None
