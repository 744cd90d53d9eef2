"""What people are told of goods in the shop, and where it leads."""

from core.codes import NoticeKind
from core.notices.notices import NoticeView
from core.workshop.reminders import LOAN_FACT, UNCLAIMED_FACT
from core.workshop.rules import READ
from core.workshop.told import FOR_THE_OWNER, FOR_THE_REPAIRER
from pages.ui.kit import gate
from pages.ui.kit.told import N_, Data, Lines, Place, Say


def _your_turn(say: Say, data: Data) -> str:
    _ = say.text
    step = say.code("ShopStatus", data["step"])
    return _("Goods in the shop: {step}. It is your turn.").format(step=step)


LINES: Lines = {
    **{(NoticeKind.YOUR_TURN, fact): _your_turn for fact in (*FOR_THE_REPAIRER, *FOR_THE_OWNER)},
    (NoticeKind.YOUR_TURN, "workshop.given_back"): N_(
        "The goods were given back: please finish the service report"
    ),
    (NoticeKind.WORKSHOP, UNCLAIMED_FACT): N_("Ready, and nobody has collected it: {number}"),
    (NoticeKind.WORKSHOP, LOAN_FACT): N_("Not back yet: {lent}, lent with {number}"),
}


def place(notice: NoticeView) -> Place | None:
    """To the piece that nobody has collected, or whose loan is out."""
    piece = notice.data.get("piece")
    if notice.kind is not NoticeKind.WORKSHOP or piece is None or not gate.allowed(READ):
        return None
    return Place("workshop", {"id": str(piece)})
