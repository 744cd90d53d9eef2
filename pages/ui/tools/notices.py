"""What people are told of tools, and where it leads them."""

from core.codes import NoticeKind
from core.notices.notices import NoticeView
from core.tools.reminders import FACT
from pages.ui.kit.told import N_, Data, Lines, Place, Say


def _due(say: Say, data: Data) -> str:
    _ = say.text
    return _("The check of {name} is due on {day}").format(
        name=data["name"], day=say.day(data["on"])
    )


LINES: Lines = {
    (NoticeKind.TOOL, FACT): _due,
    (NoticeKind.TOOL, "tool.fault_found"): N_("Something is wrong with {name}"),
}


def place(notice: NoticeView) -> Place | None:
    """To the tools."""
    return Place("tools") if notice.kind is NoticeKind.TOOL else None
