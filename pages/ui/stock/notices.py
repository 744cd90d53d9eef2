"""What people are told of parts, and where it leads them."""

from core.codes import NoticeKind, PlaceKind
from core.notices.notices import NoticeView
from core.stock.reminders import FACT
from pages.ui.kit.told import N_, Data, Lines, Place, Say


def _short(say: Say, data: Data) -> str:
    _ = say.text
    kind = say.code("PlaceKind", data["kind"])
    name = data["name"] or _("Head office")
    place = _("Van of {name}").format(name=name) if data["kind"] == PlaceKind.VAN else ""
    said = _("{place}: {short} parts below the minimum, {old} about to expire or expired")
    return said.format(place=place or f"{name} {kind}", short=data["short"], old=data["old"])


LINES: Lines = {
    (NoticeKind.STOCK, "part_order.asked"): N_("{name} asks for parts: {count} lines"),
    (NoticeKind.STOCK, "part_order.approved"): N_("Your order of parts is approved"),
    (NoticeKind.STOCK, "part_order.refused"): N_("Your order of parts was refused"),
    (NoticeKind.STOCK, "part_order.picked"): N_("Your parts lie ready: please fetch them"),
    (NoticeKind.STOCK, FACT): _short,
}


def place(notice: NoticeView) -> Place | None:
    """To the orders, or to what is short at the place."""
    if notice.kind is not NoticeKind.STOCK:
        return None
    if notice.data.get("fact") != FACT:
        return Place("stock", {"stock_part": "orders"})
    return Place("stock", {"lying_place": str(notice.data["place"]), "lying_only": "true"})
