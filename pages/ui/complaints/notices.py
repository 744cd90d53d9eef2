"""What people are told of complaints and penalties, and where it leads them."""

from core.codes import ComplaintStatus, NoticeKind
from core.complaints.actions import HANDED_ON
from core.notices.notices import NoticeView
from pages.ui.kit.told import N_, Data, Lines, Place, Say


def _waits(say: Say, data: Data) -> str:
    _ = say.text
    return _("A plan of {amount} waits for your approval").format(amount=say.money(data["cents"]))


def _decided(say: Say, data: Data) -> str:
    _ = say.text
    decided = {
        ComplaintStatus.APPROVED: _("Your plan was approved"),
        ComplaintStatus.REFUSED: _("Your plan was refused"),
    }
    return decided.get(data["step"], _("Your plan was sent back"))


def _appeal(say: Say, data: Data) -> str:
    _ = say.text
    status = say.code("PenaltyStatus", data["status"])
    return _("Your appeal against a penalty: {status}").format(status=status)


def _your_turn(say: Say, data: Data) -> str:
    _ = say.text
    step = say.code("ComplaintStatus", data["step"])
    return _("Complaint: {step}. It is your turn.").format(step=step)


TELL = N_("Decided: please tell the customer")

LINES: Lines = {
    NoticeKind.APPROVAL: _waits,
    NoticeKind.PLAN_DECIDED: _decided,
    **{(NoticeKind.YOUR_TURN, f"complaint.{fact}"): _your_turn for fact in HANDED_ON},
    NoticeKind.REOPENED: N_("The customer is not satisfied: reopened, one level higher"),
    NoticeKind.PENALTY: N_("A penalty concerns you; you may appeal"),
    NoticeKind.APPEAL: N_("An appeal against a penalty waits for a decision"),
    NoticeKind.APPEAL_DECIDED: _appeal,
    (NoticeKind.ASSIGNED, "complaint.approved"): TELL,
    (NoticeKind.ASSIGNED, "complaint.refused"): TELL,
}


def place(notice: NoticeView) -> Place | None:
    """To the penalty."""
    id = notice.data.get("penalty")
    return Place("penalties", {"id": str(id)}) if id else None
