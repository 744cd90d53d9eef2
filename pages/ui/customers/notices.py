"""What people are told of hand-overs and of reading archives, and where it leads them."""

from core.codes import NoticeKind
from core.notices.notices import NoticeView
from pages.ui.kit.told import N_, Data, Lines, Place, Say

ASKED, SETTLED = NoticeKind.YOUR_TURN, NoticeKind.DECISION


def _proposed(say: Say, data: Data) -> str:
    _ = say.text
    if data["offer"]:
        return _("{station} offers you a customer: please answer").format(**data)
    return _("{station} asks for a customer of yours: please answer").format(**data)


def _granted(say: Say, data: Data) -> str:
    _ = say.text
    text = _("You may read the archive that you asked for, from {since} to {until}")
    return text.format(since=say.day(data["from_on"]), until=say.day(data["until_on"]))


def _companion(say: Say, data: Data) -> str:
    _ = say.text
    text = _("Somebody reads an archive from {since} to {until}, and you are to be there")
    return text.format(since=say.day(data["from_on"]), until=say.day(data["until_on"]))


LINES: Lines = {
    (ASKED, "handover.proposed"): _proposed,
    (SETTLED, "handover.accepted"): N_("{station} agreed: the customer goes over"),
    (SETTLED, "handover.refused"): N_("{station} did not agree"),
    (ASKED, "reading.asked"): N_("Somebody asks to read a customer's archive: please decide"),
    (SETTLED, "reading.granted"): _granted,
    (ASKED, "reading.granted"): _companion,
    (SETTLED, "reading.refused"): N_("You may not read the archive that you asked for"),
    (SETTLED, "reading.ended"): N_("Your reading of an archive was ended"),
}


def place(notice: NoticeView) -> Place | None:
    """To the customer where it is settled, to what waits for a decision where it is not."""
    data = notice.data
    if "handover" not in data and "reading" not in data:
        return None
    if notice.kind is SETTLED and "customer_id" in data:
        return Place("customer", {"id": str(data["customer_id"])})
    return Place("archives")
