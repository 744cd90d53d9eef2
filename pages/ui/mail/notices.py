"""What people are told of mail."""

from core.codes import NoticeKind
from pages.ui.kit.told import Data, Lines, Say


def _replied(say: Say, data: Data) -> str:
    _ = say.text
    said = _("The customer has written")
    return f"{said}: {data['subject']}" if data["subject"] else said


LINES: Lines = {(NoticeKind.YOUR_TURN, "mail.attached"): _replied}
