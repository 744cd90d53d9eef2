"""What the parts of a figure are called."""

from core.codes import Channel, FaultArea, RequestKind, WaitReason
from core.kpi import Dimension
from pages.ui.kit import words
from pages.ui.kit.words import _

CODES = {
    Dimension.FAULT_AREA: FaultArea,
    Dimension.CHANNEL: Channel,
    Dimension.KIND: RequestKind,
    Dimension.WAITED: WaitReason,
}
# In an address nothing stands for nothing chosen.
NOT_GIVEN = "-"


def code_of(value: str) -> str:
    """How charts, tables and the address name a part."""
    return value or NOT_GIVEN


def value_of(code: str) -> str:
    """The part that a code names, as the lists behind figures take it."""
    return "" if code == NOT_GIVEN else code


def part_name(by: Dimension, value: str, name: str) -> str:
    """A part of a figure as people call it."""
    if by is Dimension.STATION and not name:
        return _("without a station")
    if by is Dimension.WAITED and not value:
        return _("never waited")
    if value in ("", "0"):
        return _("not given")
    return name or (words.in_domain(words.domain(CODES[by]), value) if by in CODES else value)
