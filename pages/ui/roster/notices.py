"""What people are told of absences and certificates, and where it leads them."""

from core.codes import NoticeKind
from core.notices.notices import NoticeView
from pages.ui.kit.told import Data, Lines, Place, Say

PARTS = {NoticeKind.ABSENCE: "absences", NoticeKind.RENEWAL: "certificates"}


def _span(say: Say, data: Data) -> str:
    first, last = say.day(data["from"]), say.day(data["to"])
    return first if first == last else f"{first} – {last}"


def _asked(say: Say, data: Data) -> str:
    _ = say.text
    return _("{name} asks to be away: {span}").format(name=data["name"], span=_span(say, data))


def _approved(say: Say, data: Data) -> str:
    _ = say.text
    return _("You may be away: {span}").format(span=_span(say, data))


def _refused(say: Say, data: Data) -> str:
    _ = say.text
    return _("The absence was refused: {span}").format(span=_span(say, data))


def _renewal(say: Say, data: Data) -> str:
    _ = say.text
    text = _("A certificate of {name} ends on {day}: it has to be renewed")
    return text.format(name=data["name"], day=say.day(data["until"]))


LINES: Lines = {
    (NoticeKind.ABSENCE, "absence.asked"): _asked,
    (NoticeKind.ABSENCE, "absence.approved"): _approved,
    (NoticeKind.ABSENCE, "absence.refused"): _refused,
    NoticeKind.RENEWAL: _renewal,
}


def place(notice: NoticeView) -> Place | None:
    """To the part of the roster that it is about."""
    part = PARTS.get(notice.kind)
    return Place("roster", {"roster_part": part}) if part else None
