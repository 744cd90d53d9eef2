"""What people are told of sign-ins, and where it leads them."""

from core.codes import NoticeKind
from core.notices.notices import NoticeView
from pages.ui.kit import gate
from pages.ui.kit.told import N_, Lines, Place

KIND = NoticeKind.ACCESS
LINES: Lines = {
    (KIND, "attacked"): N_("Somebody tries many passwords, from the address {address}"),
    (KIND, "password_changed"): N_("Your password was changed. Not by you? Tell the administrator"),
    (KIND, "codes_off"): N_("Codes of your telephone are not asked for any more"),
}


def place(notice: NoticeView) -> Place | None:
    """To the record, or to one's own account."""
    if notice.kind is not KIND:
        return None
    is_attack = notice.data.get("fact") == "attacked" and gate.allowed("access:read")
    return Place("access" if is_attack else "account")
