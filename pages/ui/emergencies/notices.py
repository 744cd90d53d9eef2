"""What people are told of emergencies, and where it leads them."""

from core.codes import NoticeKind
from core.notices.notices import NoticeView
from pages.ui.kit import gate
from pages.ui.kit.told import N_, Data, Lines, Place, Say


def _declared(say: Say, data: Data) -> str:
    _ = say.text
    text = _("Drill: level {level}") if data["drill"] else _("Emergency: level {level}")
    return text.format(level=data["level"])


def _decided(say: Say, data: Data) -> str:
    _ = say.text
    status = say.code("ResourceStatus", data["status"])
    return _("The resource that you asked for: {status}").format(status=status)


LINES: Lines = {
    NoticeKind.EMERGENCY: _declared,
    NoticeKind.RESOURCE_ASKED: N_("An emergency needs a resource; please decide."),
    NoticeKind.RESOURCE_DECIDED: _decided,
}


def place(notice: NoticeView) -> Place | None:
    """To the emergency."""
    id = notice.data.get("emergency")
    return Place("emergencies", {"id": str(id)}) if id and gate.allowed("emergency:read") else None
