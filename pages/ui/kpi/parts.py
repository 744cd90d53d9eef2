"""What the parts of a figure are called."""

from core.codes import Channel, FaultArea, RequestKind
from core.kpi import Dimension
from pages.ui.kit import words
from pages.ui.kit.words import _

CODES = {
    Dimension.FAULT_AREA: FaultArea,
    Dimension.CHANNEL: Channel,
    Dimension.KIND: RequestKind,
}


def part_name(by: Dimension, value: str, name: str) -> str:
    """A part of a figure as people call it."""
    if by is Dimension.STATION and not name:
        return _("without a station")
    if value in ("", "0"):
        return _("not given")
    return name or (words.in_domain(words.domain(CODES[by]), value) if by in CODES else value)
